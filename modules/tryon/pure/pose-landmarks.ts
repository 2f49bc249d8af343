import { createMask, type Mask, type Point } from './image.ts'
import type { PoseLandmark } from './pose.ts'
import { fromRoi, type Roi } from './pose-roi.ts'

/** The landmark network's input: 256 x 256 x 3, 0 to 1 (MediaPipe pose_landmark_by_roi_cpu.pbtxt). */
export const LANDMARK_INPUT = { side: 256, min: 0, max: 1, border: 'edge' } as const

/**
 * The network's outputs in its own order: 39 x 5 (x, y, z in input pixels, visibility and presence logits), the presence of a person
 * (already 0 to 1), 256 x 256 mask logits, 64 x 64 x 39 heatmap logits, 39 x 3 metres.
 */
export type LandmarkTensors = {
  landmarks: Float32Array
  presence: Float32Array
  mask: Float32Array
  heatmap: Float32Array
  world: Float32Array
}

const SIDE = 256
const COUNT = 33
const VALUES = 5
const HEATMAP = 64
const HEATMAP_LANDMARKS = 39
const KERNEL = 3
const MIN_CONFIDENCE = 0.5
/** First of the two auxiliary landmarks: middle of the hips and the point that gives size and turn. */
const AUXILIARY = 33

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value))

/**
 * Moves a landmark (0 to 1 in the window) to the weighted mean of its heatmap in the 7 x 7 cells around it, when the heatmap is
 * sure (RefineLandmarksFromHeatmapCalculator, kernel_size 7, min_confidence_to_refine 0.5).
 */
function refine(point: Point, heatmap: Float32Array, index: number): Point {
  const column = Math.trunc(point.x * HEATMAP)
  const row = Math.trunc(point.y * HEATMAP)
  if (column < 0 || row < 0 || column >= HEATMAP || row >= HEATMAP) return point
  let [sum, x, y, best] = [0, 0, 0, 0]
  for (let r = Math.max(0, row - KERNEL); r <= Math.min(HEATMAP - 1, row + KERNEL); r++)
    for (let c = Math.max(0, column - KERNEL); c <= Math.min(HEATMAP - 1, column + KERNEL); c++) {
      const confidence = sigmoid(heatmap[(r * HEATMAP + c) * HEATMAP_LANDMARKS + index]!)
      sum += confidence
      x += c * confidence
      y += r * confidence
      if (confidence > best) best = confidence
    }
  return best >= MIN_CONFIDENCE && sum > 0 ? { x: x / HEATMAP / sum, y: y / HEATMAP / sum } : point
}

/** The strongest heatmap value, 0 to 1, in the cells around landmark `index`. */
function peak({ landmarks, heatmap }: LandmarkTensors, index: number): number {
  const column = Math.trunc((landmarks[index * VALUES]! / SIDE) * HEATMAP)
  const row = Math.trunc((landmarks[index * VALUES + 1]! / SIDE) * HEATMAP)
  let best = -Infinity
  for (let r = Math.max(0, row - KERNEL); r <= Math.min(HEATMAP - 1, row + KERNEL); r++)
    for (let c = Math.max(0, column - KERNEL); c <= Math.min(HEATMAP - 1, column + KERNEL); c++)
      best = Math.max(best, heatmap[(r * HEATMAP + c) * HEATMAP_LANDMARKS + index]!)
  return sigmoid(best)
}

/** How many of the best seen landmarks count: a face alone, or a body without its head, is enough. */
const EVIDENCE = 8

/**
 * How sure the heatmaps are of this person, 0 to 1: the mean peak of the eight best seen landmarks. The network's own presence
 * value is no help: it gives 1.00 to a hoodie on a table and 0.34 to a man in the second row, where the heatmaps give
 * under 0.87 and 0.75; people in photos give 0.9 to 0.99.
 */
export function personEvidence(tensors: LandmarkTensors): number {
  const peaks = Array.from({ length: COUNT }, (_, i) => peak(tensors, i)).toSorted((a, b) => b - a)
  return peaks.slice(0, EVIDENCE).reduce((sum, value) => sum + value, 0) / EVIDENCE
}

