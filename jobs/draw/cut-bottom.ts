import type { GarmentLandmarks } from '../../modules/tryon/pure/garment.ts'
import type { Point } from '../../modules/tryon/pure/image.ts'
import { at, crossing, cubic, mirror, reversed, through } from './geometry.ts'

/** Trousers or shorts in cm, lying flat: widths are half girths; y runs down from the top edge of the waistband. */
export type TrousersCut = {
  waist: number
  /** how much the front of the waistband dips below its ends */
  waistDip: number
  band: number
  hip: number
  hipY: number
  rise: number
  thigh: number
  knee: number
  kneeY: number
  hem: number
  length: number
  /** how far each hem's middle stands from the centre line */
  stance: number
}

export type LegShape = { outline: Point[]; outer: Point[]; inner: Point[]; hem: [Point, Point] }

export type TrousersShape = {
  cut: TrousersCut
  legs: { left: LegShape; right: LegShape }
  waistline: Point[]
  /** the back of the waistband seen behind the dipping front, closed */
  backBand: Point[]
  landmarks: GarmentLandmarks
}

/** Left to right, dipping in the middle. */
const waistlineOf = (half: number, dip: number, y = 0): Point[] => {
  const right = cubic(at(0, y + dip), at(half * 0.5, y + dip), at(half * 0.85, y + dip * 0.35), at(half, y), 10)
  return [...reversed(mirror(right)), ...right.slice(1)]
}

/** Where an edge on the right, and its mirror image on the left, cross a height. */
const pair = (points: Point[], y: number) => [crossing(mirror(points), y), crossing(points, y)] as const

/** All curves of trousers or shorts; landmarks are those of `LANDMARKS.trousers`, in the cut's cm. */
export const shapeTrousers = (cut: TrousersCut): TrousersShape => {
  const long = cut.kneeY < cut.length - 8
  const crotch = at(0, cut.rise)
  const hemOuter = at(cut.stance + cut.hem / 2, cut.length)
  const hemInner = at(cut.stance - cut.hem / 2, cut.length + 0.3)
  const thighX = cut.hip / 2 + Math.max(0, cut.thigh - cut.hip / 2) * 0.22
  const down = (cut.kneeY - cut.rise) / (cut.length - cut.rise)
  const kneeMiddle = thighX * 0.52 * (1 - down) + cut.stance * down
  const outerStations = [at(cut.waist / 2, 0), at(cut.hip / 2, cut.hipY), at(thighX, cut.rise + 2)]
  const innerStations = [crotch, at((hemInner.x - 0) * 0.16 + 0.5, cut.rise + (cut.length - cut.rise) * 0.12)]
  if (long) {
    outerStations.push(at(kneeMiddle + cut.knee / 2, cut.kneeY))
    innerStations.push(at(kneeMiddle - cut.knee / 2, cut.kneeY))
  }
  const outer = through([...outerStations, hemOuter])
  const inner = long ? through([...innerStations, hemInner]) : [crotch, hemInner]
  const waistline = waistlineOf(cut.waist / 2, cut.waistDip)
  const rightWaist = waistline.slice(10)
  const outline = [...rightWaist, ...outer.slice(1), ...reversed(inner)]
  const leg: LegShape = { outline, outer, inner, hem: [hemOuter, hemInner] }
  const leftLeg: LegShape = {
    outline: mirror(outline),
    outer: mirror(outer),
    inner: mirror(inner),
    hem: [at(-hemOuter.x, hemOuter.y), at(-hemInner.x, hemInner.y)],
  }
  const kneeY = long ? cut.kneeY : (cut.rise + cut.length) / 2
  const [hipLeft, hipRight] = pair(outer, cut.hipY)
  const [kneeOuterLeft, kneeOuterRight] = pair(outer, kneeY)
  const [kneeInnerLeft, kneeInnerRight] = pair(inner, kneeY)
  return {
    cut,
    legs: { left: leftLeg, right: leg },
    waistline,
    backBand: [...waistlineOf(cut.waist / 2, -cut.waistDip * 0.35), ...reversed(waistline)],
    landmarks: {
      waistLeft: at(-cut.waist / 2, 0),
      waistRight: at(cut.waist / 2, 0),
      waistCentre: at(0, cut.waistDip),
      hipLeft,
      hipRight,
      crotch,
      kneeOuterLeft,
      kneeInnerLeft,
      kneeOuterRight,
      kneeInnerRight,
      hemOuterLeft: leftLeg.hem[0],
      hemInnerLeft: leftLeg.hem[1],
      hemOuterRight: hemOuter,
      hemInnerRight: hemInner,
    },
  }
}

/** A skirt in cm, lying flat. */
export type SkirtCut = {
  waist: number
  waistDip: number
  band: number
  hip: number
  hipY: number
  hem: number
  length: number
  /** how far the hem's middle hangs below its ends */
  hemDrop: number
  /** waves along the hem: count and depth in cm */
  flutes: number
  fluteDepth: number
}

export type SkirtShape = {
  cut: SkirtCut
  outline: Point[]
  waistline: Point[]
  backBand: Point[]
  side: Point[]
  hemline: Point[]
  landmarks: GarmentLandmarks
}

/** All curves of a skirt; landmarks are those of `LANDMARKS.skirt`, in the cut's cm. */
export const shapeSkirt = (cut: SkirtCut): SkirtShape => {
  const end = at(cut.hem / 2, cut.length - cut.hemDrop)
  const stations = [at(cut.waist / 2, 0)]
  if (cut.hipY < cut.length - cut.hemDrop - 5) stations.push(at(cut.hip / 2, cut.hipY))
  const side = through([...stations, end])
  const waistline = waistlineOf(cut.waist / 2, cut.waistDip)
  const hemline: Point[] = []
  for (let i = 0; i <= 72; i++) {
    const t = (i / 72) * 2 - 1
    const wave = Math.cos(t * Math.PI * cut.flutes) * cut.fluteDepth * (1 - t * t * t * t)
    hemline.push(at(end.x * t, cut.length - cut.hemDrop * t * t + wave - cut.fluteDepth * (1 - t * t * t * t)))
  }
  return {
    cut,
    outline: [...waistline, ...side.slice(1), ...reversed(hemline).slice(1), ...reversed(mirror(side)).slice(1)],
    waistline,
    backBand: [...waistlineOf(cut.waist / 2, -cut.waistDip * 0.35), ...reversed(waistline)],
    side,
    hemline,
    landmarks: {
      waistLeft: at(-cut.waist / 2, 0),
      waistRight: at(cut.waist / 2, 0),
      waistCentre: at(0, cut.waistDip),
      hipLeft: crossing(mirror(side), cut.hipY),
      hipRight: crossing(side, cut.hipY),
      hemLeft: at(-end.x, end.y),
      hemRight: end,
      hemCentre: hemline[36]!,
    },
  }
}
