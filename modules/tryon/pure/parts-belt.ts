import type { PersonFrame } from './parts-frame.ts'
import { CLASS, type Places } from './parts-prior.ts'

/** Colours whose distance is below this are one cloth under two lights; a and b count double. */
const SAME = 0.06

const difference = (a: ArrayLike<number>, i: number, b: ArrayLike<number>, j: number): number =>
  Math.hypot(a[i]! - b[j]!, 2 * (a[i + 1]! - b[j + 1]!), 2 * (a[i + 2]! - b[j + 2]!))

const onTrunk = (places: Places, i: number): boolean =>
  Math.abs(places.aside[i]!) < 0.6 && places.hand[i]! > 1.1 && (places.arm[i]! > 1 || places.armAlong[i]! < 0.3)

/** Mean colour of the upper garment for every row of the trunk from `from` downwards, and how much of each cloth it has. */
const trunkRows = (frame: PersonFrame, places: Places, labels: Uint8Array, lab: Float32Array, from: number) => {
  const count = Math.ceil(frame.torsoLength)
  const mean = new Float64Array(count * 3)
  const upper = new Float64Array(count)
  const lower = new Float64Array(count)
  for (let i = 0; i < labels.length; i++) {
    const row = Math.floor((places.depth[i]! - from) * frame.torsoLength)
    if (row < 0 || row >= count || !onTrunk(places, i)) continue
    if (labels[i] === CLASS.lower) lower[row]!++
    if (labels[i] !== CLASS.upper) continue
    upper[row]!++
    for (let c = 0; c < 3; c++) mean[row * 3 + c]! += lab[i * 3 + c]!
  }
  for (let row = 0; row < count; row++) for (let c = 0; c < 3; c++) mean[row * 3 + c]! /= Math.max(1, upper[row]!)
  return { count, mean, upper, lower }
}

const averageRows = (rows: { mean: Float64Array; upper: Float64Array }, from: number, to: number): Float64Array => {
  const out = new Float64Array(3)
  let sum = 0
  for (let row = Math.max(0, from); row < to; row++) {
    sum += rows.upper[row]!
    for (let c = 0; c < 3; c++) out[c]! += rows.mean[row * 3 + c]! * rows.upper[row]!
  }
  for (let c = 0; c < 3; c++) out[c]! /= Math.max(1, sum)
  return out
}

type Strip = { depth: number; colour: Float64Array; above: Float64Array }

/** The even strip of upper garment just above the lower one, and the colour of the cloth above it. */
const findStrip = (frame: PersonFrame, places: Places, labels: Uint8Array, lab: Float32Array): Strip | undefined => {
  const from = 0.5
  const length = frame.torsoLength
  const rows = trunkRows(frame, places, labels, lab, from)
  let end = -1
  for (let row = 0; row < rows.count; row++) {
    if (rows.upper[row]! > rows.lower[row]! && rows.upper[row]! > 3) end = row
  }
  if (end < length * 0.2 || end + 2 >= rows.count || rows.lower[Math.min(rows.count - 1, end + 3)]! < 4)
    return undefined
  const colour = averageRows(rows, end - Math.max(3, Math.round(length * 0.035)), end - 1)
  let top = end - 2
  while (top > 0 && difference(rows.mean, top * 3, colour, 0) < SAME) top--
  const high = (end - top) / length
  if (high < 0.025 || high > 0.16) return undefined
  const above = averageRows(rows, top - Math.round(length * 0.15), top - 2)
  if (difference(above, 0, colour, 0) < SAME * 1.4) return undefined
  return { depth: from + (top - 2) / length, colour, above }
}

/**
 * A belt or waistband whose colour is nearer the upper garment's than the trousers' was called upper: a low, even strip
 * just above the lower garment in a colour that the rest of the upper garment does not have. It becomes lower, in place.
 */
export const moveBeltToLower = (frame: PersonFrame, places: Places, labels: Uint8Array, lab: Float32Array): void => {
  const strip = findStrip(frame, places, labels, lab)
  if (!strip) return
  let shared = 0
  let shirt = 0
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== CLASS.upper || places.depth[i]! > strip.depth || !onTrunk(places, i)) continue
    shirt++
    if (difference(lab, i * 3, strip.colour, 0) < SAME) shared++
  }
  if (shared > shirt * 0.03) return
  for (let i = 0; i < labels.length; i++) {
    if (labels[i] !== CLASS.upper || places.depth[i]! < strip.depth || Math.abs(places.aside[i]!) > 1.1) continue
    const nearer = difference(lab, i * 3, strip.colour, 0) < difference(lab, i * 3, strip.above, 0)
    if (places.hand[i]! > 1 && nearer) labels[i] = CLASS.lower
  }
}
