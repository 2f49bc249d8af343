import { expect, test } from 'bun:test'
import { type Contribution, largestOf, PARTS, type Weights } from './blend.ts'
import { drawNew, explorationPlaces, insertAt } from './explore.ts'
import { valueAt } from './fold-in.ts'
import { type Asked, type Cause, rankFor } from './personal.ts'
import { pointsOf, rulesFor } from './rules.ts'
import type { Shelf } from './shelf.ts'
import { listsIn } from './taste.ts'
import { createRandom } from './testing.ts'
import { asked, DAY_MS, NOW, randomShelf, taste } from './testing-shelf.ts'

type Plain = { place: number; score: number; reason: Cause | undefined }

const sumOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0)
const dot = (a: readonly number[], b: readonly number[]) => sumOf(a.map((value, d) => value * b[d]!))
const times = (factor: number, vector: readonly number[]) => vector.map((value) => factor * value)

/** The largest first. */
const best = (places: readonly number[], most: number, of: (place: number) => number): number[] =>
  places
    .map((place) => ({ place, value: of(place) }))
    .toSorted((a, b) => b.value - a.value || a.place - b.place)
    .slice(0, most)
    .map(({ place }) => place)

/** What the formulas speak of, written down without a thought of time. */
function termsOf(shelf: Shelf, { history, taste: said, skip }: Asked) {
  const { items, vectors } = shelf
  const model = shelf.model()!
  const lists = listsIn(said).filter(({ list }) => shelf.listed(list).length > 0)
  /** Of length one. */
  const units = items.map((_, place) =>
    times(vectors.inverse()[place]!, [...vectors.data().subarray(64 * place, 64 * place + 64)]),
  )
  const spoken = [
    ...history.map(({ place, strength }) => times(strength, units[place]!)),
    ...lists.map(({ list }) => times(1.5, [...shelf.centreOf(list)])),
  ]
  const profile = Array.from({ length: 64 }, (_, d) => sumOf(spoken.map((vector) => vector[d]!)))
  const length = Math.sqrt(dot(profile, profile))
  const together = (from: number, place: number) => valueAt(model.rows, model.modelOf[from]!, model.modelOf[place]!)
  const [department] = said.answers['department'] ?? []
  return {
    lists,
    units,
    profile,
    length,
    together,
    rules: rulesFor(said),
    /** What a direction has to do with a product, as a share of the whole profile. */
    alike: (vector: readonly number[], place: number) => (length > 0 ? dot(vector, units[place]!) / length : 0),
    liked: (place: number) => sumOf(history.map((deed) => deed.strength * together(deed.place, place))),
    allowed: (place: number) =>
      shelf.isOffered(place) &&
      !skip.has(place) &&
      (department === undefined || items[place]!.department === department),
  }
}

type Terms = ReturnType<typeof termsOf>

function findPlainly(shelf: Shelf, { lists, units, profile, length, liked, alike, allowed }: Terms): number[] {
  const found = new Set<number>()
  const take = (from: readonly number[], most: number) => {
    const fresh = from.filter((place) => allowed(place) && !found.has(place))
    for (const place of fresh.slice(0, Math.min(most, 200 - found.size))) found.add(place)
  }
  const everything = shelf.items.map((_, place) => place)
  take(
    best(
      everything.filter((place) => allowed(place) && liked(place) > 0),
      90,
      liked,
    ),
    90,
  )
  const glance = (place: number) => dot(profile.slice(0, 24), units[place]!.slice(0, 24))
  const near = best(shelf.pool().filter(allowed), 180, glance)
  if (length > 0)
    take(
      best(near, 90, (place) => alike(profile, place)),
      90,
    )
  for (const { list } of lists) take(shelf.listed(list), 24)
  take(shelf.pool(), 200)
  return [...found]
}

