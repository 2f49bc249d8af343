import { describe, expect, test } from 'bun:test'
import { completeLook, rankSimilar } from './beside.ts'
import { DEFAULT_WEIGHTS, largestOf } from './blend.ts'
import type { Described } from './features.ts'
import { valueAt } from './fold-in.ts'
import { itemOf } from './item.ts'
import { type Asked, rankFor } from './personal.ts'
import { lengthOf } from './profile-vector.ts'
import { fitProjection } from './projection.ts'
import { createShelf, type Shelf } from './shelf.ts'
import { createRows } from './sparse-model.ts'
import { pointsOf, type Taste } from './taste.ts'

/** Numbers from 0 to 1 that are the same each time. */
function createRandom(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

const NOW = Date.UTC(2026, 9, 10)
const DAY_MS = 86_400_000
const KINDS = ['dresses', 'tops', 'trousers', 'outerwear', 'knitwear']
const OCCASIONS = ['work', 'party', 'wedding', 'casual']
const PATTERNS = ['plain', 'floral', 'stripes']

/** So many products of random make, some sold out, with a random model over all of them. */
function randomShelf(items: number, seed: number): Shelf {
  const random = createRandom(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const products = Array.from({ length: items }, (_, k) => {
    const [department, kind] = [pick(['women', 'men']), pick(KINDS)]
    const hex = `#${Math.floor(random() * 0xffffff)
      .toString(16)
      .padStart(6, '0')}`
    const metadata = { pattern: pick(PATTERNS), occasion: [pick(OCCASIONS)], season: [pick(['autumn', 'summer'])] }
    const source = {
      id: `00000000-0000-7000-8000-${String(k).padStart(12, '0')}`,
      name: `Piece ${k}`,
      description: `a ${kind} piece`,
      brand: pick([
        { slug: 'norr', name: 'Norr' },
        { slug: 'maris', name: 'Maris' },
        { slug: 'ostra', name: 'Ostra' },
      ]),
      categories: [
        { slug: department, name: department },
        { slug: `${department}-${kind}`, name: kind },
      ],
      colours: [{ hex }],
      variants: [{ size: 'M', inStock: random() > 0.1 }],
      priceAmount: 1000 + Math.floor(random() * 9000),
      currency: 'EUR',
      rating: null,
      listedAt: NOW - (40 + k) * DAY_MS,
      metadata,
    }
    const described: Described = {
      path: source.categories.map(({ slug }) => slug),
      brand: source.brand.slug,
      name: source.name,
      description: source.description,
      tags: [],
      pattern: metadata.pattern,
      occasions: metadata.occasion,
      seasons: metadata.season,
      fabric: undefined,
      palette: [hex],
      amount: source.priceAmount,
      look: undefined,
    }
    return { item: itemOf(source, (list) => list), described }
  })
  const shelf = createShelf(fitProjection(products.map(({ described }) => described)))
  for (const { item, described } of products) shelf.put(item, described)
  shelf.setPopularity(new Map(products.map(({ item }) => [item.id, Math.floor(20 * random() ** 4)])), new Map())
  const rows = createRows(items, 12)
  const score = new Float64Array(items)
  for (let row = 0; row < items; row++) {
    const near = [...new Set(Array.from({ length: 12 }, () => Math.floor(random() * items)))].filter((k) => k !== row)
    for (const k of near) score[k] = random()
    rows.push(Uint32Array.from(near), near.length, score)
  }
  shelf.setModel(
    'test',
    products.map(({ item }) => item.id),
    rows.finish(),
  )
  return shelf
}

const taste = (change: Partial<Taste> = {}): Taste => ({
  answers: {},
  sizes: { top: 'M' },
  fit: null,
  colours: [],
  brands: ['Norr'],
  styles: [],
  season: 'autumn',
  context: undefined,
  brandShares: new Map([['maris', 0.5]]),
  price: Math.log(4000),
  ...change,
})

const asked = (change: Partial<Asked> = {}): Asked => ({
  history: [],
  taste: taste(),
  skip: new Set(),
  weights: DEFAULT_WEIGHTS,
  exponent: 0.5,
  limit: 12,
  subject: 'somebody',
  now: NOW,
  ...change,
})

describe('the score of a recommendation', () => {
  test('is the sum of what made it, and its reason is the largest part', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const shelf = randomShelf(150, seed)
      const history = [3, 40, 77].map((place, k) => ({ place, strength: 1 + k, kind: 'view' as const }))
      const answers = { pattern: ['floral'], occasion: ['party'] }
      const ranked = rankFor(shelf, asked({ history, taste: taste({ answers }) }))
      expect(ranked.length).toBe(12)
      for (const { score, contributions } of ranked) {
        const sum = contributions.reduce((total, { amount }) => total + amount, 0)
        expect(sum).toBeCloseTo(score, 9)
        expect(largestOf(contributions)?.amount).toBe(Math.max(...contributions.map(({ amount }) => amount)))
      }
    }
  })

  test('is what the formula says, worked out anew', () => {
    const shelf = randomShelf(120, 7)
    const history = [
      { place: 5, strength: 1, kind: 'view' as const },
      { place: 9, strength: 3, kind: 'buy' as const },
    ]
    const ask = asked({ history, limit: 10 })
    const ranked = rankFor(shelf, ask)
    const model = shelf.model()!
    const offered = shelf.items.map((_, place) => place).filter((place) => shelf.isOffered(place))
    const profile = new Float64Array(64)
    for (const { place, strength } of history)
      for (let d = 0; d < 64; d++)
        profile[d]! += strength * shelf.vectors.data()[64 * place + d]! * shelf.vectors.inverse()[place]!
    const partsOf = (place: number) => {
      const liked = history.map((deed) => deed.strength * valueAt(model.rows, deed.place, place))
      let cosine = 0
      for (let d = 0; d < 64; d++) cosine += profile[d]! * shelf.vectors.data()[64 * place + d]!
      return {
        collaborative: liked[0]! + liked[1]!,
        content: (cosine * shelf.vectors.inverse()[place]!) / lengthOf(profile),
        knowledge: pointsOf(shelf.items[place]!, ask.taste).reduce((sum, { points }) => sum + points, 0),
        wanted: shelf.vectors.wanted()[place]!,
      }
    }
    // So few products are all candidates.
    const parts = new Map(offered.map((place) => [place, partsOf(place)]))
    const most = (name: 'collaborative' | 'content' | 'knowledge' | 'wanted', least: number) =>
      Math.max(least, ...[...parts.values()].map((part) => part[name]))
    const prior = Math.max(1, [...parts.values()].reduce((sum, { wanted }) => sum + wanted, 0) / parts.size)
    for (const { place, score } of ranked) {
      const part = parts.get(place)!
      const base =
        (0.4 * part.collaborative) / most('collaborative', 0) +
        (0.4 * part.content) / most('content', 0.3) +
        (0.2 * part.knowledge) / most('knowledge', 4)
      expect(score).toBeCloseTo(base * Math.sqrt((part.wanted + prior) / (most('wanted', 0) + prior)), 6)
    }
  })
})

