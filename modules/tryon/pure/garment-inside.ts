import type { GarmentLandmarks } from './garment.ts'
import type { Raster } from './image.ts'
import { linearToOklab, srgbToLinear } from './lab.ts'

/** OKLab distance at which the back of the collar counts as another colour than the front. */
const APART = 0.07

const labAt = (picture: Raster, x: number, y: number, out: Float32Array) => {
  const at = (Math.round(y) * picture.width + Math.round(x)) * 4
  linearToOklab(
    srgbToLinear(picture.data[at]!),
    srgbToLinear(picture.data[at + 1]!),
    srgbToLinear(picture.data[at + 2]!),
    out,
    0,
  )
}

/**
 * What of the cut-out is seen through the collar: the back of the neck, its lining and label (1 inside, 0 elsewhere,
 * picture size). Only what lies between the high points of the collar and above a curve through them and the lowest point
 * of the front neckline counts, and only where its colour differs from that of the chest below; undefined when that is
 * nowhere the case.
 */
export const findInside = (cutout: Raster, landmarks: GarmentLandmarks): Uint8Array | undefined => {
  const { collarLeft: a, collarRight: b, collarCentre: c } = landmarks
  if (!a || !b || !c) return undefined
  const span = b.x - a.x
  const middle = (a.y + b.y) / 2
  const depth = c.y - middle
  if (span < 8 || depth < span * 0.08) return undefined
  const { width, height } = cutout
  const inside = new Uint8Array(width * height)
  const chest = new Float32Array(3)
  const here = new Float32Array(3)
  let kept = 0
  let all = 0
  for (let x = Math.max(0, Math.ceil(a.x)); x <= Math.min(width - 1, Math.floor(b.x)); x++) {
    const t = (2 * (x - a.x)) / span - 1
    const rim = a.y + ((b.y - a.y) * (x - a.x)) / span + depth * (1 - t * t)
    const below = Math.min(height - 1, Math.round(rim + depth * 0.35 + span * 0.06))
    labAt(cutout, x, below, chest)
    for (let y = Math.max(0, Math.floor(middle - span)); y < Math.min(height, rim); y++) {
      const i = y * width + x
      if (cutout.data[i * 4 + 3]! < 128) continue
      all++
      labAt(cutout, x, y, here)
      if (Math.hypot(here[0]! - chest[0]!, here[1]! - chest[1]!, here[2]! - chest[2]!) < APART) continue
      inside[i] = 1
      kept++
    }
  }
  return kept > all * 0.25 ? inside : undefined
}
