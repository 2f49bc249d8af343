import { expect, test } from 'bun:test'
import { scaleAmount, splitAmount, worthOfPieces } from './split.ts'

/** The same numbers every time (a linear congruential generator). */
function createNumbers(seed: number) {
  let state = seed
  return (most: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * (most + 1))
  }
}
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)

test('shares add up exactly, are each within a unit of fair, and never exceed their weight', () => {
  const number = createNumbers(7)
  for (let round = 0; round < 3000; round++) {
    const weights = Array.from({ length: 1 + number(12) }, () => (number(3) === 0 ? 0 : number(10 ** number(9))))
    const whole = sum(weights)
    const amount = number(whole)
    const shares = splitAmount(amount, weights)
    expect(sum(shares)).toBe(amount)
    for (const [place, share] of shares.entries()) {
      const weight = weights[place]!
      expect(Number.isInteger(share) && share >= 0).toBe(true)
      if (whole === 0) continue
      expect(share).toBeLessThanOrEqual(weight)
      expect(Math.abs(share - (amount / whole) * weight)).toBeLessThan(1 + 1e-6)
    }
  }
})

test('a cent goes to the largest remainder, and to the first among equals', () => {
  expect(splitAmount(10, [1, 1, 1])).toEqual([4, 3, 3])
  expect(splitAmount(1, [1, 2])).toEqual([0, 1])
  expect(splitAmount(5, [0, 0])).toEqual([3, 2])
  expect(splitAmount(0, [])).toEqual([])
  expect(() => splitAmount(1, [])).toThrow()
})

test('an amount is scaled exactly beyond what a double can hold, rounding half up', () => {
  expect(scaleAmount(5, 1, 2)).toBe(3)
  expect(scaleAmount(2_000_000_000, 999_999_937, 1_000_000_007)).toBe(1_999_999_860)
})

test('pieces sent back one by one are worth the whole line', () => {
  const number = createNumbers(3)
  for (let round = 0; round < 500; round++) {
    const [total, pieces] = [number(100_000), 1 + number(98)]
    let worth = 0
    for (let piece = 0; piece < pieces; piece++) worth += worthOfPieces(total, pieces, piece, piece + 1)
    expect(worth).toBe(total)
  }
})
