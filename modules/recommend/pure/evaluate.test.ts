import { describe, expect, test } from 'bun:test'
import { evaluateModel, judgeList } from './evaluate.ts'
import { interactionsOf } from './interactions.ts'
import { bestOf, createScores, foldIn } from './fold-in.ts'
import { applyRecency, createRecentPopularity } from './recency.ts'
import { leaveLast, leaveSome, splitAt } from './split.ts'
import { createRandom, modelOf, randomInteractions } from './testing.ts'

const DAY = 86_400_000
const rowsOf = (lists: number[][], items: number) =>
  interactionsOf({
    users: lists.length,
    items,
    user: lists.flatMap((list, u) => list.map(() => u)),
    item: lists.flat(),
  })

describe('the measures', () => {
  test('hits and NDCG of one list, by hand', () => {
    const { hits, ndcg } = judgeList([5, 1, 7, 2], new Set([1, 2, 9]), 4)
    expect(hits).toBe(2)
    const best = 1 + 1 / Math.log2(3) + 1 / 2
    expect(ndcg).toBeCloseTo((1 / Math.log2(3) + 1 / Math.log2(5)) / best, 9)
  })

  test('nothing behind k counts, and the best list is no longer than k', () => {
    expect(judgeList([1, 2, 3], new Set([3]), 2)).toEqual({ hits: 0, ndcg: 0 })
    expect(judgeList([1, 2], new Set([1, 2, 3]), 2)).toEqual({ hits: 2, ndcg: 1 })
  })

  test('means are over users who want something new; what they had is neither listed nor wanted', () => {
    // Who liked 0 gets 1 before 2; who liked 3 gets 0.
    const model = modelOf([
      [0, 2, 1, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [1, 0, 0, 0],
    ])
    const known = rowsOf([[0], [0, 1], [3], [0]], 4)
    const wanted = rowsOf([[1], [1, 2], [1, 2], []], 4)
    const result = evaluateModel(model, { known, wanted }, { k: 1 })
    // Ann hits; Ben had 1, wants 2 and hits; Cem is given 0.
    expect(result.users).toBe(3)
    expect(result.recall).toBeCloseTo(2 / 3, 9)
    expect(result.ndcg).toBeCloseTo(2 / 3, 9)
    expect(result.hitRate).toBeCloseTo(2 / 3, 9)
    expect(result.coverage).toBe(3 / 4)
    expect(evaluateModel(model, { known, wanted }, { k: 1, every: 3 }).users).toBe(1)
  })

  test('a list with too little to say is filled with what is popular', () => {
    const known = rowsOf([[], [2], [2, 1], [2, 1, 0]], 3)
    const wanted = rowsOf([[1], [], [], []], 3)
    const nothing = modelOf([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, 0],
    ])
    expect(evaluateModel(nothing, { known, wanted }, { k: 1 }).recall).toBe(0)
    expect(evaluateModel(nothing, { known, wanted }, { k: 2 }).recall).toBe(1)
  })

  test('recency looks only at what came before', () => {
    // Item 1 was popular long ago, item 2 is just before the moment asked about, item 3 just after.
    const events = [
      [0, 0, 100],
      [1, 1, 0],
      [2, 1, 1],
      [3, 2, 99],
      [1, 3, 101],
      [2, 3, 102],
      [3, 3, 103],
    ] as const
    const of = (which: 0 | 1 | 2) => events.map((event) => event[which])
    const known = interactionsOf({ users: 4, items: 4, user: of(0), item: of(1), time: of(2).map((day) => day * DAY) })
    const wanted = interactionsOf({ users: 4, items: 4, user: [0], item: [2], time: [100.5 * DAY] })
    const model = modelOf([
      [0, 1.2, 1, 1.1],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ])
    expect(evaluateModel(model, { known, wanted }, { k: 1 }).recall).toBe(0)
    const recency = { days: 60, exponent: 0.5, prior: 0 }
    expect(evaluateModel(model, { known, wanted }, { k: 1, recency }).recall).toBe(1)
  })
})

