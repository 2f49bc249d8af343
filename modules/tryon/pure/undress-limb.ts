import type { Point } from './image.ts'
import { quantile, smoothstep, type Box } from './inpaint-field.ts'
import { PART, type PersonParts } from './parts.ts'
import { POSE, type Pose } from './pose.ts'

export const LIMBS = ['leftArm', 'rightArm', 'leftLeg', 'rightLeg'] as const
export type Limb = (typeof LIMBS)[number]

/** Joints from the trunk outwards, and which labels are the limb's own bare skin. */
const LIMB_BONES: Record<Limb, { joints: [number, number, number]; skin: number[]; left: boolean; arm: boolean }> = {
  leftArm: {
    joints: [POSE.leftShoulder, POSE.leftElbow, POSE.leftWrist],
    skin: [PART.leftArm, PART.leftHand],
    left: true,
    arm: true,
  },
  rightArm: {
    joints: [POSE.rightShoulder, POSE.rightElbow, POSE.rightWrist],
    skin: [PART.rightArm, PART.rightHand],
    left: false,
    arm: true,
  },
  leftLeg: { joints: [POSE.leftHip, POSE.leftKnee, POSE.leftAnkle], skin: [PART.leftLeg], left: true, arm: false },
  rightLeg: {
    joints: [POSE.rightHip, POSE.rightKnee, POSE.rightAnkle],
    skin: [PART.rightLeg],
    left: false,
    arm: false,
  },
}

/**
 * Half widths of a bare limb seen from the front, in centimetres, at equal steps from joint to joint (9 for each bone, the middle joint
 * once): mean of an average woman's and man's body, measured on rendered body models with known joints.
 */
const PROFILES = {
  arm: {
    inner: [5.4, 5.4, 5.2, 4.9, 4.7, 4.4, 4.4, 4.2, 4.0, 4.1, 4.0, 3.65, 3.4, 3.05, 2.7, 2.4, 2.3],
    outer: [5.0, 5.05, 4.8, 4.35, 4.0, 3.75, 3.6, 3.5, 3.55, 3.75, 3.7, 3.5, 3.25, 3.0, 2.75, 2.45, 2.3],
  },
  leg: {
    inner: [11, 11, 10.8, 10.3, 9.6, 8.7, 7.1, 6.2, 5.5, 5.2, 5.4, 5.3, 4.6, 3.6, 2.9, 2.5, 2.7],
    outer: [8.2, 8.4, 8.5, 8.3, 7.7, 7.0, 6.0, 5.5, 5.3, 5.7, 6.0, 5.9, 5.2, 4.3, 3.5, 3.0, 3.2],
  },
} as const

const STEPS = 16
export const SAMPLES = STEPS * 2 + 1

/** Picture pixels per metre of the body, from the pose's metric landmarks; from its usual shoulder breadth where there are none. */
export const findPixelsPerMetre = (pose: Pose): number => {
  const pairs = [
    [POSE.leftShoulder, POSE.rightShoulder],
    [POSE.leftShoulder, POSE.leftHip],
    [POSE.rightShoulder, POSE.rightHip],
    [POSE.leftShoulder, POSE.leftElbow],
    [POSE.rightShoulder, POSE.rightElbow],
    [POSE.leftHip, POSE.leftKnee],
    [POSE.rightHip, POSE.rightKnee],
  ]
  const ratios: number[] = []
  for (const [from, to] of pairs) {
    const a = pose.landmarks[from!]!
    const b = pose.landmarks[to!]!
    const metres = Math.hypot(a.world.x - b.world.x, a.world.y - b.world.y)
    if (metres > 0.1 && Math.min(a.visibility, b.visibility) > 0.5)
      ratios.push(Math.hypot(a.x - b.x, a.y - b.y) / metres)
  }
  if (ratios.length >= 2) return quantile(ratios, 0.5)
  const left = pose.landmarks[POSE.leftShoulder]!
  const right = pose.landmarks[POSE.rightShoulder]!
  return Math.max(20, Math.hypot(left.x - right.x, left.y - right.y) / 0.35)
}

/** The bare limb: its joints, and half widths in pixels to both sides of the bones at `SAMPLES` equal steps. */
export type LimbShape = {
  limb: Limb
  joints: [Point, Point, Point]
  /** Unit vector from each bone towards its `plus` side. */
  sides: [Point, Point]
  plus: Float32Array
  minus: Float32Array
  /** Where the limb's own skin shows on the bone (1) and where it is clothed or hidden (0). */
  bare: Uint8Array
}

const positionAt = (joints: readonly Point[], t: number): Point => {
  const bone = t < 1 ? 0 : 1
  const a = joints[bone]!
  const b = joints[bone + 1]!
  const f = t - bone
  return { x: a.x + (b.x - a.x) * f, y: a.y + (b.y - a.y) * f }
}

const sideOf = (a: Point, b: Point): Point => {
  const length = Math.max(1e-3, Math.hypot(b.x - a.x, b.y - a.y))
  return { x: -(b.y - a.y) / length, y: (b.x - a.x) / length }
}

