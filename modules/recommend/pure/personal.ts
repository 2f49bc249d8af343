import type { ProductKind } from '../../analytics/pure/weights.ts'
import { diversify } from '../../search/pure/diversity.ts'
import { blend, type Blend, type Contribution, contributionsOf, type Source, type Weights } from './blend.ts'
import { drawNew, explorationPlaces, insertAt } from './explore.ts'
import { bestOf, foldIn, valueAt } from './fold-in.ts'
import { dotAt, lengthOf, likenessTo, profileOf } from './profile-vector.ts'
import type { Shelf } from './shelf.ts'
import { keepLargest } from './sparse-model.ts'
import { listsIn, type Named, occasionName, pointsOf, sumOfPoints, type Taste } from './taste.ts'

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
const NEW_MS = 30 * DAY_MS
const CANDIDATES = 200
/** Of the candidates, how many come from each of: liked together, alike, each list of the answers, most wanted. */
const FROM_MODEL = 90
const FROM_LIKENESS = 90
const FROM_LIST = 24
/** What an answer of the quiz weighs beside deeds, of which a look is 1 and a sale about 3.5. */
const ANSWER_STRENGTH = 1.5
const LAMBDA = 0.72
/** A cosine and points that are something: where nothing reaches them, the part counts for less than its weight. */
const YARDSTICK = { collaborative: 0, content: 0.3, knowledge: 4 }

/**
 * What suits a shopper, the best first: candidates from the model, from likeness, from the lists of their answers and from
 * what is wanted; each scored by `blend`; made diverse; some places lent to what is new.
 */
export function rankFor(shelf: Shelf, asked: Asked): Ranked[] {
  const profile = createProfile(shelf, asked)
  const allowed = createFilter(shelf, asked)
  const places = findCandidates(shelf, asked, profile, allowed)
  const like = likenessIn(shelf, profile)
  const raw = {
    collaborative: scoreByModel(shelf, places),
    content: Float64Array.from(places, (place) => like(place)),
    knowledge: Float64Array.from(places, (place) => sumOfPoints(shelf.items[place]!, asked.taste)),
    popularity: Float64Array.from(places, (place) => shelf.vectors.wanted()[place]!),
  }
  const blended = blend(raw, asked.weights, { yardstick: YARDSTICK, exponent: asked.exponent })
  const order = places
    .map((_, i) => i)
    .toSorted(
      (a, b) =>
        blended.scores[b]! - blended.scores[a]! ||
        shelf.items[places[b]!]!.listedAt - shelf.items[places[a]!]!.listedAt ||
        a - b,
    )
  const varied = diversify(order.slice(0, Math.max(60, 3 * asked.limit)), {
    limit: asked.limit,
    lambda: LAMBDA,
    score: (i) => blended.scores[i]!,
    similarity: (a, b) => Math.max(0, shelf.vectors.likeness(places[a]!, places[b]!)),
    caps: [
      { key: (i) => shelf.items[places[i]!]!.brand, most: Math.max(2, Math.ceil(asked.limit / 3)) },
      { key: (i) => shelf.items[places[i]!]!.path.at(-1), most: Math.max(2, Math.ceil(asked.limit / 4)) },
    ],
  })
  const best = varied.map((i) => ({
    place: places[i]!,
    score: blended.scores[i]!,
    contributions: explain(shelf, asked, profile, blended, i, places[i]!),
  }))
  return lend(shelf, asked, profile, best, allowed)
}

type Profile = { profile: Float64Array; length: number; lists: Named[]; causes: { reason: Cause; key: string }[] }

