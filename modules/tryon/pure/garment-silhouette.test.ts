import { expect, test } from 'bun:test'
import { findWindow, sampleWindow, turnMask, turnPoint } from './garment-silhouette.ts'
import { createRaster } from './image.ts'

const drawBlock = () => {
  const picture = createRaster(60, 40)
  for (let y = 10; y < 30; y++) for (let x = 5; x < 45; x++) picture.data[(y * 60 + x) * 4 + 3] = 255
  return picture
}

test('the window is a square around what is opaque, with a margin, and may leave the picture', () => {
  const window = findWindow(drawBlock())!
  expect(window.side).toBeCloseTo(45.6)
  expect(window.x + window.side / 2).toBeCloseTo(25)
  expect(window.y + window.side / 2).toBeCloseTo(20)
  expect(findWindow(createRaster(5, 5))).toBeUndefined()
})

test('the sampled window keeps the covered area', () => {
  const picture = drawBlock()
  const window = findWindow(picture)!
  const mask = sampleWindow(picture, window, 96)
  const area = mask.data.reduce((sum, v) => sum + v / 255, 0) / 96 ** 2
  expect(area).toBeCloseTo(800 / window.side ** 2, 1)
})

test('a point and a mask turn the same way, and four quarter turns are none', () => {
  const mask = { width: 4, height: 4, data: new Uint8Array(16) }
  mask.data[1] = 255
  for (const quarters of [0, 1, 2, 3, 4, -1]) {
    const p = turnPoint({ x: 1.5 / 4, y: 0.5 / 4 }, quarters)
    expect(turnMask(mask, quarters).data[Math.floor(p.y * 4) * 4 + Math.floor(p.x * 4)]).toBe(255)
  }
})
