import type { GarmentLandmarks } from '../../modules/tryon/pure/garment.ts'
import type { Point } from '../../modules/tryon/pure/image.ts'
import { add, at, clamp, crossing, cubic, densify, distance, mirror, reversed, through } from './geometry.ts'

/** One sleeve in cm. Angles in degrees away from hanging straight down; widths lie flat. */
export type SleeveCut = {
  length: number
  angle: number
  forearmAngle: number
  elbow: number
  cuff: number
  /** how far the cap stands out above the straight line from shoulder to cuff */
  puff: number
}

export type HemShape = 'straight' | 'shirttail' | 'rounded'

/** The cut of a top or a dress in cm, lying flat: widths are half girths; y runs down from the high shoulder point. */
export type TopCut = {
  neckWidth: number
  neckDepth: number
  /** exponent of the neckline's superellipse: 1 is a V, 2 a crew or scoop, 5 a square */
  neckSquare: number
  backDrop: number
  shoulder: number
  slope: number
  armhole: number
  chest: number
  waistY: number
  waist: number
  hip?: { y: number; width: number }
  hem: number
  length: number
  hemShape: HemShape
  hemDrop: number
  /** shoulder straps this long, cm: the armhole keeps beside the neckline for as long */
  straps?: number
  /** a ribbed hem draws the body in below this height above it */
  gather?: number
  /** the hem's waves: how many half turns from the middle to the side, and how deep, cm */
  waves?: { count: number; depth: number }
  sleeves: { left: SleeveCut; right: SleeveCut } | null
}

export type SleeveShape = {
  /** closed outline, from the shoulder down the outer edge, round the cuff, up the inner edge and the armhole */
  outline: Point[]
  outer: Point[]
  inner: Point[]
  cuff: [Point, Point]
  armhole: Point[]
}

export type TopShape = {
  cut: TopCut
  /** closed outline of the front panel: neckline, shoulders, armholes, sides, hem */
  front: Point[]
  /** what is seen of the back inside the neck, closed */
  backNeck: Point[]
  frontNeckline: Point[]
  backNeckline: Point[]
  sides: { left: Point[]; right: Point[] }
  hemline: Point[]
  sleeves: { left: SleeveShape; right: SleeveShape } | null
  armholes: { left: Point[]; right: Point[] }
  landmarks: GarmentLandmarks
}

const unit = (degrees: number): Point => at(Math.sin((degrees * Math.PI) / 180), Math.cos((degrees * Math.PI) / 180))

const necklineOf = (width: number, depth: number, square: number): Point[] => {
  const half = width / 2
  const points: Point[] = []
  for (let i = 0; i <= 40; i++) {
    const angle = (Math.PI * i) / 40
    const c = Math.cos(angle)
    const x = -half * Math.sign(c) * Math.abs(c) ** (2 / square)
    const y = depth * Math.max(0, Math.sin(angle)) ** (2 / square)
    points.push(at(x, y))
  }
  return points
}

/** A shallow arc: it leaves the shoulder smoothly, without horns. */
const backNecklineOf = (width: number, drop: number): Point[] =>
  Array.from({ length: 33 }, (_, i) => {
    const t = (i / 32) * 2 - 1
    return at((t * width) / 2, drop * (1 - t * t) ** 0.85)
  })

/** Down beside the strap, then out to the armpit in one sweep. */
const strapArmhole = (cut: TopCut, straps: number): Point[] => {
  const wide = (cut.shoulder - cut.neckWidth) / 2
  const neck = necklineOf(cut.neckWidth, cut.neckDepth, cut.neckSquare).filter((p) => p.x > 0 && p.y <= straps)
  const strap = reversed(neck).map((p) => at(p.x + wide, Math.max(p.y, cut.slope)))
  const foot = strap.at(-1)!
  const armpit = at(cut.chest / 2, cut.slope + cut.armhole)
  const sweep = cubic(foot, at(foot.x + 0.3, foot.y + 4.5), at(armpit.x - 7, armpit.y - 2), armpit, 12)
  return [...strap, ...sweep.slice(1)]
}

/** The armhole on the right side, from shoulder to armpit. */
const armholeOf = (cut: TopCut): Point[] => {
  if (cut.straps) return strapArmhole(cut, cut.straps)
  const shoulder = at(cut.shoulder / 2, cut.slope)
  const armpit = at(cut.chest / 2, cut.slope + cut.armhole)
  const inward = clamp(1.5 + (cut.shoulder - cut.chest) * 0.04, 0.6, 2.4)
  return cubic(
    shoulder,
    at(shoulder.x - inward, shoulder.y + cut.armhole * 0.45),
    at(armpit.x - (armpit.x - shoulder.x) * 0.6 - inward * 1.2, armpit.y - cut.armhole * 0.12),
    armpit,
    18,
  )
}

