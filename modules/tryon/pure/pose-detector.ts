import type { Point } from './image.ts'
import { fromRoi, type Roi } from './pose-roi.ts'

/** One person as the detector sees it, in image pixels: the face box, and the two alignment points of the whole body. */
export type PoseDetection = {
  score: number
  box: { left: number; top: number; right: number; bottom: number }
  hips: Point
  scale: Point
}

/** The detector's input: 224 x 224 x 3, -1 to 1, black around (MediaPipe pose_detection_cpu.pbtxt). */
export const DETECTOR_INPUT = { side: 224, min: -1, max: 1, border: 'black' } as const

const SIDE = 224
const VALUES = 12
const KEYPOINTS = 4

/**
 * Centres of the 2,254 anchors, x and y interleaved, 0 to 1. Strides 8, 16, 32, 32, 32 with two anchors each; layers of equal
 * stride share their cells; all anchors have size 1 (SsdAnchorsCalculator as set in pose_detection_cpu.pbtxt).
 */
export function createAnchors(): Float32Array {
  const centres: number[] = []
  for (const [stride, count] of [
    [8, 2],
    [16, 2],
    [32, 6],
  ] as const) {
    const cells = SIDE / stride
    for (let y = 0; y < cells; y++)
      for (let x = 0; x < cells; x++) for (let n = 0; n < count; n++) centres.push((x + 0.5) / cells, (y + 0.5) / cells)
  }
  return Float32Array.from(centres)
}

const sigmoid = (value: number) => 1 / (1 + Math.exp(-value))

/** Box (left, top, right, bottom) and keypoints of one candidate, flat, 0 to 1 within the detector's window. */
type Candidate = { score: number; values: Float64Array }

/**
 * Candidates with at least `minScore`. Each of the 12 values is in pixels of the 224 px input, relative to its anchor: centre x, y,
 * width, height, then four keypoints (TensorsToDetectionsCalculator as set in pose_detection_cpu.pbtxt).
 */
function decode(boxes: Float32Array, scores: Float32Array, anchors: Float32Array, minScore: number): Candidate[] {
  const found: Candidate[] = []
  for (let i = 0; i < scores.length; i++) {
    const score = sigmoid(Math.max(-100, Math.min(100, scores[i]!)))
    if (score < minScore) continue
    const [ax, ay] = [anchors[2 * i]!, anchors[2 * i + 1]!]
    const at = i * VALUES
    const [x, y] = [boxes[at]! / SIDE + ax, boxes[at + 1]! / SIDE + ay]
    const [w, h] = [boxes[at + 2]! / SIDE, boxes[at + 3]! / SIDE]
    const values = new Float64Array(4 + 2 * KEYPOINTS)
    values.set([x - w / 2, y - h / 2, x + w / 2, y + h / 2])
    for (let k = 0; k < KEYPOINTS; k++) {
      values[4 + 2 * k] = boxes[at + 4 + 2 * k]! / SIDE + ax
      values[5 + 2 * k] = boxes[at + 5 + 2 * k]! / SIDE + ay
    }
    found.push({ score, values })
  }
  return found
}

const area = (box: Float64Array) => (box[2]! - box[0]!) * (box[3]! - box[1]!)

/** Intersection over union of two boxes given as left, top, right, bottom. */
function overlap(a: Float64Array, b: Float64Array): number {
  const w = Math.min(a[2]!, b[2]!) - Math.max(a[0]!, b[0]!)
  const h = Math.min(a[3]!, b[3]!) - Math.max(a[1]!, b[1]!)
  if (w <= 0 || h <= 0) return 0
  return (w * h) / (area(a) + area(b) - w * h)
}

/**
 * Weighted non-maximum suppression: the best candidate absorbs all that overlap it by more than 0.3, each value being the mean weighted
 * by score, and keeps its own score (MediaPipe NonMaxSuppressionCalculator, WEIGHTED, INTERSECTION_OVER_UNION).
 */
function suppress(candidates: Candidate[]): Candidate[] {
  let rest = candidates.toSorted((a, b) => b.score - a.score)
  const kept: Candidate[] = []
  while (rest.length > 0) {
    const best = rest[0]!
    const same = rest.filter((c) => c === best || overlap(c.values, best.values) > 0.3)
    const values = new Float64Array(best.values.length)
    const total = same.reduce((sum, c) => sum + c.score, 0)
    for (const { score, values: from } of same)
      for (let i = 0; i < values.length; i++) values[i] = values[i]! + (from[i]! * score) / total
    kept.push({ score: best.score, values })
    rest = rest.filter((c) => !same.includes(c))
  }
  return kept
}

/** What the detector's two tensors (2254 x 12 and 2254) say, best first, in pixels of the picture that `window` was cut from. */
export function decodeDetections(
  tensors: { boxes: Float32Array; scores: Float32Array },
  anchors: Float32Array,
  window: Roi,
  minScore: number,
): PoseDetection[] {
  return suppress(decode(tensors.boxes, tensors.scores, anchors, minScore)).map(({ score, values }) => {
    const point = (i: number) => fromRoi(window, { x: values[i]!, y: values[i + 1]! })
    const [a, b] = [point(0), point(2)]
    return { score, box: { left: a.x, top: a.y, right: b.x, bottom: b.y }, hips: point(4), scale: point(6) }
  })
}
