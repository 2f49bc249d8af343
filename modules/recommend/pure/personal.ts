import type { ProductKind } from '../../analytics/pure/weights.ts'
import { diversify } from '../../search/pure/diversity.ts'
import { blend, type Contribution, type Weights } from './blend.ts'
import { findCandidates } from './candidates.ts'
import { createDirection, likenessIn } from './direction.ts'
import { drawNew, explorationPlaces, insertAt } from './explore.ts'
import { createExplaining } from './reasons.ts'
import { rulesFor, sumOfPoints } from './rules.ts'
import type { Shelf } from './shelf.ts'
import type { Taste } from './taste.ts'

/** A product that somebody did something with: its place on the shelf, how strongly it counts, and the strongest deed. */
export type Deed = { readonly place: number; readonly strength: number; readonly kind: ProductKind }

/** Why something is shown; `place` is that of the product it speaks of. */
export type Cause = { readonly kind: string; readonly text: string; readonly place?: number | undefined }

export type Ranked = {
  readonly place: number
  readonly score: number
  /** Their amounts sum to `score`. Empty for what is shown to be tried. */
  readonly contributions: readonly Contribution<Cause>[]
}

export type Asked = {
  /** One entry a product. */
  readonly history: readonly Deed[]
  readonly taste: Taste
  /** Places that are not shown, such as what was bought. */
  readonly skip: ReadonlySet<number>
  readonly weights: Weights
  /** Of popularity; see `blend`. */
  readonly exponent: number
  readonly limit: number
  /** Who asks and on which day, for what is new: the same gives the same. */
  readonly subject: string
  readonly now: number
}

const DAY_MS = 86_400_000
const LAMBDA = 0.72
/** A cosine and points that are something: where nothing reaches them, the part counts for less than its weight. */
const YARDSTICK = { collaborative: 0, content: 0.3, knowledge: 4 }

/**
 * What suits a shopper, the best first: candidates from the model, from likeness, from the lists of their answers and from
 * what is wanted; each scored by `blend`; made diverse; some places lent to what is new.
 */
export function rankFor(shelf: Shelf, asked: Asked): Ranked[] {
  const { items, vectors } = shelf
  const { limit } = asked
  const direction = createDirection(shelf, asked)
  const rules = rulesFor(asked.taste)
  const { places, fresh } = findCandidates(shelf, asked, direction)
  const like = likenessIn(shelf, direction)
  const wanted = vectors.wanted()
  const raw = {
    collaborative: ofEach(places, scoreByModel(shelf)),
    content: ofEach(places, like),
    knowledge: ofEach(places, (place) => sumOfPoints(items[place]!, rules)),
    popularity: ofEach(places, (place) => wanted[place]!),
  }
  const blended = blend(raw, asked.weights, { yardstick: YARDSTICK, exponent: asked.exponent })
  const { scores } = blended
  const listedAt = vectors.listedAt()
  const order = places
    .map((_, i) => i)
    .toSorted((a, b) => scores[b]! - scores[a]! || listedAt[places[b]!]! - listedAt[places[a]!]! || a - b)
  const varied = diversify(order.slice(0, Math.max(60, 3 * limit)), {
    limit,
    lambda: LAMBDA,
    score: (i) => scores[i]!,
    similarity: (a, b) => Math.max(0, vectors.likeness(places[a]!, places[b]!)),
    caps: [
      { key: (i) => items[places[i]!]!.brand, most: Math.max(2, Math.ceil(limit / 3)) },
      { key: (i) => items[places[i]!]!.path.at(-1), most: Math.max(2, Math.ceil(limit / 4)) },
    ],
  })
  const explain = createExplaining(shelf, asked, { direction, rules, blended })
  const best = varied.map((i) => {
    const place = places[i]!
    return { place, score: scores[i]!, contributions: explain(i, place) }
  })
  return lend(best, drawFresh(shelf, asked, { fresh, best, like }), limit)
}

function ofEach(places: readonly number[], of: (place: number) => number): Float64Array {
  const values = new Float64Array(places.length)
  for (let i = 0; i < values.length; i++) values[i] = of(places[i]!)
  return values
}

/** What the last `foldIn` says of a place. */
function scoreByModel(shelf: Shelf): (place: number) => number {
  const model = shelf.model()
  if (!model) return () => 0
  const { modelOf, scores } = model
  return (place) => {
    const item = modelOf[place]!
    return item >= 0 ? scores.score[item]! : 0
  }
}

/** What of the new, which hardly anybody has seen, this shopper gets to see today. */
function drawFresh(
  { vectors }: Shelf,
  { subject, now, limit }: Asked,
  { fresh, best, like }: { fresh: readonly number[]; best: readonly Ranked[]; like: (place: number) => number },
): number[] {
  const shown = new Set(best.map(({ place }) => place))
  const [marks, wanted] = [vectors.marks(), vectors.wanted()]
  return drawNew(
    fresh.filter((place) => !shown.has(place)),
    { subject, day: Math.floor(now / DAY_MS), count: explorationPlaces(limit).length },
    { mark: (place) => marks[place]!, weight: (place) => (1.1 + like(place)) / (1 + wanted[place]!) },
  )
}

/** Some places go to what is new, so that it can be found to be liked. */
function lend(best: readonly Ranked[], drawn: readonly number[], limit: number): Ranked[] {
  const lent = drawn.map((place) => ({
    place,
    score: 0,
    contributions: [{ reason: { kind: 'new', text: 'New in, see if you like it' }, amount: 0 }],
  }))
  return insertAt(best, lent, explorationPlaces(limit), limit)
}
