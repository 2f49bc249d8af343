import { hashOf } from './features.ts'

/** Places of a list that are lent to new products: one in `every`, never the first few. */
export const explorationPlaces = (limit: number, every = 8): number[] =>
  Array.from({ length: Math.floor(limit / every) }, (_, k) => (k + 1) * every - 2)

/**
 * Which new products a subject gets to see on a day: the same ones however often the page is loaded, others tomorrow.
 * Drawn by weight without replacement (Efraimidis and Spirakis, 2006), so that what fits is seen more and all are seen.
 */
export function drawNew<T>(
  items: readonly T[],
  { subject, day, count }: { subject: string; day: number; count: number },
  of: { id: (item: T) => string; weight: (item: T) => number },
): T[] {
  const keyed = items.map((item) => {
    const chance = (hashOf(`${subject}:${day}:${of.id(item)}`) + 0.5) / 2 ** 32
    return { item, key: Math.log(chance) / Math.max(1e-6, of.weight(item)) }
  })
  return keyed
    .toSorted((a, b) => b.key - a.key)
    .slice(0, count)
    .map(({ item }) => item)
}

/** `drawn` put into the places of `list` that are lent, the others moving down; at most `limit` in all. */
export function insertAt<T>(list: readonly T[], drawn: readonly T[], places: readonly number[], limit: number): T[] {
  const result = [...list]
  for (const [k, item] of drawn.entries()) result.splice(Math.min(places[k] ?? result.length, result.length), 0, item)
  return result.slice(0, limit)
}
