import {
  type BodyFrame,
  median,
  type Side,
  shoulderTop,
  SIDES,
  smooth,
  toFrame,
  toImage,
  torsoEdge,
} from './body-frame.ts'
import { bodyGirth, carryOn, drapeTorso, drawnHalfWidth } from './drape-torso.ts'
import { drapeTube, limbContour } from './drape-tube.ts'
import type { LandmarkName, PreparedGarment } from './garment.ts'
import {
  createGarmentFrame,
  extentDown,
  fromGarment,
  requireLandmarks,
  snapToEdge,
  toGarment,
  tubeStations,
} from './garment-frame.ts'
import type { BodyInput, GarmentScale } from './garment-size.ts'
import type { Point } from './image.ts'
import { limbReach, outwardsOf, readArm, readLeg } from './limb-shape.ts'
import type { PersonParts } from './parts.ts'
import { createPatch, type Patch } from './patch.ts'
import { add, clamp, distance, interpolate, lerp, midpoint, mix, scale, walk, wrapAround } from './vector.ts'

/** Cloth in the order it is drawn, and where the garment's landmarks come to lie in the person's picture. */
export type Drape = {
  layers: { name: 'torso' | 'sleeve' | 'pelvis' | 'leg' | 'skirt'; patch: Patch }[]
  placement: Partial<Record<LandmarkName, Point>>
  /** The visible width of the cloth at its leading girth (chest or hip), cm. */
  drawnWidthCm: number
}

export type DrapeInput = {
  garment: PreparedGarment
  size: GarmentScale
  frame: BodyFrame
  parts: PersonParts
  body: BodyInput
}

export function drapeGarment(input: DrapeInput): Drape {
  if (input.garment.category !== 'bottom') return drapeTop(input)
  return input.garment.cut === 'skirt' ? drapeSkirt(input) : drapeTrousers(input)
}

const STATIONS = 20

function drapeTop(input: DrapeInput): Drape {
  const { garment, size, frame, body } = input
  const torso = drapeTorso(garment, size, frame, body)
  const placement: Drape['placement'] = {
    collarLeft: torso.collar.left,
    collarRight: torso.collar.right,
    collarCentre: torso.collarCentre,
    shoulderLeft: torso.shoulder.left,
    shoulderRight: torso.shoulder.right,
    armpitLeft: torso.armpit.left,
    armpitRight: torso.armpit.right,
    hemLeft: torso.hem.left,
    hemRight: torso.hem.right,
    hemCentre: torso.hemCentre,
  }
  const layers: Drape['layers'] = [{ name: 'torso', patch: torso.patch }]
  if (garment.cut !== 'sleeveless') {
    for (const side of SIDES) {
      const sleeve = drapeSleeve(input, side, torso)
      layers.push({ name: 'sleeve', patch: sleeve.patch })
      const name = side === 'left' ? 'Left' : 'Right'
      placement[`cuffOuter${name}`] = sleeve.end.outer
      placement[`cuffInner${name}`] = sleeve.end.inner
    }
  } else {
    for (const name of ['Left', 'Right'] as const) {
      placement[`cuffOuter${name}`] = placement[`shoulder${name}`]!
      placement[`cuffInner${name}`] = placement[`armpit${name}`]!
    }
  }
  return { layers, placement, drawnWidthCm: torso.chestWidthCm }
}

