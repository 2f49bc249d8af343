import type { PreparedGarment } from './garment.ts'
import { createGarmentFrame, extentDown, fromGarment, requireLandmarks } from './garment-frame.ts'
import { clamp, midpoint } from './vector.ts'

/** The tallest collar that stands up the neck, cm; a roll-neck is about this high. */
export const STAND_CM = 8
/** What rises higher above the collar than this is a hood, of which the roll at the neck shows. */
const HOOD_CM = 12
export const HOOD_SHOWS_CM = 0.2

/** How far cloth rises above the collar line, px of the garment's picture, and whether it is a hood. */
export function collarRise(garment: PreparedGarment, cmPerPxDown: number): { px: number; hood: boolean } {
  const gf = axes(garment)
  const px = Math.max(0, -extentDown(garment, gf).from)
  return { px, hood: px * cmPerPxDown > HOOD_CM }
}

function axes(garment: PreparedGarment) {
  const at = requireLandmarks(garment.landmarks, ['collarLeft', 'collarRight', 'hemLeft', 'hemRight'])
  const hem = garment.landmarks.hemCentre ?? midpoint(at.hemLeft, at.hemRight)
  return createGarmentFrame([at.collarLeft, at.collarRight], [hem, midpoint(at.hemLeft, at.hemRight)])
}

/**
 * A hood laid flat shows its opening above the front neckline; when worn it hangs behind the head. The garment with the
 * hood taken off above the collar and its opening marked as seen through the collar; itself where it has no hood.
 */
export function lowerHood(garment: PreparedGarment, cmPerPxDown: number): PreparedGarment {
  if (garment.category === 'bottom' || !collarRise(garment, cmPerPxDown).hood) return garment
  const at = requireLandmarks(garment.landmarks, ['collarLeft', 'collarRight', 'collarCentre'])
  const gf = axes(garment)
  const [left, right, centre] = [at.collarLeft, at.collarRight, at.collarCentre].map((p) => fromGarment(gf, p)) as [
    { a: number; d: number },
    { a: number; d: number },
    { a: number; d: number },
  ]
  const { width, height } = garment.cutout
  const inside = garment.inside ? garment.inside.slice() : new Uint8Array(width * height)
  const data = garment.cutout.data.slice()
  const roll = -HOOD_SHOWS_CM / cmPerPxDown
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const { a, d } = fromGarment(gf, { x: x + 0.5, y: y + 0.5 })
      const t = clamp((2 * (a - left.a)) / Math.max(1, right.a - left.a) - 1, -1, 1)
      if (a > left.a && a < right.a && d < centre.d * (1 - t * t)) inside[i] = 255
      if (d < roll) data[4 * i + 3] = 0
    }
  }
  return { ...garment, inside, cutout: { width, height, data } }
}
