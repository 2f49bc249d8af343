import type { Raster } from './image.ts'
import { blurField, hashUnit, quantile } from './inpaint-field.ts'
import { linearToOklab, srgbToLinear } from './lab.ts'
import { fitLight, shade, type BodyLight } from './light-direction.ts'
import { PART, type PersonParts } from './parts.ts'
import type { Pose } from './pose.ts'
import { composeBody, findBareBody, type BareBody, type BodyPart, type BodySurface } from './undress-body.ts'

/** Colour of one skin area without shading: OKLab of a surface that faces the camera. */
type SkinColour = { L: number; a: number; b: number; weight: number }

/**
 * The person's skin: colour per part of the body, the light it was seen in, how chroma follows lightness (`redder`, `yellower`: change of a and b
 * for a change of L), and its grain (deviation of L in fine detail).
 */
export type SkinTone = {
  colour: Record<BodyPart, SkinColour>
  light: BodyLight
  redder: number
  yellower: number
  grain: number
}

type Sample = { L: number; a: number; b: number; nx: number; ny: number }

const AREAS = {
  face: [PART.face],
  neck: [PART.neck],
  chest: [PART.torso],
  leftArm: [PART.leftArm],
  rightArm: [PART.rightArm],
  hands: [PART.leftHand, PART.rightHand],
  legs: [PART.leftLeg, PART.rightLeg],
}
const AREA_NAMES = ['face', 'neck', 'chest', 'leftArm', 'rightArm', 'hands', 'legs'] as const
type AreaName = (typeof AREA_NAMES)[number]
/** Stands for all labels that are no skin area. */
const NO_AREA = AREA_NAMES.length

/** Whether all pixels at distance `reach` have the same label: edges are mixed with what lies beside them. */
const isInside = (parts: PersonParts, i: number, reach: number): boolean => {
  const { width, labels } = parts
  const label = labels[i]
  for (const step of [-reach, reach, -reach * width, reach * width]) if (labels[i + step] !== label) return false
  return true
}

type FaceBox = { x: number; y: number; halfWidth: number; halfHeight: number }

/** Number of each area's opaque pixels, by the area's place in `AREA_NAMES`. */
const countAreas = (parts: PersonParts, areaOf: Uint8Array): Uint32Array => {
  const { labels } = parts
  const alpha = parts.alpha.data
  const counts = new Uint32Array(NO_AREA + 1)
  for (let i = 0; i < labels.length; i++) if (alpha[i]! > 240) counts[areaOf[labels[i]!]!]! += 1
  return counts
}

/** The pixels of every area, ascending. */
const findAreas = (parts: PersonParts): Record<AreaName, Int32Array> => {
  const { labels } = parts
  const alpha = parts.alpha.data
  const areaOf = new Uint8Array(16).fill(NO_AREA)
  AREA_NAMES.forEach((name, code) => AREAS[name].forEach((label) => areaOf.fill(code, label, label + 1)))
  const lists = Array.from(countAreas(parts, areaOf), (count) => new Int32Array(count))
  const filled = new Uint32Array(NO_AREA + 1)
  for (let i = 0; i < labels.length; i++) {
    const code = areaOf[labels[i]!]!
    if (code === NO_AREA || alpha[i]! <= 240) continue
    lists[code]![filled[code]!] = i
    filled[code]! += 1
  }
  return Object.fromEntries(AREA_NAMES.map((name, code) => [name, lists[code]])) as Record<AreaName, Int32Array>
}

const gatherArea = (
  picture: Raster,
  parts: PersonParts,
  area: AreaName,
  found: Int32Array,
  surface: BodySurface,
  face: FaceBox,
): Sample[] => {
  const { width, height } = parts
  const reach = found.length > 2500 ? 3 : 2
  const step = Math.max(1, Math.floor(found.length / 1500))
  const lab = new Float32Array(3)
  const samples: Sample[] = []
  for (let k = 0; k < found.length; k += step) {
    const i = found[Math.min(found.length - 1, k + Math.floor(hashUnit(k) * step))]!
    if (i < reach * width || i >= width * (height - reach) || !isInside(parts, i, reach)) continue
    const { data } = picture
    linearToOklab(srgbToLinear(data[i * 4]!), srgbToLinear(data[i * 4 + 1]!), srgbToLinear(data[i * 4 + 2]!), lab, 0)
    const turn = ((i % width) + 0.5 - face.x) / face.halfWidth
    const nod = (Math.floor(i / width) + 0.5 - face.y) / face.halfHeight
    const [nx, ny] = area === 'face' ? [turn * 0.9, nod * 0.3] : [surface.nx[i]!, surface.ny[i]!]
    samples.push({ L: lab[0]!, a: lab[1]!, b: lab[2]!, nx, ny })
  }
  return samples
}

