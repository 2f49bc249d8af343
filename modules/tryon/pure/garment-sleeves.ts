import { collarBetween } from './garment-hooded.ts'
import type { GarmentLandmarks, LandmarkName } from './garment.ts'
import { findSeam, readGrid, type Seam, SIDE, type View, viewOf } from './garment-seam.ts'
import { findWindow } from './garment-silhouette.ts'
import type { Point, Raster } from './image.ts'
import { clamp, mix, smoothstep } from './vector.ts'

/** Where an armpit can be, in shares of the way from shoulder to hem. */
const HIGHEST_ARMPIT = 0.3
const LOWEST_ARMPIT = 0.42
/** Half the width of the slit that is cleared, in shares of the window: wider than the soft edge that is drawn past an edge. */
const SLIT = 0.011
/** Over this share of the picture's height below the armpit the torso's edge is eased onto what is cut. */
const EASE = 0.06
/** A shoulder this far (share of the window) inside the line above its armpit was read on a hood. */
const HOOD_INSIDE = 0.035

const SIDES = ['Left', 'Right'] as const

/** The lowest solid row of a column. */
const lowest = ({ at, grid }: View, x: number): number => {
  let y = SIDE - 1
  while (y > 0 && !grid.solid[at(x, y)]) y--
  return y
}

/** The highest solid row of a column. */
const highest = ({ at, grid }: View, x: number): number => {
  let y = 0
  while (y < SIDE - 1 && !grid.solid[at(x, y)]) y++
  return y
}

/** The lower outer corner of the sleeve: what lies furthest down and outwards, left of the line. */
const cuffCorner = ({ at, grid }: View, seam: Seam): Point => {
  let best: Point = { x: 0, y: 0 }
  let most = -Infinity
  for (let y = Math.round(mix(seam.top, seam.foot, 0.6)); y < SIDE; y++) {
    for (let x = 0; x < seam.xs[seam.xs.length - 1]!; x++) {
      const reach = 0.8 * y - 0.6 * x
      if (reach <= most || !grid.solid[at(x, y)]) continue
      most = reach
      best = { x, y }
    }
  }
  return best
}

/** The landmarks of one side that follow from the line, in cells of the view. */
const landmarksAlong = (view: View, seam: Seam, shoulder: number): Record<string, Point> => {
  const { xs, top, foot, outer } = seam
  const at = (t: number): Point => {
    const k = Math.round(t * (xs.length - 1))
    return { x: xs[k]!, y: top + k }
  }
  const end = at(1)
  const cuffOuter = cuffCorner(view, seam)
  // Beside the line the tail of a shirt may reach further down than the cuff.
  const cuffInner = { x: end.x - 1, y: Math.min(lowest(view, end.x - 3), cuffOuter.y + 0.05 * SIDE) }
  const elbow = Math.round((shoulder + cuffOuter.y) / 2)
  return {
    armpit: at(0),
    waist: at(0.45),
    hem: { x: end.x + 1, y: Math.max(foot, lowest(view, end.x + 3)) },
    cuffOuter,
    cuffInner,
    elbowOuter: { x: outer[elbow]!, y: elbow },
    elbowInner: at(clamp((elbow + 2 - top) / (foot - top), 0.1, 0.8)),
  }
}

/**
 * Clears a line of the picture through the points, down to `widest` px to each side: sleeve and body are then two. At the armpit
 * it begins as a point.
 */
const clearAlong = (cutout: Raster, points: readonly Point[], widest: number): void => {
  const { width, height, data } = cutout
  for (let k = 1; k < points.length; k++) {
    const [p, q] = [points[k - 1]!, points[k]!]
    const steps = Math.ceil(Math.hypot(q.x - p.x, q.y - p.y) * 2)
    for (let i = 0; i < steps; i++) {
      const y = Math.floor(mix(p.y, q.y, i / steps))
      const x = mix(p.x, q.x, i / steps)
      if (y < 0 || y >= height) continue
      const half = widest * smoothstep(0, EASE * height, y - points[0]!.y)
      if (half < 0.5) continue
      for (let u = Math.max(0, Math.floor(x - half)); u <= Math.min(width - 1, x + half); u++)
        data[(y * width + u) * 4 + 3] = 0
    }
  }
}

