import { colourLogs, fitColours, paletteWeights, type ColourModel, type Palette } from './colour-model.ts'
import { expandLabels } from './parts-expand.ts'
import type { PersonFrame } from './parts-frame.ts'
import type { Links } from './parts-matte.ts'
import { CLASS, CLASS_COUNT, placeCosts, type Places } from './parts-prior.ts'
import { clamp, smoothstep } from './vector.ts'

const COMPONENTS = [3, 4, 5, 5, 4]

type Seed = (places: Places, i: number) => number

const isFree = (places: Places, i: number): boolean =>
  places.hand[i]! > 1.2 && (places.arm[i]! > 1 || places.armAlong[i]! < 0.3)

/** Weight of a pixel as an example of each class before anything is known but the pose. */
const SEEDS: readonly Seed[] = [
  (places, i) => (places.rise[i]! > 1.3 && places.rise[i]! < 2 && Math.abs(places.headAcross[i]!) < 0.75 ? 1 : 0),
  (places, i) => {
    if (places.oval[i]! < 0.8 && places.rise[i]! < -0.15 && places.rise[i]! > -0.9) return 1
    const along = places.handAlong[i]!
    return places.hand[i]! < 0.7 && along > 0.1 && along < 0.7 ? 0.5 : 0
  },
  (places, i) => {
    const depth = places.depth[i]!
    return depth > 0.3 && depth < 0.7 && Math.abs(places.aside[i]!) < 0.7 && isFree(places, i) ? 1 : 0
  },
  (places, i) => {
    if (!isFree(places, i)) return 0
    if (places.depth[i]! > 1.02 && places.depth[i]! < 1.3 && Math.abs(places.aside[i]!) < 0.4) return 1
    return places.leg[i]! < 0.55 && places.legAlong[i]! > 0.02 && places.legAlong[i]! < 0.25 ? 1 : 0
  },
  (places, i) => (places.foot[i]! < 0.8 && places.legAlong[i]! > 0.93 ? 1 : 0),
]

/** The face's own colour: the mixture of its examples, then only those examples that agree with its bulk. */
const faceColours = (palette: Palette, places: Places, inside: Uint8Array): ColourModel | undefined => {
  const weights = paletteWeights(palette, (i) =>
    inside[i] && places.oval[i]! < 0.8 && places.rise[i]! < -0.1 && places.rise[i]! > -0.95 ? 1 : 0,
  )
  let sum = 0
  const mean = [0, 0, 0]
  for (let round = 0; round < 4; round++) {
    const centre = mean.slice()
    sum = 0
    mean.fill(0)
    for (let e = 0; e < palette.count; e++) {
      const near =
        round === 0 ||
        (Math.abs(palette.lab[e * 3]! - centre[0]!) < 0.16 &&
          Math.hypot(palette.lab[e * 3 + 1]! - centre[1]!, palette.lab[e * 3 + 2]! - centre[2]!) < 0.04)
      if (!near) continue
      const w = weights[e]!
      sum += w
      for (let c = 0; c < 3; c++) mean[c]! += w * palette.lab[e * 3 + c]!
    }
    if (sum < 1) return undefined
    for (let c = 0; c < 3; c++) mean[c]! /= sum
  }
  for (let e = 0; e < palette.count; e++) {
    const off =
      Math.abs(palette.lab[e * 3]! - mean[0]!) / 0.25 +
      Math.hypot(palette.lab[e * 3 + 1]! - mean[1]!, palette.lab[e * 3 + 2]! - mean[2]!) / 0.06
    if (off > 1) weights[e] = 0
  }
  return fitColours(palette, weights, 3)
}

/** The same colours under other light: each component again with its brightness times every one of `gains`. */
const relight = (model: ColourModel | undefined, gains: number[]): ColourModel | undefined => {
  if (!model) return undefined
  const components = model.components.flatMap((c) =>
    gains.map((gain) => {
      const moved = c.slice()
      moved[1] = c[1]! * gain
      moved[2] = c[2]! * gain
      moved[3] = c[3]! * gain
      moved[10] = c[10]! - Math.log(gains.length)
      return moved
    }),
  )
  return { components, outlier: model.outlier }
}

