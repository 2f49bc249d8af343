import type { Catalog } from '../catalog/index.ts'
import { AppError } from '../kernel/errors.ts'
import type { createAskers, Who } from './asker.ts'
import type { Keeper } from './keeper.ts'
import { type Centre, centreAt, centreOutside, completeLook, rankSimilar } from './pure/beside.ts'
import { type Contribution, DEFAULT_WEIGHTS, largestOf, type Weights } from './pure/blend.ts'
import { plain, rankFeatured, rankTrending } from './pure/lists.ts'
import type { Cause, Ranked } from './pure/personal.ts'
import type { Shelf } from './pure/shelf.ts'
import { rankForCart, rankForShopper } from './pure/shopper.ts'
import type { ReasonKind, Recommendations, RecommendationsQuery } from './schema.ts'

export type PickNeeds = {
  catalog: Pick<Catalog, 'findCards' | 'hasProduct'>
  keeper: Pick<Keeper, 'current' | 'describeOutside'>
  askers: ReturnType<typeof createAskers>
  /** Those that the operator has set; undefined: as learned. */
  weights: Weights | undefined
  now: () => Date
}

const NOTHING: Cause = { kind: 'featured', text: 'From our range' }

/** Lists of products with the reason of each, from the shelf; their cards are one statement. */
export function createPicks({ catalog, keeper, askers, weights, now }: PickNeeds) {
  async function show(shelf: Shelf, ranked: readonly Ranked[]): Promise<Recommendations> {
    const ids = ranked.map(({ place }) => idAt(shelf, place))
    const cards = await catalog.findCards(ids)
    const items = ranked.flatMap(({ place, score, contributions }) => {
      const product = cards.get(idAt(shelf, place))
      if (!product) return []
      const { kind, text, place: about } = reasonIn(largestOf(contributions))
      const productId = about === undefined ? undefined : idAt(shelf, about)
      const reason = { kind: kind as ReasonKind, text: sayIn(text, product.reviews.count, kind) }
      return [{ product, reason: { ...reason, ...(productId !== undefined && { productId }) }, score }]
    })
    return { items, model: shelf.model()?.version ?? 'none' }
  }

  /** One that is not held in memory stands beside those that are. Throws not_found; undefined where it is not for sale. */
  async function centreOf(shelf: Shelf, id: string): Promise<Centre | undefined> {
    const place = shelf.placeOf(id.toLowerCase())
    if (place !== undefined) return centreAt(shelf, place)
    const outside = await keeper.describeOutside(id)
    if (outside) return centreOutside(shelf, outside.item, outside.described)
    if (!(await catalog.hasProduct(id))) throw new AppError('not_found', `No product ${id}`)
    return undefined
  }

  const beside =
    (rank: (shelf: Shelf, centre: Centre, limit: number) => Ranked[]) => async (id: string, limit: number) => {
      const { shelf } = await keeper.current()
      const centre = await centreOf(shelf, id)
      return show(shelf, centre === undefined ? [] : rank(shelf, centre, limit))
    }

  const listed = (rank: (shelf: Shelf, limit: number) => Ranked[]) => async (limit: number) => {
    const { shelf } = await keeper.current()
    return show(shelf, rank(shelf, limit))
  }

  return {
    async forYou(who: Who, { limit, ...said }: RecommendationsQuery): Promise<Recommendations> {
      const { shelf, tuning } = await keeper.current()
      const shopper = await askers.findShopper(shelf, who, said)
      const rank = said.context === 'cart' && shopper.inCart.size > 0 ? rankForCart : rankForShopper
      const mix = { weights: weights ?? tuning.weights ?? DEFAULT_WEIGHTS, exponent: tuning.exponent ?? 0.5 }
      return show(shelf, rank(shelf, shopper, { ...mix, limit, now: now().getTime() }))
    },

    similarTo: beside(rankSimilar),
    complete: beside(completeLook),
    trending: listed(rankTrending),
    featured: listed(rankFeatured),

    async recentlyViewed(who: Who, limit: number): Promise<Recommendations> {
      const { shelf } = await keeper.current()
      const done = await askers.deedsOf(who)
      const places = new Set(done.flatMap(({ productId }) => shelf.placeOf(productId) ?? []))
      const offered = [...places].filter((place) => shelf.isOffered(place)).slice(0, limit)
      return show(
        shelf,
        offered.map((place) => plain(place, { kind: 'viewed', text: 'You looked at it' })),
      )
    },
  }
}

/** What neither adds nor takes is a reason only where nothing was weighed. */
const reasonIn = (largest: Contribution<Cause> | undefined): Cause =>
  largest && (largest.amount > 0 || (largest.amount === 0 && largest.reason.kind !== 'popular'))
    ? largest.reason
    : NOTHING

const idAt = (shelf: Shelf, place: number): string => shelf.items[place]?.id ?? ''

/** How many said so belongs to what a rating says. */
const sayIn = (text: string, reviews: number, kind: string) =>
  kind === 'rated' ? `${text} by ${reviews} ${reviews === 1 ? 'customer' : 'customers'}` : text
