import type { Mask, Raster } from './image.ts'

type Size = { width: number; height: number }

/** For every output position along one axis: where its taps begin, how many, and their weights (sum 1). */
type Taps = { first: Int32Array; count: Int32Array; weights: Float32Array; most: number }

/** Shrinking averages the covered area; enlarging interpolates linearly between pixel centres. */
const axisTaps = (from: number, to: number): Taps => {
  const scale = from / to
  const half = Math.max(1, scale) / 2
  const most = Math.ceil(2 * half) + 2
  const first = new Int32Array(to)
  const count = new Int32Array(to)
  const weights = new Float32Array(to * most)
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale
    let begin: number
    let end: number
    if (scale > 1) {
      begin = Math.max(0, Math.floor(centre - half))
      end = Math.min(from - 1, Math.ceil(centre + half) - 1)
    } else {
      begin = Math.max(0, Math.floor(centre - 0.5))
      end = Math.min(from - 1, Math.floor(centre - 0.5) + 1)
    }
    let sum = 0
    for (let k = begin; k <= end; k++) {
      const weight =
        scale > 1
          ? Math.min(k + 1, centre + half) - Math.max(k, centre - half)
          : 1 - Math.min(1, Math.abs(centre - 0.5 - k))
      weights[i * most + k - begin] = weight
      sum += weight
    }
    for (let k = begin; k <= end; k++) weights[i * most + k - begin]! /= sum
    first[i] = begin
    count[i] = end - begin + 1
  }
  return { first, count, weights, most }
}

/**
 * Resizes interleaved samples (`data.length === width * height * channels`): area average when it shrinks,
 * bilinear when it grows. A new buffer.
 */
export const resizeSamples = (data: ArrayLike<number>, from: Size, to: Size, channels: number): Float32Array => {
  const across = axisTaps(from.width, to.width)
  const down = axisTaps(from.height, to.height)
  const rows = new Float32Array(to.width * from.height * channels)
  for (let y = 0; y < from.height; y++) {
    const row = y * from.width
    for (let x = 0; x < to.width; x++) {
      const out = (y * to.width + x) * channels
      const taps = across.count[x]!
      for (let k = 0; k < taps; k++) {
        const weight = across.weights[x * across.most + k]!
        const at = (row + across.first[x]! + k) * channels
        for (let c = 0; c < channels; c++) rows[out + c]! += weight * data[at + c]!
      }
    }
  }
  const out = new Float32Array(to.width * to.height * channels)
  const stride = to.width * channels
  for (let y = 0; y < to.height; y++) {
    const at = y * stride
    for (let k = 0; k < down.count[y]!; k++) {
      const weight = down.weights[y * down.most + k]!
      const source = (down.first[y]! + k) * stride
      for (let i = 0; i < stride; i++) out[at + i]! += weight * rows[source + i]!
    }
  }
  return out
}

const isOpaque = (data: Uint8ClampedArray): boolean => {
  for (let i = 3; i < data.length; i += 4) if (data[i] !== 255) return false
  return true
}

/** A resized copy; colours are weighted by alpha so that hidden colours do not bleed into the edge. */
export const resizeRaster = (picture: Raster, width: number, height: number): Raster => {
  const { data } = picture
  if (isOpaque(data)) {
    const out = new Uint8ClampedArray(resizeSamples(data, picture, { width, height }, 4))
    return { width, height, data: out }
  }
  const weighted = new Float32Array(data.length)
  for (let i = 0; i < data.length; i += 4) {
    const alpha = data[i + 3]!
    const weight = alpha / 255
    weighted[i] = data[i]! * weight
    weighted[i + 1] = data[i + 1]! * weight
    weighted[i + 2] = data[i + 2]! * weight
    weighted[i + 3] = alpha
  }
  const samples = resizeSamples(weighted, picture, { width, height }, 4)
  const out = new Uint8ClampedArray(width * height * 4)
  for (let i = 0; i < out.length; i += 4) {
    const alpha = samples[i + 3]!
    const gain = alpha > 0 ? 255 / alpha : 0
    out[i] = samples[i]! * gain
    out[i + 1] = samples[i + 1]! * gain
    out[i + 2] = samples[i + 2]! * gain
    out[i + 3] = alpha
  }
  return { width, height, data: out }
}

/** A resized copy of a soft mask. */
export const resizeMask = (mask: Mask, width: number, height: number): Mask => {
  const samples = resizeSamples(mask.data, mask, { width, height }, 1)
  const data = new Uint8Array(width * height)
  for (let i = 0; i < data.length; i++) data[i] = samples[i]! + 0.5
  return { width, height, data }
}
