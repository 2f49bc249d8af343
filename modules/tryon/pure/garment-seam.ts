import { createCellReader } from './cloth-cell.ts'
import type { Window } from './garment-silhouette.ts'
import type { Point, Raster } from './image.ts'
import { mix } from './vector.ts'

/** Side of the square on which the line between sleeve and body is sought. */
export const SIDE = 280
/** How wide a sleeve that lies on the body is taken to be at first, in shares of the outline's width: at the armpit, at the cuff. */
const SLEEVE_AT_ARMPIT = 0.15
const SLEEVE_AT_CUFF = 0.19
/** How far the line may lie from there, in the same shares. */
const SPREAD = 0.065
/** Strongest edge that counts, and what a place far from the expected one, and a step aside, cost (OKLab). */
const MOST_EDGE = 0.09
const FAR = 0.012
const STEP = 0.006
/** What a row of clear ground between sleeve and body counts. */
const GROUND = 0.12
/** The lowest share of the rows: where ground shows there between sleeve and body the two lie apart, and the outline tells them. */
const FOOT = 0.12
/** A notch at the hem is no such gap: shares of all rows that show ground from which on it is one, or an opening like a hole. */
const APART = 0.2
const OPENING = 0.15

type Grid = { lab: Float32Array; solid: Uint8Array }

export const readGrid = (cutout: Raster, window: Window): Grid => {
  const lab = new Float32Array(SIDE * SIDE * 3)
  const solid = new Uint8Array(SIDE * SIDE)
  const step = window.side / SIDE
  const taps = Math.max(1, Math.min(4, Math.round(step)))
  const toPicture = (u: number, v: number): Point => ({ x: window.x + u * step, y: window.y + v * step })
  const readCell = createCellReader(cutout, { toPicture, taps, solid: 128 })
  for (let v = 0; v < SIDE; v++) {
    for (let u = 0; u < SIDE; u++) {
      if (readCell(u, v, lab, (v * SIDE + u) * 3)) solid[v * SIDE + u] = 1
    }
  }
  return { lab, solid }
}

/** One side of the garment, seen so that the sleeve lies to the left: `x` counts from the sleeve's side of the grid. */
export type View = { at: (x: number, y: number) => number; toView: (p: Point) => Point; grid: Grid }

export const viewOf = (grid: Grid, side: 'Left' | 'Right'): View => ({
  grid,
  at: side === 'Left' ? (x, y) => y * SIDE + x : (x, y) => y * SIDE + SIDE - 1 - x,
  toView: side === 'Left' ? (p) => p : ({ x, y }) => ({ x: SIDE - 1 - x, y }),
})

/** How much a line runs down through here: darker than both sides, or a step between them. */
const edgeAt = ({ at, grid }: View, x: number, y: number): number => {
  let [valley, step] = [0, 0]
  const [here, left, right] = [at(x, y) * 3, at(x - 2, y) * 3, at(x + 2, y) * 3]
  if (!grid.solid[at(x, y)]) return GROUND
  if (!grid.solid[at(x - 2, y)] || !grid.solid[at(x + 2, y)]) return MOST_EDGE
  const { lab } = grid
  valley = (lab[left]! + lab[right]!) / 2 - lab[here]!
  for (let c = 0; c < 3; c++) step += (lab[right + c]! - lab[left + c]!) ** 2
  return Math.min(MOST_EDGE, 1.5 * Math.max(0, valley) + 0.6 * Math.sqrt(step))
}

/** First and last solid column of each row (`x` of the view); -1 for an empty row. */
const readExtent = ({ at, grid }: View) => {
  const from = new Int16Array(SIDE).fill(-1)
  const to = new Int16Array(SIDE).fill(-1)
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      if (!grid.solid[at(x, y)]) continue
      if (from[y]! < 0) from[y] = x
      to[y] = x
    }
  }
  return { from, to }
}

/** The line between sleeve and body, one `x` (of the view) per row from `top` to `foot`. */
export type Seam = { top: number; foot: number; xs: Int16Array; outer: Int16Array }

