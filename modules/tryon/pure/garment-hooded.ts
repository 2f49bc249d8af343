import { contourTurns, smoothContour, traceContour } from './garment-contour.ts'
import type { GarmentLandmarks } from './garment.ts'
import type { Mask, Point } from './image.ts'
import { lerp } from './vector.ts'

/** Turn (radians) of a notch that is beyond doubt, and of its counterpart: an armhole is a curve, cloth lying over a shoulder makes a corner. */
const NOTCH = 1.1
const COUNTERPART = 0.2
/** Where between the shoulders the neck begins, and how far its sides rise above them, in shares of the shoulders' width. */
const NECK_AT = 0.27
const NECK_RISE = 0.1
const NECK_DEPTH = 0.2

/** The sharpest notch within `reach` of the level `y` below a shoulder, and further in than it. */
const findNotch = (
  outline: readonly Point[],
  turns: Float32Array,
  shoulder: Point,
  inwards: number,
  [y0, y1]: [number, number],
) => {
  let best: { point: Point; turn: number } | undefined
  for (let i = 0; i < outline.length; i++) {
    const p = outline[i]!
    const inside = (p.x - shoulder.x) * inwards
    if (p.y < y0 || p.y > y1 || inside < 4 || inside > 40 || -turns[i]! < (best?.turn ?? COUNTERPART)) continue
    best = { point: p, turn: -turns[i]! }
  }
  return best
}

const nearest = (outline: readonly Point[], p: Point): Point =>
  outline.reduce(
    (best, q) => (Math.hypot(q.x - p.x, q.y - p.y) < Math.hypot(best.x - p.x, best.y - p.y) ? q : best),
    outline[0]!,
  )

/** The collar of a neck that a hood hides: between the shoulders, a little above them. */
export const collarBetween = (left: Point, right: Point): GarmentLandmarks => {
  const across = (t: number, drop: number): Point => {
    const p = lerp(left, right, t)
    return { x: p.x - drop * (right.y - left.y), y: p.y + drop * (right.x - left.x) }
  }
  return {
    collarLeft: across(NECK_AT, -NECK_RISE),
    collarRight: across(1 - NECK_AT, -NECK_RISE),
    collarCentre: across(0.5, NECK_DEPTH),
  }
}

/**
 * A hood spread out above a sleeveless garment is wider than its neck and passes for its shoulders. Where the outline has a
 * notch on both sides between those and the armpits, the shoulders are there, and the collar between them; else unchanged.
 * `mask` is the silhouette in the landmarks' own pixels.
 */
export const findShouldersUnderHood = (mask: Mask, landmarks: GarmentLandmarks): GarmentLandmarks => {
  const { shoulderLeft, shoulderRight, armpitLeft, armpitRight } = landmarks
  if (!shoulderLeft || !shoulderRight || !armpitLeft || !armpitRight) return landmarks
  const outline = smoothContour(traceContour(mask), 2)
  const turns = contourTurns(outline, Math.round(mask.width * 0.022))
  const reach = mask.width * 0.05
  const levels: [number, number] = [
    Math.max(shoulderLeft.y, shoulderRight.y) + reach * 0.4,
    Math.max(armpitLeft.y, armpitRight.y) - reach * 0.4,
  ]
  const near = (y: number): [number, number] => [y - reach, y + reach]
  const first = [
    findNotch(outline, turns, shoulderLeft, 1, levels),
    findNotch(outline, turns, shoulderRight, -1, levels),
  ].toSorted((p, q) => (q?.turn ?? 0) - (p?.turn ?? 0))[0]
  if (!first || first.turn < NOTCH) return landmarks
  const a = findNotch(outline, turns, shoulderLeft, 1, near(first.point.y))
  const b = findNotch(outline, turns, shoulderRight, -1, near(first.point.y))
  if (!a || !b) return landmarks
  const [left, right] = [a.point, b.point]
  const wide = Math.hypot(right.x - left.x, right.y - left.y)
  if (wide < 0.3 * (armpitRight.x - armpitLeft.x)) return landmarks
  const between = (t: number, drop: number): Point => {
    const p = lerp(left, right, t)
    return { x: p.x - (drop * (right.y - left.y)) / wide, y: p.y + (drop * (right.x - left.x)) / wide }
  }
  // An armpit that was read in the notch lies opposite the other one.
  const opposite = (p: Point): Point => {
    const drop = ((p.y - left.y) * (right.x - left.x) - (p.x - left.x) * (right.y - left.y)) / wide
    const along = ((p.x - left.x) * (right.x - left.x) + (p.y - left.y) * (right.y - left.y)) / (wide * wide)
    return nearest(outline, between(1 - along, drop))
  }
  const underLeft = armpitLeft.y - left.y > reach ? armpitLeft : opposite(armpitRight)
  const underRight = armpitRight.y - right.y > reach ? armpitRight : opposite(armpitLeft)
  return {
    ...landmarks,
    armpitLeft: underLeft,
    armpitRight: underRight,
    cuffInnerLeft: underLeft,
    cuffInnerRight: underRight,
    shoulderLeft: left,
    shoulderRight: right,
    cuffOuterLeft: left,
    cuffOuterRight: right,
    ...collarBetween(left, right),
  }
}
