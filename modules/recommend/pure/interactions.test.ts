import { describe, expect, test } from 'bun:test'
import { interactionsOf, joinInteractions, transpose, weightOfRows } from './interactions.ts'
import { createRandom, randomInteractions } from './testing.ts'

const sum = (rows: Float64Array) => rows.reduce((all, one) => all + one, 0)

describe('interactions', () => {
  test('events in any order become rows with ascending items', () => {
    const matrix = interactionsOf({ users: 3, items: 4, user: [2, 0, 2, 0], item: [3, 1, 0, 2] })
    expect([...matrix.ptr]).toEqual([0, 2, 2, 4])
    expect([...matrix.columns]).toEqual([1, 2, 0, 3])
    expect([...matrix.weights]).toEqual([1, 1, 1, 1])
    expect(matrix.times).toBeUndefined()
  })

  test('what is done twice counts once, with the sum of weights and the latest time', () => {
    const lists = { users: 1, items: 2, user: [0, 0, 0], item: [1, 0, 1], weight: [2, 1, 3], time: [50, 10, 20] }
    const matrix = interactionsOf(lists)
    expect([...matrix.columns]).toEqual([0, 1])
    expect([...matrix.weights]).toEqual([1, 5])
    expect([...(matrix.times ?? [])]).toEqual([10, 50])
  })

  test.each([
    ['a user', { users: 1, items: 1, user: [1], item: [0] }],
    ['an item', { users: 1, items: 1, user: [0], item: [1] }],
    ['a negative item', { users: 1, items: 1, user: [0], item: [-1] }],
    ['a weight of nothing', { users: 1, items: 1, user: [0], item: [0], weight: [0] }],
    ['a weight that is no number', { users: 1, items: 1, user: [0], item: [0], weight: [Number.NaN] }],
    ['a list that is shorter', { users: 1, items: 1, user: [0, 0], item: [0] }],
  ])('%s out of bounds is refused', (_, lists) => {
    expect(() => interactionsOf(lists)).toThrow(RangeError)
  })

  test('turned twice it is what it was', () => {
    const random = createRandom(1)
    for (let round = 0; round < 20; round++) {
      const matrix = randomInteractions(random, { users: 13, items: 9, events: 60 })
      expect(transpose(transpose(matrix))).toEqual(matrix)
      expect(sum(weightOfRows(transpose(matrix)))).toBe(sum(weightOfRows(matrix)))
    }
  })

  test('two joined hold what stands in either', () => {
    const a = interactionsOf({ users: 2, items: 2, user: [0, 1], item: [0, 1] })
    const b = interactionsOf({ users: 2, items: 3, user: [0, 1], item: [2, 1], weight: [1, 4] })
    const both = joinInteractions(a, b)
    expect(both.items).toBe(3)
    expect([...both.ptr]).toEqual([0, 2, 3])
    expect([...both.columns]).toEqual([0, 2, 1])
    expect([...both.weights]).toEqual([1, 1, 5])
  })
})
