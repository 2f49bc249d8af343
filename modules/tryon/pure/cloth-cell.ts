import type { Point, Raster } from './image.ts'
import { linearToOklab, srgbToLinear } from './lab.ts'

/** A grid over a cut-out: `taps` by `taps` samples for each cell; what has an alpha of `solid` or more is cloth. */
type CellGrid = { toPicture: (u: number, v: number) => Point; taps: number; solid: number }

/**
 * Reads cell `u`, `v`: the mean of its cloth in linear light, written to `lab` at `to` as OKLab. Where no more than half of it
 * is cloth the answer is false and nothing is written.
 */
export const createCellReader =
  (cutout: Raster, { toPicture, taps, solid }: CellGrid) =>
  (u: number, v: number, lab: Float32Array, to: number): boolean => {
    const { width, height, data } = cutout
    let [r, g, b, n] = [0, 0, 0, 0]
    for (let k = 0; k < taps * taps; k++) {
      const p = toPicture(u + ((k % taps) + 0.5) / taps, v + (((k / taps) | 0) + 0.5) / taps)
      const x = Math.floor(p.x)
      const y = Math.floor(p.y)
      if (x < 0 || y < 0 || x >= width || y >= height) continue
      const at = (y * width + x) * 4
      if (data[at + 3]! < solid) continue
      r += srgbToLinear(data[at]!)
      g += srgbToLinear(data[at + 1]!)
      b += srgbToLinear(data[at + 2]!)
      n++
    }
    if (n * 2 <= taps * taps) return false
    linearToOklab(r / n, g / n, b / n, lab, to)
    return true
  }