/** Landmark `index` in image pixels. */
function project(tensors: LandmarkTensors, roi: Roi, index: number): Point {
  const at = index * VALUES
  const raw = { x: tensors.landmarks[at]! / SIDE, y: tensors.landmarks[at + 1]! / SIDE }
  return fromRoi(roi, refine(raw, tensors.heatmap, index))
}

/**
 * The 33 landmarks in image pixels; z shares the pixel scale, world coordinates are turned back upright with the window
 * (LandmarkProjectionCalculator, WorldLandmarkProjectionCalculator).
 */
export function decodeLandmarks(tensors: LandmarkTensors, roi: Roi): PoseLandmark[] {
  const [cos, sin] = [Math.cos(roi.rotation), Math.sin(roi.rotation)]
  return Array.from({ length: COUNT }, (_, i) => {
    const [wx, wy] = [tensors.world[3 * i]!, tensors.world[3 * i + 1]!]
    return {
      ...project(tensors, roi, i),
      z: (tensors.landmarks[i * VALUES + 2]! / SIDE) * roi.size,
      visibility: sigmoid(tensors.landmarks[i * VALUES + 3]!),
      world: { x: cos * wx - sin * wy, y: sin * wx + cos * wy, z: tensors.world[3 * i + 2]! },
    }
  })
}

/** The two alignment points that the landmark network gives for a better window (pose_landmarks_to_roi.pbtxt). */
export const alignmentPoints = (tensors: LandmarkTensors, roi: Roi): { centre: Point; scale: Point } => ({
  centre: project(tensors, roi, AUXILIARY),
  scale: project(tensors, roi, AUXILIARY + 1),
})

/** Logits beyond this are 0 or 255 in 8 bits. */
const LIMIT = 7
const STEPS = 128

/** The squashed value (0 to 255) of a logit from -7 to 7 in steps of 1/128: an exponential per pixel would cost more than the rest. */
const SQUASHED = Uint8Array.from({ length: 2 * LIMIT * STEPS + 1 }, (_, i) =>
  Math.round(255 * sigmoid(i / STEPS - LIMIT)),
)

const clamp = (value: number, max: number) => (value < 0 ? 0 : value > max ? max : value)

/**
 * The person mask at the size of the picture, 0 outside the window. Logits are interpolated and then squashed, which gives a
 * smoother contour than interpolating the squashed values.
 */
export function projectMask(
  logits: Float32Array,
  roi: Roi,
  { width, height }: { width: number; height: number },
): Mask {
  const mask = createMask(width, height)
  const cos = (Math.cos(roi.rotation) / roi.size) * SIDE
  const sin = (Math.sin(roi.rotation) / roi.size) * SIDE
  const last = SIDE - 1
  const middle = last / 2
  const reach = SIDE / 2
  for (let y = 0; y < height; y++) {
    const dy = y + 0.5 - roi.centre.y
    for (let x = 0; x < width; x++) {
      const dx = x + 0.5 - roi.centre.x
      const du = cos * dx + sin * dy
      const dv = cos * dy - sin * dx
      if (du < -reach || dv < -reach || du > reach || dv > reach) continue
      const u = clamp(du + middle, last)
      const v = clamp(dv + middle, last)
      const u0 = Math.min(last - 1, Math.floor(u))
      const v0 = Math.min(last - 1, Math.floor(v))
      const at = v0 * SIDE + u0
      const top = logits[at]! + (logits[at + 1]! - logits[at]!) * (u - u0)
      const bottom = logits[at + SIDE]! + (logits[at + SIDE + 1]! - logits[at + SIDE]!) * (u - u0)
      const logit = top + (bottom - top) * (v - v0)
      mask.data[y * width + x] = SQUASHED[Math.round(clamp(logit + LIMIT, 2 * LIMIT) * STEPS)]!
    }
  }
  return mask
}
