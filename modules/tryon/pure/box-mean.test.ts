import { expect, test } from 'bun:test'
import { boxMean } from './box-mean.ts'

test('a window mean counts only what is inside the picture', () => {
  const data = Float32Array.from({ length: 5 * 4 }, (_, i) => i)
  const mean = boxMean(data, { width: 5, height: 4 }, 1, 1)
  expect(mean[0]).toBeCloseTo((0 + 1 + 5 + 6) / 4, 5)
  expect(mean[6]).toBeCloseTo(6, 5)
  expect(boxMean(data, { width: 5, height: 4 }, 1, 9)[7]).toBeCloseTo(9.5, 4)
})
