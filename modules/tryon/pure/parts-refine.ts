import { boxMean } from './box-mean.ts'
import type { Raster } from './image.ts'

type Size = { width: number; height: number }

/** Window means of r g b and of their inverse covariance (rr rg rb gg gb bb): the half of a guided filter all labels share. */
type GuideStatistics = { mean: Float32Array; inverse: Float32Array }

const guideStatistics = (guide: Float32Array, size: Size, radius: number, epsilon: number): GuideStatistics => {
  const count = size.width * size.height
  const moments = new Float32Array(count * 9)
  for (let i = 0, g = 0, m = 0; i < count; i++, g += 3, m += 9) {
    const r = guide[g]!
    const v = guide[g + 1]!
    const b = guide[g + 2]!
    moments[m] = r
    moments[m + 1] = v
    moments[m + 2] = b
    moments[m + 3] = r * r
    moments[m + 4] = r * v
    moments[m + 5] = r * b
    moments[m + 6] = v * v
    moments[m + 7] = v * b
    moments[m + 8] = b * b
  }
  const mean = boxMean(moments, size, 9, radius)
  const inverse = new Float32Array(count * 6)
  for (let i = 0, m = 0, o = 0; i < count; i++, m += 9, o += 6) {
    const r = mean[m]!
    const v = mean[m + 1]!
    const b = mean[m + 2]!
    const rr = mean[m + 3]! - r * r + epsilon
    const rv = mean[m + 4]! - r * v
    const rb = mean[m + 5]! - r * b
    const vv = mean[m + 6]! - v * v + epsilon
    const vb = mean[m + 7]! - v * b
    const bb = mean[m + 8]! - b * b + epsilon
    const i0 = vv * bb - vb * vb
    const i1 = rb * vb - rv * bb
    const i2 = rv * vb - rb * vv
    const scale = 1 / (rr * i0 + rv * i1 + rb * i2)
    inverse[o] = i0 * scale
    inverse[o + 1] = i1 * scale
    inverse[o + 2] = i2 * scale
    inverse[o + 3] = (rr * bb - rb * rb) * scale
    inverse[o + 4] = (rb * rv - rr * vb) * scale
    inverse[o + 5] = (rr * vv - rv * rv) * scale
  }
  return { mean, inverse }
}

/** Slopes and offset per pixel of "how much is this `label`" as a linear function of colour (He, Sun, Tang 2010). */
const labelModels = (
  labels: Uint8Array,
  label: number,
  guide: Float32Array,
  statistics: GuideStatistics,
  size: Size,
  radius: number,
): Float32Array => {
  const count = labels.length
  const products = new Float32Array(count * 4)
  for (let i = 0; i < count; i++) {
    if (labels[i] !== label) continue
    products[i * 4] = guide[i * 3]!
    products[i * 4 + 1] = guide[i * 3 + 1]!
    products[i * 4 + 2] = guide[i * 3 + 2]!
    products[i * 4 + 3] = 1
  }
  const mean = boxMean(products, size, 4, radius)
  const models = products
  for (let i = 0; i < count; i++) {
    const p = mean[i * 4 + 3]!
    if (p <= 0 || p >= 1) {
      models[i * 4] = 0
      models[i * 4 + 1] = 0
      models[i * 4 + 2] = 0
      models[i * 4 + 3] = p
      continue
    }
    const r = statistics.mean[i * 9]!
    const v = statistics.mean[i * 9 + 1]!
    const b = statistics.mean[i * 9 + 2]!
    const rp = mean[i * 4]! - r * p
    const vp = mean[i * 4 + 1]! - v * p
    const bp = mean[i * 4 + 2]! - b * p
    const s = i * 6
    const { inverse } = statistics
    const a0 = inverse[s]! * rp + inverse[s + 1]! * vp + inverse[s + 2]! * bp
    const a1 = inverse[s + 1]! * rp + inverse[s + 3]! * vp + inverse[s + 4]! * bp
    const a2 = inverse[s + 2]! * rp + inverse[s + 4]! * vp + inverse[s + 5]! * bp
    models[i * 4] = a0
    models[i * 4 + 1] = a1
    models[i * 4 + 2] = a2
    models[i * 4 + 3] = p - a0 * r - a1 * v - a2 * b
  }
  return boxMean(models, size, 4, radius)
}

/** Bit per label that occurs within `reach` pixels. */
const nearbyLabels = (labels: Uint8Array, size: Size, reach: number): Uint32Array => {
  const { width, height } = size
  const rows = new Uint32Array(labels.length)
  const near = new Uint32Array(labels.length)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let bits = 0
      for (let k = Math.max(0, x - reach); k <= Math.min(width - 1, x + reach); k++) bits |= 1 << labels[y * width + k]!
      rows[y * width + x] = bits
    }
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      let bits = 0
      for (let k = Math.max(0, y - reach); k <= Math.min(height - 1, y + reach); k++) bits |= rows[k * width + x]!
      near[y * width + x] = bits
    }
  }
  return near
}

