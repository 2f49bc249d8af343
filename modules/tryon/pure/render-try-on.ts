import { type BodyFrame, createBodyFrame, type Side, toImage, torsoEdge } from './body-frame.ts'
import { createTexture, layCloth } from './cloth-layer.ts'
import { addLayer, blurChannel, type Cloth, composeCloth, createCloth, maskCloth } from './compose.ts'
import { type Drape, drapeGarment } from './drape.ts'
import type { LandmarkName, PreparedGarment } from './garment.ts'
import { type BodyInput, type GarmentScale, type MeasureName, type Measures, scaleGarment } from './garment-size.ts'
import { lowerHood } from './hood.ts'
import { createMask, type Mask, type Point, type Raster } from './image.ts'
import { estimateShading } from './light.ts'
import { matchPhoto } from './light-match.ts'
import { alongArm, armsInFront, inFrontOfCloth } from './occlusion.ts'
import { PART, type PersonParts } from './parts.ts'
import type { Pose } from './pose.ts'
import { readBody } from './skin-tone.ts'
import { bodyGirth } from './torso-fit.ts'
import { undress } from './undress.ts'
import { midpoint } from './vector.ts'

export type RenderInput = {
  picture: Raster
  pose: Pose
  parts: PersonParts
  garment: PreparedGarment
  /** Finished measures of the size to draw; what is missing follows from the garment picture's proportions. */
  measures: Measures
  body: BodyInput
  /** Milliseconds from any origin, for the timings; `pure` code has no clock of its own. */
  clock?: () => number
}

export type Rendered = {
  picture: Raster
  /** 255 where the picture may differ from the input. */
  edit: Mask
  /** Where the garment shows, 0 to 255. */
  cloth: Mask
  /** Where cloth, skin or background replaced what was there, 0 to 255: the photo's own detail is gone there. */
  replaced: Mask
  placement: Partial<Record<LandmarkName, Point>>
  /** How the cloth was laid, in the order it was drawn. */
  layers: Drape['layers']
  pixelsPerCm: number
  scaleSource: BodyFrame['scaleSource']
  measuresCm: Partial<Record<MeasureName, number>>
  fit: { zone: string; garmentCm: number; bodyCm: number; easeCm: number }[]
  timingsMs: Record<string, number>
}

/** A front open deeper than this (cm below the collar) is worn over something: blazers, cardigans. */
const LAYERED_CM = 17

/** Which of what is worn the garment replaces: what has sleeves and an open or deep front goes over the top that is there. */
function replaces(garment: PreparedGarment, size: GarmentScale): { upper: boolean; lower: boolean } {
  const { collarLeft, collarRight, collarCentre } = garment.landmarks
  const depth = collarLeft && collarRight && collarCentre ? collarCentre.y - (collarLeft.y + collarRight.y) / 2 : 0
  const layered = garment.openFront || (garment.cut === 'long-sleeve' && depth * size.cmPerPxDown > LAYERED_CM)
  return {
    upper: garment.category === 'dress' || (garment.category === 'top' && !layered),
    lower: garment.category !== 'top',
  }
}

const toTenth = (n: number): number => Math.round(n * 10) / 10

/** Puts the garment on the person. The inputs stay as they are. */
export function renderTryOn(input: RenderInput): Rendered {
  const { picture, pose, parts, garment, measures, body } = input
  const clock = input.clock ?? (() => 0)
  const timingsMs: Record<string, number> = {}
  let last = clock()
  const lap = (name: string) => {
    const now = clock()
    timingsMs[name] = toTenth(now - last)
    last = now
  }
  const frame = createBodyFrame(pose, parts, body.heightCm)
  const size = scaleGarment(garment, measures)
  const drape = drapeGarment({ garment, size, frame, parts, body })
  lap('drape')
  const cloth = drawCloth({ ...input, garment: lowerHood(garment, size.cmPerPxDown) }, frame, drape)
  lap('warp')
  const remove = replaces(garment, size)
  const comesOff = createRemoval(parts, remove)
  const layered = !remove.upper && garment.category === 'top' && garment.cut !== 'sleeveless'
  if (layered) markBeside(comesOff, parts, cloth, drape)
  const exposed = findExposed(parts, cloth, comesOff, frame.pixelsPerCm)
  const reading = readBody({ picture, pose, parts })
  const base = exposed
    ? undress({ picture, pose, parts, remove: { ...remove, upper: remove.upper || layered }, exposed, reading })
    : picture
  lap('undress')
  const { picture: result, touched } = composeCloth(base, cloth, {
    shading: estimateShading({ picture, pose, parts, reading }).data,
    receives: receivers(parts),
    pixelsPerCm: frame.pixelsPerCm,
    match: matchPhoto({ garment: garment.cutout, picture, parts }),
  })
  const shown = toMask(cloth, touched)
  const replaced = { ...shown, data: shown.data.slice() }
  for (let i = 0; i < touched.data.length; i++) {
    if (!exposed || !differs(base, picture, i)) continue
    touched.data[i] = 255
    replaced.data[i] = 255
  }
  lap('compose')
  return {
    picture: result,
    edit: touched,
    cloth: shown,
    replaced,
    placement: drape.placement,
    layers: drape.layers,
    pixelsPerCm: frame.pixelsPerCm,
    scaleSource: frame.scaleSource,
    measuresCm: relevant(garment, size.measures),
    fit: describeFit(garment, frame, body, size.measures),
    timingsMs,
  }
}

