import type { Mask, Raster } from './image.ts'
import { resizeMask, resizeRaster } from './resize.ts'

/** The pipeline works on at most this many pixels along the longer side; phone photos are two to three times as long. */
export const WORK_SIDE = 1536

/** The picture at working size (itself if it is small enough) and working pixels per picture pixel. */
export function toWorkSize(picture: Raster): { work: Raster; scale: number } {
  const scale = Math.min(1, WORK_SIDE / Math.max(picture.width, picture.height))
  if (scale === 1) return { work: picture, scale }
  const [width, height] = [Math.round(picture.width * scale), Math.round(picture.height * scale)]
  return { work: resizeRaster(picture, width, height), scale }
}

type Worked = { picture: Raster; edit: Mask; cloth: Mask; replaced: Mask }

/**
 * The result at the size of `original`. Where nothing was edited the original's bytes stand; where light alone changed, its
 * fine detail is kept; where cloth or skin replaced it, the enlarged result stands.
 */
export function toFullSize(original: Raster, work: Raster, result: Worked): Omit<Worked, 'replaced'> {
  const { width, height } = original
  if (work.width === width && work.height === height) return result
  const after = resizeRaster(result.picture, width, height)
  const before = resizeRaster(work, width, height)
  const edit = resizeMask(result.edit, width, height)
  const cloth = resizeMask(result.cloth, width, height)
  const replaced = resizeMask(result.replaced, width, height)
  const data = new Uint8ClampedArray(original.data)
  for (let i = 0; i < edit.data.length; i++) {
    if (edit.data[i] === 0) {
      cloth.data[i] = 0
      continue
    }
    const keep = 1 - replaced.data[i]! / 255
    const share = edit.data[i]! / 255
    for (let c = 4 * i; c < 4 * i + 3; c++) {
      const value = after.data[c]! + keep * (original.data[c]! - before.data[c]!)
      data[c] = Math.round(original.data[c]! + share * (value - original.data[c]!))
    }
    edit.data[i] = 255
  }
  return { picture: { width, height, data }, edit, cloth }
}
