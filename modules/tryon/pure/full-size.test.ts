import { describe, expect, test } from 'bun:test'
import { toFullSize, toWorkSize, WORK_SIDE } from './full-size.ts'
import { createMask, createRaster, type Mask, type Raster } from './image.ts'

const WIDTH = 900
const HEIGHT = 2400

/** Grain that no smaller picture could keep, over a slow gradient. */
function grainy(): Raster {
  const picture = createRaster(WIDTH, HEIGHT)
  let seed = 3
  for (let i = 0; i < WIDTH * HEIGHT; i++) {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
    const value = 90 + 60 * (i / (WIDTH * HEIGHT)) + 30 * (seed / 2 ** 32)
    picture.data.set([value, value, value, 255], 4 * i)
  }
  return picture
}

type Box = { left: number; top: number; right: number; bottom: number }

/** `box` in parts of the picture, 255 inside. */
function boxMask(width: number, height: number, box: Box): Mask {
  const mask = createMask(width, height)
  for (let y = Math.round(box.top * height); y < box.bottom * height; y++)
    mask.data.fill(255, y * width + Math.round(box.left * width), y * width + Math.round(box.right * width))
  return mask
}

const CLOTH = { left: 0.3, top: 0.3, right: 0.6, bottom: 0.5 }
const LIT = { left: 0.3, top: 0.3, right: 0.6, bottom: 0.7 }

const original = grainy()
const { work, scale } = toWorkSize(original)
/** Cloth in the upper half of what is edited, a shadow over the lower half. */
const edit = boxMask(work.width, work.height, LIT)
const cloth = boxMask(work.width, work.height, CLOTH)
const drawn: Raster = { ...work, data: work.data.slice() }
for (let i = 0; i < edit.data.length; i++)
  for (let c = 0; c < 3; c++)
    if (cloth.data[i]) drawn.data[4 * i + c] = [200, 20, 90][c]!
    else if (edit.data[i]) drawn.data[4 * i + c] = work.data[4 * i + c]! * 0.7
const full = toFullSize(original, work, { picture: drawn, edit, cloth, replaced: cloth })

const at = (picture: Raster, x: number, y: number) => {
  const i = (Math.round(y * HEIGHT) * WIDTH + Math.round(x * WIDTH)) * 4
  return [...picture.data.subarray(i, i + 4)]
}

describe('a picture larger than what is worked on', () => {
  test('is worked on at the working size, in its own proportions', () => {
    expect([Math.max(work.width, work.height), work.width]).toEqual([WORK_SIDE, Math.round(WIDTH * scale)])
    expect(scale).toBeCloseTo(WORK_SIDE / HEIGHT, 6)
  })

  test('comes back in its own size, masks too', () => {
    for (const one of [full.picture, full.edit, full.cloth])
      expect([one.width, one.height, one.data.length % (WIDTH * HEIGHT)]).toEqual([WIDTH, HEIGHT, 0])
  })

  test('keeps its bytes outside of the edit mask, which is all or nothing', () => {
    let differing = 0
    for (let i = 0; i < WIDTH * HEIGHT; i++) {
      const isEdited = full.edit.data[i] === 255
      if (!isEdited && full.edit.data[i] !== 0) throw new Error('a half edited pixel')
      for (let c = 4 * i; c < 4 * i + 4; c++) if (!isEdited && full.picture.data[c] !== original.data[c]) differing++
      if (!isEdited && full.cloth.data[i] !== 0) differing++
    }
    expect(differing).toBe(0)
    const share = full.edit.data.reduce((sum, value) => sum + value, 0) / 255 / (WIDTH * HEIGHT)
    expect(share).toBeCloseTo(0.3 * 0.4, 2)
  })

  test('shows the cloth where cloth was drawn', () => {
    expect(at(full.picture, 0.45, 0.4)).toEqual([200, 20, 90, 255])
    expect(full.cloth.data[Math.round(0.4 * HEIGHT) * WIDTH + Math.round(0.45 * WIDTH)]).toBe(255)
  })

  test('keeps its own grain where only the light changed', () => {
    let [grain, kept, count] = [0, 0, 0]
    for (let y = Math.round(0.55 * HEIGHT); y < 0.65 * HEIGHT; y++)
      for (let x = Math.round(0.35 * WIDTH); x < 0.55 * WIDTH; x++) {
        const i = 4 * (y * WIDTH + x)
        const before = original.data[i]! - original.data[i + 4]!
        grain += before * before
        kept += before * (full.picture.data[i]! - full.picture.data[i + 4]!)
        count++
      }
    expect(count).toBeGreaterThan(1000)
    expect(kept / grain).toBeGreaterThan(0.75)
    expect(at(full.picture, 0.45, 0.6)[0]).toBeLessThan(at(original, 0.45, 0.6)[0]!)
  })
})

test('a picture of working size or less is passed through as it is', () => {
  const small = createRaster(300, WORK_SIDE)
  expect(toWorkSize(small)).toEqual({ work: small, scale: 1 })
  const mask = createMask(300, WORK_SIDE)
  const result = { picture: createRaster(300, WORK_SIDE), edit: mask, cloth: mask, replaced: mask }
  expect(toFullSize(small, small, result).picture).toBe(result.picture)
})
