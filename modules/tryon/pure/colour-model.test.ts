import { describe, expect, test } from 'bun:test'
import { buildPalette, colourLogs, fitColours, paletteWeights } from './colour-model.ts'
import { createRaster, type Raster } from './image.ts'

const TWO_HUES = [
  [200, 60, 60],
  [60, 90, 200],
] as const

/** Left half reddish, right half bluish, with grain. */
const twoCloths = (): Raster => {
  const picture = createRaster(80, 60)
  let seed = 3
  for (let i = 0; i < 80 * 60; i++) {
    const colour = TWO_HUES[i % 80 < 40 ? 0 : 1]
    for (let c = 0; c < 3; c++) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
      picture.data[i * 4 + c] = colour[c]! + (seed / 2 ** 32 - 0.5) * 30
    }
    picture.data[i * 4 + 3] = 255
  }
  return picture
}

describe('colour models', () => {
  test('every pixel has an entry whose colour is near its own', () => {
    const picture = twoCloths()
    const palette = buildPalette(picture)
    expect(palette.count).toBeGreaterThan(10)
    expect(palette.count).toBeLessThan(80 * 60)
    const red = palette.index[0]! * 3
    const blue = palette.index[79]! * 3
    expect(palette.lab[red + 1]!).toBeGreaterThan(0.08)
    expect(palette.lab[blue + 2]!).toBeLessThan(-0.08)
  })

  test('a model finds its own cloth likely and the other one not', () => {
    const palette = buildPalette(twoCloths())
    const left = fitColours(
      palette,
      paletteWeights(palette, (i) => (i % 80 < 30 ? 1 : 0)),
      3,
    )
    const logs = colourLogs(palette, left)
    let wrong = 0
    for (let i = 0; i < 80 * 60; i++) if (logs[palette.index[i]!]! > 0 !== i % 80 < 40) wrong++
    expect(wrong).toBeLessThan(60)
  })

  test('next to nothing to learn from gives no model, and all colours are then alike', () => {
    const palette = buildPalette(twoCloths())
    const none = fitColours(
      palette,
      paletteWeights(palette, (i) => (i < 4 ? 1 : 0)),
      3,
    )
    expect(none).toBeUndefined()
    expect(new Set(colourLogs(palette, none)).size).toBe(1)
  })

  test('no colour is impossible: far ones all have the outlier density', () => {
    const palette = buildPalette(twoCloths())
    const left = fitColours(
      palette,
      paletteWeights(palette, (i) => (i % 80 < 30 ? 1 : 0)),
      3,
    )!
    const logs = colourLogs(palette, left)
    expect(Math.min(...logs)).toBeGreaterThanOrEqual(left.outlier)
  })
})