function scorePlainly(shelf: Shelf, ask: Asked, terms: Terms, places: readonly number[]) {
  const { liked, alike, profile, rules } = terms
  const raw = {
    collaborative: places.map(liked),
    content: places.map((place) => alike(profile, place)),
    knowledge: places.map((place) => sumOf(pointsOf(shelf.items[place]!, rules).map(({ points }) => points))),
  }
  const scaleOf = (part: keyof Weights, least: number) => {
    const most = Math.max(least, ...raw[part])
    return most > 0 ? ask.weights[part] / most : 0
  }
  const scale = {
    collaborative: scaleOf('collaborative', 0),
    content: scaleOf('content', 0.3),
    knowledge: scaleOf('knowledge', 4),
  }
  const wanted = places.map((place) => shelf.vectors.wanted()[place]!)
  const prior = Math.max(1, sumOf(wanted) / places.length)
  const factor = wanted.map((own) => ((own + prior) / (Math.max(...wanted) + prior)) ** ask.exponent)
  const base = places.map((_, i) => sumOf(PARTS.map((part) => scale[part] * raw[part][i]!)))
  return { scale, base, factor, usual: sumOf(factor) / places.length, score: base.map((own, i) => own * factor[i]!) }
}

/** Marginal relevance with the caps on brands and categories, by its definition. */
function varyPlainly<T extends Pick<Plain, 'place' | 'score'>>(
  shelf: Shelf,
  { units }: Terms,
  limit: number,
  list: readonly T[],
): T[] {
  const [top, low] = [list[0]!.score, list.at(-1)!.score]
  const keys = list.map(({ place }) => [shelf.items[place]!.brand, shelf.items[place]!.path.at(-1)])
  const most = [Math.max(2, Math.ceil(limit / 3)), Math.max(2, Math.ceil(limit / 4))]
  const likest = list.map(() => 0)
  const chosen: number[] = []
  while (chosen.length < Math.min(limit, list.length)) {
    const left = list.map((_, i) => i).filter((i) => !chosen.includes(i))
    const fits = left.filter((i) =>
      most.every((cap, k) => chosen.filter((j) => keys[j]![k] === keys[i]![k]).length < cap),
    )
    const worth = list.map(({ score }, i) => (0.72 * (score - low)) / (top - low) - 0.28 * likest[i]!)
    const next = (fits.length > 0 ? fits : left).reduce((first, i) => (worth[i]! > worth[first]! ? i : first))
    chosen.push(next)
    for (const i of left) likest[i] = Math.max(likest[i]!, dot(units[list[i]!.place]!, units[list[next]!.place]!))
  }
  return chosen.map((i) => list[i]!)
}

/** The largest part of a score. */
function reasonOf(shelf: Shelf, ask: Asked, terms: Terms, scored: Scored, place: number): Cause | undefined {
  const { items } = shelf
  const { alike, together, lists, rules, units } = terms
  const { scale, usual } = scored
  const sums = new Map<string, Contribution<Cause>>()
  const add = (key: string, reason: Cause, amount: number) => {
    sums.set(key, { reason: sums.get(key)?.reason ?? reason, amount: (sums.get(key)?.amount ?? 0) + amount })
  }
  for (const { place: from, strength } of ask.history) {
    const text = from === place ? 'You had an eye on it before' : `Because you looked at ${items[from]!.name}`
    const reason = from === place ? { kind: 'viewed', text } : { kind: 'liked', text, place: from }
    add(`${from}`, reason, usual * scale.content * strength * alike(units[from]!, place))
    add(`${from}`, reason, usual * scale.collaborative * strength * together(from, place))
  }
  for (const { list, kind, text } of lists)
    add(list, { kind, text }, usual * scale.content * 1.5 * alike([...shelf.centreOf(list)], place))
  for (const { kind, text, points, key } of pointsOf(items[place]!, rules))
    add(key, { kind, text }, usual * scale.knowledge * points)
  const { context = '' } = ask.taste
  const text = items[place]!.occasions.includes(context) ? `Popular for ${context} right now` : 'Popular right now'
  add('popular', { kind: 'popular', text }, scored.base * (scored.factor - usual))
  return largestOf([...sums.values()])?.reason
}

type Scored = Pick<ReturnType<typeof scorePlainly>, 'scale' | 'usual'> & { base: number; factor: number }

