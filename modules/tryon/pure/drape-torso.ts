import { type BodyFrame, median, type Side, shoulderTop, smooth, toImage, torsoEdge } from './body-frame.ts'
import type { PreparedGarment } from './garment.ts'
import {
  createGarmentFrame,
  extentDown,
  fromGarment,
  type GarmentFrame,
  requireLandmarks,
  snapToEdge,
  toGarment,
} from './garment-frame.ts'
import { type BodyInput, type GarmentScale, GIRTH_PER_WIDTH } from './garment-size.ts'
import { collarRise, HOOD_SHOWS_CM, STAND_CM } from './hood.ts'
import type { Point } from './image.ts'
import { createPatch, type Patch } from './patch.ts'
import { clamp, interpolate, midpoint, mix, scale, smoothstep, wrapAround } from './vector.ts'

/** Where the torso of a garment comes to lie, in image px. `armpit` and `shoulder` are what the sleeves join. */
export type TorsoDrape = {
  patch: Patch
  collar: Record<Side, Point>
  collarCentre: Point
  shoulder: Record<Side, Point>
  armpit: Record<Side, Point>
  /** Where a point of the garment's picture comes to lie if it belongs to the torso. */
  land: (p: Point) => Point
  hem: Record<Side, Point>
  hemCentre: Point
  /** Distance along the shoulder from the collar to where the sleeve is set in, px. */
  shoulderRun: number
  chestWidthCm: number
}

const COLUMNS = 33
const ROWS = 65

/** One row of the garment across: its edges in garment axes (`a`), and whether each is a free edge. */
type Row = { d: number; left: number; right: number; openLeft: boolean; openRight: boolean }

/** How the visible width of a body relates to its girth at `d`: chest, waist, hips. */
export const girthPerWidth = (frame: BodyFrame, d: number): number =>
  interpolate([0.3, 0.6, 1], [GIRTH_PER_WIDTH.chest, GIRTH_PER_WIDTH.waist, GIRTH_PER_WIDTH.hip], d / frame.torsoLength)

/** The body's girth in cm at `d`: the tape's where it was given, else read off the silhouette. */
export function bodyGirth(frame: BodyFrame, body: BodyInput, d: number): number {
  const t = d / frame.torsoLength
  const width = (torsoEdge(frame, 'right', d) - torsoEdge(frame, 'left', d)) / frame.pixelsPerCm
  const seen = width * girthPerWidth(frame, d)
  const tape: [at: number, cm: number | undefined][] = [
    [0.32, body.chestCm],
    [0.6, body.waistCm],
    [1.08, body.hipCm],
  ]
  for (const [at, cm] of tape)
    if (cm && Math.abs(t - at) < 0.12) return mix(cm, seen, smoothstep(0.04, 0.12, Math.abs(t - at)))
  return seen
}

/** Much more cloth than body does not stand out, it falls into folds: beyond 24 cm of ease only part of it shows as width. */
const spread = (easeCm: number): number => Math.min(easeCm, 24) + Math.max(0, easeCm - 24) * 0.55

/**
 * Half the width, in px, at which cloth of `girthCm` shows at `d`: it follows the body where it is tight and stands
 * off by its ease where it is loose. It never shows narrower than the body.
 */
export function drawnHalfWidth(frame: BodyFrame, body: BodyInput, d: number, girthCm: number): number {
  const bodyHalf = (torsoEdge(frame, 'right', d) - torsoEdge(frame, 'left', d)) / 2
  const ease = girthCm - bodyGirth(frame, body, d)
  const cloth = 0.25 * frame.pixelsPerCm
  return bodyHalf + cloth + (spread(Math.max(0, ease)) / girthPerWidth(frame, d) / 2) * frame.pixelsPerCm
}

