import { diversify } from '../../search/pure/diversity.ts'
import type { Cause, Ranked } from './personal.ts'
import type { Shelf } from './shelf.ts'

/** Far more than are shown, few enough to be made diverse at once. */
const CANDIDATES = 150

const NEW: Cause = { kind: 'new', text: 'New in' }

/** What was wanted most in the last 7 days; where that is too little, what is newest, which says so. */
export function rankTrending(shelf: Shelf, limit: number): Ranked[] {
  const lately = shelf.vectors.lately()
  const offered = shelf.items.map((_, place) => place).filter((place) => shelf.isOffered(place))
  const moving = offered.filter((place) => lately[place]! > 0).toSorted((a, b) => lately[b]! - lately[a]! || a - b)
  const popular = moving.slice(0, limit).map((place) => {
    const reason = { kind: 'popular', text: 'Popular this week' }
    return { place, score: lately[place]!, contributions: [{ reason, amount: lately[place]! }] }
  })
  if (popular.length === limit) return popular
  const shown = new Set(popular.map(({ place }) => place))
  const rest = newest(
    shelf,
    offered.filter((place) => !shown.has(place)),
  )
  return [...popular, ...rest.slice(0, limit - popular.length).map((place) => plain(place, NEW))]
}

/** What the retailer tagged, then what is rated best, then what is newest; from all over the shop. */
export function rankFeatured(shelf: Shelf, limit: number): Ranked[] {
  const { items } = shelf
  const offered = shelf.items.map((_, place) => place).filter((place) => shelf.isOffered(place))
  const worth = (place: number) => (items[place]!.featured ? 10 : 0) + (items[place]!.rating ?? 3)
  const order = newest(shelf, offered).toSorted((a, b) => worth(b) - worth(a))
  const varied = diversify(order.slice(0, CANDIDATES), {
    limit,
    lambda: 0.6,
    score: worth,
    similarity: (a, b) => Math.max(0, shelf.vectors.likeness(a, b)),
    caps: [{ key: (place) => items[place]!.slot, most: Math.max(2, Math.ceil(limit / 3)) }],
  })
  return varied.map((place) => {
    const { featured, rating } = items[place]!
    if (featured) return plain(place, { kind: 'featured', text: 'Picked by the shop' })
    return plain(place, rating === null ? NEW : { kind: 'rated', text: `Rated ${rating.toFixed(1)} of 5` })
  })
}

const newest = ({ items }: Shelf, places: readonly number[]) =>
  places.toSorted((a, b) => items[b]!.listedAt - items[a]!.listedAt || a - b)

export const plain = (place: number, reason: Cause): Ranked => ({
  place,
  score: 0,
  contributions: [{ reason, amount: 0 }],
})
