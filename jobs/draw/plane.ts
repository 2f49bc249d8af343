import { createRandom } from './geometry.ts'

/** Blurs a plane in place: two box passes each way, about a Gaussian of sigma = radius * 0.82. `spare` is as long as the plane. */
export const blurPlane = (plane: Float32Array, width: number, height: number, radius: number, passes = 2): void => {
  const r = Math.max(0, Math.round(radius))
  if (r === 0 || plane.length === 0) return
  const spare = new Float32Array(plane.length)
  const scale = 1 / (2 * r + 1)
  for (let pass = 0; pass < passes; pass++) {
    for (let y = 0; y < height; y++) {
      const row = y * width
      let sum = plane[row]! * (r + 1)
      for (let x = 1; x <= r; x++) sum += plane[row + Math.min(width - 1, x)]!
      for (let x = 0; x < width; x++) {
        spare[row + x] = sum * scale
        sum += plane[row + (x + r + 1 < width ? x + r + 1 : width - 1)]! - plane[row + (x > r ? x - r : 0)]!
      }
    }
    const sums = new Float32Array(width)
    for (let x = 0; x < width; x++) sums[x] = spare[x]! * (r + 1)
    for (let y = 1; y <= r; y++) {
      const row = Math.min(height - 1, y) * width
      for (let x = 0; x < width; x++) sums[x]! += spare[row + x]!
    }
    for (let y = 0; y < height; y++) {
      const enter = (y + r + 1 < height ? y + r + 1 : height - 1) * width
      const leave = (y > r ? y - r : 0) * width
      const row = y * width
      for (let x = 0; x < width; x++) {
        plane[row + x] = sums[x]! * scale
        sums[x]! += spare[enter + x]! - spare[leave + x]!
      }
    }
  }
}

/** Distance in pixels to the nearest pixel where `inside` is 0, by a two-pass chamfer; beyond the plane lies `border`. */
export const distanceInside = (inside: Float32Array, width: number, height: number, border = 0): Float32Array => {
  const far = 1e6
  const d = new Float32Array(inside.length)
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      if (inside[i]! < 0.5) continue
      const up = y > 0 ? d[i - width]! : border
      const left = x > 0 ? d[i - 1]! : border
      const upLeft = y > 0 && x > 0 ? d[i - width - 1]! : border
      const upRight = y > 0 && x + 1 < width ? d[i - width + 1]! : border
      d[i] = Math.min(far, up + 1, left + 1, upLeft + Math.SQRT2, upRight + Math.SQRT2)
    }
  for (let y = height - 1; y >= 0; y--)
    for (let x = width - 1; x >= 0; x--) {
      const i = y * width + x
      if (d[i] === 0) continue
      const down = y + 1 < height ? d[i + width]! : border
      const right = x + 1 < width ? d[i + 1]! : border
      const downRight = y + 1 < height && x + 1 < width ? d[i + width + 1]! : border
      const downLeft = y + 1 < height && x > 0 ? d[i + width - 1]! : border
      d[i] = Math.min(d[i]!, down + 1, right + 1, downRight + Math.SQRT2, downLeft + Math.SQRT2)
    }
  return d
}

export type Noise = (x: number, y: number) => number

/** Gradient noise (Perlin 2002), about -1 to 1, with a seeded table; wraps every 256 units. */
export const createNoise = (seed: number): Noise => {
  const random = createRandom(seed)
  const gx = new Float32Array(256)
  const gy = new Float32Array(256)
  const table = new Uint8Array(512)
  for (let i = 0; i < 256; i++) {
    const angle = random() * Math.PI * 2
    gx[i] = Math.cos(angle) * 1.5
    gy[i] = Math.sin(angle) * 1.5
    table[i] = i
  }
  for (let i = 255; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const held = table[i]!
    table[i] = table[j]!
    table[j] = held
  }
  table.copyWithin(256, 0, 256)
  return (x, y) => {
    const xf = Math.floor(x)
    const yf = Math.floor(y)
    const dx = x - xf
    const dy = y - yf
    const xi = xf & 255
    const yi = yf & 255
    const a = table[xi]!
    const b = table[(xi + 1) & 255]!
    const aa = table[a + yi]!
    const ab = table[a + ((yi + 1) & 255)]!
    const ba = table[b + yi]!
    const bb = table[b + ((yi + 1) & 255)]!
    const sx = dx * dx * dx * (dx * (dx * 6 - 15) + 10)
    const sy = dy * dy * dy * (dy * (dy * 6 - 15) + 10)
    const n00 = gx[aa]! * dx + gy[aa]! * dy
    const n10 = gx[ba]! * (dx - 1) + gy[ba]! * dy
    const n01 = gx[ab]! * dx + gy[ab]! * (dy - 1)
    const n11 = gx[bb]! * (dx - 1) + gy[bb]! * (dy - 1)
    const top = n00 + (n10 - n00) * sx
    const bottom = n01 + (n11 - n01) * sx
    return top + (bottom - top) * sy
  }
}