/** Rows of the garment from its highest to its lowest cloth, edges snapped to the cut-out below the armpits. */
function readRows(garment: PreparedGarment, frame: GarmentFrame, levels: number[]): Row[] {
  const at = requireLandmarks(garment.landmarks, [
    'shoulderLeft',
    'shoulderRight',
    'armpitLeft',
    'armpitRight',
    'waistLeft',
    'waistRight',
    'hemLeft',
    'hemRight',
  ])
  const side = (
    names: [
      'shoulderLeft' | 'shoulderRight',
      'armpitLeft' | 'armpitRight',
      'waistLeft' | 'waistRight',
      'hemLeft' | 'hemRight',
    ],
  ) => {
    const points = names.map((name) => fromGarment(frame, at[name]))
    const ds: number[] = []
    const as: number[] = []
    for (const p of points) {
      if (ds.length > 0 && p.d <= ds[ds.length - 1]! + 1) continue
      ds.push(p.d)
      as.push(p.a)
    }
    return { armpit: points[1]!.d, hem: points[3]!.d, guide: (d: number) => interpolate(ds, as, d) }
  }
  const left = side(['shoulderLeft', 'armpitLeft', 'waistLeft', 'hemLeft'])
  const right = side(['shoulderRight', 'armpitRight', 'waistRight', 'hemRight'])
  const rows = levels.map((d) => {
    const reach = 0.14 * (right.guide(d) - left.guide(d))
    const edge = (s: typeof left, outwards: Point) => {
      const guide = toGarment(frame, s.guide(d), d)
      if (d <= s.armpit) return { a: s.guide(d), open: garment.cut === 'sleeveless' }
      const snapped = snapToEdge(garment.cutout, guide, outwards, reach)
      const ease = smoothstep(0, 0.06 * garment.cutout.height, d - s.armpit)
      return { a: mix(s.guide(d), fromGarment(frame, snapped.point).a, snapped.open ? ease : 0), open: snapped.open }
    }
    const l = edge(left, scale(frame.right, -1))
    const r = edge(right, frame.right)
    return { d, left: l.a, right: r.a, openLeft: l.open, openRight: r.open }
  })
  return steadyRows(rows, Math.max(left.armpit, right.armpit), Math.min(left.hem, right.hem))
}

/** Values at sorted `levels`, carried straight on beyond `from`: a hem's corners are round, its sides are not. */
export function carryOn(values: number[], levels: number[], from: number): number[] {
  const last = Math.max(
    1,
    levels.findLastIndex((level) => level < from),
  )
  const first = Math.max(0, last - 5)
  const slope = (values[last]! - values[first]!) / Math.max(1, last - first)
  return values.map((value, j) => (j > last ? values[last]! + slope * (j - last) : value))
}

/** Takes the jitter out of snapped edges below the armpits. */
function steadyRows(rows: Row[], armpit: number, hem: number): Row[] {
  const levels = rows.map((row) => row.d)
  const calm = (values: number[]) => carryOn(smooth(median(values, 3), 1), levels, armpit + 0.95 * (hem - armpit))
  const [left, right] = [calm(rows.map((row) => row.left)), calm(rows.map((row) => row.right))]
  return rows.map((row, j) => (row.d <= armpit ? row : { ...row, left: left[j]!, right: right[j]! }))
}

type InGarment = { a: number; d: number }

/** The garment's upper edge from shoulder to shoulder: the cloth's own along the shoulders, straight across the neck. */
function readTop(
  garment: PreparedGarment,
  gf: GarmentFrame,
  at: { collar: [InGarment, InGarment]; shoulder: [InGarment, InGarment] },
) {
  const as: number[] = []
  const ds: number[] = []
  const slope = (from: InGarment, to: InGarment, ts: number[]) => {
    for (const t of ts) {
      const guide = { a: mix(from.a, to.a, t), d: mix(from.d, to.d, t) }
      const reach = t > 0.1 && t < 0.97 ? 0.12 * Math.abs(to.a - from.a) : 0
      const snapped = snapToEdge(garment.cutout, toGarment(gf, guide.a, guide.d), scale(gf.down, -1), reach)
      as.push(guide.a)
      ds.push(snapped.open ? fromGarment(gf, snapped.point).d : guide.d)
    }
  }
  slope(at.shoulder[0], at.collar[0], [0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1])
  slope(at.collar[1], at.shoulder[1], [0, 0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 1])
  return { as, ds }
}

/** Girth of the cloth in cm at garment level `d`: its flat width, corrected so that the chart's own zones come out exact. */
function girthReader(garment: PreparedGarment, frame: GarmentFrame, rows: Row[], size: GarmentScale) {
  const at = requireLandmarks(garment.landmarks, [
    'armpitLeft',
    'armpitRight',
    'waistLeft',
    'waistRight',
    'hemLeft',
    'hemRight',
  ])
  const level = (l: Point, r: Point) => fromGarment(frame, midpoint(l, r)).d
  const ds = rows.map((row) => row.d)
  const flats = rows.map((row) => row.right - row.left)
  const flat = (d: number) => interpolate(ds, flats, d)
  const chest = level(at.armpitLeft, at.armpitRight)
  const hem = Math.max(chest + 2, level(at.hemLeft, at.hemRight))
  const waist = clamp(level(at.waistLeft, at.waistRight), chest + 1, hem - 1)
  const stated = new Set(size.stated)
  const perPx = 2 * size.cmPerPxAcross
  const factor = (zone: 'chest' | 'waist' | 'hem', d: number) =>
    stated.has(zone) ? size.measures[zone] / Math.max(1, perPx * flat(d)) : undefined
  const chestFactor = factor('chest', chest + 0.02 * (hem - chest)) ?? 1
  const factors = [
    chestFactor,
    factor('waist', waist) ?? chestFactor,
    factor('hem', hem - 0.03 * (hem - chest)) ?? chestFactor,
  ]
  return (d: number) => perPx * flat(d) * interpolate([chest, waist, hem], factors, d)
}