/** Where ground shows between sleeve and body the armpit is the upper end of that opening. */
const startAtOpening = (view: View, seam: Seam, isSolid: (k: number) => boolean): Seam => {
  let k = 0
  while (isSolid(k)) k++
  let top = seam.top + k
  const x = seam.xs[k]!
  const isClear = (u: number, y: number) => !view.grid.solid[view.at(u, y)]
  const reach = [0, -1, 1, -2, 2, -3, 3]
  let at = x
  for (let next: number | undefined = x; next !== undefined && top > 0; top--) {
    at = next
    next = reach.map((d) => at + d).find((u) => isClear(u, top - 1))
  }
  return top < seam.top + k
    ? { ...seam, top, xs: Int16Array.of(...Array.from({ length: seam.top + k - top }, () => at), ...seam.xs.slice(k)) }
    : { ...seam, top, xs: seam.xs.slice(k) }
}

export const findSeam = (view: View, armpit: number): Seam | undefined => {
  const { from, to } = readExtent(view)
  let foot = SIDE - 1
  while (foot > armpit && from[foot]! < 0) foot--
  // The tail of a shirt reaches below its cuffs, where the outline steps in.
  const widest = Math.max(...to.map((x, y) => (y > armpit && from[y]! >= 0 ? x - from[y]! : 0)))
  while (foot > armpit && to[foot]! - from[foot]! < 0.88 * widest) foot--
  const rows = foot - armpit + 1
  if (rows < SIDE * 0.2) return undefined
  const edge = new Float32Array(rows * SIDE)
  let apart = 0
  const low = Math.round(rows * (1 - FOOT))
  for (let k = 0; k < rows; k++) {
    const y = armpit + k
    const wide = to[y]! - from[y]!
    const expected = from[y]! + wide * mix(SLEEVE_AT_ARMPIT, SLEEVE_AT_CUFF, k / (rows - 1))
    let isClear = false
    for (let x = 3; x < SIDE - 3; x++) {
      const off = (x - expected) / Math.max(1, SPREAD * wide)
      const inReach = x > from[y]! + 0.05 * wide && x < from[y]! + 0.42 * wide
      isClear ||= inReach && !view.grid.solid[view.at(x, y)]
      edge[k * SIDE + x] = inReach ? edgeAt(view, x, y) - FAR * off * off : -1
    }
    if (isClear && k >= low) apart++
  }
  const seam = { top: armpit, foot, outer: from, xs: tracePath(edge, rows) }
  const isSolid = (k: number) => view.grid.solid[view.at(seam.xs[k]!, armpit + k)] === 1
  let ground = 0
  for (let k = 0; k < rows; k++) if (!isSolid(k)) ground++
  const liesApart = apart > (rows - low) / 2
  if (liesApart && ground > rows * APART) return undefined
  return ground > rows * OPENING && !liesApart ? startAtOpening(view, seam, isSolid) : seam
}

/** The best path down through `edge` (rows of SIDE cells) that moves by one column a row at most. */
const tracePath = (edge: Float32Array, rows: number): Int16Array => {
  let best = edge.slice(0, SIDE)
  const from = new Int8Array(rows * SIDE)
  for (let k = 1; k < rows; k++) {
    const next = new Float32Array(SIDE).fill(-1e9)
    for (let x = 1; x < SIDE - 1; x++) {
      let most = best[x]!
      for (const d of [-1, 1]) {
        if (best[x + d]! - STEP <= most) continue
        most = best[x + d]! - STEP
        from[k * SIDE + x] = d
      }
      next[x] = most + edge[k * SIDE + x]!
    }
    best = next
  }
  let x = best.indexOf(best.reduce((a, b) => Math.max(a, b), -Infinity))
  const path = new Int16Array(rows)
  for (let k = rows - 1; k >= 0; k--) {
    path[k] = x
    x += from[k * SIDE + x]!
  }
  return path
}
