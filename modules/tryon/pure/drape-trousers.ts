import { type BodyFrame, nameOf, type Side, signOf, toFrame, toImage, torsoMiddle } from './body-frame.ts'
import { createClothGirth } from './cloth-girth.ts'
import type { Drape, DrapeInput } from './drape.ts'
import { drapeTube, limbContour, type TubeDrape } from './drape-tube.ts'
import {
  createGarmentFrame,
  extentDown,
  fromGarment,
  type GarmentFrame,
  requireLandmarks,
  toGarment,
  tubeStations,
} from './garment-frame.ts'
import type { GarmentScale } from './garment-size.ts'
import type { Point } from './image.ts'
import { readLeg } from './limb-shape.ts'
import { createPatch, type Patch } from './patch.ts'
import { edgeAt, evenLevels, flatWidthReader, readSideEdges, type SideEdges } from './side-edges.ts'
import { drawnHalfWidth } from './torso-fit.ts'
import { clamp, distance, lerp, midpoint, mix, walk, wrapAround } from './vector.ts'

const LANDMARKS = [
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
] as const

type Marks = Record<(typeof LANDMARKS)[number], Point>

/** Levels at which the edges from waist to crotch are read. */
const LEVELS = 25

/** Cross-lines of a leg beyond the first. */
const STATIONS = 26

const PELVIS_COLUMNS = 33
const PELVIS_ROWS = 17

/** Where on the outer side a leg begins, as a share of the way from waist to crotch. */
const LEG_FROM = 0.72

/**
 * Very short shorts, laid flat with their legs spread, end on the outer side about as high as the crotch. There a leg begins at this share
 * of the way from waist to hem, and hangs this far from where its outer edge alone would end towards level with its inner one.
 */
const LEG_ABOVE_HEM = 0.5
const LEVEL_HEM = 0.55
/** Shorts count as that short where their hem lies above this many depths of the crotch. */
const BRIEF = 1.15

/** No rise (waistband to crotch) is drawn shorter than this, whatever the chart's outseam and inseam leave of it, cm. */
const LEAST_RISE_CM = 14

/** Lays trousers or shorts: a tube on each leg, and over both the pelvis, which joins them to the waist. */
export function drapeTrousers(input: DrapeInput): Drape {
  const { garment, frame } = input
  const at = requireLandmarks(garment.landmarks, LANDMARKS)
  const seat = createSeat(input, at)
  const [left, right] = [drapeLeg(input, at, seat, 'left'), drapeLeg(input, at, seat, 'right')]
  const hipDepth = seat.hipDepth
  return {
    layers: [
      { name: 'leg', patch: left.tube.patch },
      { name: 'leg', patch: right.tube.patch },
      { name: 'pelvis', patch: drapePelvis(frame, at, seat, { left, right }) },
    ],
    placement: {
      waistLeft: seat.edge(0, 'left'),
      waistRight: seat.edge(0, 'right'),
      hipLeft: seat.edge(hipDepth, 'left'),
      hipRight: seat.edge(hipDepth, 'right'),
      crotch: seat.crotch,
      kneeOuterLeft: left.tube.middle.outer,
      kneeInnerLeft: left.tube.middle.inner,
      kneeOuterRight: right.tube.middle.outer,
      kneeInnerRight: right.tube.middle.inner,
      hemOuterLeft: left.tube.end.outer,
      hemInnerLeft: left.tube.end.inner,
      hemOuterRight: right.tube.end.outer,
      hemInnerRight: right.tube.end.inner,
    },
    drawnWidthCm: (2 * seat.halfWidth(hipDepth)) / frame.pixelsPerCm,
  }
}

/**
 * How the part from waist to crotch sits. A `depth` counts from the garment's waist down, in its own px; levels, widths
 * and places on the person are in image px.
 */
type Seat = {
  axes: GarmentFrame
  edges: SideEdges
  hipDepth: number
  crotchDepth: number
  level(depth: number): number
  halfWidth(depth: number): number
  edge(depth: number, side: Side): Point
  crotch: Point
}

function createSeat({ garment, size, frame, body }: DrapeInput, at: Marks): Seat {
  const axes = createGarmentFrame([at.waistLeft, at.waistRight], [at.crotch, at.crotch])
  const hipDepth = fromGarment(axes, midpoint(at.hipLeft, at.hipRight)).d
  const crotchDepth = Math.max(1, fromGarment(axes, at.crotch).d)
  const edges = readSideEdges(
    garment,
    axes,
    { left: [at.waistLeft, at.hipLeft, at.kneeOuterLeft], right: [at.waistRight, at.hipRight, at.kneeOuterRight] },
    evenLevels(Math.min(-2, extentDown(garment, axes).from), crotchDepth, LEVELS),
  )
  const girthAt = pelvisGirth(size, edges, hipDepth)
  const { waist, crotch } = seatLevels(frame, size)
  const level = (depth: number) => mix(waist, crotch, depth / crotchDepth)
  const halfWidth = (depth: number) =>
    drawnHalfWidth(frame, body, Math.min(level(depth), frame.crotch), girthAt(Math.max(0, depth)))
  const hips = toFrame(frame, midpoint(frame.hip.left, frame.hip.right)).a
  return {
    axes,
    edges,
    hipDepth,
    crotchDepth,
    level,
    halfWidth,
    edge: (depth, side) => {
      const d = level(depth)
      return toImage(frame, torsoMiddle(frame, d) + signOf(side) * halfWidth(depth), d)
    },
    crotch: toImage(frame, hips * 0.5 + torsoMiddle(frame, crotch) * 0.5, crotch),
  }
}

