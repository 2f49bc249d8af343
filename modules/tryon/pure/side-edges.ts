import { median, type Side, SIDES, signOf, smooth } from './body-frame.ts'
import type { PreparedGarment } from './garment.ts'
import { fromGarment, type GarmentFrame, snapToEdge, toGarment } from './garment-frame.ts'
import type { Point } from './image.ts'
import { interpolate, mix, scale } from './vector.ts'

/** Left and right edge of a garment (`a`) at each level of `ds` (`d`, sorted), all in its own axes and pixels. */
export type SideEdges = { ds: number[] } & Record<Side, number[]>

/** `count` levels evenly from `from` to `to`, both included. */
export const evenLevels = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, j) => mix(from, to, j / (count - 1)))

export const edgeAt = (edges: SideEdges, side: Side, d: number): number => interpolate(edges.ds, edges[side], d)

/** The garment's flat width in its px at any level. */
export function flatWidthReader({ ds, left, right }: SideEdges): (d: number) => number {
  const widths = ds.map((_, j) => right[j]! - left[j]!)
  return (d) => interpolate(ds, widths, d)
}

/** Values at sorted `levels`, carried straight on beyond `from`: a hem's corners are round, its sides are not. */
function carryOn(values: number[], levels: number[], from: number): number[] {
  const last = Math.max(
    1,
    levels.findLastIndex((level) => level < from),
  )
  const first = Math.max(0, last - 5)
  const slope = (values[last]! - values[first]!) / Math.max(1, last - first)
  return values.map((value, j) => (j > last ? values[last]! + slope * (j - last) : value))
}

/** Takes the jitter out of an edge snapped at each of `levels`, and carries it straight on beyond `from`. */
export const steadyEdge = (edge: number[], levels: number[], from: number): number[] =>
  carryOn(smooth(median(edge, 3), 1), levels, from)

/**
 * Both edges of the cloth at `levels` (px down the garment), snapped to the cut-out near the lines through `guides`,
 * which are places in the garment's picture.
 */
export function readSideEdges(
  garment: PreparedGarment,
  axes: GarmentFrame,
  guides: Record<Side, Point[]>,
  levels: number[],
): SideEdges {
  const guide = { left: guideReader(axes, guides.left), right: guideReader(axes, guides.right) }
  const snapped = (side: Side, d: number) => {
    const along = guide[side](d)
    const reach = 0.15 * (guide.right(d) - guide.left(d))
    const found = snapToEdge(garment.cutout, toGarment(axes, along, d), scale(axes.right, signOf(side)), reach)
    return found.open ? fromGarment(axes, found.point).a : along
  }
  const bottom = Math.max(...guides.left.map((p) => fromGarment(axes, p).d))
  const [left, right] = SIDES.map((side) =>
    steadyEdge(
      levels.map((d) => snapped(side, d)),
      levels,
      0.95 * bottom,
    ),
  )
  return { ds: levels, left: left!, right: right! }
}

function guideReader(axes: GarmentFrame, points: Point[]): (d: number) => number {
  const sorted = points.map((p) => fromGarment(axes, p)).toSorted((p, q) => p.d - q.d)
  const ds = sorted.map((p) => p.d)
  const as = sorted.map((p) => p.a)
  return (d) => interpolate(ds, as, d)
}
