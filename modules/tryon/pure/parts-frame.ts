import type { Mask, Point, Raster } from './image.ts'
import { POSE, type Pose } from './pose.ts'
import { resizeMask, resizeRaster } from './resize.ts'
import { clamp, distance, dot, length, midpoint, subtract, unit } from './vector.ts'

/** A limb of bare or covered skin: from shoulder to wrist or from hip to ankle, `radius` at both ends of each bone. */
export type Bone = { from: Point; to: Point; fromRadius: number; toRadius: number }

/**
 * Head axes: `up` points to the vertex, `right` to the picture's right; `unit` is the distance from eyes to mouth.
 * `back` is how far and to which side the back of the head shows: 0 from the front, 1 or -1 in profile.
 */
export type HeadFrame = {
  eyes: Point
  up: Point
  right: Point
  unit: number
  halfWidth: number
  centre: Point
  back: number
}

/** The person at work size: the crop of the picture that holds them, shrunk, and where their bones are in it. */
export type PersonFrame = {
  /** Pixels of the picture per work pixel, and the picture's pixel at the crop's corner. */
  scale: number
  left: number
  top: number
  cropWidth: number
  cropHeight: number
  width: number
  height: number
  picture: Raster
  mask: Mask
  points: Point[]
  visibility: number[]
  head: HeadFrame
  /** Shoulder width as it would be seen from the front; the ruler of every radius. */
  ruler: number
  shoulders: Point
  hips: Point
  down: Point
  across: Point
  torsoLength: number
}

/** The eyes-to-mouth length is 0.30 of the head's height in the mean face (Farkas, "Anthropometry of the head and face"). */
const findHead = (at: (index: number) => Point): HeadFrame => {
  const eyes = midpoint(at(POSE.leftEye), at(POSE.rightEye))
  const mouth = midpoint(at(POSE.mouthLeft), at(POSE.mouthRight))
  const rise = subtract(eyes, mouth)
  const up = unit(rise)
  const right = { x: -up.y, y: up.x }
  const ears = distance(at(POSE.leftEar), at(POSE.rightEar))
  const size = Math.max(length(rise), ears * 0.36, 1)
  const earMiddle = midpoint(at(POSE.leftEar), at(POSE.rightEar))
  const faceMiddle = midpoint(eyes, mouth)
  const side = 0.6 * dot(subtract(earMiddle, faceMiddle), right)
  const halfWidth = clamp(ears * 0.52, size * 0.8, size * 1.2)
  const centre = { x: eyes.x - up.x * size * 0.3 + right.x * side, y: eyes.y - up.y * size * 0.3 + right.y * side }
  const back = clamp(dot(subtract(earMiddle, at(POSE.nose)), right) / (size * 1.9), -1, 1)
  return { eyes, up, right, unit: size, halfWidth, centre, back }
}

/** Points of the face's outline, hairline to chin and ear to ear, in pixels of the picture: it must never be covered. */
export const faceOval = (pose: Pose): Point[] => {
  const head = findHead((index) => pose.landmarks[index]!)
  const half = head.unit * 1.36
  return Array.from({ length: 36 }, (_, step) => {
    const angle = (step * Math.PI) / 18
    const x = Math.sin(angle) * head.halfWidth
    const y = Math.cos(angle) * half
    return {
      x: head.centre.x + head.right.x * x + head.up.x * y,
      y: head.centre.y + head.right.y * x + head.up.y * y,
    }
  })
}

/** Where a point of the picture lies in the head: across in half face widths, up in eye-to-mouth units above the eyes. */
export const inHead = (head: HeadFrame, x: number, y: number): { across: number; rise: number } => {
  const dx = x - head.centre.x
  const dy = y - head.centre.y
  return {
    across: (dx * head.right.x + dy * head.right.y) / head.halfWidth,
    rise: (dx * head.up.x + dy * head.up.y) / head.unit - 0.3,
  }
}

