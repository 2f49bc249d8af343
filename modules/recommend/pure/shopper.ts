import { centreAt, completeLook } from './beside.ts'
import { type Asked, type Deed, type Ranked, rankFor } from './personal.ts'
import type { Shelf } from './shelf.ts'
import type { Taste } from './taste.ts'

/** What is known of a shopper at the moment of asking. */
export type Shopper = {
  /** A pseudonym; empty for somebody who cannot be told from others. */
  readonly subject: string
  readonly history: readonly Deed[]
  readonly taste: Taste
  readonly bought: ReadonlySet<number>
  /** Looked at within the last day. */
  readonly seen: ReadonlySet<number>
  readonly inCart: ReadonlySet<number>
}

export type Mix = Pick<Asked, 'weights' | 'exponent' | 'limit' | 'now'>

/** Of each product in the cart. */
const COMPLETING = 4

/** What suits them; what they have just seen only where there is too little else, what they have never. */
export function rankForShopper(shelf: Shelf, shopper: Shopper, mix: Mix): Ranked[] {
  const { subject, history, taste, bought, seen, inCart } = shopper
  const never = [...bought, ...inCart]
  const unseen = rankFor(shelf, { subject, history, taste, ...mix, skip: new Set([...never, ...seen]) })
  if (unseen.length >= mix.limit || seen.size === 0) return unseen
  return rankFor(shelf, { subject, history, taste, ...mix, skip: new Set(never) })
}

/** What completes what is in the cart, the best match first, then what suits them. */
export function rankForCart(shelf: Shelf, shopper: Shopper, mix: Mix): Ranked[] {
  const taken = new Set([...shopper.bought, ...shopper.inCart])
  const found = new Map<number, Ranked>()
  for (const own of shopper.inCart)
    for (const one of completeLook(shelf, centreAt(shelf, own), COMPLETING)) {
      const known = found.get(one.place)
      if (!taken.has(one.place) && (!known || known.score < one.score)) found.set(one.place, one)
    }
  const completing = [...found.values()].toSorted((a, b) => b.score - a.score)
  const rest = rankForShopper(shelf, shopper, mix).filter(({ place }) => !found.has(place))
  return [...completing, ...rest].slice(0, mix.limit)
}
