import { hashOf } from './features.ts'

/** Places of a list that are lent to new products: one in `every`, never the first few. */
export const explorationPlaces = (limit: number, every = 8): number[] =>
  Array.from({ length: Math.floor(limit / every) }, (_, k) => (k + 1) * every - 2)

/** Of the new products, how many are weighed for a subject on a day. */
const WEIGHED = 100

/**
 * Which new products a subject gets to see on a day: the same ones however often the page is loaded, others tomorrow.
 * Drawn by weight without replacement (Efraimidis and Spirakis, 2006), so that what fits is seen more and all are seen.
 * `mark` is a hash of the product that every process agrees on.
 */
export function drawNew<T>(
  items: readonly T[],
  { subject, day, count }: { subject: string; day: number; count: number },
  of: { mark: (item: T) => number; weight: (item: T) => number },
): T[] {
  const seed = hashOf(`${subject}:${day}`)
  const marked = items.map((item) => ({ item, chance: (stirred(of.mark(item) ^ seed) + 0.5) / 2 ** 32 }))
  if (marked.length > WEIGHED) marked.sort((a, b) => b.chance - a.chance)
  return marked
    .slice(0, WEIGHED)
    .map(({ item, chance }) => ({ item, key: Math.log(chance) / Math.max(1e-6, of.weight(item)) }))
    .toSorted((a, b) => b.key - a.key)
    .slice(0, count)
    .map(({ item }) => item)
}

/** The finaliser of MurmurHash3. */
function stirred(value: number): number {
  let hash = value >>> 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** `drawn` put into the places of `list` that are lent, the others moving down; at most `limit` in all. */
export function insertAt<T>(list: readonly T[], drawn: readonly T[], places: readonly number[], limit: number): T[] {
  const result = [...list]
  for (const [k, item] of drawn.entries()) result.splice(Math.min(places[k] ?? result.length, result.length), 0, item)
  return result.slice(0, limit)
}
