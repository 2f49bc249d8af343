type Size = { width: number; height: number }

export type Box = { x0: number; y0: number; x1: number; y1: number }

/** The box of what is above `threshold`, grown by `margin` and kept inside; undefined when there is nothing. */
export const findBox = (data: ArrayLike<number>, size: Size, margin: number, threshold = 0): Box | undefined => {
  const { width, height } = size
  let x0 = width
  let x1 = -1
  let y0 = height
  let y1 = -1
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[y * width + x]! <= threshold) continue
      if (x < x0) x0 = x
      if (x > x1) x1 = x
      if (y < y0) y0 = y
      y1 = y
    }
  }
  if (x1 < 0) return undefined
  return {
    x0: Math.max(0, x0 - margin),
    y0: Math.max(0, y0 - margin),
    x1: Math.min(width, x1 + 1 + margin),
    y1: Math.min(height, y1 + 1 + margin),
  }
}

/** One row of a chamfer pass: looks at the row at `offset` (0 when there is none) and at the pixel already visited in this one. */
const sweepRow = (out: Float32Array, width: number, at: number, offset: number, step: 1 | -1): void => {
  const near = 0.9551
  const across = 1.3693
  const first = step > 0 ? at : at + width - 1
  const last = step > 0 ? at + width - 1 : at
  let before = 1e6
  for (let i = first; ; i += step) {
    let d = out[i]!
    if (d > 0) {
      if (before + near < d) d = before + near
      if (offset !== 0) {
        const k = i + offset
        if (out[k]! + near < d) d = out[k]! + near
        if (i !== first && out[k - step]! + across < d) d = out[k - step]! + across
        if (i !== last && out[k + step]! + across < d) d = out[k + step]! + across
      }
      out[i] = d
    }
    before = d
    if (i === last) break
  }
}

/**
 * Chamfer distance in pixels (3-4 metric, within 8% of the Euclidean) from each pixel to the nearest one that is above
 * `threshold`; 0 there.
 */
export const distanceTo = (data: ArrayLike<number>, size: Size, threshold = 0): Float32Array => {
  const { width, height } = size
  const far = 1e6
  const out = new Float32Array(width * height)
  for (let i = 0; i < out.length; i++) out[i] = data[i]! > threshold ? 0 : far
  for (let y = 0; y < height; y++) sweepRow(out, width, y * width, y > 0 ? -width : 0, 1)
  for (let y = height - 1; y >= 0; y--) sweepRow(out, width, y * width, y + 1 < height ? width : 0, -1)
  return out
}

const blurLines = (from: Float32Array, to: Float32Array, lines: number, length: number, radius: number): void => {
  // Reads along rows and writes along columns: two calls blur both ways.
  const norm = 1 / (2 * radius + 1)
  for (let line = 0; line < lines; line++) {
    const at = line * length
    let sum = from[at]! * (radius + 1)
    for (let k = 1; k <= radius; k++) sum += from[at + Math.min(length - 1, k)]!
    for (let i = 0; i < length; i++) {
      to[i * lines + line] = sum * norm
      sum += from[at + Math.min(length - 1, i + radius + 1)]! - from[at + Math.max(0, i - radius)]!
    }
  }
}

/** Box blur of one channel, `passes` times (3 is close to a Gaussian of sigma = radius + 0.5); a new buffer. */
export const blurField = (data: Float32Array, size: Size, radius: number, passes = 2): Float32Array => {
  const out = data.slice()
  if (radius < 1) return out
  const half = new Float32Array(out.length)
  for (let pass = 0; pass < passes; pass++) {
    blurLines(out, half, size.height, size.width, radius)
    blurLines(half, out, size.width, size.height, radius)
  }
  return out
}

/** Blur that counts only pixels with weight, and reaches into the others (0 where nothing is near); a new buffer. */
export const blurWeighted = (
  data: Float32Array,
  weight: Float32Array,
  size: Size,
  radius: number,
  passes = 2,
): Float32Array => {
  const product = new Float32Array(data.length)
  for (let i = 0; i < product.length; i++) product[i] = data[i]! * weight[i]!
  const above = blurField(product, size, radius, passes)
  const below = blurField(weight, size, radius, passes)
  for (let i = 0; i < above.length; i++) above[i] = below[i]! > 1e-4 ? above[i]! / below[i]! : 0
  return above
}

/** A repeatable random number from 0 to 1 for a whole number (xorshift-multiply hash). */
export const hashUnit = (value: number): number => {
  let h = Math.imul(value ^ (value >>> 16), 0x7feb352d)
  h = Math.imul(h ^ (h >>> 15), 0x846ca68b)
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296
}

export const smoothstep = (from: number, to: number, value: number): number => {
  const t = Math.min(1, Math.max(0, (value - from) / (to - from)))
  return t * t * (3 - 2 * t)
}

/** The value below which a share (0 to 1) of the numbers lies; NaN of none. Sorts a copy. */
export const quantile = (values: ArrayLike<number>, share: number): number => {
  const sorted = new Float32Array(values).toSorted()
  if (sorted.length === 0) return Number.NaN
  const at = Math.min(sorted.length - 1, Math.max(0, share * (sorted.length - 1)))
  const low = Math.floor(at)
  return sorted[low]! + (sorted[Math.min(sorted.length - 1, low + 1)]! - sorted[low]!) * (at - low)
}