/** The body's levels (`d`, px) at which waistband and crotch come to lie: the rise above the crotch, whatever waist is there. */
function seatLevels(frame: BodyFrame, { measures }: GarmentScale): { waist: number; crotch: number } {
  const cm = frame.pixelsPerCm
  const rise = Math.max(LEAST_RISE_CM, measures.outseam - measures.inseam)
  const crotch = frame.crotch + 0.6 * cm
  return { waist: clamp(crotch - rise * cm, 0.5 * frame.torsoLength, frame.torsoLength), crotch }
}

/** Girth in cm at a depth between waist and crotch. */
function pelvisGirth(size: GarmentScale, edges: SideEdges, hipDepth: number): (depth: number) => number {
  const girth = createClothGirth(size, flatWidthReader(edges))
  return girth.corrected(
    [0, Math.max(1, hipDepth)],
    [girth.correction('waist', 2) ?? 1, girth.correction('hip', hipDepth) ?? 1],
  )
}

/** How far below the ankle joint cloth comes to rest on a shoe. */
const ANKLE_TO_SHOE_CM = 5

/** A leg's tube, and where its outer side begins: in the garment's picture and in the person's. */
type Leg = { tube: TubeDrape; source: Point; target: Point }

function drapeLeg({ garment, size, frame, parts }: DrapeInput, at: Marks, seat: Seat, side: Side): Leg {
  const name = nameOf(side)
  const cm = frame.pixelsPerCm
  const hemDepth = fromGarment(seat.axes, at[`hemOuter${name}`]).d
  const isBrief = hemDepth < BRIEF * seat.crotchDepth
  const depth = Math.min(seat.crotchDepth * LEG_FROM, isBrief ? hemDepth * LEG_ABOVE_HEM : Infinity)
  const source = toGarment(seat.axes, edgeAt(seat.edges, side, depth), depth)
  const target = seat.edge(depth, side)
  const [kneeInner, hemInner] = [at[`kneeInner${name}`], at[`hemInner${name}`]]
  const stations = tubeStations(
    garment.cutout,
    [source, at[`kneeOuter${name}`], at[`hemOuter${name}`]],
    [at.crotch, kneeInner, hemInner],
    STATIONS,
  )
  const limb = readLeg(frame, parts, side)
  const { point, tangent } = walk(limb.bone, 0)
  const start = (target.x - point.x) * tangent.x + (target.y - point.y) * tangent.y
  const innerPx = distance(at.crotch, kneeInner) + distance(kneeInner, hemInner)
  const outerPx = stations[stations.length - 1]!.at
  const contour = limbContour([target], limb, Math.max(0, start) + 6 * cm)
  // The outer side is measured off the picture; what the chart's inseam differs from the picture's goes into both.
  const ownCm = outerPx * size.cmPerPxDown + size.measures.inseam - innerPx * size.cmPerPxDown
  const levelCm = (seat.level(seat.crotchDepth) - seat.level(depth)) / cm + size.measures.inseam
  const lengthCm = isBrief && levelCm > ownCm ? mix(ownCm, levelCm, LEVEL_HEM) : ownCm
  const { middle, end } = frame.leg[side]
  const ankle = distance(point, middle) + distance(middle, end)
  const toShoe = contour.total / cm - (limb.bone.total - ankle) / cm + ANKLE_TO_SHOE_CM
  const tube = drapeTube({
    stations,
    limb,
    seam: (u) => lerp(target, seat.crotch, u),
    contour,
    // What is longer than the leg stacks on the shoe instead of going through the floor.
    lengthCm: Math.min(lengthCm, toShoe),
    cmPerPxAcross: size.cmPerPxAcross,
    pixelsPerCm: cm,
    clearance: 0.4 * cm,
  })
  return { tube, source, target }
}

/** From the waist down to two lines that meet at the crotch: each leg begins on its own. */
function drapePelvis(frame: BodyFrame, at: Marks, seat: Seat, { left, right }: Record<Side, Leg>): Patch {
  const { axes, edges } = seat
  const endAt = (u: number): { source: Point; target: Point } =>
    u < 0.5
      ? { source: lerp(left.source, at.crotch, u * 2), target: lerp(left.target, seat.crotch, u * 2) }
      : { source: lerp(at.crotch, right.source, u * 2 - 1), target: lerp(seat.crotch, right.target, u * 2 - 1) }
  return createPatch(PELVIS_COLUMNS, PELVIS_ROWS, (i, j) => {
    const u = mix(-0.02, 1.02, i / (PELVIS_COLUMNS - 1))
    const t = j / (PELVIS_ROWS - 1)
    const end = endAt(clamp(u, 0, 1))
    const depth = mix(edges.ds[0]!, fromGarment(axes, end.source).d, t)
    const d = seat.level(depth)
    const free = {
      source: toGarment(axes, mix(edgeAt(edges, 'left', depth), edgeAt(edges, 'right', depth), u), depth),
      target: toImage(frame, torsoMiddle(frame, d) + (2 * wrapAround(u) - 1) * seat.halfWidth(depth), d),
    }
    const join = clamp((t - 0.5) / 0.5, 0, 1) ** 2
    return { source: lerp(free.source, end.source, join), target: lerp(free.target, end.target, join) }
  })
}
