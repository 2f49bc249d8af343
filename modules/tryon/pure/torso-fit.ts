import { type BodyFrame, torsoEdge } from './body-frame.ts'
import { type BodyInput, GIRTH_PER_WIDTH } from './garment-size.ts'
import { interpolate, mix, smoothstep } from './vector.ts'

/** How the visible width of a body relates to its girth at level `d` (px): chest, waist, hips. */
const girthPerWidth = (frame: BodyFrame, d: number): number =>
  interpolate([0.3, 0.6, 1], [GIRTH_PER_WIDTH.chest, GIRTH_PER_WIDTH.waist, GIRTH_PER_WIDTH.hip], d / frame.torsoLength)

/** Width of the torso's silhouette at level `d`, both in px. */
const torsoWidth = (frame: BodyFrame, d: number): number => torsoEdge(frame, 'right', d) - torsoEdge(frame, 'left', d)

/** The body's girth in cm at level `d` (px): the tape's where it was given, else read off the silhouette. */
export function bodyGirth(frame: BodyFrame, body: BodyInput, d: number): number {
  const t = d / frame.torsoLength
  const seen = (torsoWidth(frame, d) / frame.pixelsPerCm) * girthPerWidth(frame, d)
  const tape: [at: number, cm: number | undefined][] = [
    [0.32, body.chestCm],
    [0.6, body.waistCm],
    [1.08, body.hipCm],
  ]
  for (const [at, cm] of tape)
    if (cm && Math.abs(t - at) < 0.12) return mix(cm, seen, smoothstep(0.04, 0.12, Math.abs(t - at)))
  return seen
}

/** Much more cloth than body does not stand out, it falls into folds: beyond 24 cm of ease only part of it shows as width. */
const spread = (easeCm: number): number => Math.min(easeCm, 24) + Math.max(0, easeCm - 24) * 0.55

/**
 * Half the width, in px, at which cloth of `girthCm` shows at level `d` (px): it follows the body where it is tight and
 * stands off by its ease where it is loose. It never shows narrower than the body.
 */
export function drawnHalfWidth(frame: BodyFrame, body: BodyInput, d: number, girthCm: number): number {
  const ease = girthCm - bodyGirth(frame, body, d)
  const cloth = 0.25 * frame.pixelsPerCm
  const standsOff = (spread(Math.max(0, ease)) / girthPerWidth(frame, d) / 2) * frame.pixelsPerCm
  return torsoWidth(frame, d) / 2 + cloth + standsOff
}
