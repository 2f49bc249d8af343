/** OKLab colours of a product, three numbers each, the main one first. */
export type Palette = Float32Array

/** Chroma at which a colour is fully one. */
const COLOURFUL = 0.11

/**
 * How well two products are worn together by their colours, 0 to 1. What has no colour goes with all, better where one is
 * light and one dark; two colours go together when they are near each other or opposite on the wheel, and least at a
 * right angle (Moon and Spencer, "Geometric formulation of classical color harmony", 1944, in OKLab).
 */
export function harmonyOf(a: Palette, b: Palette): number {
  if (a.length === 0 || b.length === 0) return 0.6
  let [sum, weights] = [0, 0]
  for (let i = 0; i < a.length && i < 9; i += 3)
    for (let j = 0; j < b.length && j < 9; j += 3) {
      const weight = 1 / ((1 + i) * (1 + j))
      sum += weight * together(a, i, b, j)
      weights += weight
    }
  return sum / weights
}

function together(a: Palette, i: number, b: Palette, j: number): number {
  const contrast = Math.min(1, Math.abs(a[i]! - b[j]!) / 0.5)
  const [chromaA, chromaB] = [Math.hypot(a[i + 1]!, a[i + 2]!), Math.hypot(b[j + 1]!, b[j + 2]!)]
  const colourful = Math.min(1, Math.min(chromaA, chromaB) / COLOURFUL)
  const neutral = 0.72 + 0.2 * contrast
  if (colourful === 0) return neutral
  const angle = Math.abs(Math.atan2(a[i + 2]!, a[i + 1]!) - Math.atan2(b[j + 2]!, b[j + 1]!))
  const apart = Math.min(angle, 2 * Math.PI - angle)
  // 0.85 for the same hue, 0.2 at a right angle, 0.65 for opposites.
  const hues = 0.475 + 0.275 * Math.cos(2 * apart) + 0.1 * Math.cos(apart)
  return (1 - colourful) * neutral + colourful * (0.85 * hues + 0.15 * contrast)
}
