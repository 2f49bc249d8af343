import { createColourGrid } from './cutout-colour.ts'
import { findRegions } from './cutout-region.ts'
import { segmentGarment } from './cutout-segment.ts'
import type { Raster } from './image.ts'
import { cutAlong } from './matting.ts'

const COARSE_SIDE = 144
const FINE_SIDE = 288
/** A picture with at least this share of clear pixels has been cut out by its maker. */
const CLEAR_SHARE = 0.03

const isCutOut = ({ data }: Raster): boolean => {
  let clear = 0
  for (let i = 3; i < data.length; i += 4) if (data[i]! < 16) clear++
  return clear > (data.length / 4) * CLEAR_SHARE
}

/** Keeps the garment of a picture that came with alpha: soft shadows beside or under it are not garment. */
const keepSolid = (picture: Raster): Raster | undefined => {
  const { width, height, data } = picture
  const solid = new Uint8Array(width * height)
  for (let i = 0; i < solid.length; i++) solid[i] = data[i * 4 + 3]! > 160 ? 1 : 0
  const regions = findRegions(solid, width)
  let largest = 0
  regions.size.forEach((size, id) => {
    if (regions.value[id] === 1) largest = Math.max(largest, size)
  })
  if (largest < solid.length * 0.01) return undefined
  for (let i = 0; i < solid.length; i++) if (regions.size[regions.of[i]!]! < largest * 0.3) solid[i] = 0
  const out = new Uint8ClampedArray(data)
  for (let i = 0; i < solid.length; i++) {
    if (solid[i] === 0 && data[i * 4 + 3]! > 0 && !isRim(solid, width, i)) out[i * 4 + 3] = 0
  }
  return { width, height, data: out }
}

/** Whether something solid lies within two and a half pixels. */
const isRim = (solid: Uint8Array, width: number, at: number): boolean => {
  const x = at % width
  for (let dy = -2; dy <= 2; dy++) {
    const reach = Math.abs(dy) === 2 ? 1 : 2
    for (let dx = -reach; dx <= reach; dx++) {
      if (x + dx >= 0 && x + dx < width && solid[at + dy * width + dx] === 1) return true
    }
  }
  return false
}

/**
 * Cuts the garment out of a product picture: same size, alpha is the garment's matte, colours under the soft edge are
 * the garment's own. A picture that is cut out already keeps its alpha, less its drop shadow. Undefined when no
 * garment stands out from the ground. `certainty` (0 to 1) says how well colours told garment from ground.
 */
export const cutOutGarment = (picture: Raster): { cutout: Raster; certainty: number } | undefined => {
  if (isCutOut(picture)) {
    const cutout = keepSolid(picture)
    return cutout && { cutout, certainty: 1 }
  }
  const fine = createColourGrid(picture, FINE_SIDE)
  const found = segmentGarment(createColourGrid(picture, COARSE_SIDE), fine)
  return found && { cutout: cutAlong(picture, fine, found.mask), certainty: found.contrast }
}
