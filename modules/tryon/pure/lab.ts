import type { Raster } from './image.ts'

const linearTable = Float32Array.from({ length: 256 }, (_, value) => {
  const v = value / 255
  return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4
})

const GAMMA_STEPS = 4096
const gammaTable = Float32Array.from({ length: GAMMA_STEPS + 2 }, (_, step) => {
  const v = Math.min(1, step / GAMMA_STEPS)
  return 255 * (v <= 0.0031308 ? v * 12.92 : 1.055 * v ** (1 / 2.4) - 0.055)
})

/** Light (0 to 1) of an 8-bit sRGB value (IEC 61966-2-1). */
export const srgbToLinear = (value: number): number => linearTable[value]!

/** 8-bit sRGB value, not rounded, of a light from 0 to 1; what lies outside is clipped. Exact to 1/10 of a step. */
export const linearToSrgb = (light: number): number => {
  if (light <= 0) return 0
  if (light >= 1) return 255
  // Near black the curve is too steep for the table.
  if (light < 0.02) return 255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * light ** (1 / 2.4) - 0.055)
  const position = light * GAMMA_STEPS
  const step = position | 0
  return gammaTable[step]! + (gammaTable[step + 1]! - gammaTable[step]!) * (position - step)
}

/** Writes L, a, b of linear light r, g, b (0 to 1) at `offset`. Björn Ottosson, "A perceptual color space" (2020). */
export const linearToOklab = (r: number, g: number, b: number, out: Float32Array, offset: number): void => {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  out[offset] = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s
  out[offset + 1] = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
  out[offset + 2] = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
}

/** Linear light r, g, b of an OKLab colour, not clipped, written at `offset`. */
export const oklabToLinear = (L: number, a: number, b: number, out: Float32Array, offset: number): void => {
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3
  out[offset] = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s
  out[offset + 1] = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s
  out[offset + 2] = -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s
}

/** L, a, b of every pixel, interleaved (`length === width * height * 3`); alpha is ignored. */
export const rasterToOklab = (picture: Raster): Float32Array => {
  const { data } = picture
  const out = new Float32Array((data.length / 4) * 3)
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    linearToOklab(linearTable[data[from]!]!, linearTable[data[from + 1]!]!, linearTable[data[from + 2]!]!, out, to)
  }
  return out
}
