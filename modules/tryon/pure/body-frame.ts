import type { PersonParts } from './parts.ts'
import { PART } from './parts.ts'
import type { Point } from './image.ts'
import { POSE, type Pose } from './pose.ts'
import { across, add, clamp, distance, dot, interpolate, midpoint, scale, subtract, unit } from './vector.ts'

/** Sides of the picture, not of the person: garments are described by sides of their own picture too. */
export type Side = 'left' | 'right'
export const SIDES: readonly Side[] = ['left', 'right']

/** The direction of a side along the picture's x: -1 to the left. */
export const signOf = (side: Side): 1 | -1 => (side === 'left' ? -1 : 1)

/** A side as landmark names end in it. */
export const nameOf = (side: Side): 'Left' | 'Right' => (side === 'left' ? 'Left' : 'Right')

const both = <T>(make: (side: Side) => T): Record<Side, T> => ({ left: make('left'), right: make('right') })

/** A limb's joints in image px (shoulder, elbow, wrist or hip, knee, ankle), and how sure the pose is of the latter two, 0 to 1. */
export type Limb = { start: Point; middle: Point; end: Point; startVisible: number; endVisible: number }

/**
 * A coordinate system on the torso. `origin` lies midway between the shoulder joints, `down` points to the hips,
 * `right` to the picture's right; `a` is the distance along `right` and `d` along `down`, both in image px.
 */
export type BodyFrame = {
  origin: Point
  down: Point
  right: Point
  pixelsPerCm: number
  scaleSource: 'height' | 'proportions'
  heightCm: number
  torsoLength: number
  shoulder: Record<Side, Point>
  hip: Record<Side, Point>
  arm: Record<Side, Limb>
  leg: Record<Side, Limb>
  /** Torso edges in `a` at each `d` of `rows` (px): arms left out. */
  rows: number[]
  edge: Record<Side, number[]>
  /** The top of the shoulder, `d` at each `|a|` of `slopeAt`. */
  slopeAt: number[]
  slope: Record<Side, number[]>
  /** The level `d` at which the legs part, px. */
  crotch: number
}

/** The place in the picture (px) of frame coordinates. */
export const toImage = (frame: BodyFrame, a: number, d: number): Point =>
  add(frame.origin, add(scale(frame.right, a), scale(frame.down, d)))

/** The frame coordinates (px) of a place in the picture. */
export const toFrame = (frame: Pick<BodyFrame, 'origin' | 'right' | 'down'>, p: Point): { a: number; d: number } => {
  const v = subtract(p, frame.origin)
  return { a: dot(v, frame.right), d: dot(v, frame.down) }
}

/** The torso's edge on `side` at level `d`: its `a` in px, negative on the left. */
export const torsoEdge = (frame: BodyFrame, side: Side, d: number): number =>
  interpolate(frame.rows, frame.edge[side], d)

/** The middle between both edges of the torso at level `d`: its `a` in px. */
export const torsoMiddle = (frame: BodyFrame, d: number): number =>
  (torsoEdge(frame, 'left', d) + torsoEdge(frame, 'right', d)) / 2

/** The level `d` in px of the shoulder's top at `a` on `side`. */
export const shoulderTop = (frame: BodyFrame, side: Side, a: number): number =>
  interpolate(frame.slopeAt, frame.slope[side], Math.abs(a))

/** Share of the stature from the shoulder joints to the hip joints, as the pose network places them (see `measureScale`). */
const TORSO_SHARE = 0.273

type Scale = Pick<BodyFrame, 'pixelsPerCm' | 'scaleSource'>

/**
 * Pixels per centimetre. Where head and feet are both in the picture, the silhouette's height over the stature;
 * otherwise the torso's share of the stature, read in the picture's plane.
 */
