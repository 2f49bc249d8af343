import { createMask, type Mask, type Point } from '../../modules/tryon/pure/image.ts'

/** Coverage of a shape inside its box: `data[(y - top) * width + x - left]`, 0 to 1. */
export type Coverage = { left: number; top: number; width: number; height: number; data: Float32Array }

const accumulateEdge = (cover: Coverage, a: Point, b: Point): void => {
  const { left, top, width, height, data } = cover
  if (a.y === b.y) return
  const sign = a.y < b.y ? 1 : -1
  const [p, q] = a.y < b.y ? [a, b] : [b, a]
  const slope = (q.x - p.x) / (q.y - p.y)
  const yStart = Math.max(p.y, top)
  const yEnd = Math.min(q.y, top + height)
  let x = p.x + (yStart - p.y) * slope - left
  for (let y = Math.floor(yStart); y < yEnd; y++) {
    const line = (y - top) * width
    const dy = Math.min(y + 1, yEnd) - Math.max(y, yStart)
    const next = x + slope * dy
    const d = dy * sign
    const [x0, x1] = x < next ? [x, next] : [next, x]
    const c0 = Math.min(width - 1, Math.max(0, x0))
    const c1 = Math.min(width - 1, Math.max(0, x1))
    const first = Math.floor(c0)
    const last = Math.ceil(c1)
    if (last <= first + 1) {
      const share = 0.5 * (c0 + c1) - first
      data[line + first]! += d * (1 - share)
      if (first + 1 < width) data[line + first + 1]! += d * share
    } else {
      const s = 1 / (c1 - c0)
      const firstPart = 0.5 * s * (1 - (c0 - first)) ** 2
      data[line + first]! += d * firstPart
      if (last === first + 2) data[line + first + 1]! += d * (1 - firstPart - 0.5 * s * (c1 - last + 1) ** 2)
      else {
        const second = s * (1.5 - (c0 - first))
        data[line + first + 1]! += d * (second - firstPart)
        for (let k = first + 2; k < last - 1; k++) data[line + k]! += d * s
        const tail = second + (last - first - 3) * s
        data[line + last - 1]! += d * (1 - tail - 0.5 * s * (c1 - last + 1) ** 2)
      }
      if (last < width) data[line + last]! += d * 0.5 * s * (c1 - last + 1) ** 2
    }
    x = next
  }
}

/**
 * Exact-area coverage of closed polygons (signed area accumulation, as in font-rs), clipped to the canvas.
 * Overlapping polygons of one call must wind the same way.
 */
export const fillPolygons = (polygons: readonly (readonly Point[])[], width: number, height: number): Coverage => {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const polygon of polygons)
    for (const p of polygon) {
      if (p.x < x0) x0 = p.x
      if (p.x > x1) x1 = p.x
      if (p.y < y0) y0 = p.y
      if (p.y > y1) y1 = p.y
    }
  const left = Math.max(0, Math.floor(x0) - 1)
  const top = Math.max(0, Math.floor(y0) - 1)
  const right = Math.min(width, Math.ceil(x1) + 2)
  const bottom = Math.min(height, Math.ceil(y1) + 2)
  const boxWidth = Math.max(0, right - left)
  const boxHeight = Math.max(0, bottom - top)
  const cover: Coverage = {
    left,
    top,
    width: boxWidth,
    height: boxHeight,
    data: new Float32Array(boxWidth * boxHeight),
  }
  if (cover.data.length === 0) return cover
  for (const polygon of polygons)
    for (let i = 0; i < polygon.length; i++) accumulateEdge(cover, polygon[i]!, polygon[(i + 1) % polygon.length]!)
  const { data } = cover
  for (let y = 0; y < boxHeight; y++) {
    let sum = 0
    for (let i = y * boxWidth; i < (y + 1) * boxWidth; i++) {
      sum += data[i]!
      const c = Math.abs(sum)
      data[i] = c > 1 ? 1 : c < 0.002 ? 0 : c
    }
  }
  return cover
}

/** The union of shapes as an 8-bit mask of the canvas; coverage adds up, so shapes that share an edge leave no seam. */
export const unionMask = (polygons: readonly (readonly Point[])[], width: number, height: number): Mask => {
  const mask = createMask(width, height)
  for (const polygon of polygons) {
    const cover = fillPolygons([polygon], width, height)
    for (let y = 0; y < cover.height; y++)
      for (let x = 0; x < cover.width; x++) {
        const i = (y + cover.top) * width + x + cover.left
        mask.data[i] = Math.min(255, mask.data[i]! + Math.round(cover.data[y * cover.width + x]! * 255))
      }
  }
  return mask
}
