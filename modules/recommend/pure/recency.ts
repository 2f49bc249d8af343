import type { Scores } from './fold-in.ts'
import type { Interactions } from './interactions.ts'

const DAY_MS = 86_400_000

export type RecencySettings = {
  /** How far back something counts as recent. */
  readonly days: number
  /** Of the count: 0 makes no difference, 0.5 is its square root. */
  readonly exponent: number
  /**
   * What everything is worth before the history says anything, so that what is popular now may stand beside what the model
   * knows of: an even share of so much of the history's weight (a row of the model sums up to about 1).
   */
  readonly prior: number
}

/**
 * Multiplies the scores of a folded history (`weight` in all) by recency. Items of `popular` that have no score yet get theirs
 * from the prior; they must hold the most counted ones for the ranking to be that of the whole catalogue.
 */
export function applyRecency(
  out: Scores,
  { exponent, prior }: RecencySettings,
  now: { readonly counts: ArrayLike<number>; readonly popular: Iterable<number>; readonly weight: number },
): void {
  const { score, found } = out
  const base = (prior * now.weight) / score.length
  if (base > 0)
    for (const item of now.popular)
      if (item < score.length && score[item] === 0) {
        found[out.count++] = item
        score[item] = Number.MIN_VALUE
      }
  for (let i = 0; i < out.count; i++) {
    const item = found[i]!
    score[item] = (score[item]! + base) * powerOf(now.counts[item]!, exponent)
  }
}

/** One is added, so that nobody is silenced for ever. */
const powerOf = (count: number, exponent: number) => (exponent === 1 ? 1 + count : (1 + count) ** exponent)

/**
 * Counts of each item in the `days` before a moment that moves on. `moveTo` must be called with ascending times (Unix ms) and
 * answers the counts, which stay this object's own. Throws a RangeError where times are unknown.
 */
export function createRecentPopularity({ items, columns, times }: Interactions, days: number) {
  if (!times) throw new RangeError('Nobody knows what is recent: there are no times')
  const order = Uint32Array.from(columns, (_, at) => at).toSorted((a, b) => times[a]! - times[b]!)
  const counts = new Float64Array(items)
  let entered = 0
  let left = 0
  return {
    moveTo(time: number): Float64Array {
      while (entered < order.length && times[order[entered]!]! < time) counts[columns[order[entered++]!]!]!++
      while (left < entered && times[order[left]!]! < time - days * DAY_MS) counts[columns[order[left++]!]!]!--
      return counts
    },
  }
}