/** What `rankFor` promises. */
function rankPlainly(shelf: Shelf, ask: Asked): Plain[] {
  const { items, vectors } = shelf
  const terms = termsOf(shelf, ask)
  const { alike, profile, allowed } = terms
  const places = findPlainly(shelf, terms)
  const { score, base, factor, ...same } = scorePlainly(shelf, ask, terms, places)
  const order = places
    .map((place, i) => ({ place, score: score[i]!, base: base[i]!, factor: factor[i]! }))
    .toSorted((a, b) => b.score - a.score || items[b.place]!.listedAt - items[a.place]!.listedAt)
    .slice(0, Math.max(60, 3 * ask.limit))
  const list = varyPlainly(shelf, terms, ask.limit, order).map((one) => ({
    place: one.place,
    score: one.score,
    reason: reasonOf(shelf, ask, terms, { ...same, ...one }, one.place),
  }))
  const age = (place: number) => ask.now - vectors.listedAt()[place]!
  const isShown = (place: number) => list.some((one) => one.place === place)
  const drawn = drawNew(
    shelf.pool().filter((place) => allowed(place) && age(place) >= 0 && age(place) < 30 * DAY_MS && !isShown(place)),
    { subject: ask.subject, day: Math.floor(ask.now / DAY_MS), count: explorationPlaces(ask.limit).length },
    {
      mark: (place) => vectors.marks()[place]!,
      weight: (place) => (1.1 + alike(profile, place)) / (1 + vectors.wanted()[place]!),
    },
  )
  const lent = drawn.map((place) => ({ place, score: 0, reason: { kind: 'new', text: 'New in, see if you like it' } }))
  return insertAt<Plain>(list, lent, explorationPlaces(ask.limit), ask.limit)
}

/** Somebody of any kind: without a history, with one, with answers, with sizes that they said. */
function randomAsked(items: number, random: () => number): Asked {
  const some = <T>(list: readonly T[]) => list.filter(() => random() < 0.4)
  const history = Array.from({ length: Math.floor(random() ** 2 * 30) }, () => Math.floor(random() * items))
  return asked({
    history: [...new Set(history)].map((place) => ({ place, strength: 1 + 2 * random(), kind: 'view' })),
    skip: new Set(Array.from({ length: Math.floor(random() * 20) }, () => Math.floor(random() * items))),
    limit: [1, 8, 24, 50][Math.floor(random() * 4)]!,
    subject: `somebody ${random()}`,
    // Then some of them are new.
    now: NOW - Math.floor(random() * 200) * DAY_MS,
    taste: taste({
      answers: {
        department: some(['women', 'men']).slice(0, 1),
        occasion: some(['work', 'party']),
        kind: some(['women-tops', 'men-knitwear']),
        pattern: some(['floral', 'stripes']),
        colour: some(['blue', 'red']),
        fit: some(['loose']),
        budget: some(['5000']),
      },
      sizes: random() < 0.5 ? { top: 'm', dress: 'S' } : {},
      fit: random() < 0.3 ? 'close' : null,
      brands: some(['Norr', 'maris']),
      colours: some(['Green', 'black']),
      styles: some(['Casual', 'floral']),
      context: random() < 0.3 ? 'work' : undefined,
    }),
  })
}

test('what is recommended, and why, is what the plain way of working it out gives', () => {
  const random = createRandom(11)
  for (const [seed, items] of [90, 250, 400].entries()) {
    const shelf = randomShelf(items, seed)
    for (let k = 0; k < 8; k++) {
      const ask = randomAsked(items, random)
      const given = rankFor(shelf, ask)
      const plain = rankPlainly(shelf, ask)
      const told = given.map(({ place, contributions }) => ({ place, reason: largestOf(contributions)?.reason }))
      expect(told).toEqual(plain.map(({ place, reason }) => ({ place, reason })))
      for (const [i, { score }] of given.entries()) expect(score).toBeCloseTo(plain[i]!.score, 9)
    }
  }
})
