import { expect, test } from 'bun:test'
import { garmentPalette } from './garment-palette.ts'
import { createRaster } from './image.ts'

test('a palette lists the cloth by share, folds joined to their colour, clear pixels left out', () => {
  const picture = createRaster(100, 100)
  for (let i = 0; i < 10_000; i++) {
    const y = Math.floor(i / 100)
    const fold = 1 - 0.2 * Math.abs(Math.sin((i % 100) / 9))
    const colour = y < 60 ? [30 * fold, 60 * fold, 150 * fold] : y < 90 ? [235, 235, 230] : [255, 0, 0]
    picture.data.set([...colour, y < 90 ? 255 : 0], i * 4)
  }
  const palette = garmentPalette(picture)
  expect(palette.length).toBe(2)
  expect(palette[0]!.share).toBeCloseTo(2 / 3, 2)
  expect(palette[1]!.share).toBeCloseTo(1 / 3, 2)
  const blue = Number.parseInt(palette[0]!.hex.slice(1), 16)
  expect(blue & 255).toBeGreaterThan(110)
  expect(blue >> 16).toBeLessThan(40)
})

test('nothing opaque has no palette', () => {
  expect(garmentPalette(createRaster(4, 4))).toEqual([])
})
