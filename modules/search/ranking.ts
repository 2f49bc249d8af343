import type { SearchHit } from '../../db/search/index.ts'
import type { Asking } from '../analytics/pure/asking.ts'
import type { Explanation } from './schema.ts'

/** What an order may depend on beside the products themselves. */
export type RankContext = {
  /** As it was searched, corrected; empty when only filters were asked for. */
  query: string
  category: string | undefined
  /** Milliseconds since 1970. */
  now: number
  /** Who looks, as far as the request tells. */
  asking: Asking
  /** Sizes asked for by a filter. */
  sizes: readonly string[]
  /** Minor units, where a filter says. */
  minPrice: number | undefined
  maxPrice: number | undefined
}

/** `explanation` is for staff; its features add up to its score. */
export type RankedHit = { id: string; explanation: Explanation }

/**
 * Puts the best hits of a search (at most 200, by falling text score) into the order in which they are shown; each comes
 * back once. `personal` when the order depends on who looks, so that nobody else may be shown it. `version` changes when
 * the same hits may be put into another order.
 */
export type Ranker = {
  rank(hits: readonly SearchHit[], context: RankContext): Promise<{ ranked: readonly RankedHit[]; personal: boolean }>
  version(): string
}
