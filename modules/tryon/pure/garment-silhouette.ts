import type { Mask, Point, Raster } from './image.ts'

/** A square window on a picture: its upper left corner and side in picture pixels. */
export type Window = { x: number; y: number; side: number }

const MARGIN = 0.07

/** The square around everything that is more than half opaque, with a margin. Undefined when nothing is. */
export const findWindow = ({ width, height, data }: Raster): Window | undefined => {
  let [x0, y0, x1, y1] = [width, height, -1, -1]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[(y * width + x) * 4 + 3]! < 128) continue
      x0 = Math.min(x0, x)
      x1 = Math.max(x1, x)
      y0 = Math.min(y0, y)
      y1 = y
    }
  }
  if (x1 < 0) return undefined
  const side = Math.max(x1 - x0 + 1, y1 - y0 + 1) * (1 + 2 * MARGIN)
  return { x: (x0 + x1 + 1 - side) / 2, y: (y0 + y1 + 1 - side) / 2, side }
}

/** The alpha under the window as a square mask of `size` pixels a side; what lies outside the picture is clear. */
export const sampleWindow = (picture: Raster, window: Window, size: number): Mask => {
  const data = new Uint8Array(size * size)
  const step = window.side / size
  for (let v = 0; v < size; v++) {
    const y0 = Math.max(0, Math.round(window.y + v * step))
    const y1 = Math.min(picture.height, Math.max(y0 + 1, Math.round(window.y + (v + 1) * step)))
    for (let u = 0; u < size; u++) {
      const x0 = Math.max(0, Math.round(window.x + u * step))
      const x1 = Math.min(picture.width, Math.max(x0 + 1, Math.round(window.x + (u + 1) * step)))
      let sum = 0
      for (let y = y0; y < y1; y++) {
        for (let x = x0; x < x1; x++) sum += picture.data[(y * picture.width + x) * 4 + 3]!
      }
      const outside = window.y + (v + 1) * step <= 0 || window.x + (u + 1) * step <= 0
      const n = (y1 - y0) * (x1 - x0)
      data[v * size + u] = n > 0 && !outside ? Math.round(sum / n) : 0
    }
  }
  return { width: size, height: size, data }
}

/** The square mask turned clockwise by quarter turns. */
export const turnMask = (mask: Mask, quarters: number): Mask => {
  let { data } = mask
  const n = mask.width
  for (let k = 0; k < ((quarters % 4) + 4) % 4; k++) {
    const turned = new Uint8Array(n * n)
    for (let y = 0; y < n; y++) for (let x = 0; x < n; x++) turned[x * n + (n - 1 - y)] = data[y * n + x]!
    data = turned
  }
  return { width: n, height: n, data }
}

/** A point of a square (0 to 1) turned clockwise by quarter turns about its middle. */
export const turnPoint = (p: Point, quarters: number): Point => {
  let q = p
  for (let k = 0; k < ((quarters % 4) + 4) % 4; k++) q = { x: 1 - q.y, y: q.x }
  return q
}
