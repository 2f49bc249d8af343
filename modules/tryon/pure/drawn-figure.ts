import { createMask, createRaster, type Point, type Raster } from './image.ts'
import { PART } from './parts.ts'
import { POSE, type Pose } from './pose.ts'
import { resizeMask } from './resize.ts'

type Colour = readonly [number, number, number]

export type FigureLook = {
  skin: Colour
  hair: Colour
  top: Colour
  bottom: Colour
  shoes: Colour
  ground: Colour
  belt?: Colour
  /** Length of the sleeve, 0 none to 1 down to the wrist. */
  sleeve: number
  /** Length of the trousers, 0 to 1 down to the ankle. */
  leg: number
  /** Where the top ends, in pixels down the picture of 640. */
  hem: number
  longHair: boolean
  handOnBelly: boolean
  /** Height of the letters printed on the chest, 0 for none. */
  print: number
}

export const PLAIN_LOOK: FigureLook = {
  skin: [205, 160, 132],
  hair: [52, 38, 30],
  top: [60, 92, 150],
  bottom: [70, 70, 74],
  shoes: [235, 235, 235],
  ground: [202, 204, 198],
  sleeve: 0.3,
  leg: 1,
  hem: 345,
  longHair: false,
  handOnBelly: false,
  print: 0,
}

const WIDTH = 480
const HEIGHT = 640

type Test = (x: number, y: number) => boolean
/** Left, top, right and bottom of all that `has` may hold for. */
type Shape = { box: [number, number, number, number]; has: Test }

const ellipse = (cx: number, cy: number, rx: number, ry: number): Shape => ({
  box: [cx - rx, cy - ry, cx + rx, cy + ry],
  has: (x, y) => ((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1,
})

const along = (a: Point, b: Point, x: number, y: number): number =>
  ((x - a.x) * (b.x - a.x) + (y - a.y) * (b.y - a.y)) / ((b.x - a.x) ** 2 + (b.y - a.y) ** 2)

const capsule = (a: Point, b: Point, ra: number, rb: number): Shape => {
  const r = Math.max(ra, rb)
  return {
    box: [Math.min(a.x, b.x) - r, Math.min(a.y, b.y) - r, Math.max(a.x, b.x) + r, Math.max(a.y, b.y) + r],
    has: (x, y) => {
      const t = Math.min(1, Math.max(0, along(a, b, x, y)))
      return Math.hypot(x - a.x - (b.x - a.x) * t, y - a.y - (b.y - a.y) * t) <= ra + (rb - ra) * t
    },
  }
}

const polygon = (...points: [number, number][]): Shape => {
  const xs = points.map(([x]) => x)
  const ys = points.map(([, y]) => y)
  return {
    box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)],
    has: (x, y) => {
      let inside = false
      for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
        const [xi, yi] = points[i]!
        const [xj, yj] = points[j]!
        if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside
      }
      return inside
    },
  }
}

const where = (test: Test, shape: Shape): Shape => ({ box: shape.box, has: (x, y) => test(x, y) && shape.has(x, y) })

type Side = {
  shoulder: Point
  elbow: Point
  wrist: Point
  tips: Point
  hip: Point
  knee: Point
  ankle: Point
  toe: Point
}

/** `sign` -1 for the picture's left, which is the person's right. */
const sideOf = (sign: number, onBelly: boolean): Side => {
  const at = (x: number, y: number): Point => ({ x: 240 + sign * x, y })
  return {
    shoulder: at(56, 182),
    elbow: at(onBelly ? 92 : 90, 262),
    wrist: onBelly ? at(34, 288) : at(110, 335),
    tips: onBelly ? at(6, 284) : at(116, 366),
    hip: at(24, 338),
    knee: at(29, 450),
    ankle: at(31, 560),
    toe: at(40, 592),
  }
}