/** The direction of a shopper's taste: what they did, and the mean of what their answers name. */
function createProfile(shelf: Shelf, { history, taste }: Asked): Profile {
  const { vectors, listed, centreOf } = shelf
  const liked = history.map(({ place, strength }) => ({ item: place, weight: strength }))
  const profile = profileOf({ dimensions: vectors.dimensions, data: vectors.data() }, vectors.inverse(), liked)
  const lists = listsIn(taste).filter(({ list }) => listed(list).length > 0)
  for (const { list } of lists) {
    const centre = centreOf(list)
    for (let d = 0; d < centre.length; d++) profile[d]! += ANSWER_STRENGTH * centre[d]!
  }
  return { profile, length: lengthOf(profile), lists, causes: causesOf(shelf, history) }
}

/** How like the profile each place is: its cosine. */
function likenessIn({ vectors }: Shelf, profile: Profile): (place: number) => number {
  const [data, inverse] = [vectors.data(), vectors.inverse()]
  return (place) => likenessTo({ dimensions: vectors.dimensions, data }, inverse, profile, place)
}

function createFilter({ vectors, departmentOf }: Shelf, { skip, taste }: Asked): (place: number) => boolean {
  const [name] = taste.answers['department'] ?? []
  const [offered, departments] = [vectors.offered(), vectors.department()]
  const department = name === undefined ? undefined : departmentOf(name)
  return (place) =>
    offered[place] === 1 && (department === undefined || departments[place] === department) && !skip.has(place)
}

function findCandidates(shelf: Shelf, asked: Asked, profile: Profile, allowed: (place: number) => boolean): number[] {
  const found = new Set<number>()
  const take = (from: readonly number[], most: number) => {
    let taken = 0
    for (const place of from) {
      if (taken === most || found.size === CANDIDATES) return
      if (found.has(place) || !allowed(place)) continue
      found.add(place)
      taken++
    }
  }
  const model = shelf.model()
  if (model) {
    const { rows, modelOf, shelfOf, scores } = model
    foldIn(
      rows,
      asked.history.map(({ place, strength }) => ({ item: modelOf[place] ?? -1, weight: strength })),
      scores,
    )
    const skip = (item: number) => shelfOf[item]! < 0 || !allowed(shelfOf[item]!)
    take(
      bestOf(scores, FROM_MODEL, skip).map((item) => shelfOf[item]!),
      FROM_MODEL,
    )
  }
  if (profile.length > 0) take(nearest(shelf, profile, allowed), FROM_LIKENESS)
  for (const { list } of profile.lists) take(shelf.listed(list), FROM_LIST)
  take(shelf.pool(), CANDIDATES)
  return [...found]
}

/** Dimensions come in the order of what they tell: the first are enough to see who may be near. */
const FIRST_LOOK = 24

/** Of the pool, what is most like the profile; by a first look, then by all dimensions. */
function nearest(shelf: Shelf, profile: Profile, allowed: (place: number) => boolean): number[] {
  const { vectors } = shelf
  const { score, places: open } = vectors.scratch()
  const [data, inverse, size] = [vectors.data(), vectors.inverse(), vectors.dimensions]
  let count = 0
  for (const place of shelf.pool()) {
    if (!allowed(place)) continue
    score[place] = dotAt(profile.profile, data, place * size, FIRST_LOOK) * inverse[place]!
    open[count++] = place
  }
  const near = open.subarray(0, keepLargest(open, count, score, 2 * FROM_LIKENESS))
  const like = likenessIn(shelf, profile)
  for (const place of near) score[place] = like(place)
  return [...near].toSorted((a, b) => score[b]! - score[a]! || a - b).slice(0, FROM_LIKENESS)
}

/** What the last `foldIn` says of these places. */
function scoreByModel(shelf: Shelf, places: readonly number[]): Float64Array {
  const model = shelf.model()
  return Float64Array.from(places, (place) => {
    const item = model?.modelOf[place] ?? -1
    return model && item >= 0 ? model.scores.score[item]! : 0
  })
}