/** 1 where what is worn there comes off. */
function createRemoval({ labels }: PersonParts, remove: ReturnType<typeof replaces>): Float32Array {
  const comesOff = new Float32Array(labels.length)
  for (let i = 0; i < comesOff.length; i++) {
    const label = labels[i]
    if ((remove.upper && label === PART.upper) || (remove.lower && label === PART.lower)) comesOff[i] = 1
  }
  return comesOff
}

/** Under a jacket with sleeves the top that is worn stays on, but what of it stands out beside the jacket, as wide sleeves do, is inside. */
function markBeside(comesOff: Float32Array, { width, labels }: PersonParts, cloth: Cloth, { placement }: Drape): void {
  const from = Math.min(placement.collarLeft?.y ?? Infinity, placement.collarRight?.y ?? Infinity)
  const to = Math.min(cloth.height, placement.hemCentre?.y ?? 0)
  const wide = 0.9 * Math.abs((placement.shoulderRight?.x ?? 0) - (placement.shoulderLeft?.x ?? Infinity))
  for (let y = Math.max(0, Math.round(from)); y < to; y++) {
    const row = cloth.alpha.subarray(y * width, (y + 1) * width)
    const first = row.findIndex((a) => a > 0.5)
    const last = row.findLastIndex((a) => a > 0.5)
    // At the collar the cloth does not yet reach from one side to the other.
    if (first < 0 || last - first < wide) continue
    for (let x = 0; x < width; x++)
      if ((x < first || x > last) && labels[y * width + x] === PART.upper) comesOff[y * width + x] = 1
  }
}

/** What comes off but is not covered, with a margin: under the cloth's soft edge, over the worn cloth's soft edge. */
function findExposed(parts: PersonParts, cloth: Cloth, comesOff: Float32Array, cm: number): Mask | undefined {
  const { width, height, labels } = parts
  if (!comesOff.includes(1)) return undefined
  const near = blurChannel(comesOff, width, height, Math.max(3, Math.round(0.9 * cm)))
  const exposed = createMask(width, height)
  for (let i = 0; i < comesOff.length; i++) {
    // A top that stays keeps its hem sharp.
    if (labels[i] === PART.upper && comesOff[i] === 0) continue
    if (near[i]! > 0.004 && cloth.alpha[i]! < 0.996) exposed.data[i] = 255
  }
  return exposed
}

const differs = (a: Raster, b: Raster, i: number): boolean =>
  a.data[4 * i] !== b.data[4 * i] || a.data[4 * i + 1] !== b.data[4 * i + 1] || a.data[4 * i + 2] !== b.data[4 * i + 2]

function drawCloth({ picture, pose, parts, garment }: RenderInput, frame: BodyFrame, drape: Drape): Cloth {
  const { width, height } = picture
  const cloth = createCloth(width, height)
  const patches = drape.layers.map((layer) => layer.patch)
  const texture = createTexture(garment, patches)
  const arms = armsInFront(frame, parts, sleeveEnds(frame, garment, drape))
  const behind = behindNeck(parts)
  for (const { name, patch } of drape.layers) {
    const layer = layCloth(texture, patch, width, height)
    if (layer) addLayer(cloth, layer, name === 'sleeve' ? undefined : arms, behind)
  }
  maskCloth(cloth, inFrontOfCloth(frame, pose, parts))
  if (garment.category === 'bottom') maskCloth(cloth, belowTop(frame, parts))
  return cloth
}

