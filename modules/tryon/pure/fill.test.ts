import { describe, expect, test } from 'bun:test'
import { fillBackground } from './fill.ts'
import { createMask, createRaster, type Mask, type Raster } from './image.ts'
import { hashUnit } from './inpaint-field.ts'

const paint = (width: number, height: number, colour: (x: number, y: number) => readonly number[]): Raster => {
  const raster = createRaster(width, height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) raster.data.set([...colour(x, y), 255], (y * width + x) * 4)
  }
  return raster
}

const disc = (width: number, height: number, x: number, y: number, radius: number): Mask => {
  const mask = createMask(width, height)
  for (let i = 0; i < mask.data.length; i++) {
    if (Math.hypot((i % width) - x, Math.floor(i / width) - y) < radius) mask.data[i] = 255
  }
  return mask
}

const everywhere = (width: number, height: number): Mask => ({
  width,
  height,
  data: new Uint8Array(width * height).fill(255),
})

const spoil = (picture: Raster, hole: Mask): Raster => {
  const data = new Uint8ClampedArray(picture.data)
  for (let i = 0; i < hole.data.length; i++) if (hole.data[i]! > 0) data.set([255, 0, 200], i * 4)
  return { ...picture, data }
}

const noise = (x: number, y: number, strength: number) => (hashUnit(y * 8191 + x) - 0.5) * strength

const check = (x: number, y: number) => ((Math.floor(x / 12) + Math.floor(y / 12)) % 2 === 0 ? 40 : 210)

describe('filling the background', () => {
  const size = [200, 240] as const
  const gradient = paint(...size, (x, y) => [
    90 + 0.4 * x + noise(x, y, 5),
    120 + 0.2 * y + noise(x, y, 5),
    180 - 0.3 * x + noise(x, y, 5),
  ])

  test('a hole in a soft gradient is filled within a few steps of the truth, grain included', () => {
    const hole = disc(...size, 90, 110, 30)
    const filled = fillBackground(spoil(gradient, hole), hole, everywhere(...size))
    let worst = 0
    let grain = 0
    let count = 0
    for (let i = 0; i < hole.data.length; i++) {
      if (hole.data[i] === 0) continue
      for (let c = 0; c < 3; c++) worst = Math.max(worst, Math.abs(filled.data[i * 4 + c]! - gradient.data[i * 4 + c]!))
      grain += Math.abs(filled.data[i * 4]! - filled.data[(i + 1) * 4]!)
      count++
    }
    expect(worst).toBeLessThan(14)
    expect(grain / count).toBeGreaterThan(0.7)
  })

  test('pixels outside the hole keep their bytes', () => {
    const hole = disc(...size, 60, 60, 20)
    const spoilt = spoil(gradient, hole)
    const filled = fillBackground(spoilt, hole, everywhere(...size))
    for (let i = 0; i < hole.data.length; i++) {
      if (hole.data[i]! > 0) continue
      expect(filled.data[i * 4]).toBe(spoilt.data[i * 4]!)
      expect(filled.data[i * 4 + 2]).toBe(spoilt.data[i * 4 + 2]!)
    }
  })

  test('what is not source is never copied, even right beside the hole', () => {
    const hole = disc(...size, 90, 110, 24)
    const tinted = spoil(gradient, disc(...size, 90, 110, 34))
    const source = everywhere(...size)
    const away = disc(...size, 90, 110, 36)
    for (let i = 0; i < source.data.length; i++) if (away.data[i]! > 0) source.data[i] = 0
    const filled = fillBackground(tinted, hole, source)
    for (let i = 0; i < hole.data.length; i++) {
      if (hole.data[i]! > 0) expect(filled.data[i * 4 + 1]).toBeGreaterThan(90)
    }
  })

  test('a checkered ground is continued as a checkered ground, not as its mean', () => {
    const board = paint(...size, (x, y) => [check(x, y), check(x, y), check(x, y)])
    const hole = disc(...size, 100, 120, 26)
    const filled = fillBackground(spoil(board, hole), hole, everywhere(...size))
    let right = 0
    let count = 0
    for (let i = 0; i < hole.data.length; i++) {
      if (hole.data[i] === 0) continue
      count++
      if (Math.abs(filled.data[i * 4]! - board.data[i * 4]!) < 60) right++
    }
    expect(right / count).toBeGreaterThan(0.8)
  })

  test('the same picture is filled the same way every time', () => {
    const hole = disc(...size, 90, 110, 30)
    const board = paint(...size, (x, y) => [noise(x, y, 200) + 100, noise(y, x, 90) + 100, (x * y) % 255])
    expect(fillBackground(board, hole, everywhere(...size)).data).toEqual(
      fillBackground(board, hole, everywhere(...size)).data,
    )
  })

  test('without any source the picture comes back as it was', () => {
    const hole = disc(...size, 90, 110, 30)
    expect(fillBackground(gradient, hole, createMask(...size)).data).toEqual(gradient.data)
  })
})
