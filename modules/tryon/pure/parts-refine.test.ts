import { describe, expect, test } from 'bun:test'
import { createRaster, type Raster } from './image.ts'
import { refineLabels } from './parts-refine.ts'
import { resizeRaster } from './resize.ts'

const GROUND = 0
const PERSON = 1

const isInside = (i: number, size: number, radius: number) =>
  Math.hypot((i % size) + 0.5 - size / 2, Math.floor(i / size) + 0.5 - size / 2) < radius

const discPicture = (size: number, radius: number): Raster => {
  const picture = createRaster(size, size)
  for (let i = 0; i < size * size; i++)
    picture.data.set(isInside(i, size, radius) ? [204, 77, 51, 255] : [51, 77, 153, 255], i * 4)
  return picture
}

const discLabels = (size: number, radius: number): Uint8Array =>
  Uint8Array.from({ length: size * size }, (_, i) => (isInside(i, size, radius) ? PERSON : GROUND))

const wrong = (found: ArrayLike<number>, truth: Uint8Array): number => {
  let count = 0
  for (let i = 0; i < truth.length; i++) if (found[i] !== truth[i]) count++
  return count
}

const refine = (picture: Raster, labels: Uint8Array) => {
  const side = Math.sqrt(labels.length)
  return refineLabels({
    picture,
    left: 0,
    top: 0,
    cropWidth: picture.width,
    cropHeight: picture.height,
    small: side === picture.width ? picture : resizeRaster(picture, side, side),
    labels,
    labelCount: 2,
    background: GROUND,
  })
}

describe('labels and matte read again in the full picture', () => {
  test('a border that is a pixel off moves onto the edge of the picture', () => {
    const truth = discLabels(64, 20)
    const rough = discLabels(64, 21)
    const { labels } = refine(discPicture(64, 20), rough)
    expect(wrong(rough, truth)).toBeGreaterThan(100)
    expect(wrong(labels, truth)).toBeLessThan(10)
  })

  test('labels of a small picture follow the edge of the full one, and so does the matte', () => {
    const truth = discLabels(128, 40)
    const { labels, alpha } = refine(discPicture(128, 40), discLabels(32, 10.6))
    expect(wrong(labels, truth)).toBeLessThan(60)
    const solid = Uint8Array.from(alpha, (value) => (value > 127 ? PERSON : GROUND))
    expect(wrong(solid, truth)).toBeLessThan(60)
  })
})
