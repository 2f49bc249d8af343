import type { Mask, Point } from './image.ts'

/** BlazePose landmark indices (MediaPipe Pose, 33 points). Left and right are the person's own. */
export const POSE = {
  nose: 0,
  leftEyeInner: 1,
  leftEye: 2,
  leftEyeOuter: 3,
  rightEyeInner: 4,
  rightEye: 5,
  rightEyeOuter: 6,
  leftEar: 7,
  rightEar: 8,
  mouthLeft: 9,
  mouthRight: 10,
  leftShoulder: 11,
  rightShoulder: 12,
  leftElbow: 13,
  rightElbow: 14,
  leftWrist: 15,
  rightWrist: 16,
  leftPinky: 17,
  rightPinky: 18,
  leftIndex: 19,
  rightIndex: 20,
  leftThumb: 21,
  rightThumb: 22,
  leftHip: 23,
  rightHip: 24,
  leftKnee: 25,
  rightKnee: 26,
  leftAnkle: 27,
  rightAnkle: 28,
  leftHeel: 29,
  rightHeel: 30,
  leftFootIndex: 31,
  rightFootIndex: 32,
} as const

/**
 * One landmark in image pixels. It may lie outside the picture when the network extrapolates.
 * `z` is depth in pixels (smaller is nearer), `visibility` 0 to 1; `world` is metres from the hip centre.
 */
export type PoseLandmark = Point & {
  z: number
  visibility: number
  world: { x: number; y: number; z: number }
}

/** One person: 33 landmarks in the order of `POSE`, and the soft person mask at the size of the picture. */
export type Pose = { landmarks: PoseLandmark[]; mask: Mask; score: number }