/** How far one can go from a point while `inside` holds, in steps of half a pixel. */
const castRay = (from: Point, way: Point, limit: number, inside: (x: number, y: number) => boolean): number => {
  for (let far = 0; far < limit; far += 0.5) {
    if (!inside(Math.floor(from.x + way.x * far), Math.floor(from.y + way.y * far))) return far
  }
  return limit
}

const smoothLine = (line: Float32Array): Float32Array => {
  const out = Float32Array.from(line)
  for (let pass = 0; pass < 2; pass++) {
    for (let i = 1; i + 1 < out.length; i++) out[i] = 0.25 * out[i - 1]! + 0.5 * out[i]! + 0.25 * out[i + 1]!
  }
  return out
}

/** Ratios of measured to usual width where they are known, carried to where they are not: near ones keep their say. */
const spreadRatios = (ratio: Float32Array, known: Uint8Array, usual: number): Float32Array => {
  const out = new Float32Array(ratio.length)
  for (let i = 0; i < out.length; i++) {
    if (known[i]) {
      out[i] = ratio[i]!
      continue
    }
    let sum = usual * 0.15
    let total = 0.15
    for (let k = 0; k < out.length; k++) {
      if (!known[k]) continue
      const weight = 1 / (1 + (k - i) ** 2)
      sum += weight * ratio[k]!
      total += weight
    }
    out[i] = sum / total
  }
  return out
}

const sampleProfile = (profile: readonly number[], sample: number): number => {
  const at = sample / 2
  const low = Math.min(profile.length - 1, Math.floor(at))
  const high = Math.min(profile.length - 1, low + 1)
  return (profile[low]! + (profile[high]! - profile[low]!) * (at - low)) / 100
}

/**
 * Half width of the body under cloth that reaches to `seen`: never wider than the cloth. Cloth that sits close shows the body itself, so
 * a little more than the usual width is believed; a loose sleeve tells nothing.
 */
export const fitUnderCloth = (natural: number, seen: number): number => {
  if (seen <= natural) return Math.max(0.6 * natural, seen)
  return natural + 0.65 * (seen - natural) * (1 - smoothstep(1.15, 1.45, seen / natural))
}

/**
 * The natural shape of a limb: measured where its skin shows; under cloth the usual profile at the person's own girth, never wider than the
 * old silhouette. Undefined when the pose does not know the limb.
 */
export const findLimbShape = (pose: Pose, parts: PersonParts, limb: Limb): LimbShape | undefined => {
  const { joints: names, skin, left, arm } = LIMB_BONES[limb]
  const marks = names.map((name) => pose.landmarks[name]!)
  if (marks[0]!.visibility < 0.3 || marks[1]!.visibility < 0.2) return undefined
  const joints: [Point, Point, Point] = [marks[0]!, marks[1]!, marks[2]!]
  const scale = findPixelsPerMetre(pose)
  const profile = arm ? PROFILES.arm : PROFILES.leg
  const sides: [Point, Point] = [sideOf(joints[0], joints[1]), sideOf(joints[1], joints[2])]
  const { width, height, labels, alpha } = parts
  const inPicture = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height
  const isSkin = (x: number, y: number) =>
    inPicture(x, y) && skin.includes(labels[y * width + x]!) && alpha.data[y * width + x]! > 100
  const isPerson = (x: number, y: number) => inPicture(x, y) && alpha.data[y * width + x]! > 127
  const isCloth = (x: number, y: number) =>
    inPicture(x, y) && (labels[y * width + x] === PART.upper || labels[y * width + x] === PART.lower)
  const bare = new Uint8Array(SAMPLES)
  const seen = [new Float32Array(SAMPLES), new Float32Array(SAMPLES)]
  const usual = [new Float32Array(SAMPLES), new Float32Array(SAMPLES)]
  const ratio = [new Float32Array(SAMPLES), new Float32Array(SAMPLES)]
  const girths: number[] = []
  for (let i = 0; i < SAMPLES; i++) {
    const t = i / STEPS
    const at = positionAt(joints, t)
    const side = sides[t < 1 ? 0 : 1]
    bare[i] = isSkin(Math.floor(at.x), Math.floor(at.y)) ? 1 : 0
    let hidden = false
    for (let s = 0; s < 2; s++) {
      const way = s === 0 ? side : { x: -side.x, y: -side.y }
      const inner = (s === 0) === left
      const expected = sampleProfile(inner ? profile.inner : profile.outer, i) * scale
      usual[s]![i] = expected
      seen[s]![i] = castRay(at, way, expected * 2.2, bare[i] ? isSkin : isPerson)
      ratio[s]![i] = Math.min(1.5, Math.max(0.55, seen[s]![i]! / expected))
      // Skin that ends early because a hem crosses it does not tell how wide the limb is.
      const end = { x: at.x + way.x * (seen[s]![i]! + 1), y: at.y + way.y * (seen[s]![i]! + 1) }
      if (bare[i] && ratio[s]![i]! < 0.85 && isCloth(Math.floor(end.x), Math.floor(end.y))) hidden = true
    }
    const sum = usual[0]![i]! + usual[1]![i]!
    // A whole width says more than its two halves: the bone is rarely exactly in the middle.
    if (bare[i] && !hidden && seen[0]![i]! + seen[1]![i]! < 1.6 * sum) girths.push((seen[0]![i]! + seen[1]![i]!) / sum)
    else bare[i] = 0
  }
  const girth = girths.length >= 3 ? Math.min(1.35, Math.max(0.7, quantile(girths, 0.5))) : 0.95
  const widths = seen.map((line, s) => {
    const spread = spreadRatios(ratio[s]!, bare, girth)
    const out = new Float32Array(SAMPLES)
    for (let i = 0; i < SAMPLES; i++) {
      const natural = usual[s]![i]! * spread[i]!
      out[i] = bare[i] ? line[i]! : fitUnderCloth(natural, line[i]! - 0.5)
    }
    return smoothLine(out)
  })
  return { limb, joints, sides, plus: widths[0]!, minus: widths[1]!, bare }
}

