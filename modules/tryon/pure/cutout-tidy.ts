import type { ColourGrid } from './cutout-colour.ts'
import { closeMask, findRegions, openMask, pickIndices } from './cutout-region.ts'

/** Keeps what belongs to the garment: the largest region of the mask and others nearly as large, thin lines removed. */
export const keepGarment = (mask: Uint8Array, width: number, height: number): Uint8Array => {
  const kept = openMask(mask, width, height, Math.max(1, Math.min(width, height) * 0.008))
  for (let i = 0; i < kept.length; i++) kept[i] = kept[i]! & mask[i]!
  const regions = findRegions(kept, width)
  let largest = 0
  regions.size.forEach((size, id) => {
    if (regions.value[id] === 1 && size > largest) largest = size
  })
  for (let i = 0; i < kept.length; i++) if (regions.size[regions.of[i]!]! < largest * 0.12) kept[i] = 0
  return kept
}

/** Mean evidence of a small hole that is ground beyond doubt, and the outer share of a row in which it can be: a slit beside a sleeve. */
const SURELY_GROUND = -3
const BESIDE = 0.22

/** Fills holes, but not those that are large and look like the ground, nor slits of ground between sleeve and body. */
export const fillHoles = (mask: Uint8Array, grid: ColourGrid, surplus: Float32Array): Uint8Array => {
  const { width, height } = grid
  const regions = findRegions(mask, width)
  const evidence = new Float64Array(regions.size.length)
  const middle = new Uint8Array(regions.size.length)
  for (let y = 0; y < height; y++) {
    const row = mask.subarray(y * width, (y + 1) * width)
    const from = row.indexOf(1)
    const wide = row.lastIndexOf(1) - from
    for (let x = 0; x < width; x++) {
      const id = regions.of[y * width + x]!
      evidence[id]! += surplus[y * width + x]!
      if (x > from + BESIDE * wide && x < from + (1 - BESIDE) * wide) middle[id] = 1
    }
  }
  const smallest = width * height * 0.002
  const filled = new Uint8Array(mask)
  for (let i = 0; i < mask.length; i++) {
    const id = regions.of[i]!
    if (mask[i] || regions.touchesBorder[id]) continue
    const mean = evidence[id]! / regions.size[id]!
    const isSmall = regions.size[id]! <= smallest
    if ((isSmall && middle[id]) || mean >= (isSmall ? SURELY_GROUND : -2)) filled[i] = 1
  }
  return filled
}

/** Fills a zip or button band of the ground's colour that runs through the whole garment and splits it in two. */
export const closeSlit = (mask: Uint8Array, width: number, height: number): Uint8Array => {
  const rows = pickIndices(mask, 1)
  const top = (rows[0]! / width) | 0
  const tall = ((rows.at(-1)! / width) | 0) - top
  const closed = closeMask(mask, width, height, Math.max(2, Math.sqrt(rows.length) * 0.035))
  for (let i = 0; i < closed.length; i++) closed[i] = closed[i]! & ~mask[i]! & 1
  const regions = findRegions(closed, width)
  const high = new Int32Array(regions.size.length).fill(height)
  const low = new Int32Array(regions.size.length)
  for (let i = 0; i < closed.length; i++) {
    const id = regions.of[i]!
    const y = (i / width) | 0
    if (y < high[id]!) high[id] = y
    if (y > low[id]!) low[id] = y
  }
  const whole = new Uint8Array(mask)
  for (let i = 0; i < closed.length; i++) {
    const id = regions.of[i]!
    if (closed[i] && low[id]! - high[id]! > tall * 0.75) whole[i] = 1
  }
  return whole
}

/**
 * Takes off a clip hanger: where a gap to the ground runs along the top of the garment, what lies above the line through
 * the gap's lower ends is the hanger.
 */
export const dropHanger = (mask: Uint8Array, width: number, height: number): Uint8Array => {
  const garment = pickIndices(mask, 1)
  if (garment.length === 0) return mask
  const top = (garment[0]! / width) | 0
  const tall = ((garment.at(-1)! / width) | 0) - top
  const regions = findRegions(mask, width)
  for (let id = 0; id < regions.size.length; id++) {
    if (regions.value[id] === 1 || regions.touchesBorder[id]) continue
    const low = new Int32Array(width).fill(-1)
    for (let i = 0; i < mask.length; i++) if (regions.of[i] === id) low[i % width] = (i / width) | 0
    const x0 = low.findIndex((y) => y >= 0)
    const x1 = low.findLastIndex((y) => y >= 0)
    const row = mask.subarray(low[(x0 + x1) >> 1]! * width, (low[(x0 + x1) >> 1]! + 1) * width)
    const wide = row.lastIndexOf(1) - row.indexOf(1)
    if (low[x0]! - top > tall * 0.2 || low[x1]! - top > tall * 0.2 || x1 - x0 < wide * 0.3) continue
    const out = new Uint8Array(mask)
    for (let x = 0; x < width; x++) {
      const line = low[x0]! + ((low[x1]! - low[x0]!) * (x - x0)) / (x1 - x0)
      for (let y = 0; y <= Math.min(height - 1, line); y++) out[y * width + x] = 0
    }
    return out
  }
  return mask
}