/** Leaves out what is not plain skin (lips, eyes, beard, hair, highlights, jewellery): far from the middle in hue, or very dark or bright. */
const keepPlain = (samples: Sample[]): Sample[] => {
  if (samples.length < 12) return samples
  const middle = (read: (sample: Sample) => number) => quantile(samples.map(read), 0.5)
  const a = middle((s) => s.a)
  const b = middle((s) => s.b)
  const low = quantile(
    samples.map((s) => s.L),
    0.15,
  )
  const high = quantile(
    samples.map((s) => s.L),
    0.95,
  )
  const spreadA = Math.max(0.008, 2.5 * middle((s) => Math.abs(s.a - a)))
  const spreadB = Math.max(0.01, 2.5 * middle((s) => Math.abs(s.b - b)))
  return samples.filter((s) => s.L >= low && s.L <= high && Math.abs(s.a - a) < spreadA && Math.abs(s.b - b) < spreadB)
}

/** The face as an upright ellipsoid: middle and half sizes of its label's box. */
const findFace = (parts: PersonParts): FaceBox => {
  const { width, labels } = parts
  const first = labels.indexOf(PART.face)
  const box = { x0: 0, y0: 0, x1: 1, y1: 1 }
  if (first >= 0) {
    box.y0 = Math.floor(first / width)
    box.y1 = Math.floor(labels.lastIndexOf(PART.face) / width) + 1
    box.x0 = width
    for (let y = box.y0; y < box.y1; y++) {
      const row = labels.subarray(y * width, (y + 1) * width)
      const left = row.indexOf(PART.face)
      if (left < 0) continue
      box.x0 = Math.min(box.x0, left)
      box.x1 = Math.max(box.x1, row.lastIndexOf(PART.face) + 1)
    }
  }
  return {
    x: (box.x0 + box.x1) / 2,
    y: (box.y0 + box.y1) / 2,
    halfWidth: Math.max(1, (box.x1 - box.x0) / 2),
    halfHeight: Math.max(1, (box.y1 - box.y0) / 2),
  }
}

const meanColour = (samples: Sample[], light: BodyLight, usable: number): SkinColour | undefined => {
  if (samples.length < 12) return undefined
  return {
    L: quantile(
      samples.map((s) => s.L / shade(light, s.nx, s.ny)),
      0.5,
    ),
    a: quantile(
      samples.map((s) => s.a),
      0.5,
    ),
    b: quantile(
      samples.map((s) => s.b),
      0.5,
    ),
    weight: usable * Math.min(1, samples.length / 400),
  }
}

const mixColours = (colours: readonly (SkinColour | undefined)[], trust: readonly number[]): SkinColour => {
  const out = { L: 0, a: 0, b: 0, weight: 0 }
  colours.forEach((colour, k) => {
    if (!colour) return
    const weight = colour.weight * trust[k]!
    out.L += weight * colour.L
    out.a += weight * colour.a
    out.b += weight * colour.b
    out.weight += weight
  })
  if (out.weight === 0) return { L: 0.68, a: 0.035, b: 0.06, weight: 0 }
  return { L: out.L / out.weight, a: out.a / out.weight, b: out.b / out.weight, weight: out.weight }
}

const slopeOf = (samples: Sample[], read: (sample: Sample) => number): number => {
  const meanL = samples.reduce((sum, s) => sum + s.L, 0) / Math.max(1, samples.length)
  const mean = samples.reduce((sum, s) => sum + read(s), 0) / Math.max(1, samples.length)
  let above = 0
  let below = 0.02
  for (const s of samples) {
    above += (s.L - meanL) * (read(s) - mean)
    below += (s.L - meanL) ** 2
  }
  return Math.max(-0.15, Math.min(0.15, above / below))
}