const posed = (left: Side, right: Side): Pose['landmarks'] => {
  const places = new Map<number, Point>([
    [POSE.nose, { x: 240, y: 101 }],
    [POSE.leftEyeInner, { x: 245, y: 86 }],
    [POSE.leftEye, { x: 251, y: 86 }],
    [POSE.leftEyeOuter, { x: 257, y: 86 }],
    [POSE.rightEyeInner, { x: 235, y: 86 }],
    [POSE.rightEye, { x: 229, y: 86 }],
    [POSE.rightEyeOuter, { x: 223, y: 86 }],
    [POSE.leftEar, { x: 272, y: 93 }],
    [POSE.rightEar, { x: 208, y: 93 }],
    [POSE.mouthLeft, { x: 249, y: 114 }],
    [POSE.mouthRight, { x: 231, y: 114 }],
  ])
  for (const [side, first] of [
    [left, 0],
    [right, 1],
  ] as const) {
    const knuckle = (aside: number) => ({ x: side.tips.x + aside, y: side.tips.y - 4 })
    places.set(POSE.leftShoulder + first, side.shoulder).set(POSE.leftElbow + first, side.elbow)
    places.set(POSE.leftWrist + first, side.wrist).set(POSE.leftPinky + first, knuckle(4))
    places.set(POSE.leftIndex + first, knuckle(-4)).set(POSE.leftThumb + first, knuckle(-8))
    places.set(POSE.leftHip + first, side.hip).set(POSE.leftKnee + first, side.knee)
    places.set(POSE.leftAnkle + first, side.ankle).set(POSE.leftHeel + first, { x: side.ankle.x, y: side.ankle.y + 14 })
    places.set(POSE.leftFootIndex + first, side.toe)
  }
  return Array.from({ length: 33 }, (_, index) => ({
    ...places.get(index)!,
    z: 0,
    visibility: 1,
    world: { x: 0, y: 0, z: 0 },
  }))
}

/** The layers of the figure from back to front: what it is, what colour, where. */
const layersOf = (look: FigureLook, left: Side, right: Side): [number, Colour, Shape][] => {
  const layers: [number, Colour, Shape][] = []
  const put = (part: number, colour: Colour, shape: Shape) => layers.push([part, colour, shape])
  if (look.longHair) put(PART.hair, look.hair, ellipse(240, 130, 52, 80))
  put(PART.torso, look.skin, polygon([186, 170], [294, 170], [284, 260], [288, 345], [192, 345], [196, 260]))
  put(PART.neck, look.skin, capsule({ x: 240, y: 120 }, { x: 240, y: 168 }, 17, 20))
  for (const [side, leg] of [
    [left, PART.leftLeg],
    [right, PART.rightLeg],
  ] as const) {
    put(leg, look.skin, capsule(side.hip, side.knee, 23, 18))
    put(leg, look.skin, capsule(side.knee, side.ankle, 17, 11))
    put(PART.feet, look.shoes, capsule({ x: side.ankle.x, y: side.ankle.y + 12 }, side.toe, 13, 12))
    const end = side.hip.y + look.leg * (side.ankle.y - side.hip.y)
    const above: Test = (_x, y) => y < end
    put(PART.lower, look.bottom, where(above, capsule(side.hip, side.knee, 27, 21)))
    put(PART.lower, look.bottom, where(above, capsule(side.knee, side.ankle, 21, 15)))
  }
  put(PART.lower, look.bottom, polygon([191, 318], [289, 318], [291, 360], [189, 360]))
  if (look.belt) put(PART.lower, look.belt, polygon([190, 318], [290, 318], [290, 334], [190, 334]))
  const top = polygon([182, 162], [298, 162], [288, 260], [291, look.hem], [189, look.hem], [192, 260])
  put(PART.upper, look.top, top)
  put(
    PART.neck,
    look.skin,
    where((_x, y) => y > 150, ellipse(240, 158, 25, 24)),
  )
  if (look.print > 0) {
    const [from, to] = [225 - look.print / 2, 225 + look.print / 2]
    const band = polygon([200, from], [280, from], [280, to], [200, to])
    put(
      PART.upper,
      [238, 200, 178],
      where((x) => x % 14 < 7, band),
    )
  }
  for (const [side, arm, hand] of [
    [left, PART.leftArm, PART.leftHand],
    [right, PART.rightArm, PART.rightHand],
  ] as const) {
    put(arm, look.skin, capsule(side.shoulder, side.elbow, 15, 12))
    put(arm, look.skin, capsule(side.elbow, side.wrist, 12, 9))
    put(hand, look.skin, capsule(side.wrist, side.tips, 10, 11))
    const covered = look.sleeve * 2
    const upperArm: Test = (x, y) => along(side.shoulder, side.elbow, x, y) < covered
    const foreArm: Test = (x, y) => along(side.elbow, side.wrist, x, y) < covered - 1
    if (covered > 0) put(PART.upper, look.top, where(upperArm, capsule(side.shoulder, side.elbow, 19, 17)))
    if (covered > 1) put(PART.upper, look.top, where(foreArm, capsule(side.elbow, side.wrist, 17, 14)))
  }
  put(PART.hair, look.hair, ellipse(240, 84, 39, 47))
  put(PART.face, look.skin, ellipse(240, 98, 33, 39))
  put(PART.face, [40, 32, 30], ellipse(229, 86, 6, 3))
  put(PART.face, [40, 32, 30], ellipse(251, 86, 6, 3))
  put(PART.face, [176, 96, 92], ellipse(240, 115, 11, 4))
  if (look.longHair) {
    put(
      PART.hair,
      look.hair,
      where((_x, y) => y > 80, ellipse(203, 150, 13, 62)),
    )
    put(
      PART.hair,
      look.hair,
      where((_x, y) => y > 80, ellipse(277, 150, 13, 62)),
    )
  }
  return layers
}

