import type { Point } from './image.ts'
import { POSE, type Pose, type PoseLandmark } from './pose.ts'

export type PoseRefusal = 'no_person' | 'several_people' | 'person_cropped' | 'person_from_behind' | 'pose_unsupported'
export type PoseVerdict = { ok: true; person: Pose } | { ok: false; reason: PoseRefusal; detail: string }

/** Score from which a pose is a person beyond doubt. */
export const SURE = 0.87

/** A second person smaller than this part of the main one is a bystander. */
const BYSTANDER = 0.5
/** Below this the shoulders are not seen: a shadow, a poster's edge, an arm of someone outside the picture. */
const SEEN = 0.5
/** Shoulders closer than this many pixels leave nothing to dress. */
const MIN_SHOULDERS = 24
/** How far a shoulder may lie outside the picture, in parts of the torso's length. */
const OUTSIDE = 0.04
/** Mean visibility under which hips are a guess of the network, hidden or beyond the edge. */
const HIPS_SEEN = 0.3
/** Shoulder line turned away from the camera by more than this is a side view (radians). */
const MAX_TURN = (65 * Math.PI) / 180
/** The torso may lean this far from upright (radians). */
const MAX_LEAN = (50 * Math.PI) / 180

const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })
const between = (a: Point, b: Point) => Math.hypot(a.x - b.x, a.y - b.y)

function torsoOf({ landmarks }: Pose) {
  const at = (name: keyof typeof POSE): PoseLandmark => landmarks[POSE[name]]!
  const shoulders = { left: at('leftShoulder'), right: at('rightShoulder') }
  const hips = { left: at('leftHip'), right: at('rightHip') }
  const top = middle(shoulders.left, shoulders.right)
  const bottom = middle(hips.left, hips.right)
  return { at, shoulders, hips, top, bottom, length: between(top, bottom) }
}

/** How big a person is in the picture, in pixels, seen from the front or the side: shoulders are about 0.7 of a torso. */
function scaleOf(pose: Pose): number {
  const { shoulders, length } = torsoOf(pose)
  return Math.max(length, between(shoulders.left, shoulders.right) / 0.7)
}

const seen = (pose: Pose) => {
  const { shoulders } = torsoOf(pose)
  return (shoulders.left.visibility + shoulders.right.visibility) / 2 >= SEEN
}

/**
 * Whether the back is towards the camera. Seen from the front, a person's left side is on the picture's right and the nose is
 * nearer than the ears; from behind it is the other way round. The network is less sure of backs and draws the sides
 * together, so small gaps count, but two of four signs must agree and one of them be the body's.
 */
function facesAway(pose: Pose): boolean {
  const { at, shoulders, hips, length } = torsoOf(pose)
  const swapped = ({ left, right }: { left: Point; right: Point }, least: number) => right.x - left.x > least * length
  const ears = { left: at('leftEar'), right: at('rightEar') }
  const body = [swapped(shoulders, 0.05), swapped(hips, 0.03)].filter(Boolean).length
  const noseBehind = at('nose').world.z > (ears.left.world.z + ears.right.world.z) / 2
  const head = [swapped(ears, 0.02), noseBehind].filter(Boolean).length
  return body > 0 && body + head >= 2
}

/** Angle between the shoulder line and the picture plane, from the world landmarks; 0 facing the camera, pi/2 in profile. */
function turnOf(pose: Pose): number {
  const { left, right } = torsoOf(pose).shoulders
  return Math.atan2(Math.abs(left.world.z - right.world.z), Math.abs(left.world.x - right.world.x))
}

/** Whether the person mask covers most of the line between two landmarks, as far as it lies in the picture. */
function covered({ mask }: Pose, a: Point, b: Point): boolean {
  let [inside, total] = [0, 0]
  for (let t = 0.1; t < 1; t += 0.1) {
    const [x, y] = [Math.floor(a.x + (b.x - a.x) * t), Math.floor(a.y + (b.y - a.y) * t)]
    if (x < 0 || y < 0 || x >= mask.width || y >= mask.height) continue
    total += 1
    if (mask.data[y * mask.width + x]! > 127) inside += 1
  }
  return inside >= total / 2
}

function croppedPart(pose: Pose, width: number, height: number): string | undefined {
  const { shoulders, hips, bottom, length } = torsoOf(pose)
  const slack = OUTSIDE * length
  const outside = ({ x, y }: Point) => x < -slack || y < -slack || x > width + slack || y > height + slack
  if (outside(shoulders.left) || outside(shoulders.right)) return 'A shoulder is outside the picture'
  if (outside({ x: bottom.x, y: bottom.y + slack })) return 'The hips are outside the picture'
  const hidden = (hips.left.visibility + hips.right.visibility) / 2 < HIPS_SEEN
  if (hidden || !covered(pose, hips.left, hips.right)) return 'The hips cannot be seen'
  return undefined
}

/**
 * Whether the picture (`width` x `height` px) shows one person who can be dressed, and who it is. `poses` come largest first or in any
 * order. The detail is for people who debug; shoppers get the text that belongs to the reason.
 */
export function judgePose(poses: readonly Pose[], width: number, height: number): PoseVerdict {
  const people = poses.filter(seen).toSorted((a, b) => scaleOf(b) - scaleOf(a))
  const person = people.find(({ score }) => score >= SURE)
  if (!person) return { ok: false, reason: 'no_person', detail: 'No person was found' }
  const others = people.filter((other) => scaleOf(other) >= BYSTANDER * scaleOf(person)).length - 1
  if (others > 0) return { ok: false, reason: 'several_people', detail: `${others + 1} people of similar size` }
  if (facesAway(person))
    return { ok: false, reason: 'person_from_behind', detail: 'The left shoulder is on the left of the picture' }
  const cropped = croppedPart(person, width, height)
  if (cropped) return { ok: false, reason: 'person_cropped', detail: cropped }
  const { top, bottom } = torsoOf(person)
  if (scaleOf(person) * 0.7 < MIN_SHOULDERS)
    return { ok: false, reason: 'no_person', detail: 'The person is too small in the picture' }
  if (turnOf(person) > MAX_TURN)
    return { ok: false, reason: 'pose_unsupported', detail: 'The body is seen from the side' }
  if (Math.abs(Math.atan2(bottom.x - top.x, bottom.y - top.y)) > MAX_LEAN)
    return { ok: false, reason: 'pose_unsupported', detail: 'The torso is not upright' }
  return { ok: true, person }
}

/** A thigh may swing this far from the torso's line before cloth made to hang would be drawn where it cannot be (radians). */
const MAX_STRIDE = (42 * Math.PI) / 180

/**
 * Whether trousers, a skirt or a dress can be hung on these legs: not on a lunge or a high kick. Knees that are not seen
 * are taken to hang straight.
 */
export function legsHang(person: Pose): boolean {
  const { at, top, bottom } = torsoOf(person)
  const upright = Math.atan2(bottom.x - top.x, bottom.y - top.y)
  return (['left', 'right'] as const).every((side) => {
    const [hip, knee] = [at(`${side}Hip`), at(`${side}Knee`)]
    if (knee.visibility < SEEN) return true
    const swing = Math.atan2(knee.x - hip.x, knee.y - hip.y) - upright
    return Math.abs(Math.atan2(Math.sin(swing), Math.cos(swing))) <= MAX_STRIDE
  })
}