function measureScale(pose: Pose, parts: PersonParts, heightCm: number, torsoLength: number): Scale {
  const { width, height, alpha } = parts
  const mark = (name: keyof typeof POSE) => pose.landmarks[POSE[name]]!
  let top = -1
  let bottom = -1
  for (let y = 0; y < height; y++) {
    let inside = 0
    for (let x = 0; x < width; x++) if (alpha.data[y * width + x]! > 127) inside++
    if (inside < 4) continue
    if (top < 0) top = y
    bottom = y
  }
  const feet = Math.max(mark('leftHeel').y, mark('rightHeel').y, mark('leftFootIndex').y, mark('rightFootIndex').y)
  const lean = Math.abs(mark('nose').x - (mark('leftAnkle').x + mark('rightAnkle').x) / 2)
  const whole =
    top > 1 &&
    bottom < height - 2 &&
    feet < height - 2 &&
    Math.min(mark('leftAnkle').visibility, mark('rightAnkle').visibility) > 0.5 &&
    lean < (bottom - top) * 0.2
  if (whole && Math.abs(bottom - feet) < (bottom - top) * 0.08)
    return { pixelsPerCm: (bottom - top + 1) / heightCm, scaleSource: 'height' }
  return { pixelsPerCm: torsoLength / (TORSO_SHARE * heightCm), scaleSource: 'proportions' }
}

/** Reads the body that the garment will hang on. `heightCm` is the person's stature. */
export function createBodyFrame(pose: Pose, parts: PersonParts, heightCm: number): BodyFrame {
  const mark = (name: keyof typeof POSE) => pose.landmarks[POSE[name]]!
  const mirrored = mark('leftShoulder').x < mark('rightShoulder').x
  const own = { left: mirrored ? 'left' : 'right', right: mirrored ? 'right' : 'left' } as const
  const joint = (side: Side, name: 'Shoulder' | 'Elbow' | 'Wrist' | 'Hip' | 'Knee' | 'Ankle') =>
    mark(`${own[side]}${name}`)
  const shoulder = both((side): Point => joint(side, 'Shoulder'))
  const hip = both((side): Point => joint(side, 'Hip'))
  const origin = midpoint(shoulder.left, shoulder.right)
  const hips = midpoint(hip.left, hip.right)
  const torsoLength = distance(origin, hips)
  const down = unit(subtract(hips, origin))
  const right = across(down)
  const limb = (side: Side, names: ['Shoulder' | 'Hip', 'Elbow' | 'Knee', 'Wrist' | 'Ankle']): Limb => {
    const [start, middle, end] = [joint(side, names[0]), joint(side, names[1]), joint(side, names[2])]
    return { start, middle, end, startVisible: middle.visibility, endVisible: end.visibility }
  }
  const frame: BodyFrame = {
    origin,
    down,
    right,
    ...measureScale(pose, parts, heightCm, torsoLength),
    heightCm,
    torsoLength,
    shoulder,
    hip,
    arm: both((side) => limb(side, ['Shoulder', 'Elbow', 'Wrist'])),
    leg: both((side) => limb(side, ['Hip', 'Knee', 'Ankle'])),
    rows: [],
    edge: { left: [], right: [] },
    slopeAt: [],
    slope: { left: [], right: [] },
    crotch: 0,
  }
  frame.crotch = findCrotch(frame, parts)
  readTorso(frame, parts)
  readShoulders(frame, parts)
  return frame
}

const labelAt = (parts: PersonParts, p: Point): number => {
  const x = Math.floor(p.x)
  const y = Math.floor(p.y)
  return x < 0 || y < 0 || x >= parts.width || y >= parts.height ? -1 : parts.labels[y * parts.width + x]!
}

/** Where the legs part: the first background on the midline below the hips, or 10 cm below the hip joints (0.058 of the stature). */
function findCrotch(frame: BodyFrame, parts: PersonParts): number {
  const expected = frame.torsoLength + 0.058 * frame.heightCm * frame.pixelsPerCm
  for (let d = frame.torsoLength + 4 * frame.pixelsPerCm; d < expected + 7 * frame.pixelsPerCm; d++) {
    for (const a of [0, -2, 2])
      if (labelAt(parts, toImage(frame, a, d)) === PART.background)
        return clamp(d, expected - 5 * frame.pixelsPerCm, expected + 2 * frame.pixelsPerCm)
  }
  return expected
}

/** Torso half widths to expect, in shares of the stature, from the shoulder joints (0) to the hips (1) and the crotch. */
const EXPECTED_AT = [0, 0.2, 0.35, 0.6, 0.85, 1, 1.2]
const EXPECTED_HALF = [0.1, 0.098, 0.09, 0.083, 0.095, 0.104, 0.11]

/** The first level below the shoulder joints where the trunk is seen without the arms' roots, in torso lengths. */
const CHEST_BELOW_ARMS = 0.36

