import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { createRaster, type Raster } from './image.ts'
import { faceOval } from './parts-frame.ts'
import { segmentPerson } from './parts-segment.ts'
import { PART, type PartName } from './parts.ts'
import { POSE, type Pose } from './pose.ts'
import { drawFigure, type FigureLook } from './drawn-figure.ts'

setDefaultTimeout(60_000)

const SKIN = new Set<number>([
  PART.face,
  PART.neck,
  PART.torso,
  PART.leftArm,
  PART.rightArm,
  PART.leftHand,
  PART.rightHand,
  PART.leftLeg,
  PART.rightLeg,
])

const overlap = (found: Uint8Array, truth: Uint8Array, is: (label: number) => boolean): number => {
  let shared = 0
  let either = 0
  for (let i = 0; i < truth.length; i++) {
    const a = is(found[i]!)
    const b = is(truth[i]!)
    if (a && b) shared++
    if (a || b) either++
  }
  return either === 0 ? 1 : shared / either
}

const overlapOf = (found: Uint8Array, truth: Uint8Array, ...names: PartName[]): number => {
  const wanted = new Set<number>(names.map((name) => PART[name]))
  return overlap(found, truth, (label) => wanted.has(label))
}

const segment = (look: Partial<FigureLook> = {}) => {
  const figure = drawFigure(look)
  return { ...figure, parts: segmentPerson(figure.picture, figure.pose) }
}

/** Share of the pixels that truly are `name` and were found to be one of `as`. */
const foundAs = (found: Uint8Array, truth: Uint8Array, name: PartName, as: PartName[]): number => {
  const wanted = new Set<number>(as.map((one) => PART[one]))
  let all = 0
  let right = 0
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] !== PART[name]) continue
    all++
    if (wanted.has(found[i]!)) right++
  }
  return right / all
}

describe('parts of a person', () => {
  const looks: [string, Partial<FigureLook>][] = [
    ['light skin in blue', {}],
    ['dark skin in white on a light ground', { skin: [92, 60, 44], top: [236, 236, 234], bottom: [40, 48, 84] }],
    ['pale skin in black', { skin: [232, 196, 176], top: [30, 30, 32], bottom: [150, 132, 104], hair: [170, 132, 80] }],
    ['shorts and no sleeves', { sleeve: 0, leg: 0.4, shoes: [60, 60, 60] }],
    ['long sleeves', { sleeve: 0.97, top: [176, 60, 60] }],
  ]
  for (const [name, look] of looks) {
    test(`cloth, skin, hair and ground are told apart: ${name}`, () => {
      const { parts, truth } = segment(look)
      expect(overlap(parts.labels, truth, (label) => label !== PART.background)).toBeGreaterThan(0.985)
      expect(overlap(parts.labels, truth, (label) => SKIN.has(label))).toBeGreaterThan(0.93)
      expect(overlapOf(parts.labels, truth, 'upper')).toBeGreaterThan(0.95)
      expect(overlapOf(parts.labels, truth, 'lower')).toBeGreaterThan(0.95)
      expect(overlapOf(parts.labels, truth, 'hair')).toBeGreaterThan(0.85)
      expect(overlapOf(parts.labels, truth, 'face')).toBeGreaterThan(0.85)
    })
  }

  test('arms, hands and legs carry the side they are on', () => {
    const { parts, truth } = segment({ leg: 0.5 })
    for (const name of ['leftArm', 'rightArm', 'leftHand', 'rightHand', 'leftLeg', 'rightLeg'] as const) {
      expect(overlapOf(parts.labels, truth, name)).toBeGreaterThan(0.8)
    }
  })

  test('the edge of the matte lies on the edge of the person although the mask is coarse', () => {
    const { parts, truth } = segment()
    const { width, height, alpha } = parts
    let off = 0
    const isInside = (x: number, y: number) => truth[y * width + x] !== PART.background
    for (let y = 3; y < height - 3; y++) {
      for (let x = 3; x < width - 3; x++) {
        const inside = isInside(x, y)
        const all = [-2, 2].every((d) => isInside(x + d, y) === inside && isInside(x, y + d) === inside)
        if (all && alpha.data[y * width + x]! > 127 !== inside) off++
      }
    }
    expect(off).toBeLessThan(120)
  })
})