/** Arms and legs are mostly darker than the face, seldom lighter. */
const SKIN_LIGHT = [0.74, 0.87, 1, 1.08]
const CLOTH_LIGHT = [0.7, 0.85, 1]
const LIGHT = [[1, 1.3, 1.6], SKIN_LIGHT, CLOTH_LIGHT, CLOTH_LIGHT, CLOTH_LIGHT]

type Logs = Float32Array[]

const seedLogs = (palette: Palette, places: Places, inside: Uint8Array): Logs => {
  const face = colourLogs(palette, relight(faceColours(palette, places, inside), SKIN_LIGHT))
  const looksSkin = (i: number) => face[palette.index[i]!]! > 1
  return Array.from({ length: CLASS_COUNT }, (_, label) => {
    const weights = paletteWeights(palette, (i) => {
      if (!inside[i]) return 0
      const weight = SEEDS[label]!(places, i)
      if (weight === 0) return 0
      if (label === CLASS.skin) return looksSkin(i) ? weight : 0
      return looksSkin(i) ? weight * 0.15 : weight
    })
    const model = fitColours(palette, weights, COMPONENTS[label]!)
    return colourLogs(palette, relight(model, LIGHT[label]!))
  })
}

const labelLogs = (palette: Palette, labels: Uint8Array, inside: Uint8Array): Logs =>
  Array.from({ length: CLASS_COUNT }, (_, label) =>
    colourLogs(
      palette,
      fitColours(
        palette,
        paletteWeights(palette, (i) => (inside[i] && labels[i] === label ? 1 : 0)),
        COMPONENTS[label]!,
      ),
    ),
  )

const BINS = 40

/**
 * Where along a limb (0 to 1) the cloth ends: the cut that explains the colours along the bone best, bare beyond it.
 * 0 is bare all along, 1 covered all along.
 */
const clothEnd = (
  frame: { palette: Palette; places: Places; inside: Uint8Array },
  logs: Logs,
  limb: 'arm' | 'leg',
  side: number,
): number => {
  const { palette, places, inside } = frame
  const reach = places[limb]
  const along = limb === 'arm' ? places.armAlong : places.legAlong
  const owner = limb === 'arm' ? places.armSide : places.legSide
  const cloth = logs[limb === 'arm' ? CLASS.upper : CLASS.lower]!
  const skin = logs[CLASS.skin]!
  const sums = new Float64Array(BINS)
  const counts = new Float64Array(BINS)
  for (let i = 0; i < inside.length; i++) {
    if (!inside[i] || reach[i]! > 0.6 || owner[i] !== side) continue
    if (limb === 'leg' && (places.hand[i]! < 1.2 || places.depth[i]! < 1)) continue
    const bin = Math.floor(along[i]! * BINS)
    if (bin < 0 || bin >= BINS) continue
    const entry = palette.index[i]!
    sums[bin]! += clamp(skin[entry]! - cloth[entry]!, -3, 3)
    counts[bin]! += 1
  }
  let best = 0
  let bestScore = 0
  let score = 0
  for (let bin = 0; bin < BINS; bin++) {
    if (counts[bin]! > 0) score -= sums[bin]! / counts[bin]!
    if (score > bestScore) {
      bestScore = score
      best = bin + 1
    }
  }
  return best / BINS
}

const WAIST_FROM = 0.5
const WAIST_TO = 1.5

