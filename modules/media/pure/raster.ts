/** RGBA, 8 bits a channel, row-major, straight alpha: the shape that the try-on speaks in, said here so that media needs nobody. */
export type Raster = { width: number; height: number; data: Uint8ClampedArray }

/** One channel, 0 to 255, row-major. */
export type Mask = { width: number; height: number; data: Uint8Array }
