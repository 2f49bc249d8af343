import {
  type GarmentCategory,
  type GarmentCut,
  type GarmentLandmarks,
  landmarkNames,
  type LandmarkName,
} from './garment.ts'
import { findShouldersUnderHood } from './garment-hooded.ts'
import { type GarmentNet, type NetReading, readSilhouette } from './garment-net.ts'
import { findWindow, sampleWindow, turnMask, turnPoint } from './garment-silhouette.ts'
import { snapLandmarks } from './garment-snap.ts'
import type { Mask, Raster } from './image.ts'

/** Side of the mask on which landmarks are snapped to the outline. */
const OUTLINE_SIDE = 400
const SURE_TURN = 0.8

export type GarmentReading = {
  category: GarmentCategory
  cut: GarmentCut
  landmarks: GarmentLandmarks
  /** How sure the network is that this is a garment of this cut with these landmarks, 0 to 1. */
  confidence: number
}

type ClassChoice = { category: GarmentCategory; cut: GarmentCut; probability: number }

/** What a cut covers: tops and dresses compete with skirts and trousers as one, and among themselves only after that. */
const bodyOf = (category: GarmentCategory, cut: GarmentCut) =>
  category !== 'bottom' ? 'shoulders' : cut === 'skirt' ? 'hips' : 'legs'

/** The likeliest cut; with a category given, the likeliest within it. */
const chooseClass = (net: GarmentNet, reading: NetReading, wanted: GarmentCategory | undefined): ClassChoice => {
  const choices = net.classes.flatMap((name, k): ClassChoice[] => {
    const [category, cut] = name.split(' ') as [GarmentCategory, GarmentCut | undefined]
    return cut && (!wanted || category === wanted) ? [{ category, cut, probability: reading.classes[k]! }] : []
  })
  const sum = (of: ClassChoice) =>
    choices
      .filter((other) => bodyOf(other.category, other.cut) === bodyOf(of.category, of.cut))
      .reduce((total, other) => total + other.probability, 0)
  const best = choices.toSorted((a, b) => sum(b) - sum(a) || b.probability - a.probability)[0]!
  return { ...best, probability: sum(best) }
}

/** Tops are shorter than this many chest widths from collar to hem, dresses longer than the other. */
const LONGEST_TOP = 1.78
const SHORTEST_DRESS = 1.9

/** Top or dress is a matter of length: where the landmarks leave no doubt, they decide. */
const settleLength = (
  choice: ClassChoice,
  net: GarmentNet,
  reading: NetReading,
  wanted: GarmentCategory | undefined,
): ClassChoice => {
  if (wanted || choice.category === 'bottom') return choice
  const at = (name: LandmarkName) => reading.points[net.names.indexOf(name)]!
  const collar = (at('collarLeft').y + at('collarRight').y) / 2
  const length = (at('hemLeft').y + at('hemRight').y) / 2 - collar
  const ratio = length / Math.max(0.02, at('armpitRight').x - at('armpitLeft').x)
  const category = ratio < LONGEST_TOP ? 'top' : ratio > SHORTEST_DRESS ? 'dress' : choice.category
  return { ...choice, category }
}

const otherSide = (name: string) =>
  name.endsWith('Left') ? name.replace('Left', 'Right') : name.endsWith('Right') ? name.replace('Right', 'Left') : name

/** A waist that was read above the armpit or below the hem lies between them instead. */
const placeWaist = (rough: GarmentLandmarks) => {
  for (const side of ['Left', 'Right'] as const) {
    const armpit = rough[`armpit${side}`]
    const waist = rough[`waist${side}`]
    const hem = rough[`hem${side}`]
    if (!armpit || !waist || !hem || (waist.y > armpit.y && waist.y < hem.y)) continue
    rough[`waist${side}`] = { x: armpit.x + (hem.x - armpit.x) * 0.45, y: armpit.y + (hem.y - armpit.y) * 0.45 }
  }
}

/** How far (share of the window) a landmark may lie from the mirror image of its counterpart unquestioned. */
const LOPSIDED = 0.07
/** A landmark this much less certain than its counterpart gives way to the counterpart's mirror image. */
const DOUBTFUL = 0.75