describe('what is recommended', () => {
  test('is never sold out, hidden, or left out by whoever asks', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const shelf = randomShelf(100, seed)
      shelf.setHidden({ ids: [shelf.items[2]!.id], brands: ['ostra'], categories: ['women-tops'] })
      const skip = new Set([1, 4, 6])
      const lists = [
        rankFor(shelf, asked({ skip, limit: 60, history: [{ place: 8, strength: 2, kind: 'click' }] })),
        ...[10, 20, 30].flatMap((place) => [rankSimilar(shelf, place, 20), completeLook(shelf, place, 20)]),
      ]
      for (const [k, list] of lists.entries())
        for (const { place } of list) {
          const { sizes, brand, path, id } = shelf.items[place]!
          expect(sizes.length).toBeGreaterThan(0)
          expect(brand).not.toBe('ostra')
          expect(path).not.toContain('women-tops')
          expect(id).not.toBe(shelf.items[2]!.id)
          if (k === 0) expect(skip.has(place)).toBe(false)
        }
    }
  })

  test('to who shops menswear is menswear', () => {
    const shelf = randomShelf(100, 3)
    const ranked = rankFor(shelf, asked({ taste: taste({ answers: { department: ['men'] } }), limit: 30 }))
    expect(new Set(ranked.map(({ place }) => shelf.items[place]!.department))).toEqual(new Set(['men']))
  })

  test('completes an outfit with one product for each other part, of the same department', () => {
    for (let seed = 1; seed <= 5; seed++) {
      const shelf = randomShelf(150, seed)
      for (let place = 0; place < 20; place++) {
        const own = shelf.items[place]!
        const slots = completeLook(shelf, place, 8).map((one) => shelf.items[one.place]!)
        expect(new Set(slots.map(({ slot }) => slot)).size).toBe(slots.length)
        for (const { slot, department } of slots) {
          expect(slot).not.toBe(own.slot)
          expect(department).toBe(own.department)
        }
      }
    }
  })

  test('draws on new products, the same for one person all day and others tomorrow', () => {
    const shelf = randomShelf(150, 9)
    const later = NOW + 20 * DAY_MS
    for (let place = 100; place < 150; place++) shelf.vectors.listedAt()[place] = later - DAY_MS
    const drawn = (subject: string, now: number) =>
      rankFor(shelf, asked({ subject, now, limit: 16 }))
        .filter(({ contributions }) => contributions[0]?.reason.kind === 'new')
        .map(({ place }) => place)
    expect(drawn('ada', later)).toHaveLength(2)
    expect(drawn('ada', later)).toEqual(drawn('ada', later))
    const others = ['bob', 'eve', 'joe', 'kim'].map((name) => drawn(name, later).join())
    expect(new Set([drawn('ada', later).join(), drawn('ada', later + DAY_MS).join(), ...others]).size).toBeGreaterThan(
      2,
    )
  })
})
