import { type BodyFrame, type Limb, median, type Side, signOf, smooth } from './body-frame.ts'
import type { Point } from './image.ts'
import { PART, type PersonParts } from './parts.ts'
import {
  add,
  createPath,
  distance,
  dot,
  interpolate,
  lerp,
  mix,
  type Path,
  scale,
  smoothstep,
  subtract,
  unit,
  walk,
} from './vector.ts'

/**
 * A limb as a bent tube: `bone` from joint to joint (corner rounded), and how far it reaches at each step of `at` (px along the
 * bone) to its outer side (away from the midline) and to its inner side.
 */
export type LimbShape = { bone: Path; at: number[]; outer: number[]; inner: number[]; turn: 1 | -1 }

const STEPS = 48

/**
 * Half width of arm and leg along the bone, in shares of the stature. Set by eye on photos; mean girths over two pi in ANSUR II
 * are near them: upper arm 0.030 to 0.032, forearm 0.026 to 0.028, wrist 0.015 to 0.016, thigh 0.057 to 0.060, calf 0.036, ankle 0.021.
 */
const ARM_AT = [0, 0.2, 0.45, 0.7, 1, 1.3]
const ARM_HALF = [0.034, 0.03, 0.025, 0.024, 0.0165, 0.02]
const LEG_AT = [0, 0.12, 0.3, 0.5, 0.68, 1, 1.1]
const LEG_HALF = [0.054, 0.052, 0.043, 0.034, 0.034, 0.021, 0.022]

/** Towards the joint at its root a limb has no inner side of its own: it grows out of the trunk. */
const inwards = (how: Readable, along: number): number => (how.rooted ? mix(0.35, 1, smoothstep(0, 0.3, along)) : 1)

/** Rounds the joint, so that cloth bends over it instead of breaking. */
function bendBone(limb: Limb, tail: number): Path {
  const direction = unit(subtract(limb.end, limb.middle))
  const corners = [limb.start, limb.middle, limb.end, add(limb.end, scale(direction, tail))]
  const raw = createPath(corners)
  const window = 0.07 * raw.total
  const points: Point[] = []
  for (let i = 0; i <= STEPS; i++) {
    const s = (i / STEPS) * raw.total
    const reach = Math.min(window, s, raw.total - s)
    points.push(lerp(walk(raw, s - reach).point, walk(raw, s + reach).point, 0.5))
  }
  return createPath(points)
}

/** The unit vector that points away from the midline at a place of the bone. */
export const outwardsOf = (tangent: Point, turn: 1 | -1): Point => ({ x: -tangent.y * turn, y: tangent.x * turn })

type Readable = {
  /** The labels of `PART` that are the limb: its skin and what may be worn on it. */
  own: readonly number[]
  expectedAt: readonly number[]
  expectedHalf: readonly number[]
  /** How far past the expected half width to look for an edge, as a factor. */
  most: number
  /** Whether it grows out of the trunk and has no inner side there. */
  rooted: boolean
}

/** The arm at `side` of the picture, bare or in the sleeve that is worn. */
export function readArm(frame: BodyFrame, parts: PersonParts, side: Side): LimbShape {
  const bare = [PART.leftArm, PART.rightArm, PART.leftHand, PART.rightHand]
  return readLimb(frame, parts, frame.arm[side], side, {
    own: [...bare, PART.upper],
    expectedAt: ARM_AT,
    expectedHalf: ARM_HALF,
    most: 1.3,
    rooted: true,
  })
}

/** The leg at `side` of the picture, bare or in what is worn on it. */
export function readLeg(frame: BodyFrame, parts: PersonParts, side: Side): LimbShape {
  return readLimb(frame, parts, frame.leg[side], side, {
    own: [PART.leftLeg, PART.rightLeg, PART.lower, PART.feet],
    expectedAt: LEG_AT,
    expectedHalf: LEG_HALF,
    most: 1.45,
    rooted: false,
  })
}

/** Takes out what a stray label makes of an edge. */
const tidy = (values: number[]): number[] => smooth(median(values, 3), 2)

function readLimb(frame: BodyFrame, parts: PersonParts, limb: Limb, side: Side, how: Readable): LimbShape {
  const unitPx = frame.heightCm * frame.pixelsPerCm
  const length = distance(limb.start, limb.middle) + distance(limb.middle, limb.end)
  const bone = bendBone(limb, 0.15 * length)
  const first = unit(subtract(limb.middle, limb.start))
  const away = scale(frame.right, signOf(side))
  const lifted = add(away, scale(frame.down, -0.6))
  const turn = dot(outwardsOf(first, 1), lifted) >= 0 ? 1 : -1
  const at: number[] = []
  const outer: number[] = []
  const inner: number[] = []
  const owns = new Set<number>(how.own)
  for (let i = 0; i <= STEPS; i++) {
    const s = (i / STEPS) * bone.total
    const expected = interpolate(how.expectedAt, how.expectedHalf, s / length) * unitPx
    const { point, tangent } = walk(bone, s)
    const out = outwardsOf(tangent, turn)
    at.push(s)
    outer.push(march(parts, point, out, owns, expected, how.most))
    inner.push(march(parts, point, scale(out, -1), owns, expected * inwards(how, s / length), how.most))
  }
  return { bone, at, outer: tidy(outer), inner: tidy(inner), turn }
}

/**
 * Steps out from the bone while on the limb. Where the picture ends, or no edge is met (a sleeve against the side of the
 * same cloth), the limb is taken to be as thick as expected.
 */
function march(
  parts: PersonParts,
  from: Point,
  direction: Point,
  owns: ReadonlySet<number>,
  expected: number,
  most: number,
): number {
  for (let k = 0; k <= expected * most; k++) {
    const p = add(from, scale(direction, k))
    const x = Math.floor(p.x)
    const y = Math.floor(p.y)
    if (x < 0 || y < 0 || x >= parts.width || y >= parts.height) return expected
    if (!owns.has(parts.labels[y * parts.width + x]!)) return Math.max(k, expected * 0.65)
  }
  return expected
}

/** How far the limb reaches to its outer or inner side at `s` px along the bone, px. */
export const limbReach = (shape: LimbShape, which: 'outer' | 'inner', s: number): number =>
  interpolate(shape.at, shape[which], s)
