import { resizeSamples } from './resize.ts'

type Size = { width: number; height: number }

/**
 * Mean over a square window of `2 * radius + 1`, cut off at the borders (what is outside does not count).
 * Interleaved samples, a new buffer; time does not depend on the radius.
 */
export const boxMean = (data: Float32Array, size: Size, channels: number, radius: number): Float32Array => {
  const { width, height } = size
  const stride = width * channels
  const across = new Float32Array(data.length)
  for (let y = 0; y < height; y++) {
    for (let c = 0; c < channels; c++) {
      const base = y * stride + c
      let sum = 0
      for (let x = 0; x < Math.min(radius, width); x++) sum += data[base + x * channels]!
      for (let x = 0; x < width; x++) {
        if (x + radius < width) sum += data[base + (x + radius) * channels]!
        if (x > radius) sum -= data[base + (x - radius - 1) * channels]!
        const covered = Math.min(width - 1, x + radius) - Math.max(0, x - radius) + 1
        across[base + x * channels] = sum / covered
      }
    }
  }
  const out = new Float32Array(data.length)
  const sums = new Float64Array(stride)
  for (let y = 0; y < Math.min(radius, height); y++) {
    for (let i = 0; i < stride; i++) sums[i]! += across[y * stride + i]!
  }
  for (let y = 0; y < height; y++) {
    const entering = y + radius < height ? (y + radius) * stride : -1
    const leaving = y > radius ? (y - radius - 1) * stride : -1
    if (entering >= 0) for (let i = 0; i < stride; i++) sums[i]! += across[entering + i]!
    if (leaving >= 0) for (let i = 0; i < stride; i++) sums[i]! -= across[leaving + i]!
    const gain = 1 / (Math.min(height - 1, y + radius) - Math.max(0, y - radius) + 1)
    for (let i = 0; i < stride; i++) out[y * stride + i] = sums[i]! * gain
  }
  return out
}

/** Per pixel the three slopes and the offset of the local linear model `input = slopes . guide + offset`. */
const linearModels = (
  guide: Float32Array,
  input: Float32Array,
  size: Size,
  radius: number,
  epsilon: number,
): Float32Array => {
  const count = size.width * size.height
  // r g b p | rr rg rb gg gb bb | rp gp bp
  const moments = new Float32Array(count * 13)
  for (let i = 0, g = 0, m = 0; i < count; i++, g += 3, m += 13) {
    const r = guide[g]!
    const v = guide[g + 1]!
    const b = guide[g + 2]!
    const p = input[i]!
    moments[m] = r
    moments[m + 1] = v
    moments[m + 2] = b
    moments[m + 3] = p
    moments[m + 4] = r * r
    moments[m + 5] = r * v
    moments[m + 6] = r * b
    moments[m + 7] = v * v
    moments[m + 8] = v * b
    moments[m + 9] = b * b
    moments[m + 10] = r * p
    moments[m + 11] = v * p
    moments[m + 12] = b * p
  }
  const mean = boxMean(moments, size, 13, radius)
  const models = new Float32Array(count * 4)
  for (let i = 0, m = 0, o = 0; i < count; i++, m += 13, o += 4) {
    const r = mean[m]!
    const v = mean[m + 1]!
    const b = mean[m + 2]!
    const p = mean[m + 3]!
    const rr = mean[m + 4]! - r * r + epsilon
    const rv = mean[m + 5]! - r * v
    const rb = mean[m + 6]! - r * b
    const vv = mean[m + 7]! - v * v + epsilon
    const vb = mean[m + 8]! - v * b
    const bb = mean[m + 9]! - b * b + epsilon
    const rp = mean[m + 10]! - r * p
    const vp = mean[m + 11]! - v * p
    const bp = mean[m + 12]! - b * p
    const i0 = vv * bb - vb * vb
    const i1 = rb * vb - rv * bb
    const i2 = rv * vb - rb * vv
    const i4 = rr * bb - rb * rb
    const i5 = rb * rv - rr * vb
    const i8 = rr * vv - rv * rv
    const scale = 1 / (rr * i0 + rv * i1 + rb * i2)
    const a0 = (i0 * rp + i1 * vp + i2 * bp) * scale
    const a1 = (i1 * rp + i4 * vp + i5 * bp) * scale
    const a2 = (i2 * rp + i5 * vp + i8 * bp) * scale
    models[o] = a0
    models[o + 1] = a1
    models[o + 2] = a2
    models[o + 3] = p - a0 * r - a1 * v - a2 * b
  }
  return boxMean(models, size, 4, radius)
}

const applyModels = (models: Float32Array, guide: Float32Array): Float32Array => {
  const out = new Float32Array(models.length / 4)
  for (let i = 0, g = 0, m = 0; i < out.length; i++, g += 3, m += 4) {
    out[i] = models[m]! * guide[g]! + models[m + 1]! * guide[g + 1]! + models[m + 2]! * guide[g + 2]! + models[m + 3]!
  }
  return out
}

/**
 * Smooths `input` (one sample per pixel, any range) so that its edges fall on those of `guide` (three samples per
 * pixel, about 0 to 1). `epsilon` is the colour variance below which a window counts as flat. Not clipped.
 * He, Sun, Tang, "Guided image filtering" (2010).
 */
export const guidedFilter = (
  guide: Float32Array,
  input: Float32Array,
  size: Size,
  radius: number,
  epsilon: number,
): Float32Array => applyModels(linearModels(guide, input, size, radius, epsilon), guide)

/**
 * As `guidedFilter`, with models fitted on a small picture and applied to the large one: a matte found at `small`
 * size becomes one at `large` size whose edges follow the full picture. He, Sun, "Fast guided filter" (2015).
 */
export const guidedUpsample = (
  small: Size & { guide: Float32Array; input: Float32Array },
  large: Size & { guide: Float32Array },
  radius: number,
  epsilon: number,
): Float32Array => {
  const models = linearModels(small.guide, small.input, small, radius, epsilon)
  return applyModels(resizeSamples(models, small, large, 4), large.guide)
}