type Upright = Record<(typeof NEEDED)[number], Point>
const NEEDED = [
  'collarLeft',
  'collarRight',
  'shoulderLeft',
  'shoulderRight',
  'armpitLeft',
  'armpitRight',
  'hemCentre',
] as const

/** The landmarks that set where to look; undefined where one is missing or the garment leans by more than a quarter. */
const findUpright = (landmarks: GarmentLandmarks): Upright | undefined => {
  if (NEEDED.some((name) => !landmarks[name])) return undefined
  const at = landmarks as Upright
  const lean = Math.abs(at.hemCentre.x - (at.collarLeft.x + at.collarRight.x) / 2)
  return at.hemCentre.y - at.collarLeft.y < lean * 4 ? undefined : at
}

export type Separated = { cutout: Raster; landmarks: GarmentLandmarks }

/**
 * A long-sleeved top whose sleeves were laid against its body has no gap to tell the two apart by: its outline shows neither
 * armpits nor the ends of the hem. The line between them (a seam, a fold, a shadow) does. Returns the cut-out with that line
 * cleared and the landmarks that follow from it; undefined where the sleeves lie apart, or the picture is not upright.
 */
export const separateSleeves = (cutout: Raster, landmarks: GarmentLandmarks): Separated | undefined => {
  const window = findWindow(cutout)
  const at = findUpright(landmarks)
  if (!window || !at) return undefined
  const grid = readGrid(cutout, window)
  const toRow = (y: number) => clamp(Math.round(((y - window.y) / window.side) * SIDE), 0, SIDE - 1)
  const shoulder = toRow((at.shoulderLeft.y + at.shoulderRight.y) / 2)
  const hem = toRow(at.hemCentre.y)
  const read = toRow((at.armpitLeft.y + at.armpitRight.y) / 2)
  const armpit = Math.round(clamp(read, mix(shoulder, hem, HIGHEST_ARMPIT), mix(shoulder, hem, LOWEST_ARMPIT)))
  const out: Separated = { cutout: { ...cutout, data: cutout.data.slice() }, landmarks: { ...landmarks } }
  const toGridPoint = (p: Point): Point => ({
    x: ((p.x - window.x) / window.side) * SIDE - 0.5,
    y: ((p.y - window.y) / window.side) * SIDE - 0.5,
  })
  let [separated, hooded] = [0, 0]
  for (const side of SIDES) {
    const view = viewOf(grid, side)
    const seam = findSeam(view, armpit)
    if (!seam || seam.foot < mix(shoulder, hem, 0.85)) continue
    separated++
    const toPicture = (p: Point): Point => {
      const { x, y } = view.toView(p)
      return { x: window.x + ((x + 0.5) / SIDE) * window.side, y: window.y + ((y + 0.5) / SIDE) * window.side }
    }
    const found = landmarksAlong(view, seam, shoulder)
    for (const [stem, p] of Object.entries(found)) out.landmarks[`${stem}${side}` as LandmarkName] = toPicture(p)
    const armhole = found['armpit']!.x
    const marked = view.toView(toGridPoint(at[`shoulder${side}`]))
    // A hood that lies over the shoulders is not them: they lie above the line.
    if (marked.x - armhole > HOOD_INSIDE * SIDE) {
      hooded++
      out.landmarks[`shoulder${side}`] = toPicture({ x: armhole, y: highest(view, armhole) })
    }
    const line = [...seam.xs].map((x, k) => toPicture({ x, y: seam.top + k }))
    line.push(toPicture({ x: seam.xs[seam.xs.length - 1]!, y: SIDE - 1 }))
    clearAlong(out.cutout, line, Math.max(2.5, SLIT * window.side))
  }
  if (separated === 0) return undefined
  const { shoulderLeft: a, shoulderRight: b, collarCentre } = out.landmarks
  if (hooded === 2 && a && b) {
    const collar = collarBetween(a, b)
    // Where the hood crosses in front is the neckline, if that was read below the shoulders.
    const isRead = collarCentre && collarCentre.y > Math.max(a.y, b.y) - 0.1 * (b.x - a.x)
    Object.assign(out.landmarks, collar, isRead ? { collarCentre } : {})
  }
  return out
}
