import { describe, expect, test } from 'bun:test'
import { type ClickLog, listsIn, packLog, rowsOf } from './click-log.ts'
import { ASSUMED, estimatePropensities, propensityAt, type Propensities } from './position-bias.ts'
import { RANK_FEATURES, rankFeatures, type RankItem, tasteOf } from './rank-features.ts'
import { FORMULA, type RankModel, scoreRows } from './rank-model.ts'
import { gainOver, judgeRanker, trainRanker } from './rank-training.ts'

/** A repeatable stream of numbers in [0, 1): Park and Miller's generator. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

const NOW = Date.UTC(2026, 5, 1)
const DAY_MS = 86_400_000
const PAGE = 24
const pick = <T>(from: readonly T[], random: () => number): T => from[Math.floor(random() * from.length)] as T

function createShop(random: () => number) {
  const brands = Array.from({ length: 8 }, (_, i) => `brand-${i}`)
  const categories = Array.from({ length: 5 }, (_, i) => `category-${i}`)
  const colours = Array.from({ length: 6 }, (_, i) => `colour-${i}`)
  const items = Array.from({ length: 400 }, (_, i): RankItem => ({
    id: `item-${i}`,
    score: 0,
    brand: pick(brands, random),
    categories: ['all', pick(categories, random)],
    colours: [pick(colours, random)],
    sizesInStock: random() < 0.8 ? ['M'] : [],
    priceAmount: Math.round(1000 * 30 ** random()),
    rating: random() < 0.3 ? 0 : 2.5 + 2.5 * random(),
    popularity: Math.floor(500 * random() ** 4),
    listedAt: NOW - 400 * DAY_MS * random(),
  }))
  return { items }
}

/** How people of this world look at a list: half of it is never seen by most. */
const looksAt = (position: number) => 1 / (position + 1)

/**
 * What a product is to whoever looks: what they like counts more than in the formula, popularity less, and of the text
 * only whether it fits at all.
 */
function appealOf(features: Float32Array, row: number): number {
  const of = (name: (typeof RANK_FEATURES)[number]) =>
    features[row * RANK_FEATURES.length + RANK_FEATURES.indexOf(name)] ?? 0
  const text = Math.min(of('text') / 0.4, 1)
  const liking = 5 * of('brand') + 3 * of('category') + 2 * of('colour')
  return 2.5 * text + liking + 1.5 * of('price') + 1.2 * of('size') + 0.3 * of('popularity') - 6.2
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

type World = { log: ClickLog; relevance: Float64Array }

/** Lists as the shop showed them, by the formula with some drift of its own, and the clicks of a PBM (position-based model). */
function simulate(lists: number, seed: number): World {
  const random = createRandom(seed)
  const { items } = createShop(createRandom(5))
  const relevance: number[] = []
  const shown = Array.from({ length: lists }, () => {
    const likes = Array.from({ length: 6 }, () => ({ item: pick(items, random), weight: 1 + 3 * random() }))
    const favourite = pick(items, random)
    const own = likes.map(({ item, weight }) => ({ item: random() < 0.6 ? favourite : item, weight }))
    const found = Array.from({ length: 60 }, () => ({ ...pick(items, random), score: random() ** 2 * 10 }))
    const taste = random() < 0.7 ? tasteOf(own) : undefined
    const features = rankFeatures(found, { now: NOW, sizes: [], taste, clicks: () => 0.5 })
    const scores = scoreRows(FORMULA, features, [0, found.length])
    const drift = scores.map((score) => score + 0.3 * random())
    const order = found.map((_, row) => row).toSorted((a, b) => (drift[b] ?? 0) - (drift[a] ?? 0))
    const page = order.slice(0, PAGE)
    const width = RANK_FEATURES.length
    const rows = page.flatMap((row) => [...features.subarray(row * width, (row + 1) * width)])
    const appeals = page.map((row) => sigmoid(appealOf(features, row)))
    relevance.push(...appeals)
    return {
      features: Float32Array.from(rows),
      positions: page.map((_, position) => position),
      gains: appeals.map((appeal, position) => (random() < looksAt(position) && random() < appeal ? 1 : 0)),
    }
  })
  return { log: packLog(shown), relevance: Float64Array.from(relevance) }
}

const discounted = (gains: number[]) =>
  gains.slice(0, 10).reduce((total, gain, place) => total + gain / Math.log2(place + 2), 0)

/** NDCG at ten by what the products really are to the people. */
function trueNdcg(model: RankModel, { log, relevance }: World): number {
  let sum = 0
  for (let list = 0; list < listsIn(log); list++) {
    const [first, count] = rowsOf(log, list)
    const scores = scoreRows(model, log.features, [first, count])
    const real = [...relevance.subarray(first, first + count)]
    const order = real.map((_, row) => row).toSorted((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0))
    sum += discounted(order.map((row) => real[row] ?? 0)) / discounted(real.toSorted((a, b) => b - a))
  }
  return sum / listsIn(log)
}

const NO_BIAS: Propensities = ASSUMED.map(() => 1)
const training = simulate(3000, 11)
const later = simulate(1000, 12)

describe('in a world whose people are known', () => {
  const propensities = estimatePropensities(training.log)
  const learnt = trainRanker(training.log, propensities)

  test('how far down people look is found from their clicks', () => {
    for (const position of [1, 2, 3, 5, 8, 12, 20])
      expect(Math.abs(propensityAt(propensities, position) - looksAt(position))).toBeLessThan(0.06)
    for (let position = 1; position < PAGE; position++)
      expect(propensities[position]).toBeLessThanOrEqual(propensities[position - 1] ?? 0)
  })

  test('the trained order is nearer to what they want than the formula and than clicks taken at face value', () => {
    const naive = trainRanker(training.log, NO_BIAS)
    const [formula, face, own] = [FORMULA, naive, learnt].map((model) => trueNdcg(model, later))
    expect(own).toBeGreaterThan((formula ?? 1) + 0.1)
    expect(own).toBeGreaterThan((face ?? 1) + 0.05)
  })

  test('the clicks of later days alone say that it is better', () => {
    const { gain, error } = gainOver(FORMULA, learnt, later.log, propensities)
    expect(gain).toBeGreaterThan(1.5 * error)
    const [before, after] = [FORMULA, learnt].map((model) => judgeRanker(model, later.log, propensities))
    expect(after?.ndcg).toBeCloseTo((before?.ndcg ?? 0) + gain, 9)
    expect(after?.clickedPlace).toBeLessThan(before?.clickedPlace ?? 0)
  })

  test('the same clicks give the same model', () => {
    expect(trainRanker(training.log, propensities)).toEqual(learnt)
  })
})

test('a handful of clicks hardly moves the formula', () => {
  const { log } = simulate(12, 3)
  const model = trainRanker(log, ASSUMED)
  expect(trueNdcg(model, later)).toBeGreaterThan(trueNdcg(FORMULA, later) - 0.02)
  expect(trainRanker(packLog([]), ASSUMED)).toEqual(FORMULA)
  expect(estimatePropensities(packLog([]))).toEqual(ASSUMED)
})
