import { type BodyFrame, type Side, SIDES } from './body-frame.ts'
import { PART, type PersonParts } from './parts.ts'
import { POSE, type Pose } from './pose.ts'
import { blurChannel } from './compose.ts'
import type { Point } from './image.ts'
import { distanceToSegment, dot, lerp, smoothstep, subtract } from './vector.ts'

/** Whether `p` lies within `share` of the stature of the arm's bones. */
const onArm = (frame: BodyFrame, side: Side, p: Point, share: number): boolean => {
  const { start, middle, end } = frame.arm[side]
  const radius = share * frame.heightCm * frame.pixelsPerCm
  const hand = lerp(middle, end, 1.25)
  return Math.min(distanceToSegment(p, start, middle), distanceToSegment(p, middle, hand)) < radius
}

/** How far along the arm a place is: 0 at the shoulder, 1 at the elbow, 2 at the wrist; it goes on beyond. */
export function alongArm(frame: BodyFrame, side: Side, p: Point): number {
  const { start, middle, end } = frame.arm[side]
  const onUpper = distanceToSegment(p, start, middle) < distanceToSegment(p, middle, end)
  const [from, to] = onUpper ? [start, middle] : [middle, end]
  const bone = subtract(to, from)
  return (onUpper ? 0 : 1) + dot(subtract(p, from), bone) / Math.max(1, dot(bone, bone))
}

/**
 * What of torso and leg cloth may show beside and under bare arms (1 all, 0 nothing): an arm hangs in front of the
 * cloth from the armpit down, and from where its sleeve ends (`sleeveEnd`, as `alongArm` counts). Above the armpit the
 * armhole lies on the arm, so nothing is taken away there.
 */
export function armsInFront(frame: BodyFrame, parts: PersonParts, sleeveEnd: Record<Side, number>): Float32Array {
  const { width, height } = parts
  const visible = new Float32Array(width * height).fill(1)
  const from = 0.16 * frame.torsoLength
  const to = 0.3 * frame.torsoLength
  const arms = spread(
    parts,
    (p, label) => isArm(label) && SIDES.some((side) => onArm(frame, side, p, 0.016)),
    (a, b) => isArm(a) && isArm(b),
  )
  // Belly skin beside an arm may be taken for it: what is much thinner than an arm is none.
  const bulk = blurChannel(
    Float32Array.from(arms),
    width,
    height,
    Math.round(0.0115 * frame.heightCm * frame.pixelsPerCm),
  )
  for (let i = 0; i < arms.length; i++) {
    if (arms[i] === 0 || bulk[i]! < 0.5) continue
    const p = { x: (i % width) + 0.5, y: Math.floor(i / width) + 0.5 }
    const near = SIDES.find((side) => onArm(frame, side, p, 0.042))
    if (!near) continue
    const along = alongArm(frame, near, p)
    if (along < sleeveEnd[near]) continue
    const d = dot(subtract(p, frame.origin), frame.down)
    // A lifted arm crosses the armpit's level only at its root; further out along the bone it is always in front.
    visible[i] = 1 - Math.max(smoothstep(from, to, d), smoothstep(0.45, 0.6, along))
  }
  // Labels are whole pixels, an arm's outline is not; and its outermost pixel has the old ground mixed in: cloth covers that.
  const soft = blurChannel(visible, width, height, 1)
  for (let i = 0; i < soft.length; i++) soft[i] = Math.min(1, soft[i]! * 1.8)
  return soft
}

const isArm = (label: number): boolean => label === PART.leftArm || label === PART.rightArm

/** 1 on every pixel that hangs together with one where `isSeed`, by way of neighbours that are `kin`: specks apart are left out. */
function spread(
  { width, height, labels }: PersonParts,
  isSeed: (p: Point, label: number) => boolean,
  kin: (a: number, b: number) => boolean,
): Uint8Array {
  const found = new Uint8Array(labels.length)
  const stack: number[] = []
  const add = (i: number) => {
    found[i] = 1
    stack.push(i)
  }
  for (let y = 0, i = 0; y < height; y++)
    for (let x = 0; x < width; x++, i++)
      if (labels[i] !== PART.background && isSeed({ x: x + 0.5, y: y + 0.5 }, labels[i]!)) add(i)
  while (stack.length > 0) {
    const i = stack.pop()!
    for (const j of [i % width > 0 ? i - 1 : i, i % width < width - 1 ? i + 1 : i, i - width, i + width])
      if (j >= 0 && j < labels.length && found[j] === 0 && kin(labels[i]!, labels[j]!)) add(j)
  }
  return found
}

const HEAD: ReadonlySet<number> = new Set([PART.hair, PART.face])
const HANDS: ReadonlySet<number> = new Set([PART.leftHand, PART.rightHand])

/**
 * What may show of all cloth (1) and what the person has in front of it (0): hair and face as far as they hang together
 * with the head, hands as far as they hang together with the wrists. A speck elsewhere is a print, not a hand. One pixel of
 * softness lies outside.
 */
export function inFrontOfCloth(frame: BodyFrame, pose: Pose, parts: PersonParts): Float32Array {
  const { width, height } = parts
  const chin = -0.12 * frame.torsoLength
  const reach = (0.06 * frame.heightCm * frame.pixelsPerCm) ** 2
  const palms = [POSE.leftWrist, POSE.leftIndex, POSE.rightWrist, POSE.rightIndex].map((name) => pose.landmarks[name]!)
  const front = spread(
    parts,
    (p, label) =>
      (HEAD.has(label) && dot(subtract(p, frame.origin), frame.down) < chin) ||
      (HANDS.has(label) && palms.some((q) => (p.x - q.x) ** 2 + (p.y - q.y) ** 2 < reach)),
    (a, b) => (HEAD.has(a) && HEAD.has(b)) || (HANDS.has(a) && HANDS.has(b)),
  )
  return softenOutside(front, width, height)
}

function softenOutside(front: Uint8Array, width: number, height: number): Float32Array {
  const visible = new Float32Array(front.length).fill(1)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      if (front[i] === 1) {
        visible[i] = 0
        continue
      }
      let near = 0
      if (x > 0) near += front[i - 1]!
      if (x < width - 1) near += front[i + 1]!
      if (y > 0) near += front[i - width]!
      if (y < height - 1) near += front[i + width]!
      if (near > 0) visible[i] = [1, 0.6, 0.4, 0.25, 0.2][near]!
    }
  }
  return visible
}