/** Sleeves and legs lie as they lie, but where one side was read poorly the other side says where it must be. */
const evenOut = (points: NetReading['points'], names: string[], of: readonly string[]): NetReading['points'] => {
  const at = (name: string) => points[names.indexOf(name)]!
  const middle = (stem: string) => ({
    x: (at(`${stem}Left`).x + at(`${stem}Right`).x) / 2,
    y: (at(`${stem}Left`).y + at(`${stem}Right`).y) / 2,
  })
  const top = middle(of.includes('collarLeft') ? 'collar' : 'waist')
  const foot = of.includes('crotch') ? at('crotch') : middle('hem')
  const size = Math.max(1e-3, Math.hypot(foot.x - top.x, foot.y - top.y))
  const ax = (foot.x - top.x) / size
  const ay = (foot.y - top.y) / size
  const out = [...points]
  for (const name of of) {
    const p = at(name)
    const other = otherSide(name)
    if (other === name) continue
    const q = at(other)
    const along = (q.x - top.x) * ax + (q.y - top.y) * ay
    const mirror = { x: 2 * (top.x + along * ax) - q.x, y: 2 * (top.y + along * ay) - q.y }
    const far = Math.hypot(mirror.x - p.x, mirror.y - p.y)
    if (far > LOPSIDED && p.certainty < q.certainty * DOUBTFUL)
      out[names.indexOf(name)] = { ...mirror, certainty: p.certainty }
  }
  return out
}

/** How far apart the two readings of one landmark may lie (share of the window) and still be averaged. */
const AGREED = 0.06

/** Reads the silhouette and its mirror image and joins the two: what both see is surer than what one does. */
const readBothWays = (net: GarmentNet, mask: Mask): NetReading => {
  const n = mask.width
  const straight = new Float32Array(n * n)
  const mirrored = new Float32Array(n * n)
  for (let i = 0; i < n * n; i++) {
    straight[i] = mask.data[i]! / 255
    mirrored[i - 2 * (i % n) + n - 1] = straight[i]!
  }
  const a = readSilhouette(net, straight)
  const b = readSilhouette(net, mirrored)
  const points = net.names.map((name, k) => {
    const p = a.points[k]!
    const q = b.points[net.names.indexOf(otherSide(name))]!
    const x = 1 - q.x
    if (Math.hypot(p.x - x, p.y - q.y) > AGREED) return p.certainty > q.certainty ? p : { ...q, x }
    const w = p.certainty / Math.max(1e-6, p.certainty + q.certainty)
    return {
      x: w * p.x + (1 - w) * x,
      y: w * p.y + (1 - w) * q.y,
      certainty: (p.certainty + q.certainty) / 2,
    }
  })
  // A quarter turn clockwise is, in the mirror, three.
  const turns = a.turns.map((v, k) => (v + b.turns[(4 - k) % 4]!) / 2)
  return { points, classes: a.classes.map((v, k) => (v + b.classes[k]!) / 2), turns }
}

/**
 * Reads category, cut and landmarks (in the cut-out's pixels) from the cut-out's silhouette alone. A garment that lies
 * on its side is read all the same; left and right are then those of the garment set upright.
 */
export const readGarment = (net: GarmentNet, cutout: Raster, wanted?: GarmentCategory): GarmentReading | undefined => {
  const window = findWindow(cutout)
  if (!window) return undefined
  const small = sampleWindow(cutout, window, net.size)
  const read = (quarters: number) => readBothWays(net, turnMask(small, quarters))
  let reading = read(0)
  let quarters = 0
  for (let k = 1; k < 4; k++) if (reading.turns[k]! > SURE_TURN) quarters = k
  if (quarters) {
    const upright = read(-quarters)
    if (upright.turns[0]! > SURE_TURN) reading = upright
    else quarters = 0
  }
  const { category, cut, probability } = settleLength(chooseClass(net, reading, wanted), net, reading, wanted)
  const nothing = reading.classes[net.classes.indexOf('nothing')] ?? 0
  const rough: GarmentLandmarks = {}
  let certainty = 0
  const names = landmarkNames(category, cut)
  const points = evenOut(reading.points, net.names, names)
  for (const name of names) {
    const point = points[net.names.indexOf(name)]!
    rough[name] = { x: point.x * OUTLINE_SIDE, y: point.y * OUTLINE_SIDE }
    certainty += point.certainty / names.length
  }
  placeWaist(rough)
  const outline = turnMask(sampleWindow(cutout, window, OUTLINE_SIDE), -quarters)
  const landmarks: GarmentLandmarks = {}
  const snapped = snapLandmarks(outline, category, cut, rough)
  const found = cut === 'sleeveless' ? findShouldersUnderHood(outline, snapped) : snapped
  for (const [name, p] of Object.entries(found)) {
    const q = turnPoint({ x: p.x / OUTLINE_SIDE, y: p.y / OUTLINE_SIDE }, quarters)
    landmarks[name as LandmarkName] = { x: window.x + q.x * window.side, y: window.y + q.y * window.side }
  }
  const believed = wanted ? 1 - nothing : Math.min(1 - nothing, 0.5 + 0.5 * probability)
  return { category, cut, landmarks, confidence: believed * certainty }
}
