import type { Noise } from './plane.ts'
import type { TopSpec } from './spec.ts'

/** The swell of padding between two lines of stitches, 0 to 1. */
const hump = (t: number): number => {
  const f = Math.abs(t - Math.floor(t) - 0.5) * 2
  return Math.sqrt(Math.max(0, 1 - f * f * f * f))
}

/** Puffs between stitched lines, as height in cm. */
export const quilting = (kind: NonNullable<TopSpec['quilt']>, noise: Noise): ((x: number, y: number) => number) => {
  if (kind === 'diamonds') return (x, y) => 0.32 * Math.min(hump((x + y) / 7.4), hump((x - y) / 7.4))
  const pitch = kind === 'puffs' ? 8 : 4.6
  const high = kind === 'puffs' ? 1.15 : 0.5
  return (x, y) => {
    const h = hump((y + 0.5 * noise(x * 0.11, y * 0.05)) / pitch)
    return high * h + 0.3 * noise(x * 0.55, y * 0.16 + 9) * (1 - h * h) + 0.1 * noise(x * 0.3, y * 0.3)
  }
}
