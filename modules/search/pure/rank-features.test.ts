import { describe, expect, test } from 'bun:test'
import { createClickRates } from './click-rates.ts'
import { ASSUMED } from './position-bias.ts'
import {
  RANK_FEATURES,
  type RankFeature,
  rankFeatures,
  type RankingContext,
  type RankItem,
  tasteOf,
} from './rank-features.ts'
import { contributionsOf, FORMULA, scoreRows } from './rank-model.ts'
import { placeWithVariety } from './variety.ts'

const NOW = Date.UTC(2026, 5, 1)
const DAY_MS = 86_400_000
const item = (id: string, more: Partial<RankItem> = {}): RankItem => ({
  id,
  score: 1,
  brand: 'norr',
  categories: ['women', 'women-tops'],
  colours: ['navy'],
  sizesInStock: ['S', 'M'],
  priceAmount: 5000,
  rating: 4,
  popularity: 10,
  listedAt: NOW - 45 * DAY_MS,
  ...more,
})
const context = (more: Partial<RankingContext> = {}): RankingContext => ({
  now: NOW,
  sizes: [],
  taste: undefined,
  clicks: () => 0.5,
  ...more,
})

function valuesOf(items: RankItem[], of: RankFeature, more: Partial<RankingContext> = {}): number[] {
  const features = rankFeatures(items, context(more))
  return items.map((_, row) => features[row * RANK_FEATURES.length + RANK_FEATURES.indexOf(of)] ?? Number.NaN)
}

const list = (query: string, shown: string[], clicked: string[]) => ({
  query,
  shown: shown.map((id, position) => ({ id, position })),
  clicked: new Set(clicked),
})

const fallingScores = (count: number) => Float64Array.from({ length: count }, (_, i) => 10 - i / 100)

describe('a feature', () => {
  test('is 0 to 1, whatever the products are like', () => {
    const odd = [
      item('a', { score: 0, popularity: 0, rating: 0, priceAmount: 0, sizesInStock: [], colours: [], categories: [] }),
      item('b', { score: 900, popularity: 1e9, listedAt: NOW + DAY_MS, priceAmount: 1e9 }),
    ]
    const taste = tasteOf([{ item: item('x'), weight: 1e6 }])
    for (const items of [odd, odd.slice(0, 1)])
      for (const value of rankFeatures(items, context({ taste, sizes: ['M'] }))) {
        expect(value).toBeGreaterThanOrEqual(0)
        expect(value).toBeLessThanOrEqual(1)
      }
    expect(rankFeatures([], context())).toHaveLength(0)
  })

  test('of text and popularity is against the best of the list', () => {
    expect(valuesOf([item('a', { score: 8 }), item('b', { score: 2 })], 'text')).toEqual([1, 0.25])
    const [all, half, none] = valuesOf(
      [99, 9, 0].map((popularity) => item('a', { popularity })),
      'popularity',
    )
    expect([all, none]).toEqual([1, 0])
    expect(half).toBeCloseTo(0.5, 6)
  })

  test('of newness halves in a month and a half', () => {
    expect(valuesOf([item('a')], 'newness')[0]).toBeCloseTo(0.5, 6)
  })

  test('of size says whether one of those that are wanted can be had', () => {
    const items = [item('a'), item('b', { sizesInStock: ['L'] }), item('c', { sizesInStock: [] })]
    expect(valuesOf(items, 'size')).toEqual([1, 1, 0])
    const [has, lacks, out] = valuesOf(items, 'size', { sizes: ['M'] })
    expect([has, out]).toEqual([1, 0])
    expect(lacks).toBeCloseTo(0.2, 6)
  })

  test('of price is highest near what somebody usually pays, and says nothing of who is unknown', () => {
    const items = [2000, 5000, 20_000].map((priceAmount) => item('a', { priceAmount }))
    expect(valuesOf(items, 'price')).toEqual([0.5, 0.5, 0.5])
    const taste = tasteOf([{ item: item('x', { priceAmount: 5000 }), weight: 3 }])
    const [less, usual, more] = valuesOf(items, 'price', { taste })
    expect(usual).toBe(1)
    expect(Math.max(less ?? 1, more ?? 1)).toBeLessThan(0.1)
  })

  test('of brand, category and colour grows with what was liked, a neighbour in the tree getting some of it', () => {
    const liked = (weight: number) => tasteOf([{ item: item('x', { brand: 'alba' }), weight }])
    const alba = [item('a', { brand: 'alba' }), item('b')]
    const [little, nothing] = valuesOf(alba, 'brand', { taste: liked(1) })
    const [much] = valuesOf(alba, 'brand', { taste: liked(20) })
    expect([(little ?? 1) < (much ?? 0), nothing]).toEqual([true, 0])
    const places = [['women', 'women-tops'], ['women', 'women-skirts'], ['men']]
    const [same, near, far] = valuesOf(
      places.map((categories) => item('a', { categories })),
      'category',
      { taste: liked(5) },
    )
    expect([(same ?? 0) > (near ?? 1), (near ?? 0) > 0, far]).toEqual([true, true, 0])
    expect(tasteOf([])).toBeUndefined()
  })
})

