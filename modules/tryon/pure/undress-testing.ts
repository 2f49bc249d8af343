import { createMask, createRaster, type Raster } from './image.ts'
import { hashUnit } from './inpaint-field.ts'
import { PART, type PersonParts } from './parts.ts'
import { POSE, type Pose, type PoseLandmark } from './pose.ts'

type Colour = readonly [number, number, number]

export type DrawnPerson = { picture: Raster; pose: Pose; parts: PersonParts }

export const DRAWN = {
  width: 300,
  height: 420,
  /** Pixels per metre. */
  scale: 200,
  ground: [190, 196, 200],
  skin: [196, 150, 122],
  cloth: [20, 160, 40],
  trousers: [40, 50, 110],
} as const

/** Places in metres from the point between the hips, x to the picture's right, of a person who stands straight with arms a little away. */
const JOINTS: Partial<Record<keyof typeof POSE, readonly [number, number]>> = {
  nose: [0, -0.72],
  leftEye: [0.03, -0.76],
  rightEye: [-0.03, -0.76],
  leftEar: [0.07, -0.74],
  rightEar: [-0.07, -0.74],
  mouthLeft: [0.025, -0.67],
  mouthRight: [-0.025, -0.67],
  leftShoulder: [0.17, -0.5],
  rightShoulder: [-0.17, -0.5],
  leftElbow: [0.27, -0.24],
  rightElbow: [-0.27, -0.24],
  leftWrist: [0.33, 0],
  rightWrist: [-0.33, 0],
  leftHip: [0.1, 0],
  rightHip: [-0.1, 0],
  leftKnee: [0.11, 0.42],
  rightKnee: [-0.11, 0.42],
  leftAnkle: [0.11, 0.84],
  rightAnkle: [-0.11, 0.84],
}

const drawnPose = (): Pose => {
  const landmarks: PoseLandmark[] = Array.from({ length: 33 }, () => ({
    x: 150,
    y: 210,
    z: 0,
    visibility: 0,
    world: { x: 0, y: 0, z: 0 },
  }))
  for (const [name, place] of Object.entries(JOINTS)) {
    landmarks[POSE[name as keyof typeof POSE]] = {
      x: 150 + place[0] * DRAWN.scale,
      y: 210 + place[1] * DRAWN.scale,
      z: 0,
      visibility: 0.99,
      world: { x: place[0], y: place[1], z: 0 },
    }
  }
  return { landmarks, mask: createMask(DRAWN.width, DRAWN.height), score: 1 }
}

/** Distance in metres to the line between two joints, and the share of the way along it. */
const toBone = (x: number, y: number, from: keyof typeof POSE, to: keyof typeof POSE) => {
  const [ax, ay] = JOINTS[from]!
  const [bx, by] = JOINTS[to]!
  const t = Math.min(1, Math.max(0, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)))
  return { away: Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay)), t }
}

const labelArm = (x: number, y: number, sleeve: number, side: 'left' | 'right'): number => {
  const isLeft = side === 'left'
  if (Math.hypot(x - (isLeft ? 0.345 : -0.345), y - 0.06) < 0.045) return isLeft ? PART.leftHand : PART.rightHand
  const upper = toBone(x, y, `${side}Shoulder`, `${side}Elbow`)
  const fore = toBone(x, y, `${side}Elbow`, `${side}Wrist`)
  const along = upper.away < fore.away ? upper.t : 1 + fore.t
  const away = Math.min(upper.away, fore.away)
  // A sleeve is wider than the arm in it.
  if (along <= sleeve) return away < 0.075 ? PART.upper : PART.background
  if (away >= 0.042) return PART.background
  return isLeft ? PART.leftArm : PART.rightArm
}

const labelLeg = (x: number, y: number, side: 'left' | 'right'): number => {
  const thigh = toBone(x, y, `${side}Hip`, `${side}Knee`)
  const shank = toBone(x, y, `${side}Knee`, `${side}Ankle`)
  return y > 0 && Math.min(thigh.away, shank.away) < 0.085 ? PART.lower : PART.background
}

const labelAt = (x: number, y: number, sleeve: number): number => {
  if (Math.hypot(x / 0.075, (y + 0.74) / 0.11) < 1) return y < -0.8 ? PART.hair : PART.face
  const arm = labelArm(x, y, sleeve, 'left') || labelArm(x, y, sleeve, 'right')
  if (arm !== PART.background) return arm
  if (Math.abs(x) < 0.05 && y > -0.66 && y < -0.53) return PART.neck
  if (Math.abs(x) < 0.2 && y > -0.56 && y < 0.06) return PART.upper
  if (Math.abs(x) < 0.18 && y >= 0.06 && y < 0.1) return PART.lower
  return labelLeg(x, y, 'left') || labelLeg(x, y, 'right')
}

/**
 * A generated person for tests: a wide top with sleeves to `sleeve` (0 shoulder, 1 elbow, 2 wrist), trousers, and bare forearms, neck and face.
 * `cloth` gives the top's colour at a pixel.
 */
export const drawPerson = (
  sleeve: number,
  cloth: (x: number, y: number) => Colour = () => DRAWN.cloth,
): DrawnPerson => {
  const { width, height, scale } = DRAWN
  const picture = createRaster(width, height)
  const parts: PersonParts = {
    width,
    height,
    labels: new Uint8Array(width * height),
    alpha: createMask(width, height),
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const label = labelAt((x + 0.5 - 150) / scale, (y + 0.5 - 210) / scale, sleeve)
      parts.labels[i] = label
      parts.alpha.data[i] = label === PART.background ? 0 : 255
      let colour: Colour = DRAWN.skin
      if (label === PART.background) colour = DRAWN.ground
      else if (label === PART.hair) colour = [40, 30, 25]
      else if (label === PART.upper) colour = cloth(x, y)
      else if (label === PART.lower) colour = DRAWN.trousers
      const grain = (hashUnit(i) - 0.5) * 4
      picture.data.set([colour[0] + grain, colour[1] + grain, colour[2] + grain, 255], i * 4)
    }
  }
  return { picture, pose: drawnPose(), parts }
}
