/** RGBA, 8 bits a channel, row-major, straight (not premultiplied) alpha; `data.length === width * height * 4`. */
export type Raster = { width: number; height: number; data: Uint8ClampedArray }

/** One channel, 0 to 255, row-major; `data.length === width * height`. 255 is fully inside. */
export type Mask = { width: number; height: number; data: Uint8Array }

/** A position in pixels of the picture it belongs to; x to the right, y down, pixel centres at .5. */
export type Point = { x: number; y: number }

export const createRaster = (width: number, height: number): Raster => ({
  width,
  height,
  data: new Uint8ClampedArray(width * height * 4),
})

export const createMask = (width: number, height: number): Mask => ({
  width,
  height,
  data: new Uint8Array(width * height),
})
