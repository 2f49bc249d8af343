import type { PreparedGarment } from './garment.ts'
import type { Raster } from './image.ts'
import { type Patch, rasterizePatch, type WarpMap } from './patch.ts'
import { resizeRaster } from './resize.ts'

/**
 * Cloth laid on a window of the person's picture: straight-alpha RGBA samples (0 to 255, not rounded), the part of the
 * alpha that belongs to what is seen through the collar (`inside`, 0 to 1), and the place across the patch (0 to 1).
 */
export type ClothLayer = {
  left: number
  top: number
  width: number
  height: number
  rgba: Float32Array
  inside: Float32Array
  across: Float32Array
}

/** A garment at the scale it will be drawn at: minified once by area, so that bilinear reading does not alias. */
export type ClothTexture = {
  picture: Raster
  inside: Uint8Array | undefined
  /** First and last row of the garment that `inside` has anything of: most of the cloth lies below. */
  insideRows: [number, number]
  scale: number
  sourceWidth: number
}

/** From this value on (of 255) a pixel counts as seen through the collar: its soft rim would draw a line on the neck. */
const SEEN_THROUGH = 40

/** Median of garment pixels per person pixel over the patches' cells. */
function minification(patches: readonly Patch[]): number {
  const ratios: number[] = []
  for (const { source, target, columns, rows } of patches) {
    for (let j = 0; j + 1 < rows; j += 2) {
      for (let i = 0; i + 1 < columns; i += 2) {
        const a = (j * columns + i) * 2
        const c = a + columns * 2
        const s = Math.abs(
          (source[a + 2]! - source[a]!) * (source[c + 1]! - source[a + 1]!) -
            (source[c]! - source[a]!) * (source[a + 3]! - source[a + 1]!),
        )
        const t = Math.abs(
          (target[a + 2]! - target[a]!) * (target[c + 1]! - target[a + 1]!) -
            (target[c]! - target[a]!) * (target[a + 3]! - target[a + 1]!),
        )
        if (t > 1e-3) ratios.push(Math.sqrt(s / t))
      }
    }
  }
  ratios.sort((a, b) => a - b)
  return ratios[Math.floor(ratios.length / 2)] ?? 1
}

/** The mask grown by `radius` px: the soft rim of what lies behind the neck lies behind it too. */
function grown(mask: Uint8Array, width: number, radius: number): Uint8Array {
  const out = new Uint8Array(mask.length)
  const height = mask.length / width
  for (let i = 0; i < mask.length; i++) {
    if (mask[i]! <= SEEN_THROUGH) continue
    const [x, y] = [i % width, Math.floor(i / width)]
    for (let v = Math.max(0, y - radius); v <= Math.min(height - 1, y + radius); v++)
      out.fill(255, v * width + Math.max(0, x - radius), v * width + Math.min(width, x + radius + 1))
  }
  return softened(out, width)
}

/** The mask with its stairs taken off: a mean over three pixels each way where it changes. */
function softened(mask: Uint8Array, width: number): Uint8Array {
  const out = mask.slice()
  for (let i = width + 1; i < mask.length - width - 1; i++) {
    const value = mask[i]!
    if (value === mask[i + 1] && value === mask[i - 1] && value === mask[i + width] && value === mask[i - width])
      continue
    let sum = 0
    for (let k = -1; k <= 1; k++) for (let d = -1; d <= 1; d++) sum += mask[i + k * width + d]!
    out[i] = Math.round(sum / 9)
  }
  return out
}

export function createTexture(garment: PreparedGarment, patches: readonly Patch[]): ClothTexture {
  const ratio = minification(patches)
  const { cutout } = garment
  const inside = garment.inside ? grown(garment.inside, cutout.width, 2) : undefined
  const insideRows: [number, number] = inside
    ? [Math.floor(inside.indexOf(255) / cutout.width), Math.floor(inside.lastIndexOf(255) / cutout.width)]
    : [0, -1]
  if (ratio < 1.25) return { picture: cutout, inside, insideRows, scale: 1, sourceWidth: cutout.width }
  const width = Math.max(8, Math.round(cutout.width / ratio))
  const height = Math.max(8, Math.round(cutout.height / ratio))
  return {
    picture: resizeRaster(cutout, width, height),
    inside,
    insideRows,
    scale: width / cutout.width,
    sourceWidth: cutout.width,
  }
}

/** Reads the texture through the patch; undefined where the patch lies wholly outside the picture. */
export function layCloth(texture: ClothTexture, patch: Patch, width: number, height: number): ClothLayer | undefined {
  const map = rasterizePatch(patch, width, height)
  if (!map) return undefined
  const count = map.width * map.height
  const layer: ClothLayer = {
    left: map.left,
    top: map.top,
    width: map.width,
    height: map.height,
    rgba: new Float32Array(count * 4),
    inside: new Float32Array(count),
    across: map.across,
  }
  for (let i = 0; i < count; i++) if (!Number.isNaN(map.x[i]!)) sample(texture, map, i, layer)
  return layer
}

function sample(texture: ClothTexture, map: WarpMap, i: number, layer: ClothLayer): void {
  const { picture, scale } = texture
  const { width, height, data } = picture
  const fx = map.x[i]! * scale - 0.5
  const fy = map.y[i]! * scale - 0.5
  const x0 = Math.floor(fx)
  const y0 = Math.floor(fy)
  const tx = fx - x0
  const ty = fy - y0
  let [r, g, b, a] = [0, 0, 0, 0]
  for (let k = 0; k < 4; k++) {
    const x = x0 + (k & 1)
    const y = y0 + (k >> 1)
    if (x < 0 || y < 0 || x >= width || y >= height) continue
    const at = (y * width + x) * 4
    const w = (k & 1 ? tx : 1 - tx) * (k >> 1 ? ty : 1 - ty) * data[at + 3]!
    r += w * data[at]!
    g += w * data[at + 1]!
    b += w * data[at + 2]!
    a += w
  }
  if (a < 0.5) return
  layer.rgba[4 * i] = r / a
  layer.rgba[4 * i + 1] = g / a
  layer.rgba[4 * i + 2] = b / a
  layer.rgba[4 * i + 3] = a
  const sourceY = map.y[i]!
  if (texture.inside && sourceY > texture.insideRows[0] - 1 && sourceY < texture.insideRows[1] + 2)
    layer.inside[i] = readSoft(texture.inside, texture.sourceWidth, map.x[i]!, sourceY)
}

/** Bilinear reading of a mask (0 to 1), nothing outside it. */
function readSoft(mask: Uint8Array, width: number, x: number, y: number): number {
  const height = mask.length / width
  const [x0, y0] = [Math.floor(x - 0.5), Math.floor(y - 0.5)]
  let value = 0
  for (let k = 0; k < 4; k++) {
    const [u, v] = [x0 + (k & 1), y0 + (k >> 1)]
    if (u < 0 || v < 0 || u >= width || v >= height) continue
    const [tx, ty] = [x - 0.5 - x0, y - 0.5 - y0]
    value += (k & 1 ? tx : 1 - tx) * (k >> 1 ? ty : 1 - ty) * mask[v * width + u]!
  }
  return value / 255
}
