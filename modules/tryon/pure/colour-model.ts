import type { Raster } from './image.ts'
import { linearToOklab, srgbToLinear } from './lab.ts'

/**
 * The distinct colours of a picture (64 levels a channel), so that a colour model is fitted and evaluated once per
 * colour and not once per pixel. `index[pixel]` is its entry; `lab` holds the mean L, a, b of each entry.
 */
export type Palette = { count: number; index: Uint32Array; lab: Float32Array }

/** 64 levels a channel, finer in the dark, where two black cloths differ by little. */
const level = Uint8Array.from({ length: 256 }, (_, value) => Math.round(63 * Math.sqrt(value / 255)))

/** Alpha is ignored. */
export const buildPalette = (picture: Raster): Palette => {
  const { data } = picture
  const pixels = data.length / 4
  const entryOf = new Int32Array(1 << 18).fill(-1)
  const index = new Uint32Array(pixels)
  const sums = new Float64Array(pixels * 4)
  let count = 0
  for (let i = 0, p = 0; i < pixels; i++, p += 4) {
    const key = (level[data[p]!]! << 12) | (level[data[p + 1]!]! << 6) | level[data[p + 2]!]!
    let entry = entryOf[key]!
    if (entry < 0) entry = entryOf[key] = count++
    index[i] = entry
    sums[entry * 4]! += srgbToLinear(data[p]!)
    sums[entry * 4 + 1]! += srgbToLinear(data[p + 1]!)
    sums[entry * 4 + 2]! += srgbToLinear(data[p + 2]!)
    sums[entry * 4 + 3]! += 1
  }
  const lab = new Float32Array(count * 3)
  for (let e = 0; e < count; e++) {
    const n = sums[e * 4 + 3]!
    linearToOklab(sums[e * 4]! / n, sums[e * 4 + 1]! / n, sums[e * 4 + 2]! / n, lab, e * 3)
  }
  return { count, index, lab }
}

/** Per component: weight, mean (3), inverse covariance (6: LL La Lb aa ab bb), log of the normalising factor. */
export type ColourModel = { components: Float64Array[]; outlier: number }

const COMPONENT = 11

/** Cholesky-free inverse of a symmetric 3x3 given as LL La Lb aa ab bb; writes the inverse and the log factor. */
const finishComponent = (c: Float64Array, covariance: Float64Array) => {
  const [ll, la, lb, aa, ab, bb] = covariance as unknown as [number, number, number, number, number, number]
  const i0 = aa * bb - ab * ab
  const i1 = lb * ab - la * bb
  const i2 = la * ab - lb * aa
  const determinant = ll * i0 + la * i1 + lb * i2
  c[4] = i0 / determinant
  c[5] = i1 / determinant
  c[6] = i2 / determinant
  c[7] = (ll * bb - lb * lb) / determinant
  c[8] = (lb * la - ll * ab) / determinant
  c[9] = (ll * aa - la * la) / determinant
  c[10] = Math.log(c[0]!) - 0.5 * Math.log(determinant) - 1.5 * Math.log(2 * Math.PI)
}

const componentLog = (c: Float64Array, L: number, a: number, b: number): number => {
  const x = L - c[1]!
  const y = a - c[2]!
  const z = b - c[3]!
  return (
    c[10]! - 0.5 * (x * x * c[4]! + y * y * c[7]! + z * z * c[9]! + 2 * (x * y * c[5]! + x * z * c[6]! + y * z * c[8]!))
  )
}

/** Entries far from all chosen ones, weighted by how often they occur: deterministic k-means++ (the farthest wins). */
const pickCentres = (palette: Palette, weights: Float32Array, most: number): number[] => {
  const { count, lab } = palette
  let heaviest = 0
  for (let e = 1; e < count; e++) if (weights[e]! > weights[heaviest]!) heaviest = e
  const centres = [heaviest]
  const nearest = new Float32Array(count).fill(Infinity)
  while (centres.length < most) {
    const last = centres.at(-1)! * 3
    let best = -1
    let bestScore = 0
    for (let e = 0; e < count; e++) {
      const weight = weights[e]!
      if (weight <= 0) continue
      const distance =
        (lab[e * 3]! - lab[last]!) ** 2 +
        (lab[e * 3 + 1]! - lab[last + 1]!) ** 2 +
        (lab[e * 3 + 2]! - lab[last + 2]!) ** 2
      if (distance < nearest[e]!) nearest[e] = distance
      const score = nearest[e]! * Math.sqrt(weight)
      if (score > bestScore) {
        bestScore = score
        best = e
      }
    }
    if (best < 0) break
    centres.push(best)
  }
  return centres
}

