import { PART } from './parts.ts'
import { POSE, type Pose } from './pose.ts'

/** Below this share of the squared distance between the shoulders a piece of a hand is what a pocket lets be seen; a whole one has about 0.09. */
const SLIVER = 0.025
/** Least share of its rim along which such a piece borders on the lower garment. */
const BESIDE_POCKET = 0.15

const isHand = (label: number): boolean => label === PART.leftHand || label === PART.rightHand
const isArm = (label: number): boolean => label === PART.leftArm || label === PART.rightArm

/**
 * Gives to the lower garment what little is seen of a hand that is in its pocket: cuff above, pocket below, no bare arm beside.
 * Its outline is mostly the pocket's, and left as a hand it would hang in front of whatever is tried on. `labels` is changed in place.
 */
export const hidePocketedHands = (labels: Uint8Array, width: number, pose: Pose): void => {
  const [a, b] = [pose.landmarks[POSE.leftShoulder]!, pose.landmarks[POSE.rightShoulder]!]
  const most = SLIVER * ((a.x - b.x) ** 2 + (a.y - b.y) ** 2)
  const seen = new Uint8Array(labels.length)
  for (let start = 0; start < labels.length; start++) {
    if (seen[start] || !isHand(labels[start]!)) continue
    const piece = [start]
    seen[start] = 1
    let [rim, lower, arm] = [0, 0, 0]
    for (let k = 0; k < piece.length; k++) {
      const i = piece[k]!
      const x = i % width
      for (const j of [x > 0 ? i - 1 : i, x < width - 1 ? i + 1 : i, i - width, i + width]) {
        const label = labels[j]
        if (label === undefined || j === i) continue
        if (!isHand(label)) {
          rim++
          if (label === PART.lower) lower++
          if (isArm(label)) arm++
        } else if (!seen[j]) {
          seen[j] = 1
          piece.push(j)
        }
      }
    }
    if (piece.length < most && arm === 0 && lower > BESIDE_POCKET * rim) for (const i of piece) labels[i] = PART.lower
  }
}
