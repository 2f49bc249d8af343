import type { Point } from './image.ts'
import { blurField, smoothstep, type Box } from './inpaint-field.ts'
import type { PersonParts } from './parts.ts'
import { POSE, type Pose } from './pose.ts'
import { drawLimb, findLimbShape, LIMBS, type BodyLayer, type Limb, type LimbShape } from './undress-limb.ts'
import { drawTorso, findTorsoShape, type TorsoShape } from './undress-torso.ts'

export type BodyPart = 'torso' | Limb

/** Everything known of the body under the clothes; layers in the order in which they lie on each other, farthest first. */
export type BareBody = {
  width: number
  height: number
  scale: number
  torso: TorsoShape | undefined
  limbs: LimbShape[]
  layers: { part: BodyPart; layer: BodyLayer }[]
}

/** An arm lies behind the trunk when its elbow and wrist are clearly farther from the camera than the hips. */
const liesBehind = (pose: Pose, limb: Limb): boolean => {
  if (limb === 'leftLeg' || limb === 'rightLeg') return false
  const wrist = pose.landmarks[limb === 'leftArm' ? POSE.leftWrist : POSE.rightWrist]!
  const elbow = pose.landmarks[limb === 'leftArm' ? POSE.leftElbow : POSE.rightElbow]!
  return wrist.world.z > 0.15 && elbow.world.z > 0.1
}

/** A leg whose knee the pose does not know (the picture ends above it) goes the way of the other one, mirrored at the middle of the hips. */
const mirrorLeg = (pose: Pose, limb: Limb): Pose => {
  if (limb !== 'leftLeg' && limb !== 'rightLeg') return pose
  const [own, other] = limb === 'leftLeg' ? [LEFT_LEG, RIGHT_LEG] : [RIGHT_LEG, LEFT_LEG]
  const landmarks = [...pose.landmarks]
  const [hip, across] = [landmarks[own[0]]!, landmarks[other[0]]!]
  for (const k of [1, 2] as const) {
    const seen = landmarks[other[k]]!
    landmarks[own[k]] = { ...seen, x: hip.x - (seen.x - across.x), y: hip.y + (seen.y - across.y) }
  }
  return { ...pose, landmarks }
}

const LEFT_LEG = [POSE.leftHip, POSE.leftKnee, POSE.leftAnkle] as const
const RIGHT_LEG = [POSE.rightHip, POSE.rightKnee, POSE.rightAnkle] as const

export const findBareBody = (pose: Pose, parts: PersonParts): BareBody => {
  const { width, height } = parts
  const torso = findTorsoShape(pose, parts)
  const limbs: LimbShape[] = []
  const layers: BareBody['layers'] = []
  for (const limb of LIMBS) {
    const shape = findLimbShape(pose, parts, limb) ?? findLimbShape(mirrorLeg(pose, limb), parts, limb)
    if (shape) limbs.push(shape)
  }
  meetInTheMiddle(limbs)
  const drawn = limbs.map((shape) => ({ part: shape.limb as BodyPart, layer: drawLimb(shape, width, height) }))
  layers.push(...drawn.filter((entry) => liesBehind(pose, entry.part as Limb)))
  if (torso) layers.push({ part: 'torso', layer: drawTorso(torso, width, height) })
  const inFront = drawn.filter((entry) => !liesBehind(pose, entry.part as Limb)).toReversed()
  layers.push(...inFront)
  return { width, height, scale: torso?.scale ?? limbs[0]?.plus[0] ?? 0, torso, limbs, layers }
}

/** Two legs side by side share what is between their bones: neither reaches over the middle. */
const meetInTheMiddle = (limbs: LimbShape[]): void => {
  const left = limbs.find((shape) => shape.limb === 'leftLeg')
  const right = limbs.find((shape) => shape.limb === 'rightLeg')
  if (!left || !right) return
  for (let k = 0; k < left.plus.length; k++) {
    const bone = Math.min(1, Math.floor((k * 2) / (left.plus.length - 1)))
    const share = (k * 2) / (left.plus.length - 1) - bone
    const at = (shape: LimbShape) => {
      const a = shape.joints[bone]!
      const b = shape.joints[bone + 1] ?? a
      return a.x + (b.x - a.x) * share
    }
    const gap = Math.abs(at(left) - at(right)) / 2
    // Crossed legs overlap; only legs that stand beside each other meet.
    if (gap < 0.5 * Math.min(left.minus[k]!, right.minus[k]!)) continue
    const leftInner = left.sides[bone]!.x < 0 ? left.plus : left.minus
    const rightInner = right.sides[bone]!.x < 0 ? right.minus : right.plus
    leftInner[k] = Math.min(leftInner[k]!, gap)
    rightInner[k] = Math.min(rightInner[k]!, gap)
  }
}

/** The bare surface over a box: how much of a pixel is body, its normal, and which part of the body it is. */
export type BodySurface = {
  box: Box
  cover: Float32Array
  nx: Float32Array
  ny: Float32Array
  part: Uint8Array
  /** 0 where the part has the trunk's colour, 1 where it has its own. */
  share: Float32Array
}

export const SURFACE_PARTS: readonly BodyPart[] = ['torso', ...LIMBS]

