import type { SearchHit } from '../../db/search/index.ts'
import type { Actor } from '../kernel/access.ts'
import type { Explanation } from './schema.ts'

/** Who looks, as far as the request tells; analytics says what may be known of them. */
export type Searcher = {
  actor: Actor | undefined
  /** The `visitor` cookie or the header `X-Visitor-Id`: a UUID. */
  visitor: string | undefined
  /** What the cookie `consent` grants. */
  consents: readonly string[]
}

/** What an order may depend on beside the products themselves. */
export type RankContext = {
  /** As it was searched, corrected; empty when only filters were asked for. */
  query: string
  category: string | undefined
  /** Milliseconds since 1970. */
  now: number
  searcher: Searcher
  /** Sizes asked for by a filter. */
  sizes: readonly string[]
  /** Minor units, where a filter says. */
  minPrice: number | undefined
  maxPrice: number | undefined
}

/** `explanation` is for staff; `features` add up to `score`. */
export type RankedHit = { id: string; explanation: Explanation }

/**
 * Puts the best hits of a search (at most 200, by falling text score) into the order in which they are shown; each comes
 * back once. `personal` when the order depends on who looks, so that nobody else may be shown it.
 */
export type Rank = (
  hits: readonly SearchHit[],
  context: RankContext,
) => Promise<{ ranked: readonly RankedHit[]; personal: boolean }>