/** Deviation of fine detail in lightness on plain skin: the photo's grain, pores and compression. */
export const findGrain = (picture: Raster, parts: PersonParts): number => {
  const { width, labels } = parts
  const squares: number[] = []
  const skin = [PART.neck, PART.torso, PART.leftArm, PART.rightArm, PART.face, PART.leftLeg, PART.rightLeg] as number[]
  const luma = new Float32Array(25)
  for (let i = 3 * width; i < labels.length - 3 * width && squares.length < 600; i += 37) {
    if (!skin.includes(labels[i]!) || !isInside(parts, i, 3)) continue
    for (let k = 0; k < 25; k++) {
      const at = (i + (Math.floor(k / 5) - 2) * width + (k % 5) - 2) * 4
      luma[k] = 0.299 * picture.data[at]! + 0.587 * picture.data[at + 1]! + 0.114 * picture.data[at + 2]!
    }
    const base = blurField(luma, { width: 5, height: 5 }, 1, 1)
    squares.push((luma[12]! - base[12]!) ** 2)
  }
  if (squares.length < 20) return 0.006
  return Math.min(0.02, Math.max(0.002, (Math.sqrt(quantile(squares, 0.6)) * 1.25) / 255))
}

/** Reads the person's skin from the picture; what is not visible is taken from the nearest part that is. */
const findSkinTone = (picture: Raster, parts: PersonParts, surface: BodySurface): SkinTone => {
  const face = findFace(parts)
  const pixels = findAreas(parts)
  const areas: Record<string, Sample[]> = {}
  const relative: number[] = []
  for (const area of AREA_NAMES) {
    const plain = keepPlain(gatherArea(picture, parts, area, pixels[area], surface, face))
    areas[area] = plain
    if (plain.length < 40 || area === 'hands') continue
    const level = quantile(
      plain.map((s) => s.L),
      0.6,
    )
    for (const s of plain) relative.push(s.nx, s.ny, s.L / level)
  }
  const light = fitLight(Float32Array.from(relative))
  const found = AREA_NAMES.map((area) => meanColour(areas[area]!, light, area === 'hands' ? 0.8 : 1))
  // Areas that disagree with the rest of the person (make-up, a glove, shoes taken for a foot) lose their say.
  const general = mixColours(found, [1, 1, 0.8, 0.8, 0.8, 0.4, 0.3])
  for (const entry of found) {
    if (!entry) continue
    const strange =
      ((entry.a - general.a) / 0.022) ** 2 + ((entry.b - general.b) / 0.03) ** 2 + ((entry.L - general.L) / 0.12) ** 2
    entry.weight *= Math.exp(-0.5 * strange)
  }
  const mix = (trust: readonly number[]) => mixColours(found, trust)
  const all = Object.values(areas).flat()
  return {
    colour: {
      torso: mix([0.4, 0.8, 1, 0.4, 0.4, 0.05, 0.05]),
      leftArm: mix([0.1, 0.1, 0.12, 1, 0.25, 0.08, 0.05]),
      rightArm: mix([0.1, 0.1, 0.12, 0.25, 1, 0.08, 0.05]),
      leftLeg: mix([0.08, 0.1, 0.1, 0.15, 0.15, 0.05, 1]),
      rightLeg: mix([0.08, 0.1, 0.1, 0.15, 0.15, 0.05, 1]),
    },
    light,
    redder: slopeOf(all, (s) => s.a),
    yellower: slopeOf(all, (s) => s.b),
    grain: findGrain(picture, parts),
  }
}

/** What the picture says of the body under the clothes: its shape, its surface over the whole picture, its skin. */
export type BodyReading = { body: BareBody; surface: BodySurface; tone: SkinTone }

/** Reads the body once for all who need it: `undress`, `estimateShading`. */
export const readBody = (input: { picture: Raster; pose: Pose; parts: PersonParts }): BodyReading => {
  const { picture, pose, parts } = input
  const body = findBareBody(pose, parts)
  const surface = composeBody(body, { x0: 0, y0: 0, x1: parts.width, y1: parts.height })
  return { body, surface, tone: findSkinTone(picture, parts, surface) }
}