function drapeSleeve(input: DrapeInput, side: Side, torso: ReturnType<typeof drapeTorso>) {
  const { garment, size, frame, parts } = input
  const name = side === 'left' ? 'Left' : 'Right'
  const names = [`shoulder${name}`, `armpit${name}`, `cuffOuter${name}`, `cuffInner${name}`] as const
  const at = requireLandmarks(garment.landmarks, names)
  const elbowOuter = garment.landmarks[`elbowOuter${name}`]
  const elbowInner = garment.landmarks[`elbowInner${name}`]
  const outer = elbowOuter ? [at[names[0]], elbowOuter, at[names[2]]] : [at[names[0]], at[names[2]]]
  const inner = elbowInner ? [at[names[1]], elbowInner, at[names[3]]] : [at[names[1]], at[names[3]]]
  const stations = tubeStations(garment.cutout, outer, inner, STATIONS)
  const limb = readArm(frame, parts, side)
  const cm = frame.pixelsPerCm
  const seam = (u: number) => torso.land(lerp(at[names[0]], at[names[1]], u))
  return drapeTube({
    stations,
    limb,
    seam,
    contour: limbContour(overShoulder(frame, side, seam(0)), limb, 0.02 * limb.bone.total),
    lengthCm: size.measures.sleeve,
    cmPerPxAcross: size.cmPerPxAcross,
    pixelsPerCm: cm,
    clearance: 0.35 * cm,
  })
}

/** From where the sleeve is set in over the rest of the shoulder; nothing of it is left under a dropped shoulder. */
function overShoulder(frame: BodyFrame, side: Side, seam: Point): Point[] {
  const cm = frame.pixelsPerCm
  const points = [seam]
  const from = Math.abs(toFrame(frame, seam).a)
  const tip = distance(frame.shoulder.left, frame.shoulder.right) / 2 + 3.6 * cm
  const sign = side === 'left' ? -1 : 1
  for (let a = from + cm; a < tip; a += cm) points.push(toImage(frame, sign * a, shoulderTop(frame, side, a)))
  return points
}

/** How far below the shoulder joints the natural waist lies, in torso lengths. */
const NATURAL_WAIST = 0.6

/** The level at which a waistband of `girthCm` comes to rest: the natural waist, or lower where the body fills it. */
function restingWaist(frame: BodyFrame, body: BodyInput, girthCm: number): number {
  for (let t = NATURAL_WAIST; t < 0.86; t += 0.01) {
    const d = t * frame.torsoLength
    if (bodyGirth(frame, body, d) >= girthCm * 0.98) return d
  }
  return 0.74 * frame.torsoLength
}

type Sides = { ds: number[]; left: number[]; right: number[] }

/** Left and right edge of the cloth at levels `from`..`to` of the garment, snapped to the cut-out. */
function sideEdges(
  garment: PreparedGarment,
  gf: ReturnType<typeof createGarmentFrame>,
  guides: { left: Point[]; right: Point[] },
  levels: number[],
): Sides {
  const reader = (points: Point[]) => {
    const fs = points.map((p) => fromGarment(gf, p)).toSorted((p, q) => p.d - q.d)
    return (d: number) =>
      interpolate(
        fs.map((p) => p.d),
        fs.map((p) => p.a),
        d,
      )
  }
  const [left, right] = [reader(guides.left), reader(guides.right)]
  const snapped = (guide: (d: number) => number, sign: 1 | -1, d: number) => {
    const reach = 0.15 * (right(d) - left(d))
    const found = snapToEdge(garment.cutout, toGarment(gf, guide(d), d), scale(gf.right, sign), reach)
    return found.open ? fromGarment(gf, found.point).a : guide(d)
  }
  const bottom = Math.max(...guides.left.map((p) => fromGarment(gf, p).d))
  const steady = (edge: number[]) => carryOn(smooth(median(edge, 3), 1), levels, 0.95 * bottom)
  return {
    ds: levels,
    left: steady(levels.map((d) => snapped(left, -1, d))),
    right: steady(levels.map((d) => snapped(right, 1, d))),
  }
}

