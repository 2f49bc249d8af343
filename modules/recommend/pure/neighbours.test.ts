import { describe, expect, test } from 'bun:test'
import { interactionsOf } from './interactions.ts'
import { fitItemKnn, fitRp3Beta } from './neighbours.ts'
import { createRandom, denseModel, denseOf, randomInteractions } from './testing.ts'

/** Ann took 0 and 1, Ben 0, 1 and 2, Cem 2. */
const SMALL = interactionsOf({ users: 3, items: 3, user: [0, 0, 1, 1, 1, 2], item: [0, 1, 0, 1, 2, 2] })

describe('RP3beta', () => {
  test('is the chance of a walk of two steps, by hand', () => {
    // From 0 to Ann or Ben (1/2 each), from Ann to 1 (1/2), from Ben to 1 or 2 (1/3 each).
    const [first] = denseModel(fitRp3Beta(SMALL, { item: 1, user: 1, target: 0 }, 10))
    expect(first![0]).toBe(0)
    expect(first![1]).toBeCloseTo(1 / 4 + 1 / 6, 6)
    expect(first![2]).toBeCloseTo(1 / 6, 6)
  })

  test('holds the popular back by the exponent of the target', () => {
    const [first] = denseModel(fitRp3Beta(SMALL, { item: 1, user: 1, target: 1 }, 10))
    expect(first![1]).toBeCloseTo((1 / 4 + 1 / 6) / 2, 6)
    expect(first![2]).toBeCloseTo(1 / 6 / 2, 6)
  })

  test('is its formula on any data, and keeps the largest of each row', () => {
    const random = createRandom(5)
    for (let round = 0; round < 20; round++) {
      const matrix = randomInteractions(random, { users: 15, items: 12, events: 70 })
      const x = denseOf(matrix, matrix.weights, [15, 12])
      const ofUser = x.map((row) => row.reduce((a, b) => a + b, 0))
      const ofItem = x[0]!.map((_, i) => x.reduce((sum, row) => sum + row[i]!, 0))
      const [item, user, target] = [random(), random(), random()]
      const expected = ofItem.map((from, i) =>
        ofItem.map((to, j) => {
          const together = x.reduce((sum, row, u) => sum + (row[i]! * row[j]!) / ofUser[u]! ** user || sum, 0)
          return i === j || together === 0 ? 0 : together / from ** item / to ** target
        }),
      )
      const all = denseModel(fitRp3Beta(matrix, { item, user, target }, 12))
      for (const [i, row] of expected.entries())
        for (const [j, value] of row.entries()) expect(all[i]![j]).toBeCloseTo(value, 5)
      for (const [i, row] of denseModel(fitRp3Beta(matrix, { item, user, target }, 3)).entries())
        expect(row.filter((value) => value > 0).toSorted()).toEqual(
          all[i]!.filter((value) => value > 0)
            .toSorted((a, b) => b - a)
            .slice(0, 3)
            .toSorted(),
        )
    }
  })

  test('an item that nobody took has an empty row and stands in none', () => {
    const matrix = interactionsOf({ users: 1, items: 3, user: [0, 0], item: [0, 2] })
    const dense = denseModel(fitRp3Beta(matrix, { item: 0.5, user: 0.5, target: 0.5 }, 10))
    expect(dense[1]).toEqual([0, 0, 0])
    expect(dense.map((row) => row[1])).toEqual([0, 0, 0])
  })
})

test('item-kNN is the cosine, shrunk where few took both', () => {
  const plain = denseModel(fitItemKnn(SMALL, 0, 10))
  expect(plain[0]![1]).toBeCloseTo(1, 6)
  expect(plain[0]![2]).toBeCloseTo(1 / 2, 6)
  const shrunk = denseModel(fitItemKnn(SMALL, 2, 10))
  expect(shrunk[0]![1]).toBeCloseTo(2 / 4, 6)
  expect(shrunk[0]![2]).toBeCloseTo(1 / 4, 6)
})
