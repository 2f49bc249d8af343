import type { Point } from '../../modules/tryon/pure/image.ts'

/** A seeded stream of numbers in [0, 1): mulberry32, the same on every machine. */
export type Random = () => number

export const createRandom = (seed: number): Random => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** FNV-1a: a seed from a name, so that a product keeps its folds when others come and go. */
export const seedOf = (text: string): number => {
  let hash = 2166136261
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619)
  return hash >>> 0
}

export const between = (random: Random, low: number, high: number): number => low + (high - low) * random()
export const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random() * items.length)]!

export const clamp = (x: number, low: number, high: number): number => (x < low ? low : x > high ? high : x)
export const smoothstep = (low: number, high: number, x: number): number => {
  const t = clamp((x - low) / (high - low), 0, 1)
  return t * t * (3 - 2 * t)
}

export const at = (x: number, y: number): Point => ({ x, y })
export const mix = (a: Point, b: Point, t: number): Point => ({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t })
export const add = (a: Point, b: Point, scale = 1): Point => ({ x: a.x + b.x * scale, y: a.y + b.y * scale })
export const distance = (a: Point, b: Point): number => Math.hypot(a.x - b.x, a.y - b.y)
export const direction = (a: Point, b: Point): Point => {
  const length = distance(a, b) || 1
  return { x: (b.x - a.x) / length, y: (b.y - a.y) / length }
}
export const mirror = (points: readonly Point[]): Point[] => points.map(({ x, y }) => ({ x: -x, y }))
export const reversed = (points: readonly Point[]): Point[] => points.toReversed()

/** A cubic Bezier from a to d as `steps + 1` points. */
export const cubic = (a: Point, b: Point, c: Point, d: Point, steps = 16): Point[] => {
  const points: Point[] = []
  for (let i = 0; i <= steps; i++) {
    const t = i / steps
    const s = 1 - t
    const [p, q, r, w] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t]
    points.push({ x: p * a.x + q * b.x + r * c.x + w * d.x, y: p * a.y + q * b.y + r * c.y + w * d.y })
  }
  return points
}

/** A smooth curve through all points: centripetal-like Catmull-Rom with open ends. */
export const through = (points: readonly Point[], steps = 10): Point[] => {
  if (points.length < 3) return [...points]
  const curve: Point[] = []
  for (let i = 0; i + 1 < points.length; i++) {
    const b = points[i]!
    const c = points[i + 1]!
    const a = points[i - 1] ?? add(b, { x: c.x - b.x, y: c.y - b.y }, -1)
    const d = points[i + 2] ?? add(c, { x: c.x - b.x, y: c.y - b.y }, 1)
    const reach = distance(b, c) / 3
    const tangent = (from: Point, to: Point, middle: Point): Point => {
      const into = direction(from, middle)
      const out = direction(middle, to)
      return direction({ x: 0, y: 0 }, { x: into.x + out.x, y: into.y + out.y })
    }
    const piece = cubic(b, add(b, tangent(a, c, b), reach), add(c, tangent(b, d, c), -reach), c, steps)
    curve.push(...(i === 0 ? piece : piece.slice(1)))
  }
  return curve
}

export const lengthOf = (points: readonly Point[]): number => {
  let total = 0
  for (let i = 1; i < points.length; i++) total += distance(points[i - 1]!, points[i]!)
  return total
}

/** The point `share` (0 to 1) of the way along a polyline, by arc length. */
export const along = (points: readonly Point[], share: number): Point => {
  let left = lengthOf(points) * clamp(share, 0, 1)
  for (let i = 1; i < points.length; i++) {
    const step = distance(points[i - 1]!, points[i]!)
    if (left <= step) return mix(points[i - 1]!, points[i]!, step === 0 ? 0 : left / step)
    left -= step
  }
  return points.at(-1)!
}

/** Points at most `step` apart, so that a warp bends long straight edges too. */
export const densify = (points: readonly Point[], step: number, closed = true): Point[] => {
  const dense: Point[] = []
  const count = closed ? points.length : points.length - 1
  for (let i = 0; i < count; i++) {
    const a = points[i]!
    const b = points[(i + 1) % points.length]!
    const pieces = Math.max(1, Math.ceil(distance(a, b) / step))
    for (let k = 0; k < pieces; k++) dense.push(mix(a, b, k / pieces))
  }
  if (!closed) dense.push(points.at(-1)!)
  return dense
}

/** A polyline moved sideways by `by` (to the left of its direction in a y-down picture when positive). */
export const offset = (points: readonly Point[], by: number | ((share: number) => number)): Point[] =>
  points.map((p, i) => {
    const d = direction(points[Math.max(0, i - 1)]!, points[Math.min(points.length - 1, i + 1)]!)
    const amount = typeof by === 'number' ? by : by(i / Math.max(1, points.length - 1))
    return { x: p.x + d.y * amount, y: p.y - d.x * amount }
  })

/** The band between a polyline and itself moved sideways, as a closed polygon. */
export const band = (points: readonly Point[], from: number, to: number): Point[] => [
  ...offset(points, from),
  ...reversed(offset(points, to)),
]

/** Where a polyline crosses the height `y`, nearest its start; its end nearest to `y` where it does not. */
export const crossing = (points: readonly Point[], y: number): Point => {
  for (let i = 1; i < points.length; i++) {
    const a = points[i - 1]!
    const b = points[i]!
    if ((a.y - y) * (b.y - y) <= 0 && a.y !== b.y) return mix(a, b, (y - a.y) / (b.y - a.y))
  }
  const [first, last] = [points[0]!, points.at(-1)!]
  return Math.abs(first.y - y) < Math.abs(last.y - y) ? first : last
}
