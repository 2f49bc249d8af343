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
