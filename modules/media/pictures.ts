import type { Mask, Raster } from './pure/raster.ts'
import {
  DEFAULT_LIMITS,
  encodeCutout,
  encodeMask,
  encodePicture,
  type Encoding,
  type PictureLimits,
  type ReadPicture,
  readPicture,
} from './sharp.ts'

export type Pictures = ReturnType<typeof createPictures>

/** Reading and writing pictures, with nothing stored: all that a command on two files needs. */
export function createPictures() {
  return {
    read: (bytes: Uint8Array, limits: Partial<PictureLimits> = {}): Promise<ReadPicture> =>
      readPicture(bytes, { ...DEFAULT_LIMITS, ...limits }),
    encodeMask: (mask: Mask): Promise<Uint8Array> => encodeMask(mask),
    encodeCutout: (raster: Raster): ReturnType<typeof encodeCutout> => encodeCutout(raster),
    encode: (raster: Raster, encoding: Encoding): Promise<Uint8Array> => encodePicture(raster, encoding),
  }
}