const sideOf = (cut: TopCut): Point[] => {
  const armpit = at(cut.chest / 2, cut.slope + cut.armhole)
  const lift = cut.hemShape === 'shirttail' ? cut.hemDrop : 0
  const stations = [armpit]
  if (cut.waistY > armpit.y + 4 && cut.waistY < cut.length - lift - 4) stations.push(at(cut.waist / 2, cut.waistY))
  if (cut.hip && cut.hip.y > cut.waistY + 6 && cut.hip.y < cut.length - 6)
    stations.push(at(cut.hip.width / 2, cut.hip.y))
  if (cut.gather) stations.push(at(Math.max(cut.hem * 1.035, cut.waist * 1.0) / 2, cut.length - cut.gather * 1.7))
  stations.push(at(cut.hem / 2, cut.length - lift - (cut.hemShape === 'rounded' ? cut.hemDrop : 0)))
  return through(stations)
}

/** Left to right. A shirttail is longest in the middle; a rounded hem sags gently. */
const hemlineOf = (cut: TopCut, side: Point[]): Point[] => {
  const end = side.at(-1)!
  const middle = at(0, cut.length)
  if (cut.hemShape === 'straight') return [at(-end.x, end.y), at(0, cut.length), at(end.x, end.y)]
  if (cut.hemShape === 'rounded') {
    const half = cubic(middle, at(end.x * 0.5, middle.y), at(end.x * 0.8, middle.y - cut.hemDrop * 0.5), end, 14)
    return [...reversed(mirror(half)), ...half.slice(1)]
  }
  const half = cubic(middle, at(end.x * 0.72, middle.y + 0.2), at(end.x * 0.78, end.y + cut.hemDrop * 0.1), end, 18)
  return [...reversed(mirror(half)), ...half.slice(1)]
}

const across = (d: Point, width: number, from: Point): Point => at(from.x - d.y * width, from.y + d.x * width)

/** Waves laid over a hemline, none at its ends. */
const waved = (hemline: Point[], half: number, waves: NonNullable<TopCut['waves']>): Point[] =>
  densify(hemline, 1.2, false).map((p) => {
    const t = p.x / half
    return at(p.x, p.y + waves.depth * (Math.cos(t * Math.PI * waves.count) - 1) * (1 - t * t * t * t))
  })

/** A sleeve on the right side; the left one is its mirror image. */
const sleeveOf = (cut: TopCut, sleeve: SleeveCut, armhole: Point[]): SleeveShape => {
  const shoulder = armhole[0]!
  const armpit = armhole.at(-1)!
  const long = sleeve.length > 35
  const upper = unit(sleeve.angle)
  const lower = unit(sleeve.forearmAngle)
  const half = sleeve.length / 2
  const elbowOuter = add(shoulder, upper, half)
  const cuffOuter = add(elbowOuter, lower, half)
  const middle = unit((sleeve.angle + sleeve.forearmAngle) / 2)
  const cuffInner = across(unit(sleeve.forearmAngle - (long ? 0 : 4)), sleeve.cuff, cuffOuter)
  const elbowInner = long
    ? across(middle, sleeve.elbow, elbowOuter)
    : at((armpit.x + cuffInner.x) / 2, (armpit.y + cuffInner.y) / 2)
  const slope = at(Math.cos(0.33), Math.sin(0.33))
  const capReach = Math.min(half * 0.5, cut.armhole * 0.45)
  const cap = add(add(shoulder, upper, capReach), at(upper.y, -upper.x), sleeve.puff)
  const upperEdge = cubic(shoulder, add(shoulder, slope, capReach * 0.45), add(cap, upper, -capReach * 0.35), cap, 12)
  const lowerEdge = long ? through([cap, elbowOuter, cuffOuter]) : [cap, elbowOuter, cuffOuter]
  const outer = [...upperEdge, ...lowerEdge.slice(1)]
  const inner = long ? through([armpit, elbowInner, cuffInner]) : [armpit, elbowInner, cuffInner]
  return {
    outer,
    inner,
    cuff: [cuffOuter, cuffInner],
    armhole,
    outline: [...outer, ...reversed(inner), ...reversed(armhole).slice(1, -1)],
  }
}

const mirrorSleeve = (sleeve: SleeveShape): SleeveShape => ({
  outline: mirror(sleeve.outline),
  outer: mirror(sleeve.outer),
  inner: mirror(sleeve.inner),
  cuff: [at(-sleeve.cuff[0].x, sleeve.cuff[0].y), at(-sleeve.cuff[1].x, sleeve.cuff[1].y)],
  armhole: mirror(sleeve.armhole),
})