describe('what is recent', () => {
  test('with a prior the ranking is that of the whole catalogue', () => {
    const random = createRandom(10)
    const recency = { days: 60, exponent: 0.5, prior: 2 }
    for (let round = 0; round < 30; round++) {
      const items = 12
      const model = modelOf(
        Array.from({ length: items }, () => Array.from({ length: items }, () => (random() < 0.2 ? random() : 0))),
      )
      const counts = Float64Array.from({ length: items }, () => Math.floor(random() * 6))
      const history = [
        { item: round % items, weight: 2 },
        { item: (round + 5) % items, weight: 1 },
      ]
      const all = Array.from(counts, (_, item) => item)
      const out = createScores(items)
      foldIn(model, history, out)
      const worth = Float64Array.from(
        out.score,
        (score, item) => (score + (2 * 3) / items) * Math.sqrt(1 + counts[item]!),
      )
      const popular = all.toSorted((a, b) => counts[b]! - counts[a]! || a - b).slice(0, 4)
      applyRecency(out, recency, { counts, popular, weight: 3 })
      expect(bestOf(out, 4)).toEqual(all.toSorted((a, b) => worth[b]! - worth[a]! || a - b).slice(0, 4))
      foldIn(model, [], out)
      expect(out.score.every((score) => score === 0)).toBe(true)
    }
  })

  test('counts are those of a scan, at every moment', () => {
    const random = createRandom(8)
    const matrix = randomInteractions(random, { users: 20, items: 8, events: 200 })
    const popularity = createRecentPopularity(matrix, 2)
    for (let now = 0; now < 1e9; now += 3e7) {
      const counts = Array.from<number>({ length: 8 }).fill(0)
      for (const [at, item] of matrix.columns.entries())
        if (matrix.times![at]! < now && matrix.times![at]! >= now - 2 * DAY) counts[item]!++
      expect([...popularity.moveTo(now)]).toEqual(counts)
    }
  })

  test('the factor is a power of the count, and nobody is silenced', () => {
    const out = createScores(3)
    foldIn(
      modelOf([
        [0, 2, 2],
        [0, 0, 0],
        [0, 0, 0],
      ]),
      [{ item: 0, weight: 1 }],
      out,
    )
    applyRecency(out, { days: 60, exponent: 0.5, prior: 0 }, { counts: [8, 3, 0], popular: [0], weight: 1 })
    expect([...out.score]).toEqual([0, 4, 2])
  })

  test('without times nobody knows', () => {
    expect(() => createRecentPopularity(rowsOf([[0]], 1), 60)).toThrow(RangeError)
    expect(() => leaveLast(rowsOf([[0]], 1))).toThrow(RangeError)
    expect(() => splitAt(rowsOf([[0]], 1), 0)).toThrow(RangeError)
  })
})

describe('a part held back', () => {
  const random = createRandom(9)
  const matrix = randomInteractions(random, { users: 30, items: 20, events: 250 })
  const countOf = (part: typeof matrix, user: number) => part.ptr[user + 1]! - part.ptr[user]!

  test('is the last entry of each who has two', () => {
    const { known, wanted } = leaveLast(matrix)
    for (let user = 0; user < 30; user++) {
      const count = countOf(matrix, user)
      expect(countOf(wanted, user)).toBe(count < 2 ? 0 : 1)
      expect(countOf(known, user) + countOf(wanted, user)).toBe(count)
      if (count < 2) continue
      const times = known.times!.subarray(known.ptr[user], known.ptr[user + 1])
      expect(Math.max(...times)).toBeLessThanOrEqual(wanted.times![wanted.ptr[user]!]!)
    }
  })

  test('is some of each, the same ones every time', () => {
    const { known, wanted } = leaveSome(matrix, 4)
    expect(leaveSome(matrix, 4)).toEqual({ known, wanted })
    for (let user = 0; user < 30; user++) {
      const count = countOf(matrix, user)
      expect(countOf(wanted, user)).toBe(count < 2 ? 0 : Math.max(1, Math.round(count / 4)))
      const kept = known.columns.subarray(known.ptr[user], known.ptr[user + 1])
      for (let at = wanted.ptr[user]!; at < wanted.ptr[user + 1]!; at++) expect(kept).not.toContain(wanted.columns[at])
    }
  })

  test('is what came at a time or after it', () => {
    const { known, wanted } = splitAt(matrix, 5e8)
    expect(known.columns.length + wanted.columns.length).toBe(matrix.columns.length)
    expect(known.times!.every((time) => time < 5e8)).toBe(true)
    expect(wanted.times!.every((time) => time >= 5e8)).toBe(true)
  })
})
