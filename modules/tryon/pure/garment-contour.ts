import type { Mask, Point } from './image.ts'

/**
 * The outer outline of the largest piece of a mask (what is above 127), clockwise on the screen, closed, its points one
 * pixel apart on the cracks between pixels. Empty for an empty mask.
 */
export const traceContour = ({ width, height, data }: Mask): Point[] => {
  const solid = (x: number, y: number) => x >= 0 && y >= 0 && x < width && y < height && data[y * width + x]! > 127
  const begun = new Uint8Array((width + 1) * (height + 1))
  let best: Point[] = []
  // Headings: right, down, left, up. Offsets of the pixels ahead on the left and on the right of each.
  const dx = [1, 0, -1, 0]
  const dy = [0, 1, 0, -1]
  const aheadX = [0, 0, -1, -1]
  const aheadY = [-1, 0, 0, -1]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (!solid(x, y) || solid(x, y - 1) || begun[y * (width + 1) + x]) continue
      const points: Point[] = []
      let [cx, cy, d] = [x, y, 0]
      do {
        points.push({ x: cx, y: cy })
        if (d === 0) begun[cy * (width + 1) + cx] = 1
        cx += dx[d]!
        cy += dy[d]!
        const right = (d + 1) % 4
        if (!solid(cx + aheadX[right]!, cy + aheadY[right]!)) d = right
        else if (solid(cx + aheadX[d]!, cy + aheadY[d]!)) d = (d + 3) % 4
      } while (cx !== x || cy !== y || d !== 0)
      if (points.length > best.length) best = points
    }
  }
  return best
}

/** The closed outline averaged over `radius` points to each side: the stairs of the pixels go, corners stay where they are. */
export const smoothContour = (points: readonly Point[], radius: number): Point[] => {
  const n = points.length
  if (n < radius * 4) return [...points]
  let x = 0
  let y = 0
  for (let k = -radius; k <= radius; k++) {
    x += points[(k + n) % n]!.x
    y += points[(k + n) % n]!.y
  }
  const width = 2 * radius + 1
  return points.map((_, i) => {
    const mean = { x: x / width, y: y / width }
    const enters = points[(i + radius + 1) % n]!
    const leaves = points[(i - radius + n) % n]!
    x += enters.x - leaves.x
    y += enters.y - leaves.y
    return mean
  })
}

/**
 * How sharply the outline turns at each point, in radians over `reach` points to each side: positive where it bulges out
 * (the end of a hem), negative where it caves in (an armpit).
 */
export const contourTurns = (points: readonly Point[], reach: number): Float32Array => {
  const n = points.length
  return Float32Array.from(points, (p, i) => {
    const before = points[(i - reach + n) % n]!
    const after = points[(i + reach) % n]!
    const ax = p.x - before.x
    const ay = p.y - before.y
    const bx = after.x - p.x
    const by = after.y - p.y
    return Math.atan2(ax * by - ay * bx, ax * bx + ay * by)
  })
}
