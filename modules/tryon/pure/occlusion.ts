import { type BodyFrame, SIDES } from './body-frame.ts'
import { PART, type PersonParts } from './parts.ts'
import { dot, smoothstep, subtract } from './vector.ts'

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
      const d = dot(subtract(p, frame.origin), frame.down)
      let below = smoothstep(from, to, d)
      // A lifted arm crosses that level only at its root; further out along the bone it is always in front.
      for (const side of SIDES) {
        const { start, middle } = frame.arm[side]
        const bone = subtract(middle, start)
        const along = dot(subtract(p, start), bone) / Math.max(1, dot(bone, bone))
        const near = (side === 'left') === p.x < frame.origin.x
        if (near && along > 0.45) below = Math.max(below, smoothstep(0.45, 0.6, along))
      }
      visible[i] = 1 - below
    }
  }
  return visible
}