export type RefineInput = {
  picture: Raster
  /** The crop of the picture that the small labels cover. */
  left: number
  top: number
  cropWidth: number
  cropHeight: number
  small: Raster
  labels: Uint8Array
  labelCount: number
  background: number
}

const RADIUS = 3
const EPSILON = 2e-4
const REACH = 2

const smallGuideOf = (small: Raster): Float32Array => {
  const guide = new Float32Array((small.data.length / 4) * 3)
  for (let i = 0, g = 0; i < small.data.length; i += 4, g += 3) {
    guide[g] = small.data[i]! / 255
    guide[g + 1] = small.data[i + 1]! / 255
    guide[g + 2] = small.data[i + 2]! / 255
  }
  return guide
}

/**
 * Labels and person matte at the picture's size, from labels at the size of `small`: near a border each label's local
 * linear colour model is read at full resolution and the strongest wins, so borders follow the picture's own edges.
 * Pixels outside the crop are background.
 */
export const refineLabels = (input: RefineInput): { labels: Uint8Array; alpha: Uint8Array } => {
  const { picture, small, left, top, cropWidth, cropHeight, background } = input
  const { width, height } = small
  const guide = smallGuideOf(small)
  const statistics = guideStatistics(guide, small, RADIUS, EPSILON)
  const models: Float32Array[] = []
  for (let label = 0; label < input.labelCount; label++) {
    models.push(labelModels(input.labels, label, guide, statistics, small, RADIUS))
  }
  const near = nearbyLabels(input.labels, small, REACH)
  const labels = new Uint8Array(picture.width * picture.height).fill(background)
  const alpha = new Uint8Array(labels.length)
  for (let y = 0; y < cropHeight; y++) {
    const sy = Math.min(height - 1, Math.max(0, ((y + 0.5) * height) / cropHeight - 0.5))
    const y0 = Math.min(height - 1, Math.floor(sy))
    const fy = sy - y0
    const down = y0 + 1 < height ? width : 0
    const nearestRow = Math.min(height - 1, Math.round(sy)) * width
    for (let x = 0; x < cropWidth; x++) {
      const sx = Math.min(width - 1, Math.max(0, ((x + 0.5) * width) / cropWidth - 0.5))
      const nearest = nearestRow + Math.min(width - 1, Math.round(sx))
      const at = (top + y) * picture.width + left + x
      const bits = near[nearest]!
      if ((bits & (bits - 1)) === 0) {
        const label = input.labels[nearest]!
        labels[at] = label
        alpha[at] = label === background ? 0 : 255
        continue
      }
      const x0 = Math.floor(sx)
      const fx = sx - x0
      const a = (y0 * width + x0) * 4
      const b = a + (x0 + 1 < width ? 4 : 0)
      const c = a + down * 4
      const d = b + down * 4
      const wa = (1 - fx) * (1 - fy)
      const wb = fx * (1 - fy)
      const wc = (1 - fx) * fy
      const wd = fx * fy
      const r = picture.data[at * 4]! / 255
      const g = picture.data[at * 4 + 1]! / 255
      const v = picture.data[at * 4 + 2]! / 255
      let best = background
      let strongest = -Infinity
      let ground = 0
      let person = -Infinity
      let personLabel = background
      for (let label = 0; label < models.length; label++) {
        if (!(bits & (1 << label))) continue
        const m = models[label]!
        const at0 = m[a]! * wa + m[b]! * wb + m[c]! * wc + m[d]! * wd
        const at1 = m[a + 1]! * wa + m[b + 1]! * wb + m[c + 1]! * wc + m[d + 1]! * wd
        const at2 = m[a + 2]! * wa + m[b + 2]! * wb + m[c + 2]! * wc + m[d + 2]! * wd
        const at3 = m[a + 3]! * wa + m[b + 3]! * wb + m[c + 3]! * wc + m[d + 3]! * wd
        const strength = at0 * r + at1 * g + at2 * v + at3
        if (strength > strongest) {
          strongest = strength
          best = label
        }
        if (label === background) ground = strength
        else if (strength > person) {
          person = strength
          personLabel = label
        }
      }
      const cover = 1 - ground
      // The local models blur across their window; a steeper ramp gives back an edge of a pixel or two.
      const matte = bits & (1 << background) ? Math.min(1, Math.max(0, (cover - 0.5) * 1.8 + 0.5)) : 1
      alpha[at] = matte * 255 + 0.5
      labels[at] = matte < 0.5 ? background : best === background ? personLabel : best
    }
  }
  return { labels, alpha }
}
