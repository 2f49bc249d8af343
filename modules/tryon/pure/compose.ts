import type { ClothLayer } from './cloth-layer.ts'
import { createMask, type Mask, type Raster } from './image.ts'
import { linearToSrgb, srgbToLinear } from './lab.ts'
import { lightCloth } from './light.ts'
import type { PhotoMatch } from './light-match.ts'
import { clamp } from './vector.ts'

/** Cloth of all layers over each other at the size of the picture: linear light, premultiplied, and its alpha (0 to 1). */
export type Cloth = { width: number; height: number; rgb: Float32Array; alpha: Float32Array }

export const createCloth = (width: number, height: number): Cloth => ({
  width,
  height,
  rgb: new Float32Array(width * height * 3),
  alpha: new Float32Array(width * height),
})

/**
 * Puts a layer over the cloth so far. `visible` (0 to 1 per picture pixel) is what of the layer may show: less where an arm
 * is in front. Cloth seen through the collar shows only where `behind` allows.
 */
export function addLayer(
  cloth: Cloth,
  layer: ClothLayer,
  visible: Float32Array | undefined,
  behind: Float32Array,
): void {
  for (let y = 0; y < layer.height; y++) {
    for (let x = 0; x < layer.width; x++) {
      const i = y * layer.width + x
      const at = (y + layer.top) * cloth.width + x + layer.left
      const shown = (visible ? visible[at]! : 1) * (1 - layer.inside[i]! * (1 - behind[at]!))
      const a = (layer.rgba[4 * i + 3]! / 255) * shown
      if (a <= 0.002) continue
      const keep = 1 - a
      cloth.rgb[3 * at] = cloth.rgb[3 * at]! * keep + a * lightOf(layer.rgba[4 * i]!)
      cloth.rgb[3 * at + 1] = cloth.rgb[3 * at + 1]! * keep + a * lightOf(layer.rgba[4 * i + 1]!)
      cloth.rgb[3 * at + 2] = cloth.rgb[3 * at + 2]! * keep + a * lightOf(layer.rgba[4 * i + 2]!)
      cloth.alpha[at] = cloth.alpha[at]! * keep + a
    }
  }
}

const lightOf = (value: number): number => srgbToLinear(Math.round(clamp(value, 0, 255)))

/** Takes away cloth where something is in front of it. */
export function maskCloth(cloth: Cloth, visible: Float32Array): void {
  for (let i = 0; i < visible.length; i++) {
    const v = visible[i]!
    if (v >= 1) continue
    cloth.alpha[i] = cloth.alpha[i]! * v
    cloth.rgb[3 * i] = cloth.rgb[3 * i]! * v
    cloth.rgb[3 * i + 1] = cloth.rgb[3 * i + 1]! * v
    cloth.rgb[3 * i + 2] = cloth.rgb[3 * i + 2]! * v
  }
}

/** A box blur of one channel, `radius` px, edges repeated. Two passes of it look like a Gaussian. */
export function blurChannel(data: Float32Array, width: number, height: number, radius: number): Float32Array {
  if (radius < 1) return data.slice()
  const across = blurRows(data, width, height, radius)
  const out = new Float32Array(data.length)
  // Row by row with a sum for each column: down the columns every pixel would be a cache line of its own.
  const sums = new Float64Array(width)
  const norm = 2 * radius + 1
  for (let k = -radius; k <= radius; k++) {
    const row = Math.min(height - 1, Math.max(0, k)) * width
    for (let x = 0; x < width; x++) sums[x]! += across[row + x]!
  }
  for (let y = 0; y < height; y++) {
    const row = y * width
    const entering = Math.min(height - 1, y + radius + 1) * width
    const leaving = Math.max(0, y - radius) * width
    for (let x = 0; x < width; x++) {
      out[row + x] = sums[x]! / norm
      sums[x]! += across[entering + x]! - across[leaving + x]!
    }
  }
  return out
}

function blurRows(data: Float32Array, width: number, height: number, radius: number): Float32Array {
  const out = new Float32Array(data.length)
  const norm = 2 * radius + 1
  for (let y = 0; y < height; y++) {
    const first = y * width
    const last = first + width - 1
    let sum = 0
    for (let k = first - radius; k <= first + radius; k++) sum += data[Math.min(last, Math.max(first, k))]!
    for (let i = first; i <= last; i++) {
      out[i] = sum / norm
      sum += data[Math.min(last, i + radius + 1)]! - data[Math.max(first, i - radius)]!
    }
  }
  return out
}

export type Finish = {
  /** Relative illumination (about 1) per picture pixel, linear. */
  shading: Float32Array
  /** Where a shadow of the cloth may fall: the person, not the wall behind (0 to 1). */
  receives: Float32Array
  pixelsPerCm: number
  /** The garment's colours as the photo would have taken them, and the photo's grain. */
  match: PhotoMatch
}

/** The folds of what is worn are not those of what is tried on: this part of the light's variation is taken over. */
const FOLDS_SHOW = 0.75

/**
 * Cloth over `base`: shaded, edges darkened by a thread's thickness, a contact shadow below hems and cuffs.
 * Returns a new picture; where neither cloth nor its shadow falls, pixels are those of `base` to the byte.
 */
export function composeCloth(base: Raster, cloth: Cloth, finish: Finish): { picture: Raster; touched: Mask } {
  const { width, height } = base
  const picture: Raster = { width, height, data: new Uint8ClampedArray(base.data) }
  const touched = createMask(width, height)
  const cm = finish.pixelsPerCm
  const soft = blurChannel(
    blurChannel(cloth.alpha, width, height, Math.max(1, Math.round(0.5 * cm))),
    width,
    height,
    Math.max(1, Math.round(0.5 * cm)),
  )
  const rim = blurChannel(cloth.alpha, width, height, Math.max(1, Math.round(0.18 * cm)))
  const drop = Math.round(0.45 * cm)
  const shading = blurChannel(finish.shading, width, height, Math.round(0.5 * cm))
  const colour = new Float32Array(3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const a = cloth.alpha[i]!
      const above = y >= drop ? soft[i - drop * width]! : 0
      const shadow = a > 0.995 ? 0 : 0.42 * above * finish.receives[i]! * (1 - a)
      if (a < 0.004 && shadow < 0.012) continue
      touched.data[i] = 255
      const edge = 1 - 0.3 * clamp((0.92 - rim[i]!) * 2, 0, 1) * a
      const light = (1 + FOLDS_SHOW * (shading[i]! - 1)) * edge
      colour[0] = a > 0 ? cloth.rgb[3 * i]! / a : 0
      colour[1] = a > 0 ? cloth.rgb[3 * i + 1]! / a : 0
      colour[2] = a > 0 ? cloth.rgb[3 * i + 2]! / a : 0
      finish.match.colour(colour, 0)
      const grain = finish.match.grain(x, y)
      for (let c = 0; c < 3; c++) {
        const under = srgbToLinear(base.data[4 * i + c]!) * (1 - shadow)
        const lit = lightCloth(colour[c]!, light) * grain
        picture.data[4 * i + c] = Math.round(linearToSrgb(clamp(under * (1 - a) + lit * a, 0, 1)))
      }
    }
  }
  return { picture, touched }
}
