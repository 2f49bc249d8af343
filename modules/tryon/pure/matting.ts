import type { ColourGrid } from './cutout-colour.ts'
import { distanceTo } from './cutout-region.ts'
import { boxMean } from './box-mean.ts'
import type { Raster } from './image.ts'

/** Half width of the uncertain band at the outline, and reach of the colours around it, in cells of the grid. */
const BAND = 1.7
const REACH = 4
/** Variance (8-bit steps squared) that any patch of cloth or ground has. */
const NOISE = 60
/** How much nearness to the outline of the grid counts beside the colours, as log odds at the band's rim. */
const PLACE = 2.5
/** The ground shines onto the very rim of the cloth: up to this share of its colour is taken out there. */
const RIM_TAINT = 0.5

/** Local colour of one side: mean r, g, b, and variance per cell; `seen` is 0 where that side is out of reach. */
const localColours = (grid: ColourGrid, sure: Uint8Array): Float32Array => {
  const moments = new Float32Array(sure.length * 5)
  for (let i = 0; i < sure.length; i++) {
    if (!sure[i]) continue
    for (let c = 0; c < 3; c++) {
      const v = grid.rgb[i * 3 + c]!
      moments[i * 5 + c] = v
      moments[i * 5 + 3]! += v * v
    }
    moments[i * 5 + 4] = 1
  }
  const near = boxMean(moments, grid, 5, REACH)
  const far = boxMean(moments, grid, 5, REACH * 4)
  for (let i = 0; i < sure.length; i++) {
    const from = near[i * 5 + 4]! > 0.01 ? near : far
    const n = from[i * 5 + 4]!
    if (n < 1e-6) continue
    let square = from[i * 5 + 3]! / n
    for (let c = 0; c < 3; c++) {
      moments[i * 5 + c] = from[i * 5 + c]! / n
      square -= moments[i * 5 + c]! ** 2
    }
    moments[i * 5 + 3] = Math.max(0, square) / 3
    moments[i * 5 + 4] = 1
  }
  return moments
}

/** Bilinear sample of `channels` interleaved values of a grid at (x, y) in cells, written to `out`. */
const sampleGrid = (
  grid: Float32Array,
  size: ColourGrid,
  channels: number,
  at: { x: number; y: number },
  out: Float32Array,
) => {
  const x = Math.max(0, Math.min(size.width - 1.001, at.x))
  const y = Math.max(0, Math.min(size.height - 1.001, at.y))
  const x0 = Math.floor(x)
  const y0 = Math.floor(y)
  const fx = x - x0
  const fy = y - y0
  const a = (y0 * size.width + x0) * channels
  const b = a + Math.min(1, size.width - 1 - x0) * channels
  const down = Math.min(1, size.height - 1 - y0) * size.width * channels
  for (let c = 0; c < channels; c++) {
    const top = grid[a + c]! * (1 - fx) + grid[b + c]! * fx
    const bottom = grid[a + down + c]! * (1 - fx) + grid[b + down + c]! * fx
    out[c] = top * (1 - fy) + bottom * fy
  }
}

/** Distance to the outline in cells, positive inside, smoothed so that the grid's stairs do not show. */
const signedDistance = (mask: Uint8Array, grid: ColourGrid): Float32Array => {
  const inside = distanceTo(mask, grid.width, grid.height, 0)
  const outside = distanceTo(mask, grid.width, grid.height, 1)
  return boxMean(
    Float32Array.from(inside, (d, i) => (mask[i] ? d - 0.5 : 0.5 - outside[i]!)),
    grid,
    1,
    1,
  )
}

/** How much of the pixel is garment: log odds of colour likelihood and place. `near` and `far` are r, g, b, variance. */
const mixAlpha = (colour: Float32Array, near: Float32Array, far: Float32Array, place: number): number => {
  let toNear = 0
  let toFar = 0
  for (let c = 0; c < 3; c++) {
    toNear += (colour[c]! - near[c]!) ** 2
    toFar += (colour[c]! - far[c]!) ** 2
  }
  const odds = Math.log((toFar / (far[3]! + NOISE) + 0.3) / (toNear / (near[3]! + NOISE) + 0.3))
  return 1 / (1 + Math.exp(-odds - place))
}

/** How far a colour has moved from the cloth's towards the ground's: what of the ground is mixed into it, up to `most`. */
const groundShare = (colour: Float32Array, near: Float32Array, far: Float32Array, most: number): number => {
  let along = 0
  let square = 1e-6
  for (let c = 0; c < 3; c++) {
    along += (colour[c]! - near[c]!) * (far[c]! - near[c]!)
    square += (far[c]! - near[c]!) ** 2
  }
  return Math.max(0, Math.min(most, along / square))
}

/**
 * The cut-out at the picture's full size from an outline found on the grid (`mask`: 1 is garment). In a band at the
 * outline, alpha comes from the local colours of cloth and ground, and what the ground mixed into the colour is taken
 * out again, so that no fringe of the old ground is left.
 */
export const cutAlong = (picture: Raster, grid: ColourGrid, mask: Uint8Array): Raster => {
  const { width, height, data } = picture
  const distance = signedDistance(mask, grid)
  const cloth = localColours(
    grid,
    Uint8Array.from(distance, (d) => (d > BAND ? 1 : 0)),
  )
  const ground = localColours(
    grid,
    Uint8Array.from(distance, (d) => (d < -BAND ? 1 : 0)),
  )
  const out = new Uint8ClampedArray(data.length)
  const cell = new Float32Array(1)
  const near = new Float32Array(5)
  const far = new Float32Array(5)
  const colour = new Float32Array(3)
  const at = { x: 0, y: 0 }
  for (let y = 0; y < height; y++) {
    at.y = ((y + 0.5) * grid.height) / height - 0.5
    for (let x = 0; x < width; x++) {
      const o = (y * width + x) * 4
      at.x = ((x + 0.5) * grid.width) / width - 0.5
      sampleGrid(distance, grid, 1, at, cell)
      const d = cell[0]!
      if (d < -BAND * 2) continue
      for (let c = 0; c < 3; c++) out[o + c] = data[o + c]!
      if (d > BAND) {
        out[o + 3] = 255
        continue
      }
      sampleGrid(cloth, grid, 5, at, near)
      sampleGrid(ground, grid, 5, at, far)
      if (d < -BAND) {
        // Invisible, but what samples between pixels reads it.
        for (let c = 0; c < 3 && near[4]! > 0.9; c++) out[o + c] = near[c]!
        continue
      }
      for (let c = 0; c < 3; c++) colour[c] = data[o + c]!
      const known = near[4]! > 0.9 && far[4]! > 0.9
      const alpha = known ? mixAlpha(colour, near, far, (PLACE * d) / BAND) : 1 / (1 + Math.exp((-6 * d) / BAND))
      const sharp = Math.max(0, Math.min(1, (alpha - 0.08) / 0.84))
      out[o + 3] = Math.round(255 * sharp)
      if (!known) continue
      const taint = groundShare(colour, near, far, Math.max(1 - sharp, RIM_TAINT * (1 - Math.max(0, d) / BAND)))
      for (let c = 0; c < 3; c++) {
        const clean = Math.max(0, Math.min(255, colour[c]! - taint * (far[c]! - near[c]!)))
        out[o + c] = sharp * clean + (1 - sharp) * near[c]!
      }
    }
  }
  return { width, height, data: out }
}
