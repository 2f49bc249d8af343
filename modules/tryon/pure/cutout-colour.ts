import type { Raster } from './image.ts'
import { linearToOklab, linearToSrgb, srgbToLinear } from './lab.ts'

/** A picture at working size: `lab` holds OKLab L (0 to 1), a, b per pixel, `rgb` the same colours in sRGB (0 to 255). */
export type ColourGrid = { width: number; height: number; lab: Float32Array; rgb: Float32Array }

/** The picture averaged down so that its longer side is at most `side` pixels. Alpha is ignored. */
export const createColourGrid = (picture: Raster, side: number): ColourGrid => {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height))
  const width = Math.max(1, Math.round(picture.width * scale))
  const height = Math.max(1, Math.round(picture.height * scale))
  const lab = new Float32Array(width * height * 3)
  const rgb = new Float32Array(width * height * 3)
  const { data } = picture
  for (let y = 0; y < height; y++) {
    const y0 = Math.floor((y * picture.height) / height)
    const y1 = Math.max(y0 + 1, Math.floor(((y + 1) * picture.height) / height))
    for (let x = 0; x < width; x++) {
      const x0 = Math.floor((x * picture.width) / width)
      const x1 = Math.max(x0 + 1, Math.floor(((x + 1) * picture.width) / width))
      let r = 0
      let g = 0
      let b = 0
      for (let v = y0; v < y1; v++) {
        for (let at = (v * picture.width + x0) * 4; at < (v * picture.width + x1) * 4; at += 4) {
          r += srgbToLinear(data[at]!)
          g += srgbToLinear(data[at + 1]!)
          b += srgbToLinear(data[at + 2]!)
        }
      }
      const n = (y1 - y0) * (x1 - x0)
      const out = (y * width + x) * 3
      linearToOklab(r / n, g / n, b / n, lab, out)
      rgb[out] = linearToSrgb(r / n)
      rgb[out + 1] = linearToSrgb(g / n)
      rgb[out + 2] = linearToSrgb(b / n)
    }
  }
  return { width, height, lab, rgb }
}
