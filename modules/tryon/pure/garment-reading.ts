import {
  type GarmentCategory,
  type GarmentCut,
  type GarmentLandmarks,
  landmarkNames,
  type LandmarkName,
} from './garment.ts'
import { type GarmentNet, type NetReading, readSilhouette } from './garment-net.ts'
import { findWindow, sampleWindow, turnMask, turnPoint } from './garment-silhouette.ts'
import { snapLandmarks } from './garment-snap.ts'
import type { Raster } from './image.ts'

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

/** The likeliest cut; with a category given, the likeliest within it. */
const chooseClass = (net: GarmentNet, reading: NetReading, wanted: GarmentCategory | undefined): ClassChoice => {
  let best: ClassChoice = { category: 'top', cut: 'short-sleeve', probability: -1 }
  net.classes.forEach((name, k) => {
    const [category, cut] = name.split(' ') as [GarmentCategory, GarmentCut | undefined]
    const probability = reading.classes[k]!
    if (!cut || (wanted && category !== wanted) || probability <= best.probability) return
    best = { category, cut, probability }
  })
  return best
}

/**
 * Reads category, cut and landmarks (in the cut-out's pixels) from the cut-out's silhouette alone. A garment that lies
 * on its side is read all the same; left and right are then those of the garment set upright.
 */
export const readGarment = (net: GarmentNet, cutout: Raster, wanted?: GarmentCategory): GarmentReading | undefined => {
  const window = findWindow(cutout)
  if (!window) return undefined
  const read = (quarters: number) => {
    const mask = turnMask(sampleWindow(cutout, window, net.size), quarters)
    return readSilhouette(
      net,
      Float32Array.from(mask.data, (v) => v / 255),
    )
  }
  let reading = read(0)
  let quarters = 0
  for (let k = 1; k < 4; k++) if (reading.turns[k]! > SURE_TURN) quarters = k
  if (quarters) {
    const upright = read(-quarters)
    if (upright.turns[0]! > SURE_TURN) reading = upright
    else quarters = 0
  }
  const { category, cut, probability } = chooseClass(net, reading, wanted)
  const nothing = reading.classes[net.classes.indexOf('nothing')] ?? 0
  const rough: GarmentLandmarks = {}
  let certainty = 0
  const names = landmarkNames(category, cut)
  for (const name of names) {
    const point = reading.points[net.names.indexOf(name)]!
    rough[name] = { x: point.x * OUTLINE_SIDE, y: point.y * OUTLINE_SIDE }
    certainty += point.certainty / names.length
  }
  const outline = turnMask(sampleWindow(cutout, window, OUTLINE_SIDE), -quarters)
  const landmarks: GarmentLandmarks = {}
  for (const [name, p] of Object.entries(snapLandmarks(outline, category, cut, rough))) {
    const q = turnPoint({ x: p.x / OUTLINE_SIDE, y: p.y / OUTLINE_SIDE }, quarters)
    landmarks[name as LandmarkName] = { x: window.x + q.x * window.side, y: window.y + q.y * window.side }
  }
  const believed = wanted ? 1 - nothing : Math.min(1 - nothing, 0.5 + 0.5 * probability)
  return { category, cut, landmarks, confidence: believed * certainty }
}