test('what the features give adds up to the score', () => {
  const items = [item('a'), item('b', { score: 3, popularity: 40, brand: 'alba' })]
  const features = rankFeatures(items, context({ taste: tasteOf([{ item: item('x'), weight: 4 }]) }))
  const scores = scoreRows(FORMULA, features, [0, 2])
  items.forEach((_, row) => {
    const sum = contributionsOf(FORMULA, features, row).reduce((total, { contribution }) => total + contribution, 0)
    expect(sum).toBeCloseTo(scores[row] ?? Number.NaN, 12)
  })
})

describe('click rates', () => {
  test('take a click far down for more than one at the top, and few looks for little', () => {
    const rates = createClickRates()
    expect(rates.of('tee')('unknown')).toBe(0.5)
    for (let i = 0; i < 50; i++) rates.add(list('tee', ['a', 'b', 'c'], i % 5 === 0 ? ['a', 'c'] : []), ASSUMED)
    const of = rates.of('tee')
    expect(of('c')).toBeGreaterThan(of('a'))
    expect(of('b')).toBeLessThan(0.5)
    rates.add(list('tee', ['seldom'], ['seldom']), ASSUMED)
    expect(of('seldom')).toBeLessThan(0.7)
  })

  test('are of the query where that is known, else of the product', () => {
    const rates = createClickRates()
    for (let i = 0; i < 60; i++) {
      rates.add(list('Tee ', ['a', 'b'], ['a']), ASSUMED)
      rates.add(list('coat', ['a', 'b'], []), ASSUMED)
    }
    expect(rates.of('tee')('a')).toBeGreaterThan(rates.of('hat')('a'))
    expect(rates.of('hat')('a')).toBeGreaterThan(rates.of('coat')('a'))
  })

  test('are the same after they were kept', () => {
    const rates = createClickRates()
    for (let i = 0; i < 9; i++) rates.add(list('tee', ['a', 'b'], ['a']), ASSUMED)
    const again = createClickRates(JSON.parse(JSON.stringify(rates.keep(10))))
    for (const id of ['a', 'b', 'c']) expect(again.of('tee')(id)).toBeCloseTo(rates.of('tee')(id), 2)
    expect(Object.keys(rates.keep(1).products)).toEqual(['a'])
  })
})

describe('variety', () => {
  test('keeps one brand or colour from filling a page, and says what it cost', () => {
    const many = Array.from({ length: 40 }, (_, i) => item(`a${i}`, { colours: [`c${i}`] }))
    const others = Array.from({ length: 40 }, (_, i) => item(`b${i}`, { brand: `b${i}`, colours: [`d${i}`] }))
    const all = [...many, ...others]
    const placed = placeWithVariety(all, fallingScores(80), '')
    expect(new Set(placed.map((one) => one.item.id)).size).toBe(80)
    expect(placed.slice(0, 24).filter((one) => one.item.brand === 'norr')).toHaveLength(8)
    expect(placed[0]).toMatchObject({ item: { id: 'a0' }, variety: 0 })
    const values = placed.map((one) => one.score)
    expect(values).toEqual(values.toSorted((a, b) => b - a))
    const own = new Map(all.map((one, i) => [one.id, fallingScores(80)[i] ?? 0]))
    for (const one of placed) expect((own.get(one.item.id) ?? 0) + one.variety).toBeCloseTo(one.score, 12)
  })

  test('leaves who asks for a brand by its name with that brand', () => {
    const many = Array.from({ length: 30 }, (_, i) => item(`a${i}`, { colours: [`c${i}`], brand: 'north-wind' }))
    const others = Array.from({ length: 30 }, (_, i) => item(`b${i}`, { brand: `b${i}`, colours: [`d${i}`] }))
    const far = Float64Array.from({ length: 60 }, (_, i) => (i < 30 ? 10 - i / 100 : 1))
    const top = (query: string) => placeWithVariety([...many, ...others], far, query).slice(0, 24)
    expect(top('North Wind shirt').every((one) => one.item.brand === 'north-wind')).toBe(true)
    expect(top('shirt').every((one) => one.item.brand === 'north-wind')).toBe(false)
  })
})