/** How far down each arm the sleeve reaches, as `alongArm` counts; without sleeves nothing of the arm is covered. */
function sleeveEnds(frame: BodyFrame, garment: PreparedGarment, { placement }: Drape): Record<Side, number> {
  const end = (side: Side, outer: Point | undefined, inner: Point | undefined) =>
    garment.cut === 'sleeveless' || !outer || !inner ? -Infinity : alongArm(frame, side, midpoint(outer, inner))
  return {
    left: end('left', placement.cuffOuterLeft, placement.cuffInnerLeft),
    right: end('right', placement.cuffOuterRight, placement.cuffInnerRight),
  }
}

/** Where cloth that is seen through the collar may show: not over the neck or whatever skin is there. */
function behindNeck(parts: PersonParts): Float32Array {
  const open = new Float32Array(parts.labels.length)
  for (let i = 0; i < open.length; i++) open[i] = parts.labels[i] === PART.background ? 1 : 0
  return open
}

/**
 * A worn top hangs over the waistband of what is tried on: the band shows neither through the top nor beside it, where it
 * would stand out like ears. Beside a row of the top means left and right of the run that crosses the body's midline.
 */
function belowTop(frame: BodyFrame, parts: PersonParts): Float32Array {
  const { width, height, labels } = parts
  const visible = new Float32Array(labels.length).fill(1)
  for (let y = 0; y < height; y++) {
    const d = (y - frame.origin.y) / Math.max(0.3, frame.down.y)
    const middle = Math.round(toImage(frame, 0, d).x)
    const isUpper = (x: number) => x >= 0 && x < width && labels[y * width + x] === PART.upper
    let [from, to] = [middle, middle]
    while (isUpper(from - 1)) from--
    while (isUpper(to + 1)) to++
    const wide = isUpper(middle) && to - from > 0.5 * (torsoEdge(frame, 'right', d) - torsoEdge(frame, 'left', d))
    for (let x = 0; x < width; x++)
      if (isUpper(x) || (wide && (x < from || x > to) && labels[y * width + x] !== PART.lower))
        visible[y * width + x] = 0
  }
  return visible
}

function receivers(parts: PersonParts): Float32Array {
  const receives = new Float32Array(parts.labels.length)
  for (let i = 0; i < receives.length; i++) {
    const label = parts.labels[i]!
    receives[i] =
      label === PART.background || label === PART.hair || label === PART.face ? 0 : parts.alpha.data[i]! / 255
  }
  return receives
}

/** Cloth as a mask; a trace of it that changed no pixel is none. */
function toMask(cloth: Cloth, touched: Mask): Mask {
  const mask = createMask(cloth.width, cloth.height)
  for (let i = 0; i < mask.data.length; i++)
    mask.data[i] = touched.data[i] === 0 ? 0 : Math.round(cloth.alpha[i]! * 255)
  return mask
}

const ZONES_SHOWN: Record<PreparedGarment['category'], MeasureName[]> = {
  top: ['chest', 'waist', 'hem', 'length', 'shoulder', 'sleeve'],
  bottom: ['waist', 'hip', 'thigh', 'hem', 'inseam', 'outseam', 'length'],
  dress: ['chest', 'waist', 'hip', 'hem', 'length', 'shoulder', 'sleeve'],
}

function relevant(garment: PreparedGarment, all: Required<Measures>): Partial<Record<MeasureName, number>> {
  const isTube = garment.cut === 'trousers' || garment.cut === 'shorts'
  const shown = ZONES_SHOWN[garment.category].filter(
    (name) =>
      garment.category !== 'bottom' || (isTube ? name !== 'length' : !['inseam', 'outseam', 'thigh'].includes(name)),
  )
  return Object.fromEntries(shown.map((name) => [name, toTenth(all[name])]))
}

function describeFit(
  garment: PreparedGarment,
  frame: BodyFrame,
  body: BodyInput,
  cm: Required<Measures>,
): Rendered['fit'] {
  const at: [zone: 'chest' | 'waist' | 'hip', level: number][] =
    garment.category === 'bottom'
      ? [
          ['waist', 0.66],
          ['hip', 1.08],
        ]
      : [
          ['chest', 0.32],
          ['waist', 0.6],
        ]
  if (garment.category === 'dress') at.push(['hip', 1.08])
  return at.map(([zone, level]) => {
    const bodyCm = bodyGirth(frame, body, level * frame.torsoLength)
    return { zone, garmentCm: toTenth(cm[zone]), bodyCm: toTenth(bodyCm), easeCm: toTenth(cm[zone] - bodyCm) }
  })
}
