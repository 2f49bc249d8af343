import { describe, expect, test } from 'bun:test'
import { bestOf, contributionsOf, createScores, foldIn, valueAt } from './fold-in.ts'
import { addModels, keepLargest, type SparseModel } from './sparse-model.ts'
import { createRandom, denseModel, modelOf } from './testing.ts'

const MODEL = modelOf([
  [0, 0.5, 0.25, 0],
  [0.5, 0, 0, 1],
  [0.25, 0, 0, -1],
  [0, 1, 0, 0],
])

function randomModel(random: () => number, items: number): SparseModel {
  const value = () => (random() < 0.4 ? Math.floor(random() * 16) / 16 : 0)
  return modelOf(Array.from({ length: items }, () => Array.from({ length: items }, value)))
}

describe('folding in a history', () => {
  test('a score is the sum over the history of weight times value', () => {
    const out = createScores(4)
    foldIn(
      MODEL,
      [
        { item: 0, weight: 2 },
        { item: 1, weight: 1 },
      ],
      out,
    )
    expect([...out.score]).toEqual([0.5, 1, 0.5, 1])
    expect([...out.found.subarray(0, out.count)].toSorted()).toEqual([0, 1, 2, 3])
  })

  test('the scores of one request leave nothing behind for the next', () => {
    const out = createScores(4)
    foldIn(MODEL, [{ item: 1, weight: 1 }], out)
    bestOf(out, 1, (item) => item === 3)
    foldIn(MODEL, [{ item: 0, weight: 1 }], out)
    expect([...out.score]).toEqual([0, 0.5, 0.25, 0])
    expect(out.count).toBe(2)
  })

  test('an item that the model does not know, or that counts nothing, changes nothing', () => {
    const out = createScores(4)
    foldIn(
      MODEL,
      [
        { item: 9, weight: 1 },
        { item: -1, weight: 1 },
        { item: 1, weight: 0 },
      ],
      out,
    )
    expect(out.count).toBe(0)
    expect(bestOf(out, 3)).toEqual([])
    expect(contributionsOf(MODEL, [{ item: 9, weight: 1 }], 0)).toEqual([0])
  })

  test('a sum that comes back to nothing is listed once', () => {
    const out = createScores(4)
    foldIn(
      MODEL,
      [
        { item: 1, weight: 1 },
        { item: 2, weight: 1 },
        { item: 1, weight: 1 },
      ],
      out,
    )
    expect(out.score[3]).toBe(1)
    expect([...out.found.subarray(0, out.count)].toSorted()).toEqual([0, 3])
  })

  test('the contributions of the history add up to the score of every item', () => {
    const random = createRandom(2)
    for (let round = 0; round < 50; round++) {
      const model = randomModel(random, 12)
      const item = () => Math.floor(random() * 12)
      const history = Array.from({ length: 1 + item() }, () => ({ item: item(), weight: 1 + item() }))
      const out = createScores(12)
      foldIn(model, history, out)
      for (let j = 0; j < 12; j++) {
        const parts = contributionsOf(model, history, j)
        expect(parts).toHaveLength(history.length)
        expect(parts.reduce((sum, one) => sum + one, 0)).toBeCloseTo(out.score[j]!, 9)
      }
    }
  })

  test('the best are those of a full sort, the skipped ones left out, the smaller item first among equals', () => {
    const random = createRandom(3)
    for (let round = 0; round < 200; round++) {
      const out = createScores(40)
      for (let i = 0; i < 40; i++) {
        if (random() < 0.3) continue
        out.found[out.count++] = i
        out.score[i] = 1 + Math.floor(random() * 6)
      }
      const skip = (item: number) => item % 5 === round % 5
      const all = [...out.found.subarray(0, out.count)]
      const expected = all.filter((i) => !skip(i)).toSorted((a, b) => out.score[b]! - out.score[a]! || a - b)
      const most = 1 + Math.floor(random() * 40)
      expect(bestOf(out, most, skip)).toEqual(expected.slice(0, most))
      expect([...out.found.subarray(0, out.count)].toSorted((a, b) => a - b)).toEqual(all)
    }
  })
})

describe('a sparse model', () => {
  test('knows its values by row and column', () => {
    const dense = denseModel(MODEL)
    for (const [i, row] of dense.entries())
      for (const [j, value] of row.entries()) expect(valueAt(MODEL, i, j)).toBe(value)
    expect(valueAt(MODEL, 4, 0)).toBe(0)
  })

  test('added to another by shares keeps the largest of each row', () => {
    const a = modelOf([
      [0, 1, 3],
      [0, 0, 0],
      [1, 0, 0],
    ])
    const b = modelOf([
      [0, 5, 1],
      [0, 0, 2],
      [0, 0, 0],
    ])
    expect(
      denseModel(
        addModels(
          [
            { model: a, share: 1 },
            { model: b, share: 0.5 },
          ],
          2,
        ),
      ),
    ).toEqual([
      [0, 3.5, 3.5],
      [0, 0, 1],
      [1, 0, 0],
    ])
    expect(
      denseModel(
        addModels(
          [
            { model: a, share: 1 },
            { model: b, share: 0.5 },
          ],
          1,
        ),
      ),
    ).toEqual([
      [0, 3.5, 0],
      [0, 0, 1],
      [1, 0, 0],
    ])
  })

  test('keeping the largest does not depend on the order in which they were found', () => {
    const score = Float64Array.from([1, 2, 2, 2, 2, 3])
    const kept = (found: number[]) => {
      const list = Uint32Array.from(found)
      return [...list.subarray(0, keepLargest(list, list.length, score, 3))].toSorted()
    }
    expect(kept([0, 1, 2, 3, 4, 5])).toEqual([1, 2, 5])
    expect(kept([4, 3, 5, 2, 1, 0])).toEqual([1, 2, 5])
  })
})
