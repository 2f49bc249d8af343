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
 * one call of `similarity` for each item and place, and none for an item that could not win by it: likeness only grows.
 */
export function diversify<T>(items: readonly T[], options: Diversity<T>): T[] {
  const { limit, lambda, similarity, caps = [] } = options
  const count = items.length
  const relevance = scaled(items, options.score, lambda)
  /** To the first `compared` of the result. */
  const likeness = new Float64Array(count)
  const compared = new Uint32Array(count)
  const taken = new Uint8Array(count)
  const windows = caps.map((cap) => createWindow(items, cap, limit))
  const result: T[] = []
  while (result.length < Math.min(limit, count)) {
    const next = best(true)
    const index = next >= 0 ? next : best(false)
    taken[index] = 1
    for (const window of windows) window.take(index)
    result.push(items[index]!)
  }
  return result

  function best(capped: boolean): number {
    const above = lambda < 1 ? result.length : 0
    let [index, most] = [-1, -Infinity]
    for (let i = 0; i < count; i++) {
      if (taken[i] === 1 || relevance[i]! - likeness[i]! <= most || (capped && !allows(i))) continue
      const item = items[i]!
      const own = relevance[i]!
      let [likest, next] = [likeness[i]!, compared[i]!]
      while (next < above && own - likest > most)
        likest = Math.max(likest, (1 - lambda) * similarity(item, result[next++]!))
      likeness[i] = likest
      compared[i] = next
      if (own - likest > most) [index, most] = [i, own - likest]
    }
    return index
  }

  function allows(index: number): boolean {
    for (const window of windows) if (!window.allows(index)) return false
    return true
  }
}

function scaled<T>(items: readonly T[], score: (item: T) => number, lambda: number): Float64Array {
  const scores = new Float64Array(items.length)
  let [lowest, highest] = [Infinity, -Infinity]
  for (let i = 0; i < scores.length; i++) {
    const own = score(items[i]!)
    scores[i] = own
    lowest = Math.min(lowest, own)
    highest = Math.max(highest, own)
  }
  const range = highest - lowest
  for (let i = 0; i < scores.length; i++) scores[i] = range > 0 ? (lambda * (scores[i]! - lowest)) / range : 0
  return scores
}

/** What the last `within` places hold, by key. */
function createWindow<T>(items: readonly T[], { key, most, within }: DiversityCap<T>, limit: number) {
  const numbers = new Map<string, number>()
  /** A number for each key; -1 for none. */
  const keys = new Int32Array(items.length)
  for (let i = 0; i < keys.length; i++) {
    const own = key(items[i]!)
    const known = own === undefined ? -1 : numbers.get(own)
    keys[i] = known ?? numbers.size
    if (own !== undefined && known === undefined) numbers.set(own, numbers.size)
  }
  const held = new Int32Array(numbers.size)
  const places: number[] = []
  // The place that is being filled counts as one of the neighbours.
  const before = (within ?? limit) - 1
  const add = (at: number | undefined, by: number) => {
    if (at !== undefined && at >= 0) held[at]! += by
  }
  return {
    allows: (index: number): boolean => keys[index]! < 0 || held[keys[index]!]! < most,
    take(index: number): void {
      places.push(keys[index]!)
      add(keys[index], 1)
      if (places.length > before) add(places[places.length - 1 - before], -1)
    },
  }
}
