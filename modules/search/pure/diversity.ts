/** At most `most` items with the same key among any `within` neighbours of the result (the whole of it by default). */
export type DiversityCap<T> = {
  /** Undefined: this cap does not count the item. */
  key(item: T): string | undefined
  most: number
  within?: number
}

export type Diversity<T> = {
  /** How many come out, at most. */
  limit: number
  /** 1 keeps the order of the scores, 0 looks at variety alone. */
  lambda: number
  /** Any scale: only differences count, in proportion to the widest one among the items. */
  score(item: T): number
  /** Of two items, 0 (nothing in common) to 1 (the same). */
  similarity(a: T, b: T): number
  caps?: readonly DiversityCap<T>[]
}

/**
 * Maximal marginal relevance (Carbonell and Goldstein, 1998): each place goes to the item with the highest
 * lambda * score - (1 - lambda) * likeness to the most similar one above it. Where a cap forbids all that are left it
 * yields, so that the result is as long as the items allow. Equal ones keep their order. O(limit * items), no more than
 * one call of `similarity` for each item and place.
 */
export function diversify<T>(items: readonly T[], options: Diversity<T>): T[] {
  const { limit, lambda, similarity, caps = [] } = options
  const count = items.length
  const relevance = scaled(items.map(options.score), lambda)
  const likeness = new Float64Array(count)
  const taken = new Uint8Array(count)
  const windows = caps.map((cap) => createWindow(items, cap, limit))
  const result: T[] = []
  while (result.length < Math.min(limit, count)) {
    const next = best(relevance, likeness, (i) => !taken[i] && windows.every((window) => window.allows(i)))
    const index = next >= 0 ? next : best(relevance, likeness, (i) => !taken[i])
    const item = items[index]!
    taken[index] = 1
    for (const window of windows) window.take(index)
    result.push(item)
    if (lambda < 1 && result.length < limit)
      for (let i = 0; i < count; i++)
        if (!taken[i]) likeness[i] = Math.max(likeness[i]!, (1 - lambda) * similarity(items[i]!, item))
  }
  return result
}

function scaled(scores: readonly number[], lambda: number): Float64Array {
  const lowest = scores.reduce((a, b) => Math.min(a, b), Infinity)
  const range = scores.reduce((a, b) => Math.max(a, b), -Infinity) - lowest
  return Float64Array.from(scores, (score) => (range > 0 ? (lambda * (score - lowest)) / range : 0))
}

function best(relevance: Float64Array, likeness: Float64Array, allowed: (index: number) => boolean): number {
  let [index, most] = [-1, -Infinity]
  for (let i = 0; i < relevance.length; i++) {
    const worth = relevance[i]! - likeness[i]!
    if (worth > most && allowed(i)) [index, most] = [i, worth]
  }
  return index
}

/** What the last `within` places hold, by key. */
function createWindow<T>(items: readonly T[], { key, most, within }: DiversityCap<T>, limit: number) {
  const keys = items.map(key)
  const held = new Map<string, number>()
  const places: (string | undefined)[] = []
  // The place that is being filled counts as one of the neighbours.
  const before = (within ?? limit) - 1
  const add = (at: string | undefined, by: number) => at !== undefined && held.set(at, (held.get(at) ?? 0) + by)
  return {
    allows(index: number): boolean {
      const at = keys[index]
      return at === undefined || (held.get(at) ?? 0) < most
    },
    take(index: number): void {
      places.push(keys[index])
      add(keys[index], 1)
      if (places.length > before) add(places[places.length - 1 - before], -1)
    },
  }
}