/** The elbow's pair on one sleeve: half way along its edges, by height along the sleeve. */
const halfWay = (edge: Point[], from: Point, to: Point): Point => {
  const axis = at(to.x - from.x, to.y - from.y)
  const square = axis.x * axis.x + axis.y * axis.y || 1
  let best = edge[0]!
  let least = Infinity
  for (const p of edge) {
    const share = ((p.x - from.x) * axis.x + (p.y - from.y) * axis.y) / square
    if (Math.abs(share - 0.5) < least) {
      least = Math.abs(share - 0.5)
      best = p
    }
  }
  return best
}

const landmarksOf = (cut: TopCut, shape: Omit<TopShape, 'landmarks'>): GarmentLandmarks => {
  const { left: sideLeft, right: sideRight } = shape.sides
  const [left, right] = [shape.armholes.left, shape.armholes.right]
  const sleeveMarks = (side: 'left' | 'right') => {
    const hole = shape.armholes[side]
    const sleeve = shape.sleeves?.[side]
    if (!sleeve) return [hole[0]!, hole.at(-1)!, hole[0]!, hole.at(-1)!] as const
    const [outer, inner] = sleeve.cuff
    return [halfWay(sleeve.outer, hole[0]!, outer), halfWay(sleeve.inner, hole.at(-1)!, inner), outer, inner] as const
  }
  const marksLeft = sleeveMarks('left')
  const marksRight = sleeveMarks('right')
  return {
    collarLeft: at(-cut.neckWidth / 2, 0),
    collarRight: at(cut.neckWidth / 2, 0),
    collarCentre: at(0, cut.neckDepth),
    shoulderLeft: left[0]!,
    shoulderRight: right[0]!,
    armpitLeft: left.at(-1)!,
    armpitRight: right.at(-1)!,
    elbowOuterLeft: marksLeft[0],
    elbowInnerLeft: marksLeft[1],
    elbowOuterRight: marksRight[0],
    elbowInnerRight: marksRight[1],
    cuffOuterLeft: marksLeft[2],
    cuffInnerLeft: marksLeft[3],
    cuffOuterRight: marksRight[2],
    cuffInnerRight: marksRight[3],
    waistLeft: crossing(sideLeft, cut.waistY),
    waistRight: crossing(sideRight, cut.waistY),
    hemLeft: sideLeft.at(-1)!,
    hemRight: sideRight.at(-1)!,
    hemCentre: at(0, cut.length),
  }
}

/** All curves of a top or dress from its cut. The landmarks are those of `LANDMARKS.top`, in the cut's cm. */
export const shapeTop = (cut: TopCut): TopShape => {
  const frontNeckline = necklineOf(cut.neckWidth, cut.neckDepth, cut.neckSquare)
  const backNeckline = backNecklineOf(cut.neckWidth, cut.backDrop)
  const armhole = armholeOf(cut)
  const side = sideOf(cut)
  const straight = hemlineOf(cut, side)
  const hemline = cut.waves ? waved(straight, cut.hem / 2, cut.waves) : straight
  const armholes = { left: mirror(armhole), right: armhole }
  const sides = { left: mirror(side), right: side }
  const front = [
    ...frontNeckline,
    ...armhole,
    ...side.slice(1),
    ...reversed(hemline).slice(1, -1),
    ...reversed(sides.left),
    ...reversed(armholes.left).slice(1),
  ]
  const sleeves = cut.sleeves && {
    left: mirrorSleeve(sleeveOf(cut, cut.sleeves.left, armhole)),
    right: sleeveOf(cut, cut.sleeves.right, armhole),
  }
  const backNeck = [...backNeckline, ...reversed(frontNeckline)]
  const shape = { cut, front, backNeck, frontNeckline, backNeckline, sides, hemline, sleeves, armholes }
  return { ...shape, landmarks: landmarksOf(cut, shape) }
}

/** Opens the sleeve's upper angle just far enough that the forearm hangs clear of the body by `gap` cm. */
export const hangSleeve = (cut: Omit<TopCut, 'sleeves'>, sleeve: Omit<SleeveCut, 'angle'>, gap: number): SleeveCut => {
  const shoulder = at(cut.shoulder / 2, cut.slope)
  for (let angle = sleeve.forearmAngle + 4; angle < 75; angle += 0.5) {
    const elbowOuter = add(shoulder, unit(angle), sleeve.length / 2)
    const middle = unit((angle + sleeve.forearmAngle) / 2)
    const elbowInner = at(elbowOuter.x - middle.y * sleeve.elbow, elbowOuter.y + middle.x * sleeve.elbow)
    const clear = Math.max(cut.chest, cut.waist) / 2 + gap
    if (elbowInner.x >= clear && distance(elbowInner, shoulder) > 0) return { ...sleeve, angle }
  }
  return { ...sleeve, angle: 75 }
}