/** How far down the torso the upper garment ends: the cut across the trunk that explains the colours best. */
const waistDepth = (frame: { palette: Palette; places: Places; inside: Uint8Array }, logs: Logs): number => {
  const { palette, places, inside } = frame
  const sums = new Float64Array(BINS)
  const counts = new Float64Array(BINS)
  for (let i = 0; i < inside.length; i++) {
    if (!inside[i] || Math.abs(places.aside[i]!) > 0.55 || !isFree(places, i)) continue
    const bin = Math.floor(((places.depth[i]! - WAIST_FROM) / (WAIST_TO - WAIST_FROM)) * BINS)
    if (bin < 0 || bin >= BINS) continue
    const entry = palette.index[i]!
    sums[bin]! += clamp(logs[CLASS.lower]![entry]! - logs[CLASS.upper]![entry]!, -3, 3)
    counts[bin]! += 1
  }
  let best = 0.9
  let bestScore = -Infinity
  let score = 0
  for (let bin = 0; bin <= BINS; bin++) {
    const depth = WAIST_FROM + ((WAIST_TO - WAIST_FROM) * bin) / BINS
    const weighed = score - 4 * Math.abs(depth - 0.9)
    if (weighed > bestScore) {
      bestScore = weighed
      best = depth
    }
    if (bin < BINS && counts[bin]! > 0) score -= sums[bin]! / counts[bin]!
  }
  return best
}

/** Adds what the limbs as wholes say: up to the end of sleeve or trouser leg cloth, beyond it skin. */
const addLimbCosts = (
  costs: Float32Array[],
  frame: { palette: Palette; places: Places; inside: Uint8Array },
  logs: Logs,
): void => {
  const { places, inside } = frame
  const armEnd = [0, 1].map((side) => clothEnd(frame, logs, 'arm', side))
  const legEnd = [0, 1].map((side) => clothEnd(frame, logs, 'leg', side))
  const waist = waistDepth(frame, logs)
  const weight = 2
  for (let i = 0; i < inside.length; i++) {
    if (!inside[i]) continue
    if (places.arm[i]! < 1.1 && places.armAlong[i]! < 1 && Math.abs(places.aside[i]!) > 0.7) {
      const beyond = clamp((places.armAlong[i]! - armEnd[places.armSide[i]!]!) * 25, -1, 1)
      const sure = 1 - smoothstep(0.55, 1.05, places.arm[i]!)
      costs[beyond > 0 ? CLASS.upper : CLASS.skin]![i]! += weight * sure * Math.abs(beyond)
    }
    if (places.arm[i]! > 1 || Math.abs(places.aside[i]!) < 0.6) {
      const below = clamp((places.depth[i]! - waist) * 25, -1, 1)
      costs[below > 0 ? CLASS.upper : CLASS.lower]![i]! += 1.5 * Math.abs(below)
    }
    if (places.leg[i]! < 1.1 && places.depth[i]! > 1.1 && places.hand[i]! > 1) {
      const beyond = clamp((places.legAlong[i]! - legEnd[places.legSide[i]!]!) * 25, -1, 1)
      costs[beyond > 0 ? CLASS.lower : CLASS.skin]![i]! += weight * Math.abs(beyond)
    }
  }
}

/** The class of every pixel of the person (`CLASS_COUNT` elsewhere), at work size. */
export const labelClasses = (
  frame: PersonFrame,
  palette: Palette,
  links: Links,
  inside: Uint8Array,
  places: Places,
): Uint8Array => {
  const count = inside.length
  const labels = new Uint8Array(count).fill(CLASS_COUNT)
  const place = placeCosts(places, inside)
  const size = { width: frame.width, height: frame.height, inside }
  let logs = seedLogs(palette, places, inside)
  for (let round = 0; round < 2; round++) {
    if (round > 0) logs = labelLogs(palette, labels, inside)
    const costs = place.map((cost) => cost.slice())
    addLimbCosts(costs, { palette, places, inside }, logs)
    for (let label = 0; label < CLASS_COUNT; label++) {
      const own = costs[label]!
      const log = logs[label]!
      for (let i = 0; i < count; i++) if (inside[i]) own[i]! -= 0.6 * log[palette.index[i]!]!
    }
    if (round === 0) {
      for (let i = 0; i < count; i++) {
        if (!inside[i]) continue
        let best = 0
        for (let label = 1; label < CLASS_COUNT; label++) if (costs[label]![i]! < costs[best]![i]!) best = label
        labels[i] = best
      }
    }
    expandLabels(labels, costs, links, size, 1.6, 1)
  }
  return labels
}
