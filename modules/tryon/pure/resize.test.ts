import { describe, expect, test } from 'bun:test'
import { createMask, createRaster } from './image.ts'
import { resizeMask, resizeRaster, resizeSamples } from './resize.ts'

describe('resizing', () => {
  test('shrinking by a whole factor is the plain average', () => {
    const samples = Float32Array.from([0, 2, 4, 6, 8, 10, 12, 14])
    const out = resizeSamples(samples, { width: 4, height: 2 }, { width: 2, height: 1 }, 1)
    expect([...out]).toEqual([5, 9])
  })

  test('any change of size keeps the mean and a flat picture flat', () => {
    const from = { width: 37, height: 23 }
    const flat = new Float32Array(37 * 23).fill(7)
    for (const to of [
      { width: 11, height: 9 },
      { width: 37, height: 23 },
      { width: 80, height: 61 },
      { width: 12, height: 60 },
    ]) {
      for (const value of resizeSamples(flat, from, to, 1)) expect(value).toBeCloseTo(7, 4)
    }
  })

  test('enlarging keeps a ramp a ramp', () => {
    const ramp = Float32Array.from({ length: 8 }, (_, x) => x + 0.5)
    const out = resizeSamples(ramp, { width: 8, height: 1 }, { width: 24, height: 1 }, 1)
    for (let x = 2; x < 22; x++) expect(out[x]).toBeCloseTo((x + 0.5) / 3, 4)
  })

  test('hidden colours do not bleed into the edge', () => {
    const picture = createRaster(2, 1)
    picture.data.set([200, 100, 50, 255, 0, 255, 0, 0])
    expect([...resizeRaster(picture, 1, 1).data]).toEqual([200, 100, 50, 128])
  })

  test('a mask keeps its area', () => {
    const mask = createMask(64, 64)
    for (let y = 16; y < 48; y++) mask.data.fill(255, y * 64 + 16, y * 64 + 48)
    const small = resizeMask(mask, 24, 24)
    const area = small.data.reduce((sum, value) => sum + value, 0) / 255
    expect(area / (24 * 24)).toBeCloseTo(0.25, 2)
  })
})