const cropRaster = (picture: Raster, left: number, top: number, width: number, height: number): Raster => {
  if (left === 0 && top === 0 && width === picture.width && height === picture.height) return picture
  const data = new Uint8ClampedArray(width * height * 4)
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * 4
    data.set(picture.data.subarray(from, from + width * 4), y * width * 4)
  }
  return { width, height, data }
}

const cropMask = (mask: Mask, left: number, top: number, width: number, height: number): Mask => {
  const data = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    const from = (top + y) * mask.width + left
    data.set(mask.data.subarray(from, from + width), y * width)
  }
  return { width, height, data }
}

/** The box around mask and landmarks, with room for a hat and for the ground beside the person. */
const findBox = (pose: Pose, picture: Raster) => {
  const { mask } = pose
  let left = picture.width
  let right = 0
  let top = picture.height
  let bottom = 0
  for (let y = 0, i = 0; y < mask.height; y++) {
    for (let x = 0; x < mask.width; x++, i++) {
      if (mask.data[i]! < 100) continue
      if (x < left) left = x
      if (x > right) right = x
      if (y < top) top = y
      bottom = y
    }
  }
  const margin = 0.08 * Math.max(right - left, bottom - top, 40)
  const head = findHead((index) => pose.landmarks[index]!)
  top = Math.min(top, head.eyes.y - head.unit * 3.2)
  left = Math.floor(clamp(left - margin, 0, picture.width - 16))
  top = Math.floor(clamp(top - margin, 0, picture.height - 16))
  return {
    left,
    top,
    width: Math.ceil(clamp(right + margin, left + 16, picture.width)) - left,
    height: Math.ceil(clamp(bottom + margin, top + 16, picture.height)) - top,
  }
}

export const createPersonFrame = (picture: Raster, pose: Pose, longest: number): PersonFrame => {
  const box = findBox(pose, picture)
  const factor = Math.max(1, Math.max(box.width, box.height) / longest)
  const width = Math.round(box.width / factor)
  const height = Math.round(box.height / factor)
  const points = pose.landmarks.map((p) => ({
    x: ((p.x - box.left) * width) / box.width,
    y: ((p.y - box.top) * height) / box.height,
  }))
  const head = findHead((index) => points[index]!)
  const shoulders = midpoint(points[POSE.leftShoulder]!, points[POSE.rightShoulder]!)
  const hips = midpoint(points[POSE.leftHip]!, points[POSE.rightHip]!)
  const torsoLength = Math.max(distance(shoulders, hips), head.unit * 2)
  const down = unit(subtract(hips, shoulders))
  const ruler = Math.max(
    distance(points[POSE.leftShoulder]!, points[POSE.rightShoulder]!),
    torsoLength * 0.62,
    head.unit * 4,
  )
  return {
    scale: box.width / width,
    left: box.left,
    top: box.top,
    cropWidth: box.width,
    cropHeight: box.height,
    width,
    height,
    picture: resizeRaster(cropRaster(picture, box.left, box.top, box.width, box.height), width, height),
    mask: resizeMask(cropMask(pose.mask, box.left, box.top, box.width, box.height), width, height),
    points,
    visibility: pose.landmarks.map((p) => p.visibility),
    head,
    ruler,
    shoulders,
    hips,
    down,
    across: { x: -down.y, y: down.x },
    torsoLength,
  }
}

/** The hand as one bone from the wrist to a little beyond the knuckles' ends. */
export const handBone = (frame: PersonFrame, side: 'left' | 'right'): Bone => {
  const { points, ruler } = frame
  const wrist = points[side === 'left' ? POSE.leftWrist : POSE.rightWrist]!
  const tips = midpoint(
    points[side === 'left' ? POSE.leftIndex : POSE.rightIndex]!,
    points[side === 'left' ? POSE.leftPinky : POSE.rightPinky]!,
  )
  const reach = subtract(tips, wrist)
  const stretch = Math.max(1.7, (0.3 * ruler) / Math.max(1, length(reach)))
  const to = { x: wrist.x + reach.x * Math.min(stretch, 2.4), y: wrist.y + reach.y * Math.min(stretch, 2.4) }
  return { from: wrist, to, fromRadius: ruler * 0.1, toRadius: ruler * 0.16 }
}

