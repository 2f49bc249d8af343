import { nameOf, type Side } from './body-frame.ts'
import { createClothGirth } from './cloth-girth.ts'
import type { PreparedGarment } from './garment.ts'
import { fromGarment, type GarmentFrame, requireLandmarks, snapToEdge, toGarment } from './garment-frame.ts'
import type { GarmentScale } from './garment-size.ts'
import type { Point } from './image.ts'
import { flatWidthReader, steadyEdge } from './side-edges.ts'
import { clamp, interpolate, midpoint, mix, scale, smoothstep } from './vector.ts'

/** A place in the garment's own axes, px. */
export type InGarment = { a: number; d: number }

/** One row of the garment across: its edges in garment axes (`a`), and whether each is a free edge. */
export type Row = { d: number; left: number; right: number; openLeft: boolean; openRight: boolean }

/** A row at each of `levels` (garment px, sorted), edges snapped to the cut-out below the armpits. */
export function readRows(garment: PreparedGarment, axes: GarmentFrame, levels: number[]): Row[] {
  const left = readGuide(garment, axes, 'left')
  const right = readGuide(garment, axes, 'right')
  const rows = levels.map((d) => {
    const reach = 0.14 * (right.at(d) - left.at(d))
    const edge = (guide: Guide, outwards: Point) => {
      const a = guide.at(d)
      if (d <= guide.armpit) return { a, open: garment.cut === 'sleeveless' }
      const snapped = snapToEdge(garment.cutout, toGarment(axes, a, d), outwards, reach)
      const ease = smoothstep(0, 0.06 * garment.cutout.height, d - guide.armpit)
      return { a: mix(a, fromGarment(axes, snapped.point).a, snapped.open ? ease : 0), open: snapped.open }
    }
    const l = edge(left, scale(axes.right, -1))
    const r = edge(right, axes.right)
    return { d, left: l.a, right: r.a, openLeft: l.open, openRight: r.open }
  })
  return steadyRows(rows, Math.max(left.armpit, right.armpit), Math.min(left.hem, right.hem))
}

/** The line through one side's landmarks, and the levels of its armpit and hem. */
type Guide = { armpit: number; hem: number; at: (d: number) => number }

function readGuide(garment: PreparedGarment, axes: GarmentFrame, side: Side): Guide {
  const name = nameOf(side)
  const names = [`shoulder${name}`, `armpit${name}`, `waist${name}`, `hem${name}`] as const
  const at = requireLandmarks(garment.landmarks, names)
  const points = names.map((landmark) => fromGarment(axes, at[landmark]))
  const ds: number[] = []
  const as: number[] = []
  for (const p of points) {
    if (ds.length > 0 && p.d <= ds[ds.length - 1]! + 1) continue
    ds.push(p.d)
    as.push(p.a)
  }
  return { armpit: points[1]!.d, hem: points[3]!.d, at: (d) => interpolate(ds, as, d) }
}

/** Takes the jitter out of snapped edges below the armpits. */
function steadyRows(rows: Row[], armpit: number, hem: number): Row[] {
  const levels = rows.map((row) => row.d)
  const calm = (edge: number[]) => steadyEdge(edge, levels, armpit + 0.95 * (hem - armpit))
  const [left, right] = [calm(rows.map((row) => row.left)), calm(rows.map((row) => row.right))]
  return rows.map((row, j) => (row.d <= armpit ? row : { ...row, left: left[j]!, right: right[j]! }))
}

/** The row at any level, from its neighbours among evenly spaced `rows`. */
export function rowAt(rows: readonly Row[], d: number): Row {
  const last = rows.length - 1
  const j = clamp(((d - rows[0]!.d) / (rows[last]!.d - rows[0]!.d)) * last, 0, last)
  const [lo, hi] = [rows[Math.floor(j)]!, rows[Math.ceil(j)]!]
  const t = j - Math.floor(j)
  return { ...lo, d, left: mix(lo.left, hi.left, t), right: mix(lo.right, hi.right, t) }
}

/**
 * The garment's upper edge from shoulder to shoulder: the cloth's own along the shoulders, straight across the neck.
 * Gives its level `d` at any `a`, in garment px.
 */
export function readTop(
  garment: PreparedGarment,
  axes: GarmentFrame,
  { collar, shoulder }: { collar: Record<Side, InGarment>; shoulder: Record<Side, InGarment> },
): (a: number) => number {
  const as: number[] = []
  const ds: number[] = []
  const slope = (from: InGarment, to: InGarment, ts: number[]) => {
    for (const t of ts) {
      const guide = { a: mix(from.a, to.a, t), d: mix(from.d, to.d, t) }
      const reach = t > 0.1 && t < 0.97 ? 0.12 * Math.abs(to.a - from.a) : 0
      const snapped = snapToEdge(garment.cutout, toGarment(axes, guide.a, guide.d), scale(axes.down, -1), reach)
      as.push(guide.a)
      ds.push(snapped.open ? fromGarment(axes, snapped.point).d : guide.d)
    }
  }
  slope(shoulder.left, collar.left, [0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1])
  slope(collar.right, shoulder.right, [0, 0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 1])
  return (a) => interpolate(as, ds, a)
}

/** Girth of the cloth in cm at garment level `d`: its flat width, corrected so that the chart's own zones come out exact. */
export function torsoGirth(
  garment: PreparedGarment,
  axes: GarmentFrame,
  rows: Row[],
  size: GarmentScale,
): (d: number) => number {
  const at = requireLandmarks(garment.landmarks, [
    'armpitLeft',
    'armpitRight',
    'waistLeft',
    'waistRight',
    'hemLeft',
    'hemRight',
  ])
  const level = (l: Point, r: Point) => fromGarment(axes, midpoint(l, r)).d
  const chest = level(at.armpitLeft, at.armpitRight)
  const hem = Math.max(chest + 2, level(at.hemLeft, at.hemRight))
  const waist = clamp(level(at.waistLeft, at.waistRight), chest + 1, hem - 1)
  const widthAt = flatWidthReader({
    ds: rows.map((row) => row.d),
    left: rows.map((row) => row.left),
    right: rows.map((row) => row.right),
  })
  const girth = createClothGirth(size, widthAt)
  const chestFactor = girth.correction('chest', chest + 0.02 * (hem - chest)) ?? 1
  return girth.corrected(
    [chest, waist, hem],
    [
      chestFactor,
      girth.correction('waist', waist) ?? chestFactor,
      girth.correction('hem', hem - 0.03 * (hem - chest)) ?? chestFactor,
    ],
  )
}
