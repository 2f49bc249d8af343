import type { Point } from './image.ts'

/**
 * A grid of vertices with a place in the garment's picture (`source`) and one on the person's (`target`), x and y
 * alternating, row after row. Between vertices both are linear, so a texel is never lost or doubled inside a patch.
 */
export type Patch = { columns: number; rows: number; source: Float32Array; target: Float32Array }

/** Vertex `i` of `columns`, `j` of `rows`: where it is on the garment, where it goes on the person. */
export function createPatch(
  columns: number,
  rows: number,
  vertex: (i: number, j: number) => { source: Point; target: Point },
): Patch {
  const source = new Float32Array(columns * rows * 2)
  const target = new Float32Array(columns * rows * 2)
  for (let j = 0; j < rows; j++) {
    for (let i = 0; i < columns; i++) {
      const v = vertex(i, j)
      const at = (j * columns + i) * 2
      source[at] = v.source.x
      source[at + 1] = v.source.y
      target[at] = v.target.x
      target[at + 1] = v.target.y
    }
  }
  return { columns, rows, source, target }
}

/**
 * Where each pixel of a window of the person's picture takes its colour from: `x`, `y` in garment pixels (NaN where
 * the patch is not), `across` the place between the patch's two edges (0 to 1), for shading.
 */
export type WarpMap = {
  left: number
  top: number
  width: number
  height: number
  x: Float32Array
  y: Float32Array
  across: Float32Array
}

/** Draws the patch's triangles into a map; what reaches out of a picture of `width` x `height` is clipped. */
export function rasterizePatch(patch: Patch, width: number, height: number): WarpMap | undefined {
  const { columns, rows, target } = patch
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity]
  for (let k = 0; k < target.length; k += 2) {
    x0 = Math.min(x0, target[k]!)
    x1 = Math.max(x1, target[k]!)
    y0 = Math.min(y0, target[k + 1]!)
    y1 = Math.max(y1, target[k + 1]!)
  }
  const left = Math.max(0, Math.floor(x0))
  const top = Math.max(0, Math.floor(y0))
  const w = Math.min(width, Math.ceil(x1) + 1) - left
  const h = Math.min(height, Math.ceil(y1) + 1) - top
  if (!(w > 0 && h > 0)) return undefined
  const map: WarpMap = {
    left,
    top,
    width: w,
    height: h,
    x: new Float32Array(w * h).fill(Number.NaN),
    y: new Float32Array(w * h),
    across: new Float32Array(w * h),
  }
  for (let j = 0; j + 1 < rows; j++) {
    for (let i = 0; i + 1 < columns; i++) {
      const a = j * columns + i
      fillTriangle(patch, map, a, a + 1, a + columns)
      fillTriangle(patch, map, a + 1, a + columns + 1, a + columns)
    }
  }
  return map
}

/** Barycentric fill at pixel centres; the top-left rule is not needed, since a seam pixel gets the same value from both sides. */
function fillTriangle(patch: Patch, map: WarpMap, a: number, b: number, c: number): void {
  const { target, source, columns } = patch
  const ax = target[2 * a]!
  const ay = target[2 * a + 1]!
  const bx = target[2 * b]!
  const by = target[2 * b + 1]!
  const cx = target[2 * c]!
  const cy = target[2 * c + 1]!
  const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay)
  if (Math.abs(area) < 1e-6) return
  const from = Math.max(map.left, Math.floor(Math.min(ax, bx, cx) - 0.5))
  const to = Math.min(map.left + map.width - 1, Math.ceil(Math.max(ax, bx, cx) - 0.5))
  const first = Math.max(map.top, Math.floor(Math.min(ay, by, cy) - 0.5))
  const last = Math.min(map.top + map.height - 1, Math.ceil(Math.max(ay, by, cy) - 0.5))
  const ua = (a % columns) / (columns - 1)
  const ub = (b % columns) / (columns - 1)
  const uc = (c % columns) / (columns - 1)
  for (let y = first; y <= last; y++) {
    const py = y + 0.5
    for (let x = from; x <= to; x++) {
      const px = x + 0.5
      const wb = ((px - ax) * (cy - ay) - (cx - ax) * (py - ay)) / area
      const wc = ((bx - ax) * (py - ay) - (px - ax) * (by - ay)) / area
      const wa = 1 - wb - wc
      if (wa < -1e-4 || wb < -1e-4 || wc < -1e-4) continue
      const at = (y - map.top) * map.width + x - map.left
      map.x[at] = wa * source[2 * a]! + wb * source[2 * b]! + wc * source[2 * c]!
      map.y[at] = wa * source[2 * a + 1]! + wb * source[2 * b + 1]! + wc * source[2 * c + 1]!
      map.across[at] = wa * ua + wb * ub + wc * uc
    }
  }
}
