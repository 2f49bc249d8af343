import { createCellReader } from './cloth-cell.ts'
import type { GarmentLandmarks } from './garment.ts'
import type { Point, Raster } from './image.ts'
import { midpoint } from './vector.ts'

/** The front of a top, resampled upright: cells of OKLab from collar to hem and over the middle of the chest. */
export const COLUMNS = 57
export const ROWS = 80
/** Half the width of what is searched, in shares of the chest's width. */
const HALF_WIDTH = 0.36
export type Front = {
  /** L, a, b per cell, row by row. */
  lab: Float32Array
  /** Columns and rows of a place in the picture. */
  toPatch: (x: number, y: number) => { u: number; v: number }
}

/** Clear cells are as strange to cloth as a colour can be. */
const CLEAR = [-0.4, 0, 0] as const

/** L, a, b per cell. */
const readCells = (cutout: Raster, toPicture: (u: number, v: number) => Point): Float32Array => {
  const raw = new Float32Array(COLUMNS * ROWS * 3)
  const readCell = createCellReader(cutout, { toPicture, taps: 3, solid: 128 })
  for (let v = 0; v < ROWS; v++) {
    for (let u = 0; u < COLUMNS; u++) {
      const to = (v * COLUMNS + u) * 3
      if (!readCell(u, v, raw, to)) raw.set(CLEAR, to)
    }
  }
  return raw
}

/** Undefined where the garment is too small to tell, or lacks landmarks. */
export const readFront = (cutout: Raster, landmarks: GarmentLandmarks): Front | undefined => {
  const { collarLeft, collarRight, hemLeft, hemRight, armpitLeft, armpitRight } = landmarks
  if (!collarLeft || !collarRight || !hemLeft || !hemRight || !armpitLeft || !armpitRight) return undefined
  const top = midpoint(collarLeft, collarRight)
  const foot = midpoint(hemLeft, hemRight)
  const down = { x: foot.x - top.x, y: foot.y - top.y }
  const tall = Math.hypot(down.x, down.y)
  const chest = Math.hypot(armpitRight.x - armpitLeft.x, armpitRight.y - armpitLeft.y)
  if (tall < 40 || chest < 30) return undefined
  const half = (HALF_WIDTH * chest) / tall
  const toPicture = (u: number, v: number): Point => {
    const a = (2 * u) / COLUMNS - 1
    const d = v / ROWS
    return { x: top.x + down.x * d + down.y * half * a, y: top.y + down.y * d - down.x * half * a }
  }
  const raw = readCells(cutout, toPicture)
  const lab = new Float32Array(raw.length)
  const stride = COLUMNS * 3
  for (let i = 0; i < lab.length; i++) {
    const above = i < stride ? i : i - stride
    const below = i + stride >= lab.length ? i : i + stride
    lab[i] = (raw[above]! + 2 * raw[i]! + raw[below]!) / 4
  }
  const toPatch = (x: number, y: number) => {
    const [dx, dy] = [x - top.x, y - top.y]
    const d = (dx * down.x + dy * down.y) / (tall * tall)
    const a = (dx * down.y - dy * down.x) / (tall * tall)
    return { u: ((a / half + 1) * COLUMNS) / 2, v: d * ROWS }
  }
  return { lab, toPatch }
}
