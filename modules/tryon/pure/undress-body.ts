import type { Box } from './inpaint-field.ts'
import { smoothstep } from './inpaint-field.ts'
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

export const findBareBody = (pose: Pose, parts: PersonParts): BareBody => {
  const { width, height } = parts
  const torso = findTorsoShape(pose, parts)
  const limbs: LimbShape[] = []
  const layers: BareBody['layers'] = []
  for (const limb of LIMBS) {
    const shape = findLimbShape(pose, parts, limb)
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

/**
 * All layers laid on each other. A limb grows out of the trunk without a seam: over it, it sets in
 * gradually from the joint.
 */
export const composeBody = (body: BareBody, box: Box): BodySurface => {
  const width = box.x1 - box.x0
  const count = width * (box.y1 - box.y0)
  const surface: BodySurface = {
    box,
    cover: new Float32Array(count),
    nx: new Float32Array(count),
    ny: new Float32Array(count),
    part: new Uint8Array(count).fill(255),
    share: new Float32Array(count),
  }
  for (const { part, layer } of body.layers) {
    const own = layer.box
    const ownWidth = own.x1 - own.x0
    const x0 = Math.max(box.x0, own.x0)
    const x1 = Math.min(box.x1, own.x1)
    const code = SURFACE_PARTS.indexOf(part)
    const isArm = part === 'leftArm' || part === 'rightArm'
    for (let y = Math.max(box.y0, own.y0); y < Math.min(box.y1, own.y1); y++) {
      for (let x = x0; x < x1; x++) {
        const from = (y - own.y0) * ownWidth + x - own.x0
        const cover = layer.cover[from]!
        if (cover === 0) continue
        const to = (y - box.y0) * width + x - box.x0
        const under = surface.cover[to]!
        const set =
          under > 0 && part !== 'torso' ? smoothstep(isArm ? 0.12 : 0.02, isArm ? 0.5 : 0.3, layer.along[from]!) : 1
        const weight = under > 0 ? cover * set : 1
        surface.nx[to] = surface.nx[to]! * (1 - weight) + layer.nx[from]! * weight
        surface.ny[to] = surface.ny[to]! * (1 - weight) + layer.ny[from]! * weight
        surface.cover[to] = Math.max(under, cover + under * (1 - cover))
        const tint = part === 'torso' ? 0 : smoothstep(-0.05, isArm ? 0.7 : 0.45, layer.along[from]!)
        surface.share[to] = surface.share[to]! * (1 - weight) + tint * weight
        if (weight > (part === 'torso' ? 0.5 : 0.02)) surface.part[to] = code
      }
    }
  }
  return surface
}
