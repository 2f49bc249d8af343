import { describe, expect, test } from 'bun:test'
import { createRaster } from './image.ts'
import { linearToOklab, linearToSrgb, oklabToLinear, rasterToOklab, srgbToLinear } from './lab.ts'

describe('OKLab', () => {
  test('every 8-bit value survives the way to light and back', () => {
    for (let value = 0; value < 256; value++)
      expect(Math.abs(linearToSrgb(srgbToLinear(value)) - value)).toBeLessThan(0.1)
  })

  test('light outside 0 to 1 is clipped', () => {
    expect(linearToSrgb(-0.2)).toBe(0)
    expect(linearToSrgb(1.7)).toBe(255)
  })

  test('colours survive the way to OKLab and back', () => {
    const lab = new Float32Array(3)
    const light = new Float32Array(3)
    for (let r = 0; r <= 1; r += 0.25) {
      for (let g = 0; g <= 1; g += 0.25) {
        for (let b = 0; b <= 1; b += 0.25) {
          linearToOklab(r, g, b, lab, 0)
          oklabToLinear(lab[0]!, lab[1]!, lab[2]!, light, 0)
          expect(Math.max(Math.abs(light[0]! - r), Math.abs(light[1]! - g), Math.abs(light[2]! - b))).toBeLessThan(1e-4)
        }
      }
    }
  })

  test('white, black and red lie where the paper puts them', () => {
    const picture = createRaster(3, 1)
    picture.data.set([255, 255, 255, 255, 0, 0, 0, 255, 255, 0, 0, 255])
    const lab = rasterToOklab(picture)
    const expected = [1, 0, 0, 0, 0, 0, 0.628, 0.2249, 0.1258]
    expected.forEach((value, i) => expect(lab[i]).toBeCloseTo(value, 3))
  })
})