/** 0 where the pose guesses the hand, 1 where it sees it. */
export const handVisibility = (frame: PersonFrame, side: 'left' | 'right'): number => {
  const { visibility } = frame
  const [wrist, index] = side === 'left' ? [POSE.leftWrist, POSE.leftIndex] : [POSE.rightWrist, POSE.rightIndex]
  return clamp((0.5 * (visibility[wrist]! + visibility[index]!) - 0.15) * 3, 0, 1)
}

export const armBones = (frame: PersonFrame, side: 'left' | 'right'): Bone[] => {
  const { points, ruler } = frame
  const [shoulder, elbow, wrist] =
    side === 'left'
      ? [points[POSE.leftShoulder]!, points[POSE.leftElbow]!, points[POSE.leftWrist]!]
      : [points[POSE.rightShoulder]!, points[POSE.rightElbow]!, points[POSE.rightWrist]!]
  return [
    { from: shoulder, to: elbow, fromRadius: ruler * 0.16, toRadius: ruler * 0.13 },
    { from: elbow, to: wrist, fromRadius: ruler * 0.13, toRadius: ruler * 0.09 },
  ]
}

export const legBones = (frame: PersonFrame, side: 'left' | 'right'): Bone[] => {
  const { points, ruler } = frame
  const [hip, knee, ankle] =
    side === 'left'
      ? [points[POSE.leftHip]!, points[POSE.leftKnee]!, points[POSE.leftAnkle]!]
      : [points[POSE.rightHip]!, points[POSE.rightKnee]!, points[POSE.rightAnkle]!]
  return [
    { from: hip, to: knee, fromRadius: ruler * 0.28, toRadius: ruler * 0.18 },
    { from: knee, to: ankle, fromRadius: ruler * 0.18, toRadius: ruler * 0.11 },
  ]
}

/** The foot as one bone from the heel (or ankle) to the toes. */
export const footBone = (frame: PersonFrame, side: 'left' | 'right'): Bone => {
  const { points, ruler } = frame
  const [ankle, heel, toe] =
    side === 'left'
      ? [points[POSE.leftAnkle]!, points[POSE.leftHeel]!, points[POSE.leftFootIndex]!]
      : [points[POSE.rightAnkle]!, points[POSE.rightHeel]!, points[POSE.rightFootIndex]!]
  const from = midpoint(midpoint(ankle, heel), heel)
  return { from, to: toe, fromRadius: ruler * 0.15, toRadius: ruler * 0.13 }
}

/** Distance from the bone in its own radii (1 on its skin), and where along it (0 to 1). */
export const toBone = (bone: Bone, x: number, y: number): { reach: number; along: number } => {
  const along = alongBone(bone, x, y)
  const t = clamp(along, 0, 1)
  const dx = x - bone.from.x - (bone.to.x - bone.from.x) * t
  const dy = y - bone.from.y - (bone.to.y - bone.from.y) * t
  return { reach: Math.sqrt(dx * dx + dy * dy) / (bone.fromRadius + (bone.toRadius - bone.fromRadius) * t), along }
}

/** Where the foot of the perpendicular falls: 0 at `from`, 1 at `to`, beyond them outside. */
export const alongBone = (bone: Bone, x: number, y: number): number => {
  const bx = bone.to.x - bone.from.x
  const by = bone.to.y - bone.from.y
  return ((x - bone.from.x) * bx + (y - bone.from.y) * by) / Math.max(1e-6, bx * bx + by * by)
}

/** How far down the torso: 0 at the shoulders, 1 at the hip joints; and across it in half rulers. */
export const inTorso = (frame: PersonFrame, x: number, y: number): { depth: number; across: number } => {
  const dx = x - frame.shoulders.x
  const dy = y - frame.shoulders.y
  return {
    depth: (dx * frame.down.x + dy * frame.down.y) / frame.torsoLength,
    across: (2 * (dx * frame.across.x + dy * frame.across.y)) / frame.ruler,
  }
}