/** Smallest variance of a component: noise, JPEG blocks and the palette's own steps. */
const FLOOR = Float64Array.of(2e-4, 0, 0, 3e-5, 0, 3e-5)

const componentsOf = (palette: Palette, weights: Float32Array, owner: Int16Array, most: number): Float64Array[] => {
  const { count, lab } = palette
  const sums = new Float64Array(most * 10)
  let total = 0
  for (let e = 0; e < count; e++) {
    const w = weights[e]!
    if (w <= 0) continue
    total += w
    const s = owner[e]! * 10
    const L = lab[e * 3]!
    const a = lab[e * 3 + 1]!
    const b = lab[e * 3 + 2]!
    sums[s]! += w
    sums[s + 1]! += w * L
    sums[s + 2]! += w * a
    sums[s + 3]! += w * b
    sums[s + 4]! += w * L * L
    sums[s + 5]! += w * L * a
    sums[s + 6]! += w * L * b
    sums[s + 7]! += w * a * a
    sums[s + 8]! += w * a * b
    sums[s + 9]! += w * b * b
  }
  const components: Float64Array[] = []
  for (let k = 0; k < most; k++) {
    const s = k * 10
    const w = sums[s]!
    if (w <= total * 0.004) continue
    const c = new Float64Array(COMPONENT)
    c[0] = w / total
    c[1] = sums[s + 1]! / w
    c[2] = sums[s + 2]! / w
    c[3] = sums[s + 3]! / w
    const covariance = Float64Array.of(
      sums[s + 4]! / w - c[1] * c[1],
      sums[s + 5]! / w - c[1] * c[2],
      sums[s + 6]! / w - c[1] * c[3],
      sums[s + 7]! / w - c[2] * c[2],
      sums[s + 8]! / w - c[2] * c[3],
      sums[s + 9]! / w - c[3] * c[3],
    )
    for (let i = 0; i < 6; i++) covariance[i]! += FLOOR[i]!
    finishComponent(c, covariance)
    components.push(c)
  }
  return components
}

/**
 * A Gaussian mixture over the palette's entries, `weights[entry]` each; undefined when there is next to nothing to
 * learn from. Hard expectation steps (k-means, then twice by density), which is enough for a picture's own colours.
 */
export const fitColours = (palette: Palette, weights: Float32Array, most: number): ColourModel | undefined => {
  const { count, lab } = palette
  let total = 0
  for (let e = 0; e < count; e++) total += weights[e]!
  if (total < 8) return undefined
  const centres = pickCentres(palette, weights, most)
  const owner = new Int16Array(count)
  for (let e = 0; e < count; e++) {
    let least = Infinity
    for (let k = 0; k < centres.length; k++) {
      const c = centres[k]! * 3
      const distance =
        (lab[e * 3]! - lab[c]!) ** 2 + (lab[e * 3 + 1]! - lab[c + 1]!) ** 2 + (lab[e * 3 + 2]! - lab[c + 2]!) ** 2
      if (distance < least) {
        least = distance
        owner[e] = k
      }
    }
  }
  let components = componentsOf(palette, weights, owner, centres.length)
  for (let round = 0; round < 4; round++) {
    for (let e = 0; e < count; e++) {
      if (weights[e]! <= 0) continue
      let best = -Infinity
      for (let k = 0; k < components.length; k++) {
        const log = componentLog(components[k]!, lab[e * 3]!, lab[e * 3 + 1]!, lab[e * 3 + 2]!)
        if (log > best) {
          best = log
          owner[e] = k
        }
      }
    }
    components = componentsOf(palette, weights, owner, components.length)
  }
  return { components, outlier: -4 }
}

/** Log density of every palette entry; never below the model's outlier level, so one odd colour decides nothing. */
export const colourLogs = (palette: Palette, model: ColourModel | undefined): Float32Array => {
  const { count, lab } = palette
  const out = new Float32Array(count)
  if (!model) return out.fill(-4)
  for (let e = 0; e < count; e++) {
    let sum = Math.exp(model.outlier)
    for (const c of model.components) sum += Math.exp(componentLog(c, lab[e * 3]!, lab[e * 3 + 1]!, lab[e * 3 + 2]!))
    out[e] = Math.log(sum)
  }
  return out
}

/** Sums a per-pixel weight into the palette's entries. */
export const paletteWeights = (palette: Palette, weightOf: (pixel: number) => number): Float32Array => {
  const weights = new Float32Array(palette.count)
  for (let i = 0; i < palette.index.length; i++) weights[palette.index[i]!]! += weightOf(i)
  return weights
}