const BECAUSE: Readonly<Record<ProductKind, (name: string) => string>> = {
  view: (name) => `Because you looked at ${name}`,
  click: (name) => `Because you looked at ${name}`,
  try_on: (name) => `Because you tried on ${name}`,
  wishlist: (name) => `Because ${name} is on your wishlist`,
  add: (name) => `Because you put ${name} into your bag`,
  buy: (name) => `Because you bought ${name}`,
}

/** Why each deed speaks for other products. */
const causesOf = ({ items }: Shelf, history: readonly Deed[]) =>
  history.map(({ place, kind }) => {
    const reason: Cause = { kind: 'liked', text: BECAUSE[kind](items[place]!.name), place }
    return { reason, key: `liked:${place}` }
  })

/** Of a product that stands in the history itself. */
const AGAIN: Cause = { kind: 'viewed', text: 'You had an eye on it before' }

/** Everything that made the score of candidate `i`, the product at `place`. */
function explain(
  shelf: Shelf,
  asked: Asked,
  profile: Profile,
  blended: Blend,
  i: number,
  place: number,
): Contribution<Cause>[] {
  const item = shelf.items[place]!
  const sources: Source<Cause>[] = []
  const model = shelf.model()
  for (const [k, { place: from, strength }] of asked.history.entries()) {
    const { key, ...cause } = profile.causes[k]!
    const reason = from === place ? AGAIN : cause.reason
    if (profile.length > 0)
      sources.push({
        part: 'content',
        reason,
        key,
        raw: (strength * shelf.vectors.likeness(from, place)) / profile.length,
      })
    if (model && (model.modelOf[from] ?? -1) >= 0 && (model.modelOf[place] ?? -1) >= 0)
      sources.push({
        part: 'collaborative',
        reason,
        key,
        raw: strength * valueAt(model.rows, model.modelOf[from]!, model.modelOf[place]!),
      })
  }
  for (const { list, kind, text } of profile.lists) {
    const raw = (ANSWER_STRENGTH * cosineWith(shelf, shelf.centreOf(list), place)) / profile.length
    sources.push({ part: 'content', reason: { kind, text }, key: list, raw })
  }
  for (const { kind, text, points, key } of pointsOf(item, asked.taste))
    sources.push({ part: 'knowledge', reason: { kind, text }, key, raw: points })
  const { context } = asked.taste
  const popular =
    context !== undefined && item.occasions.includes(context)
      ? `Popular for ${occasionName(context)} right now`
      : 'Popular right now'
  return contributionsOf(blended, i, sources, { kind: 'popular', text: popular })
}

function cosineWith({ vectors }: Shelf, direction: Float64Array, place: number): number {
  return dotAt(direction, vectors.data(), place * vectors.dimensions, vectors.dimensions) * vectors.inverse()[place]!
}

/** Some places go to what is new and hardly anybody has seen, so that it can be found to be liked. */
function lend(
  shelf: Shelf,
  asked: Asked,
  profile: Profile,
  best: Ranked[],
  allowed: (place: number) => boolean,
): Ranked[] {
  const places = explorationPlaces(asked.limit)
  const shown = new Set(best.map(({ place }) => place))
  const fresh: number[] = []
  const like = likenessIn(shelf, profile)
  const [listedAt, marks] = [shelf.vectors.listedAt(), shelf.vectors.marks()]
  for (const place of shelf.pool()) {
    const age = asked.now - listedAt[place]!
    if (age >= 0 && age < NEW_MS && !shown.has(place) && allowed(place)) fresh.push(place)
  }
  const drawn = drawNew(
    fresh,
    { subject: asked.subject, day: Math.floor(asked.now / DAY_MS), count: places.length },
    {
      mark: (place) => marks[place]!,
      weight: (place) => (1.1 + like(place)) / (1 + shelf.vectors.wanted()[place]!),
    },
  )
  const lent = drawn.map((place) => ({
    place,
    score: 0,
    contributions: [{ reason: { kind: 'new', text: 'New in, see if you like it' }, amount: 0 }],
  }))
  return insertAt(best, lent, places, asked.limit)
}
