import { type BodyFrame, type Side, SIDES } from './body-frame.ts'
import { PART, type PersonParts } from './parts.ts'
import type { Point } from './image.ts'
import { distanceToSegment, dot, lerp, smoothstep, subtract } from './vector.ts'

/** A speck of skin colour on the chest is no arm: an arm lies within its girth of its bones. */
const onArm = (frame: BodyFrame, side: Side, p: Point): boolean => {
  const { start, middle, end } = frame.arm[side]
  const radius = 0.042 * frame.heightCm * frame.pixelsPerCm
  const hand = lerp(middle, end, 1.25)
  return Math.min(distanceToSegment(p, start, middle), distanceToSegment(p, middle, hand)) < radius
}

/**
 * What of torso and leg cloth may show beside and under bare arms (1 all, 0 nothing): an arm hangs in front of the
 * cloth from the armpit down. Above it the armhole lies on the arm, so nothing is taken away there.
 */
export function armsInFront(frame: BodyFrame, parts: PersonParts): Float32Array {
  const { width, height, labels } = parts
  const visible = new Float32Array(width * height).fill(1)
  const from = 0.16 * frame.torsoLength
  const to = 0.3 * frame.torsoLength
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const label = labels[i]
      if (label !== PART.leftArm && label !== PART.rightArm) continue
      const p = { x: x + 0.5, y: y + 0.5 }
      const near = SIDES.find((side) => onArm(frame, side, p))
      if (!near) continue
      const d = dot(subtract(p, frame.origin), frame.down)
      let below = smoothstep(from, to, d)
      // A lifted arm crosses that level only at its root; further out along the bone it is always in front.
      const { start, middle } = frame.arm[near]
      const bone = subtract(middle, start)
      const along = dot(subtract(p, start), bone) / Math.max(1, dot(bone, bone))
      if (along > 0.45) below = Math.max(below, smoothstep(0.45, 0.6, along))
      visible[i] = 1 - below
    }
  }
  return visible
}