/**
 * A drawn person whose parts are known: the picture (480 x 640, with light from one side and grain), the pose with a
 * mask as coarse as a pose network's, and `truth`, a `PART` value per pixel.
 */
export const drawFigure = (changes: Partial<FigureLook> = {}): { picture: Raster; pose: Pose; truth: Uint8Array } => {
  const look = { ...PLAIN_LOOK, ...changes }
  const left = sideOf(1, false)
  const right = sideOf(-1, look.handOnBelly)
  const layers = layersOf(look, left, right)
  const picture = createRaster(WIDTH, HEIGHT)
  const truth = new Uint8Array(WIDTH * HEIGHT)
  const painted = new Uint8Array(WIDTH * HEIGHT)
  layers.forEach(([part, , { box, has }], layer) => {
    for (let y = Math.floor(box[1]); y <= box[3]; y++) {
      for (let x = Math.floor(box[0]); x <= box[2]; x++) {
        if (!has(x + 0.5, y + 0.5)) continue
        truth[y * WIDTH + x] = part
        painted[y * WIDTH + x] = layer + 1
      }
    }
  })
  let seed = 7
  for (let y = 0, i = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, i++) {
      const colour = painted[i] === 0 ? look.ground : layers[painted[i]! - 1]![1]
      const light = truth[i] === 0 ? 1 - y / 5000 : 1.04 - 0.14 * Math.abs((x - 225) / 120)
      for (let c = 0; c < 3; c++) {
        seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
        picture.data[i * 4 + c] = colour[c]! * light + (seed / 2 ** 32 - 0.5) * 8
      }
      picture.data[i * 4 + 3] = 255
    }
  }
  const mask = createMask(WIDTH, HEIGHT)
  for (let i = 0; i < truth.length; i++) mask.data[i] = truth[i] === 0 ? 0 : 255
  const coarse = resizeMask(resizeMask(mask, 96, 128), WIDTH, HEIGHT)
  return { picture, pose: { landmarks: posed(left, right), mask: coarse, score: 1 }, truth }
}