function drapeSkirt({ garment, size, frame, body, parts }: DrapeInput): Drape {
  const at = requireLandmarks(garment.landmarks, [
    'waistLeft',
    'waistRight',
    'hipLeft',
    'hipRight',
    'hemLeft',
    'hemRight',
  ])
  const gf = createGarmentFrame([at.waistLeft, at.waistRight], [at.hemLeft, at.hemRight])
  const extent = extentDown(garment, gf)
  const hemPoint = garment.landmarks.hemCentre ?? midpoint(at.hemLeft, at.hemRight)
  const hemDepth = fromGarment(gf, hemPoint).d
  const waistD = restingWaist(frame, body, size.measures.waist)
  const perDown = (size.measures.length * frame.pixelsPerCm) / Math.max(1, hemDepth)
  const rows = 49
  const levels = Array.from({ length: rows }, (_, j) => mix(extent.from - 2, extent.to + 2, j / (rows - 1)))
  const edges = sideEdges(
    garment,
    gf,
    { left: [at.waistLeft, at.hipLeft, at.hemLeft], right: [at.waistRight, at.hipRight, at.hemRight] },
    levels,
  )
  const flat = levels.map((_, j) => edges.right[j]! - edges.left[j]!)
  const hipLevel = fromGarment(gf, midpoint(at.hipLeft, at.hipRight)).d
  const flatAt = (d: number) => interpolate(levels, flat, d)
  const zone = (name: 'waist' | 'hip' | 'hem', d: number) =>
    size.stated.includes(name) ? size.measures[name] / Math.max(1, 2 * flatAt(d) * size.cmPerPxAcross) : 1
  const factors = [
    zone('waist', 2),
    zone('hip', hipLevel),
    size.stated.includes('hem') ? zone('hem', hemDepth * 0.97) : zone('hip', hipLevel),
  ]
  const girth = (d: number) =>
    2 * flatAt(d) * size.cmPerPxAcross * interpolate([0, Math.max(1, hipLevel), Math.max(2, hemDepth)], factors, d)
  const reach = legSpan(frame, parts)
  const cm = frame.pixelsPerCm
  let widest = 0
  const halves = levels.map((gd) => {
    const d = waistD + gd * perDown
    const half = drawnHalfWidth(frame, body, Math.min(d, frame.crotch), girth(Math.max(0, gd)))
    const cloth = (girth(Math.max(0, gd)) / 2.35 / 2) * cm
    const legs = reach(d)
    const below = d > frame.crotch ? Math.max(cloth, legs > 0 ? legs + 0.6 * cm : 0) : half
    if (d <= frame.crotch) widest = Math.max(widest, half)
    return d > frame.crotch ? mix(widest, below, clamp((d - frame.crotch) / (12 * cm), 0, 1)) : half
  })
  const middle = (d: number) => (torsoEdge(frame, 'left', d) + torsoEdge(frame, 'right', d)) / 2
  const place = (u: number, j: number): Point => {
    const d = waistD + levels[j]! * perDown
    return toImage(frame, middle(d) + (2 * wrapAround(u) - 1) * halves[j]!, d)
  }
  const patch = createPatch(25, rows, (i, j) => {
    const u = mix(-0.03, 1.03, i / 24)
    return { source: toGarment(gf, mix(edges.left[j]!, edges.right[j]!, u), levels[j]!), target: place(u, j) }
  })
  const rowOf = (d: number) =>
    clamp(Math.round(((d - levels[0]!) / (levels[rows - 1]! - levels[0]!)) * (rows - 1)), 0, rows - 1)
  const [top, hem, hip] = [rowOf(0), rowOf(hemDepth), rowOf(hipLevel)]
  return {
    layers: [{ name: 'skirt', patch }],
    placement: {
      waistLeft: place(0, top),
      waistRight: place(1, top),
      hipLeft: place(0, hip),
      hipRight: place(1, hip),
      hemLeft: place(0, hem),
      hemRight: place(1, hem),
      hemCentre: toImage(frame, middle(waistD + hemDepth * perDown), waistD + hemDepth * perDown),
    },
    drawnWidthCm: (2 * halves[hip]!) / cm,
  }
}

