import type { GarmentLandmarks } from './garment.ts'
import { findNeckline, type Neckline, necklinePoint } from './garment-neckline.ts'
import type { Point, Raster } from './image.ts'

/** A garment that rises above its collar points by more than these shares of their distance has a collar, or a hood. */
const COLLAR = 0.14
const HOOD = 0.5
/** Above a round neckline nothing rises: from this share on there is a collar, if only a low one. */
const STANDS = 0.06

export type Collar = {
  /** Whether it stands up from its points, in flaps that lie to both sides of an opening. */
  stands?: boolean
  /** The lowest point of the front neckline, where it could be told from the picture. */
  centre?: Point
  /** 255 where the picture shows what lies behind the neck, 0 elsewhere; picture size. */
  inside?: Uint8Array
}

/** How far the garment rises above the line between its collar points, midway, as a share of their distance. */
const riseOf = (cutout: Raster, a: Point, b: Point): number => {
  const x = Math.round((a.x + b.x) / 2)
  const y = (a.y + b.y) / 2
  let top = Math.round(y)
  while (top > 0 && cutout.data[((top - 1) * cutout.width + x) * 4 + 3]! > 127) top--
  return (y - top) / Math.max(1, Math.hypot(b.x - a.x, b.y - a.y))
}

/** Marks the opaque pixels above a curve of the collar: `depth(s)` is its drop at s from -1 to 1, or below -1 for none. */
const markAbove = (cutout: Raster, a: Point, b: Point, depth: (s: number, rise: number) => number): Uint8Array => {
  const { width, height, data } = cutout
  const span = Math.hypot(b.x - a.x, b.y - a.y)
  const ux = (b.x - a.x) / span
  const uy = (b.y - a.y) / span
  const inside = new Uint8Array(width * height)
  const x0 = Math.max(0, Math.floor(Math.min(a.x, b.x) - span))
  const x1 = Math.min(width - 1, Math.ceil(Math.max(a.x, b.x) + span))
  const y1 = Math.min(height - 1, Math.ceil(Math.max(a.y, b.y) + span * 1.2))
  for (let y = 0; y <= y1; y++) {
    for (let x = x0; x <= x1; x++) {
      const dx = x + 0.5 - a.x
      const dy = y + 0.5 - a.y
      const s = (2 * (dx * ux + dy * uy)) / span - 1
      const drop = (dy * ux - dx * uy) / span
      const i = y * width + x
      if (data[i * 4 + 3]! > 0 && drop < depth(s, drop)) inside[i] = 255
    }
  }
  return inside
}

const aboveNeckline = (cutout: Raster, line: Neckline, collared: boolean): Uint8Array => {
  const { left, right, depth, power } = line
  return markAbove(cutout, left, right, (s, drop) => {
    // The flaps of a collar stand to both sides of the opening, which narrows downwards.
    const half = collared ? 0.62 * (1 - 0.5 * Math.max(0, drop / depth)) : 1
    return Math.abs(s) > half ? Number.NEGATIVE_INFINITY : depth * (1 - Math.abs(s) ** power)
  })
}

/**
 * Reads the collar of a top or dress: where its front neckline is lowest, and what of the picture is seen through the
 * opening (back of the neck, lining, label, a hood), which lies behind the neck of who wears it.
 */
export const readCollar = (cutout: Raster, landmarks: GarmentLandmarks): Collar => {
  const { collarLeft: a, collarRight: b } = landmarks
  if (!a || !b || Math.hypot(b.x - a.x, b.y - a.y) < 4) return {}
  const rise = riseOf(cutout, a, b)
  if (rise > HOOD) return { inside: markAbove(cutout, a, b, (s) => (Math.abs(s) < 1.5 ? 0 : Number.NEGATIVE_INFINITY)) }
  const line = findNeckline(cutout, landmarks)
  const stands = rise > STANDS
  return line
    ? { centre: necklinePoint(line, 0), inside: aboveNeckline(cutout, line, rise > COLLAR), stands }
    : { stands }
}