/** Walks outwards from the midline while on the torso; arms that hang beside it are cut off by their bones. */
function readTorso(frame: BodyFrame, parts: PersonParts): void {
  const cm = frame.pixelsPerCm
  const raw: Record<Side, number[]> = { left: [], right: [] }
  const end = Math.min(frame.crotch, frame.torsoLength * 1.3)
  for (let d = -4 * cm; d <= end; d += cm / 2) {
    frame.rows.push(d)
    const expected = interpolate(EXPECTED_AT, EXPECTED_HALF, d / frame.torsoLength) * frame.heightCm * cm
    for (const side of SIDES) raw[side].push(marchTorso(frame, parts, side, d, expected))
  }
  const chest = frame.rows.findIndex((d) => d >= CHEST_BELOW_ARMS * frame.torsoLength)
  for (const side of SIDES) {
    const edge = smooth(median(raw[side], 4), 3)
    // Higher up the arm grows out of the trunk, and its root would be read as a broader chest.
    const most = 1.04 * Math.abs(edge[chest] ?? Infinity)
    frame.edge[side] = edge.map((a, i) => (i < chest ? signOf(side) * Math.min(Math.abs(a), most) : a))
  }
}

function marchTorso(frame: BodyFrame, parts: PersonParts, side: Side, d: number, expected: number): number {
  const sign = signOf(side)
  const arm = frame.arm[side]
  const core = expected * 0.8
  const armRadius = 0.027 * frame.heightCm * frame.pixelsPerCm
  for (let a = core; a < expected * 1.5; a++) {
    const p = toImage(frame, sign * a, d)
    const label = labelAt(parts, p)
    const gone = label === PART.background || label === PART.leftHand || label === PART.rightHand
    const bare = label === PART.leftArm || label === PART.rightArm
    if (gone || (bare && d > 0.15 * frame.torsoLength)) return sign * Math.max(core, a)
    if (label === -1) return sign * expected
    if (label === PART.upper && d > 0.25 * frame.torsoLength && onArm(p, arm, armRadius))
      return sign * Math.min(a, expected * 1.12)
  }
  return sign * expected * 1.5
}

const onArm = (p: Point, arm: Limb, radius: number): boolean => {
  for (const [from, to] of [
    [arm.start, arm.middle],
    [arm.middle, arm.end],
  ] as const) {
    const ab = subtract(to, from)
    const t = clamp(dot(subtract(p, from), ab) / Math.max(1e-9, dot(ab, ab)), 0, 1)
    if (t > 0.15 && distance(p, add(from, scale(ab, t))) < radius) return true
  }
  return false
}

/** Top of the shoulder from the neck outwards: the silhouette where it can be seen, held near what joints lead to expect. */
function readShoulders(frame: BodyFrame, parts: PersonParts): void {
  const cm = frame.pixelsPerCm
  const half = distance(frame.shoulder.left, frame.shoulder.right) / 2
  for (const side of SIDES) {
    const sign = signOf(side)
    const joint = toFrame(frame, frame.shoulder[side])
    const ats: number[] = []
    const tops: number[] = []
    for (let a = 4 * cm; a <= half + 4 * cm; a += cm / 2) {
      const expected = joint.d + interpolate([0.2 * half, half, half + 4 * cm], [-8.5 * cm, -4 * cm, 0], a)
      let seen = expected
      for (let d = expected - 4 * cm; d < expected + 4 * cm; d++) {
        const label = labelAt(parts, toImage(frame, sign * a, d))
        if (label === PART.hair || label === PART.face || label === PART.background || label === -1) continue
        seen = d
        break
      }
      ats.push(a)
      const trust = (a > half ? 4 : 2.5) * cm
      tops.push(clamp(seen, expected - trust, expected + trust))
    }
    frame.slopeAt = ats
    frame.slope[side] = smooth(median(tops, 3), 2)
  }
}

/** Running median over `2 r + 1` values, the ends repeated. */
export function median(values: number[], r: number): number[] {
  return values.map((_, i) => {
    const window: number[] = []
    for (let k = -r; k <= r; k++) window.push(values[clamp(i + k, 0, values.length - 1)]!)
    window.sort((a, b) => a - b)
    return window[r]!
  })
}

/** Running mean over `2 r + 1` values, the ends repeated. */
export function smooth(values: number[], r: number): number[] {
  return values.map((_, i) => {
    let sum = 0
    for (let k = -r; k <= r; k++) sum += values[clamp(i + k, 0, values.length - 1)]!
    return sum / (2 * r + 1)
  })
}