/** Half the width that both legs take up at level `d`, px: cloth that hangs over them cannot be narrower. */
function legSpan(frame: BodyFrame, parts: PersonParts): (d: number) => number {
  const ds: number[] = []
  const halves: number[] = []
  const legs = SIDES.map((side) => readLeg(frame, parts, side))
  for (let k = 0; k <= 30; k++) {
    const outer = legs.map((leg) => {
      const s = (k / 30) * leg.bone.total
      const { point, tangent } = walk(leg.bone, s)
      return toFrame(frame, add(point, scale(outwardsOf(tangent, leg.turn), limbReach(leg, 'outer', s))))
    })
    ds.push((outer[0]!.d + outer[1]!.d) / 2)
    halves.push((Math.abs(outer[0]!.a) + Math.abs(outer[1]!.a)) / 2)
  }
  return (d) => interpolate(ds, halves, d)
}

function drapeTrousers({ garment, size, frame, body, parts }: DrapeInput): Drape {
  const at = requireLandmarks(garment.landmarks, [
    'waistLeft',
    'waistRight',
    'hipLeft',
    'hipRight',
    'crotch',
    'hemOuterLeft',
    'hemInnerLeft',
    'hemOuterRight',
    'hemInnerRight',
    'kneeOuterLeft',
    'kneeInnerLeft',
    'kneeOuterRight',
    'kneeInnerRight',
  ])
  const gf = createGarmentFrame([at.waistLeft, at.waistRight], [at.crotch, at.crotch])
  const cm = frame.pixelsPerCm
  const crotchDepth = Math.max(1, fromGarment(gf, at.crotch).d)
  const rise = Math.max(14, size.measures.outseam - size.measures.inseam)
  const crotchD = frame.crotch + 0.6 * cm
  const waistD = clamp(crotchD - rise * cm, 0.5 * frame.torsoLength, frame.torsoLength)
  const extent = extentDown(garment, gf)
  const rows = 25
  const levels = Array.from({ length: rows }, (_, j) => mix(Math.min(-2, extent.from), crotchDepth, j / (rows - 1)))
  const edges = sideEdges(
    garment,
    gf,
    { left: [at.waistLeft, at.hipLeft, at.kneeOuterLeft], right: [at.waistRight, at.hipRight, at.kneeOuterRight] },
    levels,
  )
  const hipLevel = fromGarment(gf, midpoint(at.hipLeft, at.hipRight)).d
  const flatAt = (d: number) =>
    interpolate(
      levels,
      levels.map((_, j) => edges.right[j]! - edges.left[j]!),
      d,
    )
  const correct = (name: 'waist' | 'hip', d: number) =>
    size.stated.includes(name) ? size.measures[name] / Math.max(1, 2 * flatAt(d) * size.cmPerPxAcross) : 1
  const factors = [correct('waist', 2), correct('hip', hipLevel)]
  const girth = (gd: number) =>
    2 * flatAt(gd) * size.cmPerPxAcross * interpolate([0, Math.max(1, hipLevel)], factors, gd)
  const level = (gd: number) => mix(waistD, crotchD, gd / crotchDepth)
  const middle = (d: number) => (torsoEdge(frame, 'left', d) + torsoEdge(frame, 'right', d)) / 2
  const halfAt = (gd: number) => drawnHalfWidth(frame, body, Math.min(level(gd), frame.crotch), girth(Math.max(0, gd)))
  const crotchPoint = toImage(
    frame,
    toFrame(frame, midpoint(frame.hip.left, frame.hip.right)).a * 0.5 + middle(crotchD) * 0.5,
    crotchD,
  )
  const legs = SIDES.map((side) => {
    const name = side === 'left' ? 'Left' : 'Right'
    const hipEdge = lerpEdge(edges, levels, side, crotchDepth * 0.72)
    const source = toGarment(gf, hipEdge, crotchDepth * 0.72)
    const stations = tubeStations(
      garment.cutout,
      [source, at[`kneeOuter${name}`], at[`hemOuter${name}`]],
      [at.crotch, at[`kneeInner${name}`], at[`hemInner${name}`]],
      STATIONS + 6,
    )
    const limb = readLeg(frame, parts, side)
    const sign = side === 'left' ? -1 : 1
    const outerD = level(crotchDepth * 0.72)
    const outer = toImage(frame, middle(outerD) + sign * halfAt(crotchDepth * 0.72), outerD)
    const { point, tangent } = walk(limb.bone, 0)
    const start = (outer.x - point.x) * tangent.x + (outer.y - point.y) * tangent.y
    const cmPerPx = size.cmPerPxDown
    const innerPx =
      distance(at.crotch, at[`kneeInner${name}`]) + distance(at[`kneeInner${name}`], at[`hemInner${name}`])
    const outerPx = stations[stations.length - 1]!.at
    const drape = drapeTube({
      stations,
      limb,
      seam: (u) => lerp(outer, crotchPoint, u),
      contour: limbContour([outer], limb, Math.max(0, start) + 6 * cm),
      // The outer side is measured off the picture; what the chart's inseam differs from the picture's goes into both.
      lengthCm: outerPx * cmPerPx + size.measures.inseam - innerPx * cmPerPx,
      cmPerPxAcross: size.cmPerPxAcross,
      pixelsPerCm: cm,
      clearance: 0.4 * cm,
    })
    return { name, drape, source, target: outer } as const
  })
  const [left, right] = [legs[0]!, legs[1]!]
  // The pelvis ends below in two lines that meet at the crotch: each leg begins on its own.
  const bottomOf = (u: number): { source: Point; target: Point } =>
    u < 0.5
      ? { source: lerp(left.source, at.crotch, u * 2), target: lerp(left.target, crotchPoint, u * 2) }
      : { source: lerp(at.crotch, right.source, u * 2 - 1), target: lerp(crotchPoint, right.target, u * 2 - 1) }
  const pelvisRows = 17
  const pelvis = createPatch(33, pelvisRows, (i, j) => {
    const u = mix(-0.02, 1.02, i / 32)
    const end = bottomOf(clamp(u, 0, 1))
    const bottom = fromGarment(gf, end.source)
    const t = j / (pelvisRows - 1)
    const gd = mix(levels[0]!, bottom.d, t)
    const [l, r] = [lerpEdge(edges, levels, 'left', gd), lerpEdge(edges, levels, 'right', gd)]
    const d = level(gd)
    const free = {
      source: toGarment(gf, mix(l, r, u), gd),
      target: toImage(frame, middle(d) + (2 * wrapAround(u) - 1) * halfAt(gd), d),
    }
    const join = clamp((t - 0.5) / 0.5, 0, 1) ** 2
    return { source: lerp(free.source, end.source, join), target: lerp(free.target, end.target, join) }
  })
  const edgeAt = (gd: number, sign: number) => toImage(frame, middle(level(gd)) + sign * halfAt(gd), level(gd))
  return {
    layers: [
      { name: 'leg', patch: left.drape.patch },
      { name: 'leg', patch: right.drape.patch },
      { name: 'pelvis', patch: pelvis },
    ],
    placement: {
      waistLeft: edgeAt(0, -1),
      waistRight: edgeAt(0, 1),
      hipLeft: edgeAt(hipLevel, -1),
      hipRight: edgeAt(hipLevel, 1),
      crotch: crotchPoint,
      kneeOuterLeft: left.drape.middle.outer,
      kneeInnerLeft: left.drape.middle.inner,
      kneeOuterRight: right.drape.middle.outer,
      kneeInnerRight: right.drape.middle.inner,
      hemOuterLeft: left.drape.end.outer,
      hemInnerLeft: left.drape.end.inner,
      hemOuterRight: right.drape.end.outer,
      hemInnerRight: right.drape.end.inner,
    },
    drawnWidthCm: (2 * halfAt(hipLevel)) / cm,
  }
}

const lerpEdge = (edges: Sides, levels: number[], side: Side, d: number): number => interpolate(levels, edges[side], d)
