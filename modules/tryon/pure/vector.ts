import type { Point } from './image.ts'

export const add = (a: Point, b: Point): Point => ({ x: a.x + b.x, y: a.y + b.y })
export const subtract = (a: Point, b: Point): Point => ({ x: a.x - b.x, y: a.y - b.y })
export const scale = (a: Point, k: number): Point => ({ x: a.x * k, y: a.y * k })
export const dot = (a: Point, b: Point): number => a.x * b.x + a.y * b.y
export const length = (a: Point): number => Math.hypot(a.x, a.y)
export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)
export const mix = (a: number, b: number, t: number): number => a + (b - a) * t
export const lerp = (a: Point, b: Point, t: number): Point => ({ x: mix(a.x, b.x, t), y: mix(a.y, b.y, t) })
export const midpoint = (a: Point, b: Point): Point => lerp(a, b, 0.5)
export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value))

export const smoothstep = (low: number, high: number, value: number): number => {
  const t = clamp((value - low) / (high - low), 0, 1)
  return t * t * (3 - 2 * t)
}

/** Unit vector, or straight down where the vector has no length. */
export const unit = (a: Point): Point => {
  const n = length(a)
  return n > 1e-9 ? { x: a.x / n, y: a.y / n } : { x: 0, y: 1 }
}

/** Quarter turn: for a vector pointing down the picture, the one pointing to the picture's right. */
export const across = (down: Point): Point => ({ x: down.y, y: -down.x })

/** Distance from `p` to the segment `a`-`b`. */
export function distanceToSegment(p: Point, a: Point, b: Point): number {
  const ab = subtract(b, a)
  const t = clamp(dot(subtract(p, a), ab) / Math.max(1e-9, dot(ab, ab)), 0, 1)
  return distance(p, lerp(a, b, t))
}

/** Value at `x` of the line through sorted `xs` and `ys`, held constant beyond both ends. */
export function interpolate(xs: readonly number[], ys: readonly number[], x: number): number {
  const last = xs.length - 1
  if (x <= xs[0]!) return ys[0]!
  if (x >= xs[last]!) return ys[last]!
  let i = 1
  while (xs[i]! < x) i++
  return mix(ys[i - 1]!, ys[i]!, (x - xs[i - 1]!) / (xs[i]! - xs[i - 1]!))
}

/** A polyline that can be walked by arc length; beyond its ends it goes on straight. */
export type Path = { points: Point[]; at: number[]; total: number }

export function createPath(points: Point[]): Path {
  const at = [0]
  for (let i = 1; i < points.length; i++) at.push(at[i - 1]! + distance(points[i - 1]!, points[i]!))
  return { points, at, total: at[at.length - 1]! }
}

/** The point `s` along the path and the unit tangent there. */
export function walk(path: Path, s: number): { point: Point; tangent: Point } {
  const { points, at } = path
  let i = 1
  while (i < points.length - 1 && at[i]! < s) i++
  const a = points[i - 1]!
  const b = points[i]!
  const tangent = unit(subtract(b, a))
  return { point: add(a, scale(tangent, s - at[i - 1]!)), tangent }
}

/** How far round the body a front panel reaches from the middle to its side seam, radians: a little short of a right angle. */
const WRAP = 1.2

/**
 * Where a place across a flat panel (`u`, 0 to 1 from edge to edge) shows on the body that it is wrapped around: in the
 * middle at its true scale, so that a print is neither widened nor squeezed, towards the sides foreshortened. Linear outside.
 */
export function wrapAround(u: number): number {
  const t = clamp(2 * u - 1, -1, 1)
  return 0.5 + (0.5 * Math.sin(WRAP * t)) / Math.sin(WRAP) + (u - (t + 1) / 2)
}
