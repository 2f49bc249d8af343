import { expect, test } from 'bun:test'
import { createRaster, type Raster } from './image.ts'
import { closerLooks, fromRoi, roiFromAlignment, sampleRoi, wholePicture } from './pose-roi.ts'

/** Red grows with x, green with y, 2 levels a pixel. */
function ramp(width: number, height: number): Raster {
  const picture = createRaster(width, height)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) picture.data.set([2 * x, 2 * y, 100, 255], (y * width + x) * 4)
  return picture
}

const plain = { min: 0, max: 255, border: 'edge' } as const

test('a person upright gives an upright window, 2.5 times the distance from hips to the top of the circle', () => {
  const roi = roiFromAlignment({ x: 100, y: 200 }, { x: 100, y: 80 })
  expect(roi.size).toBeCloseTo(300, 9)
  expect(roi.rotation).toBeCloseTo(0, 9)
  expect(roi.centre).toEqual({ x: 100, y: 200 })
})

test('the window turns with the person: its top edge lies towards the head whichever way that is', () => {
  for (let turn = -3; turn <= 3; turn += 0.25) {
    const hips = { x: 50, y: 60 }
    const head = { x: hips.x + 40 * Math.sin(turn), y: hips.y - 40 * Math.cos(turn) }
    const roi = roiFromAlignment(hips, head)
    const top = fromRoi(roi, { x: 0.5, y: 0.5 - 40 / roi.size })
    expect(top.x).toBeCloseTo(head.x, 6)
    expect(top.y).toBeCloseTo(head.y, 6)
    expect(Math.abs(roi.rotation)).toBeLessThanOrEqual(Math.PI)
  }
})

test('a window of the size of its input gives the pixels as they are', () => {
  const picture = ramp(8, 8)
  const values = sampleRoi(picture, wholePicture(8, 8), { side: 8, ...plain })
  const pixels = Array.from({ length: 64 * 3 }, (_, i) => picture.data[Math.floor(i / 3) * 4 + (i % 3)]!)
  for (let i = 0; i < pixels.length; i++) expect(values[i]!).toBeCloseTo(pixels[i]!, 3)
})

test('shrinking keeps positions: the middle of each sample is the middle of what it covers', () => {
  const values = sampleRoi(ramp(96, 96), wholePicture(96, 96), { side: 16, ...plain })
  for (let i = 1; i < 15; i++) expect(values[(8 * 16 + i) * 3]!).toBeCloseTo(2 * (i * 6 + 2.5), 2)
})

test('a turned window reads the picture along its own axes', () => {
  const roi = { centre: { x: 32, y: 32 }, size: 16, rotation: 0.7 }
  const values = sampleRoi(ramp(64, 64), roi, { side: 16, ...plain })
  for (const [u, v] of [
    [0, 0],
    [15, 3],
    [7, 12],
  ] as const) {
    const at = fromRoi(roi, { x: (u + 0.5) / 16, y: (v + 0.5) / 16 })
    expect(values[(v * 16 + u) * 3]!).toBeCloseTo(2 * (at.x - 0.5), 2)
    expect(values[(v * 16 + u) * 3 + 1]!).toBeCloseTo(2 * (at.y - 0.5), 2)
  }
})

test('beyond the picture the edge goes on, or all is black', () => {
  const roi = { centre: { x: 8, y: 8 }, size: 64, rotation: 0 }
  const edge = sampleRoi(ramp(16, 16), roi, { side: 64, ...plain })
  expect(edge[(32 * 64 + 63) * 3]!).toBeCloseTo(30, 3)
  const black = sampleRoi(ramp(16, 16), roi, { side: 64, min: -1, max: 1, border: 'black' })
  expect(black.slice(0, 3)).toEqual(Float32Array.of(-1, -1, -1))
})

test('closer looks cover every pixel, first the whole with room around it', () => {
  for (const [width, height] of [
    [1000, 667],
    [600, 600],
    [300, 1200],
  ] as const) {
    const [wide, ...tiles] = closerLooks(width, height)
    expect(wide!.size).toBe(1.5 * Math.max(width, height))
    for (const [x, y] of [
      [1, 1],
      [width / 2, height / 2],
      [width - 1, height - 1],
      [width - 1, height / 3],
    ] as const)
      expect(
        tiles.some(({ centre, size }) => Math.max(Math.abs(x - centre.x), Math.abs(y - centre.y)) <= size / 2),
      ).toBe(true)
  }
})
