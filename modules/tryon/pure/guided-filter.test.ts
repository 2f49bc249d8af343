import { describe, expect, test } from 'bun:test'
import { boxMean, guidedFilter, guidedUpsample } from './guided-filter.ts'

const discGuide = (size: number, radius: number): Float32Array => {
  const guide = new Float32Array(size * size * 3)
  for (let i = 0; i < size * size; i++) {
    const inside = Math.hypot((i % size) + 0.5 - size / 2, Math.floor(i / size) + 0.5 - size / 2) < radius
    guide.set(inside ? [0.8, 0.3, 0.2] : [0.2, 0.3, 0.6], i * 3)
  }
  return guide
}

const discMask = (size: number, radius: number): Float32Array =>
  Float32Array.from({ length: size * size }, (_, i) =>
    Math.hypot((i % size) + 0.5 - size / 2, Math.floor(i / size) + 0.5 - size / 2) < radius ? 1 : 0,
  )

const wrong = (found: Float32Array, truth: Float32Array): number => {
  let count = 0
  for (let i = 0; i < truth.length; i++) if (found[i]! > 0.5 !== truth[i]! > 0.5) count++
  return count
}

describe('guided filter', () => {
  test('a window mean counts only what is inside the picture', () => {
    const data = Float32Array.from({ length: 5 * 4 }, (_, i) => i)
    const mean = boxMean(data, { width: 5, height: 4 }, 1, 1)
    expect(mean[0]).toBeCloseTo((0 + 1 + 5 + 6) / 4, 5)
    expect(mean[6]).toBeCloseTo(6, 5)
    expect(boxMean(data, { width: 5, height: 4 }, 1, 9)[7]).toBeCloseTo(9.5, 4)
  })

  test('a mask that is a few pixels off moves onto the edge of the picture', () => {
    const size = 64
    const truth = discMask(size, 20)
    const rough = discMask(size, 22)
    const fitted = guidedFilter(discGuide(size, 20), rough, { width: size, height: size }, 8, 1e-4)
    expect(wrong(rough, truth)).toBeGreaterThan(200)
    expect(wrong(fitted, truth)).toBeLessThan(10)
  })

  test('a small matte follows the edge of the full picture', () => {
    const small = { width: 32, height: 32, guide: discGuide(32, 10), input: discMask(32, 10.6) }
    const large = { width: 128, height: 128, guide: discGuide(128, 40) }
    expect(wrong(guidedUpsample(small, large, 4, 1e-4), discMask(128, 40))).toBeLessThan(60)
  })
})
