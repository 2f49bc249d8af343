import type { Asked } from './personal.ts'
import { lengthOf, likenessTo, profileOf } from './profile-vector.ts'
import type { Shelf } from './shelf.ts'
import { listsIn, type Named } from './taste.ts'

/** What an answer of the quiz weighs beside deeds, of which a look is 1 and a sale about 3.5. */
export const ANSWER_STRENGTH = 1.5

/** Where the taste of a shopper points: what they did, and the mean of what their answers name. */
export type Direction = {
  /** Not scaled: `length` is its length. */
  readonly profile: Float64Array
  readonly length: number
  /** What the answers name, of what the shelf has. */
  readonly lists: readonly Named[]
}

export function createDirection(shelf: Shelf, { history, taste }: Pick<Asked, 'history' | 'taste'>): Direction {
  const { vectors, listed, centreOf } = shelf
  const liked = history.map(({ place, strength }) => ({ item: place, weight: strength }))
  const profile = profileOf({ dimensions: vectors.dimensions, data: vectors.data() }, vectors.inverse(), liked)
  const lists = listsIn(taste).filter(({ list }) => listed(list).length > 0)
  for (const { list } of lists) {
    const centre = centreOf(list)
    for (let d = 0; d < centre.length; d++) profile[d]! += ANSWER_STRENGTH * centre[d]!
  }
  return { profile, length: lengthOf(profile), lists }
}

/** How like the direction each place is: its cosine. */
export function likenessIn({ vectors }: Shelf, direction: Direction): (place: number) => number {
  const [within, inverse] = [{ dimensions: vectors.dimensions, data: vectors.data() }, vectors.inverse()]
  return (place) => likenessTo(within, inverse, direction, place)
}
