import { describe, expect, test } from 'bun:test'
import { interactionsOf } from './interactions.ts'
import { fitRp3Beta } from './rp3beta.ts'
import { createRandom, denseModel, denseOf, randomInteractions } from './testing.ts'

/** Ann took 0 and 1, Ben 0, 1 and 2, Cem 2. */
const SMALL = interactionsOf({ users: 3, items: 3, user: [0, 0, 1, 1, 1, 2], item: [0, 1, 0, 1, 2, 2] })

describe('RP3beta', () => {
  test('is the chance of a walk of two steps that does not come back, by hand', () => {
    // From 0 to Ann or Ben (1/2 each), from Ann to 1 (1/2), from Ben to 1 or 2 (1/3 each).
    const [one, two] = [1 / 4 + 1 / 6, 1 / 6]
    const [first] = denseModel(fitRp3Beta(SMALL, { item: 0, user: 1, target: 0 }, 10))
    expect(first![0]).toBe(0)
    expect(first![1]).toBeCloseTo(one / (one + two), 6)
    expect(first![2]).toBeCloseTo(two / (one + two), 6)
  })

  test('holds the popular back, where one comes from and where one goes', () => {
    const few = interactionsOf({ users: 2, items: 3, user: [0, 0, 1, 1], item: [0, 1, 0, 2], weight: [1, 3, 1, 1] })
    const [first] = denseModel(fitRp3Beta(few, { item: 1, user: 0, target: 1 }, 10))
    // 3 and 1 are the ways, 3 and 1 the weights of where they lead; 2 is that of item 0.
    expect(first).toEqual([0, 0.25, 0.25])
  })

  test('is its formula on any data, and keeps the largest of each row', () => {
    const random = createRandom(5)
    for (let round = 0; round < 20; round++) {
      const matrix = randomInteractions(random, { users: 15, items: 12, events: 70 })
      const x = denseOf(matrix, matrix.weights, [15, 12])
      const ofUser = x.map((row) => row.reduce((a, b) => a + b, 0))
      const ofItem = x[0]!.map((_, i) => x.reduce((sum, row) => sum + row[i]!, 0))
      const [item, user, target] = [random(), random(), random()]
      const most = 1 + Math.floor(random() * 12)
      const model = denseModel(fitRp3Beta(matrix, { item, user, target }, most))
      for (const [i, from] of ofItem.entries()) {
        const ways = ofItem.map((to, j) => {
          const together = x.reduce(
            (sum, row, u) => (row[i]! ? sum + (row[i]! * row[j]!) / ofUser[u]! ** user : sum),
            0,
          )
          return i === j || together === 0 ? 0 : together / to ** target
        })
        const kept = ways.toSorted((a, b) => b - a).slice(0, most)
        const scale = from ** -item / kept.reduce((sum, way) => sum + way, 0)
        for (const [j, value] of model[i]!.entries())
          expect(value).toBeCloseTo(ways[j]! > 0 && ways[j]! >= kept.at(-1)! ? ways[j]! * scale : 0, 5)
      }
    }
  })

  test('an item that nobody took has an empty row and stands in none', () => {
    const matrix = interactionsOf({ users: 1, items: 3, user: [0, 0], item: [0, 2] })
    const dense = denseModel(fitRp3Beta(matrix, { item: 0.5, user: 0.5, target: 0.5 }, 10))
    expect(dense[1]).toEqual([0, 0, 0])
    expect(dense.map((row) => row[1])).toEqual([0, 0, 0])
  })
})