/** Part of the body over a box of the picture. `cover` 0 to 1; `across` -1 to 1 from edge to edge; `along` 0 to 2; `nx`, `ny` of the outward normal. */
export type BodyLayer = {
  box: Box
  cover: Float32Array
  across: Float32Array
  along: Float32Array
  nx: Float32Array
  ny: Float32Array
}

export const createLayer = (box: Box): BodyLayer => {
  const count = (box.x1 - box.x0) * (box.y1 - box.y0)
  const field = () => new Float32Array(count)
  return { box, cover: field(), across: field(), along: field(), nx: field(), ny: field() }
}

/** Draws one limb: soft over about a pixel, round at the joints. */
export const drawLimb = (shape: LimbShape, width: number, height: number): BodyLayer => {
  const { joints, sides, plus, minus } = shape
  const reach = Math.max(...plus, ...minus, 0.2 * Math.hypot(joints[2].x - joints[1].x, joints[2].y - joints[1].y)) + 3
  const clampX = (x: number) => Math.min(width, Math.max(0, Math.floor(x)))
  const clampY = (y: number) => Math.min(height, Math.max(0, Math.floor(y)))
  const boxOf = (points: Point[], around: number): Box => ({
    x0: clampX(Math.min(...points.map(({ x }) => x)) - around),
    y0: clampY(Math.min(...points.map(({ y }) => y)) - around),
    x1: clampX(Math.max(...points.map(({ x }) => x)) + around),
    y1: clampY(Math.max(...points.map(({ y }) => y)) + around),
  })
  const box = boxOf(joints, reach)
  const layer = createLayer(box)
  const boxWidth = box.x1 - box.x0
  for (let bone = 0; bone < 2; bone++) {
    const a = joints[bone]!
    const b = joints[bone + 1]!
    const side = sides[bone]!
    const length = Math.max(1e-3, Math.hypot(b.x - a.x, b.y - a.y))
    // A cuff may hide part of the hand: the limb goes on a little past its last joint, straight.
    const past = bone === 1 ? 0.18 : 0
    const near = bone === 0 ? boxOf([joints[0], joints[1]], reach) : boxOf([joints[1], joints[2]], reach)
    for (let y = near.y0; y < near.y1; y++) {
      for (let x = near.x0; x < near.x1; x++) {
        const px = x + 0.5 - a.x
        const py = y + 0.5 - a.y
        const raw = (px * (b.x - a.x) + py * (b.y - a.y)) / (length * length)
        const t = Math.min(1, Math.max(0, raw))
        const lateral = px * side.x + py * side.y
        const over = raw - t
        const beyond = (over > 0 ? Math.max(0, over - past) : over) * length
        const at = (bone + t) * STEPS
        const low = Math.min(SAMPLES - 2, Math.floor(at))
        const line = lateral > 0 ? plus : minus
        const half = line[low]! + (line[low + 1]! - line[low]!) * (at - low)
        const away = Math.sqrt(lateral * lateral + beyond * beyond)
        const cover = Math.min(1, Math.max(0, half - away + 0.5))
        const i = (y - box.y0) * boxWidth + x - box.x0
        const across = Math.min(1, away / Math.max(1, half)) * Math.sign(lateral)
        if (cover === 0 || cover < layer.cover[i]!) continue
        // At a joint both bones cover the pixel: the one whose middle is nearer says how the surface turns.
        if (cover === layer.cover[i]! && Math.abs(across) >= Math.abs(layer.across[i]!)) continue
        layer.cover[i] = cover
        layer.across[i] = across
        layer.along[i] = bone + t
        // Round ends look along the bone, too; the bone's direction is its side's turned by a right angle.
        layer.nx[i] = (lateral * side.x + beyond * side.y) / Math.max(half, away)
        layer.ny[i] = (lateral * side.y - beyond * side.x) / Math.max(half, away)
      }
    }
  }
  return layer
}
