import { median, smooth } from './body-frame.ts'
import type { GarmentLandmarks, LandmarkName, PreparedGarment } from './garment.ts'
import type { Point, Raster } from './image.ts'
import { across, add, distance, dot, lerp, midpoint, scale, subtract, unit } from './vector.ts'

/** The garment's own upright axes: it may lie askew in its picture. `a` runs to the right, `d` down, in its pixels. */
export type GarmentFrame = { origin: Point; down: Point; right: Point }

export const fromGarment = (frame: GarmentFrame, p: Point): { a: number; d: number } => {
  const v = subtract(p, frame.origin)
  return { a: dot(v, frame.right), d: dot(v, frame.down) }
}

export const toGarment = (frame: GarmentFrame, a: number, d: number): Point =>
  add(frame.origin, add(scale(frame.right, a), scale(frame.down, d)))

/** Landmarks that the drape cannot do without: a garment that lacks one was not prepared by us. */
export function requireLandmarks<N extends LandmarkName>(
  landmarks: GarmentLandmarks,
  names: readonly N[],
): Record<N, Point> {
  const found: Partial<Record<N, Point>> = {}
  for (const name of names) {
    const p = landmarks[name]
    if (!p) throw new Error(`garment landmark missing: ${name}`)
    found[name] = p
  }
  return found as Record<N, Point>
}

/** Axes from the middle of `top` to the middle of `bottom`. */
export function createGarmentFrame(top: readonly [Point, Point], bottom: readonly [Point, Point]): GarmentFrame {
  const origin = midpoint(...top)
  const down = unit(subtract(midpoint(...bottom), origin))
  return { origin, down, right: across(down) }
}

const alphaAt = (cutout: Raster, p: Point): number => {
  const x = Math.floor(p.x)
  const y = Math.floor(p.y)
  return x < 0 || y < 0 || x >= cutout.width || y >= cutout.height ? 0 : cutout.data[(y * cutout.width + x) * 4 + 3]!
}

/**
 * Moves `guide` along `outwards` (unit) to the cut-out's edge, at most `reach` px out and somewhat more in. A gap on the way in means
 * the guide lies on something beside (a sleeve): the edge is then this side's of the gap. Where cloth goes on past the
 * reach without a gap the guide stays and `open` is false: there is no edge to soften.
 */
export function snapToEdge(
  cutout: Raster,
  guide: Point,
  outwards: Point,
  reach: number,
): { point: Point; open: boolean } {
  let gap = alphaAt(cutout, guide) <= 127
  for (let k = 1; k <= reach * 2.2; k++) {
    const p = add(guide, scale(outwards, -k))
    const covered = alphaAt(cutout, p) > 127
    if (covered && gap) return { point: add(p, outwards), open: true }
    gap ||= !covered
  }
  if (gap) return { point: guide, open: true }
  for (let k = 1; k <= reach; k++) {
    const p = add(guide, scale(outwards, k))
    if (alphaAt(cutout, p) <= 127) return { point: p, open: true }
  }
  return { point: guide, open: false }
}

/** One cross-line of a tube (sleeve or leg) on the garment: its two edges and how far along the outer edge it lies (px). */
export type Station = { outer: Point; inner: Point; at: number; open: [outer: boolean, inner: boolean] }

/** Cross-lines from the opening that joins the torso to the cuff, snapped to the cloth's edges, `count` + 1 in number. */
export function tubeStations(
  cutout: Raster,
  outer: readonly Point[],
  inner: readonly Point[],
  count: number,
): Station[] {
  const lengths = outer.slice(1).map((p, i) => distance(outer[i]!, p))
  const total = lengths.reduce((sum, n) => sum + n, 0)
  const along = (points: readonly Point[], s: number): Point => {
    let rest = s * total
    for (let i = 0; i < lengths.length; i++) {
      if (rest <= lengths[i]! || i === lengths.length - 1)
        return lerp(points[i]!, points[i + 1]!, rest / Math.max(1e-6, lengths[i]!))
      rest -= lengths[i]!
    }
    return points[points.length - 1]!
  }
  const found = Array.from({ length: count + 1 }, (_, i) => {
    const s = i / count
    const [o, n] = [along(outer, s), along(inner, s)]
    const outwards = unit(subtract(o, n))
    const reach = s === 0 ? 0 : 0.3 * distance(o, n)
    const [snapOuter, snapInner] = [
      snapToEdge(cutout, o, outwards, reach),
      snapToEdge(cutout, n, scale(outwards, -1), reach),
    ]
    const moved = (from: Point, to: Point) => dot(subtract(to, from), outwards)
    return {
      at: s * total,
      outwards,
      guides: [o, n] as const,
      moves: [moved(o, snapOuter.point), moved(n, snapInner.point)] as const,
      open: [s > 0 && snapOuter.open, s > 0 && snapInner.open] as [boolean, boolean],
    }
  })
  // One station that finds the edge of something else must not draw a spike: edges move together.
  const steady = ([0, 1] as const).map((k) =>
    smooth(
      median(
        found.map(({ moves }) => moves[k]),
        3,
      ),
      1,
    ),
  )
  return found.map(({ at, outwards, guides, open }, i) => {
    const move = (k: 0 | 1) => add(guides[k], scale(outwards, i === 0 ? 0 : steady[k]![i]!))
    return { outer: move(0), inner: move(1), at, open }
  })
}

/** Highest and lowest place of the cloth along the garment's axis (px). */
export function extentDown(garment: PreparedGarment, frame: GarmentFrame): { from: number; to: number } {
  const { cutout } = garment
  let [from, to] = [Infinity, -Infinity]
  for (let y = 0; y < cutout.height; y += 2) {
    for (let x = 0; x < cutout.width; x += 2) {
      if (cutout.data[(y * cutout.width + x) * 4 + 3]! < 64) continue
      const { d } = fromGarment(frame, { x, y })
      from = Math.min(from, d)
      to = Math.max(to, d)
    }
  }
  return { from, to }
}
