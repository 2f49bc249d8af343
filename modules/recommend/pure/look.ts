import { rasterToOklab } from '../../tryon/pure/lab.ts'
import type { Raster } from '../../tryon/pure/image.ts'

/** Bytes of a look: colours, texture, shape. */
const HUES = 8
const COLOURS = 5 + 2 * HUES
const TEXTURES = 8
const SHAPES = 11
export const LOOK_BYTES = COLOURS + TEXTURES + SHAPES

/** Rows that a garment is looked at with; its columns follow from its shape. */
const ROWS = 120
const SOLID = 128
/** OKLab chroma below which a colour has no hue that anybody would name. */
const GREY = 0.035

type Sampled = { width: number; height: number; lab: Float32Array; solid: Uint8Array }

/**
 * How a garment looks, as `LOOK_BYTES` numbers from 0 to 255, from its cut-out (alpha is its matte): how much of it has
 * each of 21 colours in OKLab, how busy the cloth is across and along at three scales, and the outline from top to bottom.
 * Undefined where nothing is there.
 */
export function lookOf(cutout: Raster): Uint8Array | undefined {
  const seen = sample(cutout)
  if (!seen) return undefined
  const look = new Uint8Array(LOOK_BYTES)
  const put = (at: number, value: number) => (look[at] = Math.round(255 * Math.min(1, Math.max(0, value))))
  // Square roots bring small shares, such as the ink of a print, within sight.
  for (const [i, share] of coloursOf(seen).entries()) put(i, Math.sqrt(share))
  for (const [i, energy] of textureOf(seen).entries()) put(COLOURS + i, Math.sqrt(4 * energy))
  for (const [i, part] of shapeOf(seen).entries()) put(COLOURS + TEXTURES + i, part)
  return look
}

/** The opaque part, by nearest neighbour, in `ROWS` rows. */
function sample(cutout: Raster): Sampled | undefined {
  const { width, height, data } = cutout
  let [left, right, top, bottom] = [width, -1, height, -1]
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      if (data[4 * (y * width + x) + 3]! >= SOLID) {
        left = Math.min(left, x)
        right = Math.max(right, x)
        top = Math.min(top, y)
        bottom = y
      }
  if (right < left) return undefined
  const step = (bottom - top + 1) / ROWS
  const columns = Math.max(8, Math.min(3 * ROWS, Math.round((right - left + 1) / step)))
  const picture = { width: columns, height: ROWS, data: new Uint8ClampedArray(4 * columns * ROWS) }
  const solid = new Uint8Array(columns * ROWS)
  for (let y = 0; y < ROWS; y++)
    for (let x = 0; x < columns; x++) {
      const fromX = Math.min(right, left + Math.floor(((x + 0.5) * (right - left + 1)) / columns))
      const fromY = Math.min(bottom, top + Math.floor((y + 0.5) * step))
      const from = 4 * (fromY * width + fromX)
      const to = y * columns + x
      for (let c = 0; c < 4; c++) picture.data[4 * to + c] = data[from + c]!
      solid[to] = data[from + 3]! >= SOLID ? 1 : 0
    }
  return { width: columns, height: ROWS, lab: rasterToOklab(picture), solid }
}

/** Shares of five greys from black to white, then of eight hues, dark and light. */
function coloursOf({ lab, solid }: Sampled): Float64Array {
  const shares = new Float64Array(COLOURS)
  let count = 0
  for (let i = 0; i < solid.length; i++) {
    if (solid[i] === 0) continue
    const [L, a, b] = [lab[3 * i]!, lab[3 * i + 1]!, lab[3 * i + 2]!]
    const chroma = Math.hypot(a, b)
    const grey = Math.min(1, Math.max(0, (2 * GREY - chroma) / GREY))
    spread(shares, 0, 5, Math.min(0.999, L) * 4, grey, false)
    const hue = ((Math.atan2(b, a) / (2 * Math.PI) + 1) % 1) * HUES
    const light = Math.min(1, Math.max(0, (L - 0.4) / 0.3))
    spread(shares, 5, HUES, hue, (1 - grey) * (1 - light), true)
    spread(shares, 5 + HUES, HUES, hue, (1 - grey) * light, true)
    count++
  }
  return shares.map((sum) => sum / Math.max(1, count))
}

/** Shares `weight` between the two bins beside `place`, so that no colour lies on an edge. */
function spread(into: Float64Array, from: number, bins: number, place: number, weight: number, round: boolean): void {
  if (weight === 0) return
  const low = Math.floor(place)
  const part = place - low
  const next = round ? (low + 1) % bins : Math.min(bins - 1, low + 1)
  into[from + (low % bins)]! += weight * (1 - part)
  into[from + next]! += weight * part
}

/** Mean steps of lightness across and along at three scales, then how far lightness and hue vary. */
function textureOf({ width, height, lab, solid }: Sampled): number[] {
  const energies: number[] = []
  for (const scale of [1, 3, 8]) {
    let [across, along, countX, countY] = [0, 0, 0, 0]
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) {
        const i = y * width + x
        if (solid[i] === 0) continue
        if (x + scale < width && solid[i + scale] === 1) {
          across += difference(lab, i, i + scale)
          countX++
        }
        if (y + scale < height && solid[i + scale * width] === 1) {
          along += difference(lab, i, i + scale * width)
          countY++
        }
      }
    energies.push(across / Math.max(1, countX), along / Math.max(1, countY))
  }
  return [...energies, deviation(lab, solid, 0), deviation(lab, solid, 1) + deviation(lab, solid, 2)]
}

const difference = (lab: Float32Array, i: number, j: number) =>
  Math.hypot(lab[3 * i]! - lab[3 * j]!, lab[3 * i + 1]! - lab[3 * j + 1]!, lab[3 * i + 2]! - lab[3 * j + 2]!)

function deviation(lab: Float32Array, solid: Uint8Array, channel: number): number {
  let [sum, squares, count] = [0, 0, 0]
  for (let i = 0; i < solid.length; i++) {
    if (solid[i] === 0) continue
    const value = lab[3 * i + channel]!
    sum += value
    squares += value * value
    count++
  }
  return Math.sqrt(Math.max(0, squares / Math.max(1, count) - (sum / Math.max(1, count)) ** 2))
}

/** Width to height, how much of the box is filled, how many rows are split in two (legs), then eight widths downwards. */
function shapeOf({ width, height, solid }: Sampled): number[] {
  const widths = new Float64Array(8)
  let [area, split] = [0, 0]
  for (let y = 0; y < height; y++) {
    let [runs, inRow, before] = [0, 0, 0]
    for (let x = 0; x < width; x++) {
      const here = solid[y * width + x]!
      if (here === 1 && before === 0) runs++
      inRow += here
      before = here
    }
    area += inRow
    if (runs === 2) split++
    widths[Math.floor((8 * y) / height)]! += inRow / width / (height / 8)
  }
  return [width / height / 2, area / (width * height), split / height, ...widths]
}
