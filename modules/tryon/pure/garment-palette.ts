import type { Raster } from './image.ts'
import { linearToSrgb, oklabToLinear, rasterToOklab } from './lab.ts'

export type PaletteColour = { hex: string; share: number }

const MOST = 5
/** Colours closer than this in OKLab are one colour to a shopper; smaller shares are seams and shadows. */
const APART = 0.1
const LEAST_SHARE = 0.04
const STEP = 0.04

const hexOf = (L: number, a: number, b: number): string => {
  const light = new Float32Array(3)
  oklabToLinear(L, a, b, light, 0)
  return `#${[...light].map((v) => Math.round(linearToSrgb(v)).toString(16).padStart(2, '0')).join('')}`
}

type Bin = { n: number; L: number; a: number; b: number }

/** Folds are the cloth's colour in less light: lightness counts half when colours are compared. */
const apart = (p: Bin, q: Bin) => Math.hypot((p.L - q.L) * 0.5, p.a - q.a, p.b - q.b)

/** The colours of a cut-out as a shopper would name them, most frequent first; shares are of the opaque pixels. */
export const garmentPalette = (cutout: Raster): PaletteColour[] => {
  const lab = rasterToOklab(cutout)
  const bins = new Map<number, Bin>()
  let total = 0
  for (let i = 0; i < lab.length / 3; i++) {
    if (cutout.data[i * 4 + 3]! < 200) continue
    const [L, a, b] = [lab[i * 3]!, lab[i * 3 + 1]!, lab[i * 3 + 2]!]
    const key = (Math.round(L / STEP) * 64 + Math.round(a / STEP) + 32) * 64 + Math.round(b / STEP) + 32
    const bin = bins.get(key) ?? { n: 0, L: 0, a: 0, b: 0 }
    bins.set(key, { n: bin.n + 1, L: bin.L + L, a: bin.a + a, b: bin.b + b })
    total++
  }
  const means = [...bins.values()].map((v) => ({ n: v.n, L: v.L / v.n, a: v.a / v.n, b: v.b / v.n }))
  const colours: Bin[] = []
  for (const bin of means.toSorted((p, q) => q.n - p.n)) {
    const same = colours.toSorted((p, q) => apart(p, bin) - apart(q, bin))[0]
    if (same && (apart(same, bin) < APART || colours.length >= MOST * 2)) {
      const n = same.n + bin.n
      same.L += ((bin.L - same.L) * bin.n) / n
      same.a += ((bin.a - same.a) * bin.n) / n
      same.b += ((bin.b - same.b) * bin.n) / n
      same.n = n
    } else colours.push({ ...bin })
  }
  return colours
    .filter((colour) => colour.n > total * LEAST_SHARE)
    .toSorted((p, q) => q.n - p.n)
    .slice(0, MOST)
    .map((colour) => ({ hex: hexOf(colour.L, colour.a, colour.b), share: colour.n / total }))
}