/** Lays one layer over what is there. `inTrunk`: depth into the trunk as a share of its half width; at its edge it goes over into the limb. */
const layOver = (surface: BodySurface, inTrunk: Float32Array, part: BodyPart, layer: BodyLayer): void => {
  const { box } = surface
  const width = box.x1 - box.x0
  const own = layer.box
  const ownWidth = own.x1 - own.x0
  const code = SURFACE_PARTS.indexOf(part)
  const isTorso = part === 'torso'
  const isArm = part === 'leftArm' || part === 'rightArm'
  // The front of the armpit: above it the arm is one surface with the chest; a leg sets in at the hip joint.
  const [begin, end] = isArm ? [0.25, 0.55] : [0, 0.17]
  const [tintBegin, tintEnd] = isArm ? [0.15, 0.85] : [-0.05, 0.45]
  for (let y = Math.max(box.y0, own.y0); y < Math.min(box.y1, own.y1); y++) {
    for (let x = Math.max(box.x0, own.x0); x < Math.min(box.x1, own.x1); x++) {
      const from = (y - own.y0) * ownWidth + x - own.x0
      const cover = layer.cover[from]!
      if (cover === 0) continue
      const to = (y - box.y0) * width + x - box.x0
      const under = surface.cover[to]!
      const along = layer.along[from]!
      const across = layer.across[from]!
      const grown = isTorso ? 1 : smoothstep(begin!, end!, along)
      const seam = isArm ? (1 - smoothstep(0, 0.35, inTrunk[to]!)) * (1 - smoothstep(0.2, 1, Math.abs(across))) : 0
      const weight = under > 0 ? cover * Math.max(grown, seam) : 1
      // The side of an arm that looks at the trunk (the positive one of a left arm that hangs) turns away only below the armpit.
      const turn = isArm && across > 0 === (part === 'leftArm') ? grown : 1
      surface.nx[to] = surface.nx[to]! * (1 - weight) + layer.nx[from]! * turn * weight
      surface.ny[to] = surface.ny[to]! * (1 - weight) + layer.ny[from]! * turn * weight
      surface.cover[to] = Math.max(under, cover + under * (1 - cover))
      const tint = isTorso ? 0 : smoothstep(tintBegin!, tintEnd!, along)
      surface.share[to] = surface.share[to]! * (1 - weight) + tint * weight
      if (weight > (isTorso ? 0.5 : 0.02)) surface.part[to] = code
      if (isTorso) inTrunk[to] = 1 - Math.abs(across)
    }
  }
}

/** All layers laid on each other. A limb grows out of the trunk without a seam: over it, it sets in gradually from the joint. */
export const composeBody = (body: BareBody, box: Box): BodySurface => {
  const count = (box.x1 - box.x0) * (box.y1 - box.y0)
  const surface: BodySurface = {
    box,
    cover: new Float32Array(count),
    nx: new Float32Array(count),
    ny: new Float32Array(count),
    part: new Uint8Array(count).fill(255),
    share: new Float32Array(count),
  }
  const inTrunk = new Float32Array(count)
  for (const { part, layer } of body.layers) layOver(surface, inTrunk, part, layer)
  for (const shape of body.limbs) {
    if (shape.limb === 'leftArm' || shape.limb === 'rightArm') closeShoulder(surface, shape.joints[0], body.scale)
  }
  return surface
}

/** Rounds the notch between the slope of the neck and the arm: muscle fills it. */
const closeShoulder = (surface: BodySurface, joint: Point, scale: number): void => {
  const { box, cover } = surface
  const reach = Math.ceil(0.1 * scale)
  const x0 = Math.max(box.x0, Math.floor(joint.x) - reach)
  const x1 = Math.min(box.x1, Math.floor(joint.x) + reach)
  const y0 = Math.max(box.y0, Math.floor(joint.y) - reach)
  const y1 = Math.min(box.y1, Math.floor(joint.y) + Math.ceil(0.02 * scale))
  const width = x1 - x0
  const height = y1 - y0
  if (width < 8 || height < 8) return
  const at = (x: number, y: number) => (y - box.y0) * (box.x1 - box.x0) + x - box.x0
  const local = new Float32Array(width * height)
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) local[y * width + x] = cover[at(x + x0, y + y0)]!
  const radius = Math.max(2, Math.round(0.018 * scale))
  const soft = blurField(local, { width, height }, radius, 2)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const away = Math.hypot(x + x0 - joint.x, y + y0 - joint.y) / scale
      const filled = smoothstep(0.49, 0.57, soft[y * width + x]!) * (1 - smoothstep(0.08, 0.1, away))
      const i = at(x + x0, y + y0)
      if (filled <= cover[i]!) continue
      if (cover[i]! < 0.5) {
        // What is filled in looks the way the surface just under it does.
        const under = at(
          Math.min(x1 - 1, Math.max(x0, Math.round(x + x0 + (joint.x - x - x0) * 0.3))),
          Math.min(y1 - 1, y + y0 + radius),
        )
        surface.nx[i] = surface.nx[under]!
        surface.ny[i] = surface.ny[under]!
        surface.part[i] = surface.part[under]!
        surface.share[i] = surface.share[under]!
      }
      cover[i] = filled
    }
  }
}