/** How far below the shoulder joint the arm leaves the torso, in shares of the stature. */
const BODY_ARMPIT = 0.065

export function drapeTorso(
  garment: PreparedGarment,
  size: GarmentScale,
  frame: BodyFrame,
  body: BodyInput,
): TorsoDrape {
  const at = requireLandmarks(garment.landmarks, [
    'collarLeft',
    'collarRight',
    'collarCentre',
    'shoulderLeft',
    'shoulderRight',
    'armpitLeft',
    'armpitRight',
    'hemLeft',
    'hemRight',
  ])
  const hemPoint = garment.landmarks.hemCentre ?? midpoint(at.hemLeft, at.hemRight)
  const gf = createGarmentFrame([at.collarLeft, at.collarRight], [hemPoint, midpoint(at.hemLeft, at.hemRight)])
  const extent = extentDown(garment, gf)
  // A hood laid flat above the collar hangs behind the head when worn: no more than a stand collar's height is drawn.
  extent.from = Math.max(
    extent.from,
    -(collarRise(garment, size.cmPerPxDown).hood ? HOOD_SHOWS_CM : STAND_CM) / size.cmPerPxDown,
  )
  const cm = frame.pixelsPerCm
  const pxAcross = size.cmPerPxAcross * cm
  const pxDown = size.cmPerPxDown * cm
  const g = (p: Point) => fromGarment(gf, p)
  const armpitLevel = { left: g(at.armpitLeft).d, right: g(at.armpitRight).d }

  // The collar sits on the slope of the shoulder, the sleeve where the chart's shoulder width says.
  const collarHalf = clamp((Math.abs(g(at.collarLeft).a - g(at.collarRight).a) / 2) * pxAcross, 5.5 * cm, 12 * cm)
  const shoulderHalf = (size.measures.shoulder / 2) * cm
  const jointHalf =
    Math.hypot(frame.shoulder.right.x - frame.shoulder.left.x, frame.shoulder.right.y - frame.shoulder.left.y) / 2
  const tip = jointHalf + 2.2 * cm
  const reach = Math.max(collarHalf + 2 * cm, Math.min(shoulderHalf, tip))
  const lift = 0.35 * cm
  const topAt = (a: number): number => {
    const side: Side = a < 0 ? 'left' : 'right'
    if (Math.abs(a) >= collarHalf) return shoulderTop(frame, side, a) - lift
    const [l, r] = [shoulderTop(frame, 'left', collarHalf) - lift, shoulderTop(frame, 'right', collarHalf) - lift]
    return mix(l, r, (a + collarHalf) / (2 * collarHalf))
  }
  const collarLevel = (topAt(-collarHalf) + topAt(collarHalf)) / 2
  const hemLevel = collarLevel + size.measures.length * cm
  const armholeDepth = (side: Side) =>
    (armpitLevel[side] - g(side === 'left' ? at.collarLeft : at.collarRight).d) * pxDown
  const bodyArmpit = BODY_ARMPIT * frame.heightCm * cm
  const armpitTarget = (side: Side) => {
    const own = collarLevel + armholeDepth(side)
    return clamp(
      mix(bodyArmpit, own, own > bodyArmpit ? 0.6 : 1),
      bodyArmpit * 0.7,
      Math.max(bodyArmpit, hemLevel - 4 * cm),
    )
  }
  const chestLevel = { left: armpitTarget('left'), right: armpitTarget('right') }
  const hemDepth = g(hemPoint).d

  // Levels: dense enough at the collar to follow the neckline; a little past both ends for the soft edge.
  const margin = 0.01 * (extent.to - extent.from) + 2
  const levels = Array.from({ length: ROWS }, (_, j) => mix(extent.from - margin, extent.to + margin, j / (ROWS - 1)))
  const rows = readRows(garment, gf, levels)
  const girthAt = girthReader(garment, gf, rows, size)
  const shoulderDepth = { left: g(at.shoulderLeft).d, right: g(at.shoulderRight).d }
  const sideDepth = (gd: number, side: Side) =>
    chestLevel[side] +
    ((gd - armpitLevel[side]) * (hemLevel - chestLevel[side])) / Math.max(1, hemDepth - armpitLevel[side])
  const sideEdge = (gd: number, side: Side): number => {
    const sign = side === 'left' ? -1 : 1
    const below = Math.max(gd, armpitLevel[side])
    const d = sideDepth(below, side)
    const middle = (torsoEdge(frame, 'left', d) + torsoEdge(frame, 'right', d)) / 2
    const edge = middle + sign * drawnHalfWidth(frame, body, d, girthAt(below))
    if (gd >= armpitLevel[side]) return edge
    return mix(
      sign * reach,
      edge,
      clamp((gd - shoulderDepth[side]) / Math.max(1, armpitLevel[side] - shoulderDepth[side]), 0, 1),
    )
  }
  const [cl, cr, sl, sr] = [g(at.collarLeft), g(at.collarRight), g(at.shoulderLeft), g(at.shoulderRight)]
  const top = readTop(garment, gf, { collar: [cl, cr], shoulder: [sl, sr] })
  const topOfGarment = (a: number) => interpolate(top.as, top.ds, a)

  // Across the collar the garment's own neck opening meets the body's neck; outside it runs on to the sleeve.
  const place = (ga: number, gd: number, row: Row): { a: number; d: number } => {
    const u = (ga - row.left) / Math.max(1, row.right - row.left)
    const [left, right] = [sideEdge(gd, 'left'), sideEdge(gd, 'right')]
    const wrapped = mix(left, right, wrapAround(u))
    const chest = mix(chestLevel.left, chestLevel.right, clamp(u, 0, 1))
    const armpit = mix(armpitLevel.left, armpitLevel.right, clamp(u, 0, 1))
    if (gd >= armpit) {
      return { a: wrapped, d: chest + ((gd - armpit) * (hemLevel - chest)) / Math.max(1, hemDepth - armpit) }
    }
    const start = topOfGarment(ga)
    const w = (gd - start) / Math.max(1, armpit - start)
    const yoke = interpolate(
      [sl.a, cl.a, cr.a, sr.a],
      [-reach, -collarHalf, collarHalf, reach],
      mix(sl.a, sr.a, clamp(u, 0, 1)),
    )
    const flat = mix(left, right, (yoke + reach) / (2 * reach)) + (u - clamp(u, 0, 1)) * (right - left)
    const a = mix(flat, wrapped, smoothstep(0.1, 0.9, w))
    if (w < 0) return { a, d: topAt(a) + (gd - start) * pxDown }
    return { a, d: mix(topAt(a), chest, w) }
  }
  const rowAt = (gd: number): Row => {
    const j = clamp(((gd - levels[0]!) / (levels[ROWS - 1]! - levels[0]!)) * (ROWS - 1), 0, ROWS - 1)
    const [lo, hi] = [rows[Math.floor(j)]!, rows[Math.ceil(j)]!]
    const t = j - Math.floor(j)
    return { ...lo, d: gd, left: mix(lo.left, hi.left, t), right: mix(lo.right, hi.right, t) }
  }
  const land = (p: Point): Point => {
    const { a, d } = g(p)
    const to = place(a, d, rowAt(d))
    return toImage(frame, to.a, to.d)
  }
  const patch = createPatch(COLUMNS, ROWS, (i, j) => {
    const row = rows[j]!
    const soft = 0.02 * (row.right - row.left) + 2
    const from = row.left - (row.openLeft ? soft : 1)
    const to = row.right + (row.openRight ? soft : 1)
    const ga = mix(from, to, i / (COLUMNS - 1))
    const to2 = place(ga, row.d, row)
    return { source: toGarment(gf, ga, row.d), target: toImage(frame, to2.a, to2.d) }
  })
  const chestMiddle = (chestLevel.left + chestLevel.right) / 2
  return {
    patch,
    collar: { left: land(at.collarLeft), right: land(at.collarRight) },
    collarCentre: land(at.collarCentre),
    shoulder: { left: land(at.shoulderLeft), right: land(at.shoulderRight) },
    armpit: { left: land(at.armpitLeft), right: land(at.armpitRight) },
    land,
    hem: { left: land(at.hemLeft), right: land(at.hemRight) },
    hemCentre: land(hemPoint),
    shoulderRun: Math.max(0, shoulderHalf - collarHalf),
    chestWidthCm: (2 * drawnHalfWidth(frame, body, chestMiddle, size.measures.chest)) / cm,
  }
}