describe('what lies over what', () => {
  test('a hand in front of the shirt is a hand and its forearm an arm', () => {
    const { parts, truth } = segment({ handOnBelly: true })
    expect(foundAs(parts.labels, truth, 'rightHand', ['rightHand'])).toBeGreaterThan(0.8)
    expect(foundAs(parts.labels, truth, 'rightArm', ['rightArm', 'rightHand'])).toBeGreaterThan(0.85)
    expect(overlapOf(parts.labels, truth, 'upper')).toBeGreaterThan(0.94)
  })

  test('hair that falls over the shirt is hair', () => {
    const { parts, truth } = segment({ longHair: true, top: [226, 222, 214] })
    expect(foundAs(parts.labels, truth, 'hair', ['hair'])).toBeGreaterThan(0.9)
  })

  test('a bare belly is torso, neither arm nor garment', () => {
    const { parts, truth } = segment({ hem: 280 })
    expect(foundAs(parts.labels, truth, 'torso', ['torso'])).toBeGreaterThan(0.85)
  })

  test('a belt goes with the trousers, whatever its colour', () => {
    const { parts, truth } = segment({ hem: 318, belt: [120, 70, 30], top: [70, 62, 50], bottom: [236, 234, 230] })
    expect(foundAs(parts.labels, truth, 'lower', ['lower'])).toBeGreaterThan(0.95)
  })

  test('a print in the colour of skin stays garment', () => {
    const { parts, truth } = segment({ print: 30 })
    expect(foundAs(parts.labels, truth, 'upper', ['upper'])).toBeGreaterThan(0.97)
  })

  test('the mirrored picture has the mirrored parts', () => {
    const { picture, pose, parts } = segment({ leg: 0.5 })
    const flipped = mirror(picture, pose)
    const found = segmentPerson(flipped.picture, flipped.pose).labels
    const sideways = new Map<number, number>(
      (['Arm', 'Hand', 'Leg'] as const).flatMap((limb) => [
        [PART[`left${limb}`], PART[`right${limb}`]] as const,
        [PART[`right${limb}`], PART[`left${limb}`]] as const,
      ]),
    )
    let different = 0
    for (let y = 0; y < picture.height; y++) {
      for (let x = 0; x < picture.width; x++) {
        const there = found[y * picture.width + picture.width - 1 - x]!
        if ((sideways.get(there) ?? there) !== parts.labels[y * picture.width + x]) different++
      }
    }
    expect(different / found.length).toBeLessThan(0.005)
  })

  test('a figure cut off by the picture is still parted', () => {
    const { picture, pose, truth } = drawFigure()
    const height = 330
    const cut: Raster = { width: picture.width, height, data: picture.data.slice(0, picture.width * height * 4) }
    const mask = { width: picture.width, height, data: pose.mask.data.slice(0, picture.width * height) }
    const parts = segmentPerson(cut, { ...pose, mask })
    const seen = truth.slice(0, picture.width * height)
    expect(overlapOf(parts.labels, seen, 'upper')).toBeGreaterThan(0.93)
    expect(parts.alpha.data.length).toBe(picture.width * height)
  })
})

/** The landmark of the other side of the body. */
const other = (index: number): number => {
  if (index === POSE.nose) return index
  if (index <= POSE.rightEyeOuter) return index <= POSE.leftEyeOuter ? index + 3 : index - 3
  return index % 2 === 1 ? index + 1 : index - 1
}

test('poor input gives labels of the right size and no error', () => {
  const { picture, pose } = drawFigure()
  const { width, height } = picture
  const none = { width, height, data: new Uint8Array(width * height) }
  expect(segmentPerson(picture, { ...pose, mask: none }).labels.every((label) => label === PART.background)).toBe(true)
  const heap = pose.landmarks.map((landmark) => ({ ...landmark, x: 240, y: 240 }))
  expect(segmentPerson(picture, { ...pose, landmarks: heap }).labels.length).toBe(width * height)
  const tiny = { width: 20, height: 24, data: new Uint8ClampedArray(20 * 24 * 4).fill(200) }
  const all = { width: 20, height: 24, data: new Uint8Array(20 * 24).fill(255) }
  expect(segmentPerson(tiny, { ...pose, mask: all }).labels.length).toBe(20 * 24)
})

const mirror = (picture: Raster, pose: Pose): { picture: Raster; pose: Pose } => {
  const { width, height } = picture
  const out = createRaster(width, height)
  const mask = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const from = y * width + x
      const to = y * width + width - 1 - x
      mask[to] = pose.mask.data[from]!
      out.data.set(picture.data.subarray(from * 4, from * 4 + 4), to * 4)
    }
  }
  const landmarks = pose.landmarks.map((_, index) => {
    const from = pose.landmarks[other(index)]!
    return { ...from, x: width - from.x }
  })
  return { picture: out, pose: { landmarks, score: 1, mask: { width, height, data: mask } } }
}

describe('faceOval', () => {
  test('holds eyes, nose, mouth and chin and stays within the head', () => {
    const { pose, truth, picture } = drawFigure()
    const oval = faceOval(pose)
    const inside = (x: number, y: number) => {
      let crossings = 0
      oval.forEach((a, i) => {
        const b = oval[(i + 1) % oval.length]!
        if (a.y > y !== b.y > y && x < ((b.x - a.x) * (y - a.y)) / (b.y - a.y) + a.x) crossings++
      })
      return crossings % 2 === 1
    }
    for (const index of [POSE.nose, POSE.leftEyeOuter, POSE.rightEyeOuter, POSE.mouthLeft, POSE.mouthRight]) {
      expect(inside(pose.landmarks[index]!.x, pose.landmarks[index]!.y)).toBe(true)
    }
    expect(inside(240, 131)).toBe(true)
    for (const { x, y } of oval) {
      const part = truth[Math.floor(y) * picture.width + Math.floor(x)]
      expect([PART.face, PART.hair, PART.neck] as number[]).toContain(part!)
    }
  })
})
