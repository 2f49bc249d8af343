import type { BareBody, BodySurface } from './undress-body.ts'

/** A soft mark in the trunk's or a limb's frame: a line from (x0, y0) to (x1, y1) in centimetres, its half width, and how much lighter it is. */
type Mark = { x0: number; y0: number; x1: number; y1: number; width: number; lift: number }

/**
 * Hints of what lies under the skin of the trunk, in centimetres from the pit of the throat (x outwards, y down): collarbone with the hollow
 * above and the shadow below, breastbone, lower edge of the chest, middle line of the belly, navel.
 */
const TRUNK_MARKS: readonly Mark[] = [
  { x0: 2.2, y0: 0.6, x1: 13, y1: -2.4, width: 0.8, lift: 0.022 },
  { x0: 2.6, y0: 2.1, x1: 12, y1: -0.6, width: 1, lift: -0.022 },
  { x0: 4, y0: -1.6, x1: 10, y1: -3.6, width: 1.1, lift: -0.022 },
  { x0: 0, y0: 0.2, x1: 0, y1: 0.8, width: 1.1, lift: -0.035 },
  { x0: 0, y0: 3, x1: 0, y1: 17, width: 1.2, lift: -0.018 },
  { x0: 3, y0: 18.5, x1: 11, y1: 17, width: 1.8, lift: -0.02 },
  { x0: 0, y0: 20, x1: 0, y1: 34, width: 1, lift: -0.015 },
  { x0: 0, y0: 37.4, x1: 0, y1: 38.2, width: 0.75, lift: -0.08 },
]

const distanceToMark = (mark: Mark, x: number, y: number): number => {
  const dx = mark.x1 - mark.x0
  const dy = mark.y1 - mark.y0
  const t = Math.min(1, Math.max(0, ((x - mark.x0) * dx + (y - mark.y0) * dy) / Math.max(1e-6, dx * dx + dy * dy)))
  const offX = x - mark.x0 - t * dx
  const offY = y - mark.y0 - t * dy
  return Math.sqrt(offX * offX + offY * offY)
}

/** Relative change of brightness, per pixel of the surface, by collarbones, knees and the like: subtle, so that skin is not a plain tube. */
export const modelDetail = (body: BareBody, surface: BodySurface): Float32Array => {
  const { box, cover, part } = surface
  const width = box.x1 - box.x0
  const out = new Float32Array(cover.length)
  const { torso } = body
  const knees = body.limbs
    .filter((shape) => shape.limb === 'leftLeg' || shape.limb === 'rightLeg')
    .map((shape) => shape.joints[1])
  const cm = body.scale / 100
  for (let i = 0; i < cover.length; i++) {
    if (cover[i] === 0) continue
    const x = box.x0 + (i % width) + 0.5
    const y = box.y0 + Math.floor(i / width) + 0.5
    if (part[i] === 0 && torso) {
      const px = x - torso.origin.x
      const py = y - torso.origin.y
      const side = Math.abs(px * torso.across.x + py * torso.across.y) / cm
      // The navel and the chest follow the trunk's own length, not a fixed one.
      const row = ((px * torso.down.x + py * torso.down.y) / torso.length) * 47 - 1.5
      for (const mark of TRUNK_MARKS) {
        const away = distanceToMark(mark, side, row) / mark.width
        if (away < 3) out[i]! += mark.lift * Math.exp(-0.5 * away * away)
      }
    } else if (part[i]! >= 3) {
      for (const knee of knees) {
        const dx = (x - knee.x) / cm
        const dy = (y - knee.y) / cm
        if (Math.abs(dx) > 10 || Math.abs(dy) > 14) continue
        const ring = Math.sqrt(dx * dx + 0.72 * dy * dy)
        out[i]! +=
          0.03 * Math.exp(-0.5 * (ring / 2.4) ** 2) -
          0.035 * Math.exp(-0.5 * ((ring - 4.4) / 1.2) ** 2) * (dy > 0 ? 1 : 0.5)
      }
    }
  }
  return out
}
