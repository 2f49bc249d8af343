import { createCellReader } from './cloth-cell.ts'
import type { GarmentLandmarks } from './garment.ts'
import type { Point, Raster } from './image.ts'

/**
 * The front neckline as a curve on the cut-out: from `left` to `right` (on the collar's outline), `depth` times the
 * distance between them deep in the middle, and the rounder the larger `power` (1 a V, 2 a U, 4 a square).
 */
export type Neckline = { left: Point; right: Point; depth: number; power: number; strength: number }

/** Cells of the patch per distance between the collar points. */
const CELLS = 56
const ABOVE = 0.35
const BELOW = 1.3
const ASIDE = 0.08
const INSETS = [0, 0.04, 0.08, 0.12]
const POWERS = [1, 1.4, 2, 3]
const SAMPLES = 33
/** An edge stronger than this (OKLab) is no better: a label or a seam must not outvote the rest of the curve. */
const STRONGEST = 0.1
const LEAST_STRENGTH = 0.016
/** How much stronger than the typical curve a neckline must be: prints and folds have edges everywhere. */
const STANDS_OUT = 2.7
/** Cells between the outline of the garment and a neckline that is seen within it. */
const CLEARANCE = 5
/** The ribbing of the back of the neck, seen above the front neckline, is narrower than this. */
const BACK_RIB = 0.24
/** How far necklines differ in depth from what the silhouette lets one expect. */
const DEPTH_SPREAD = 0.45

const clip = (v: number) => Math.max(-STRONGEST, Math.min(STRONGEST, v))

/** The garment around the collar, resampled so that the collar points lie level: OKLab per cell and the first cloth per column. */
type Patch = {
  width: number
  height: number
  lab: Float32Array
  top: Float32Array
  toPicture: (u: number, v: number) => Point
}

const createPatch = (cutout: Raster, a: Point, b: Point): Patch => {
  const cell = Math.hypot(b.x - a.x, b.y - a.y) / CELLS
  const ax = (b.x - a.x) / CELLS
  const ay = (b.y - a.y) / CELLS
  const width = Math.round(CELLS * (1 + 2 * ASIDE))
  const height = Math.round(CELLS * (ABOVE + BELOW))
  const toPicture = (u: number, v: number): Point => {
    const s = u - ASIDE * CELLS
    const t = v - ABOVE * CELLS
    return { x: a.x + ax * s - ay * t, y: a.y + ay * s + ax * t }
  }
  const lab = new Float32Array(width * height * 3)
  const top = new Float32Array(width).fill(height)
  const taps = Math.max(1, Math.min(4, Math.round(cell)))
  const readCell = createCellReader(cutout, { toPicture, taps, solid: 200 })
  for (let v = 0; v < height; v++) {
    for (let u = 0; u < width; u++) {
      if (readCell(u, v, lab, (v * width + u) * 3) && v < top[u]!) top[u] = v
    }
  }
  return { width, height, lab, top, toPicture }
}

/** Strength of the edge or seam along a curve, NaN where the curve is mostly the garment's outline. */
const edgeAlong = (patch: Patch, inset: number, depth: number, power: number): number => {
  const { width, height, lab, top } = patch
  const u0 = Math.round(CELLS * (ASIDE + inset))
  const u1 = Math.round(CELLS * (1 + ASIDE - inset)) - 1
  const v0 = Math.max(top[u0]!, top[Math.min(width - 1, u0 + 1)]!)
  const v1 = Math.max(top[u1]!, top[u1 - 1]!)
  const low = Math.round((v0 + v1) / 2 + depth * CELLS)
  if (low - top[(u0 + u1) >> 1]! < BACK_RIB * CELLS) return Number.NaN
  // Differences are summed with their sign: a neckline changes colour one way, a print both ways.
  const step = [0, 0, 0]
  const line = [0, 0, 0]
  let n = 0
  for (let k = 0; k < SAMPLES; k++) {
    const s = ((k + 0.5) / SAMPLES) * 2 - 1
    const u = Math.round(u0 + ((u1 - u0) * (s + 1)) / 2)
    const v = Math.round(v0 + ((v1 - v0) * (s + 1)) / 2 + depth * CELLS * (1 - Math.abs(s) ** power))
    if (v - CLEARANCE <= top[u]! || v + 3 >= height) continue
    const above = ((v - 2) * width + u) * 3
    const here = (v * width + u) * 3
    const below = ((v + 2) * width + u) * 3
    for (let c = 0; c < 3; c++) {
      step[c]! += clip(lab[below + c]! - lab[above + c]!)
      line[c]! += clip(lab[here + c]! - (lab[below + c]! + lab[above + c]!) / 2)
    }
    n++
  }
  return n > SAMPLES * 0.6
    ? Math.max(Math.hypot(step[0]!, step[1]!, step[2]!), Math.hypot(line[0]!, line[1]!, line[2]!)) / n
    : Number.NaN
}

/** Finds the front neckline between the collar points by the edge that runs along it; undefined when none stands out. */
export const findNeckline = (cutout: Raster, landmarks: GarmentLandmarks): Neckline | undefined => {
  const { collarLeft: a, collarRight: b, collarCentre: c } = landmarks
  const span = a && b ? Math.hypot(b.x - a.x, b.y - a.y) : 0
  if (!a || !b || !c || span < 12) return undefined
  const expected = ((c.y - a.y) * (b.x - a.x) - (c.x - a.x) * (b.y - a.y)) / (span * span)
  const patch = createPatch(cutout, a, b)
  const found: { inset: number; depth: number; power: number; strength: number }[] = []
  for (const inset of INSETS) {
    for (const power of POWERS) {
      for (let depth = 0.1; depth < 1.1; depth += 0.02) {
        const strength = edgeAlong(patch, inset, depth, power)
        const belief = Math.exp(((depth - expected) / DEPTH_SPREAD) ** 2 / -2)
        if (strength > 0) found.push({ inset, depth, power, strength: strength * belief })
      }
    }
  }
  const best = found.toSorted((p, q) => q.strength - p.strength)
  const top = best[0]
  const typical = best[best.length >> 1]
  if (!top || !typical || top.strength < LEAST_STRENGTH || top.strength < typical.strength * STANDS_OUT)
    return undefined
  // A ribbed neckline has two edges; the inner one is the opening.
  const chosen =
    best.filter((curve) => curve.strength > top.strength * 0.98).toSorted((p, q) => p.depth - q.depth)[0] ?? top
  const u0 = CELLS * (ASIDE + chosen.inset)
  const u1 = CELLS * (1 + ASIDE - chosen.inset) - 1
  return {
    left: patch.toPicture(u0, patch.top[Math.round(u0)]!),
    right: patch.toPicture(u1, patch.top[Math.round(u1)]!),
    depth: chosen.depth,
    power: chosen.power,
    strength: top.strength / typical.strength,
  }
}

/** The neckline's point at `s` from -1 (left) to 1 (right). */
export const necklinePoint = ({ left, right, depth, power }: Neckline, s: number): Point => {
  const t = (s + 1) / 2
  const drop = depth * (1 - Math.abs(s) ** power)
  const dx = right.x - left.x
  const dy = right.y - left.y
  return { x: left.x + dx * t - dy * drop, y: left.y + dy * t + dx * drop }
}
