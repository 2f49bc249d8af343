import { join } from 'node:path'
import { loadNetwork, type Network } from './litert.ts'
import type { Raster } from './pure/image.ts'
import type { Pose } from './pure/pose.ts'
import { createAnchors, decodeDetections, DETECTOR_INPUT, type PoseDetection } from './pure/pose-detector.ts'
import {
  alignmentPoints,
  decodeLandmarks,
  LANDMARK_INPUT,
  type LandmarkTensors,
  projectMask,
} from './pure/pose-landmarks.ts'
import { type Roi, roiFromAlignment, sampleRoi, wholePicture } from './pure/pose-roi.ts'

export type PoseEstimator = {
  /** Every person in the picture, largest first; an empty list when there is none. */
  estimate(picture: Raster): Promise<Pose[]>
  close(): void
}

const MIN_DETECTION = 0.5
const MIN_PRESENCE = 0.5
const MAX_PEOPLE = 4

const anchors = createAnchors()

async function detect(network: Network, picture: Raster, window: Roi): Promise<PoseDetection[]> {
  const { side } = DETECTOR_INPUT
  const [boxes, scores] = await network.run(sampleRoi(picture, window, DETECTOR_INPUT), [1, side, side, 3])
  if (!boxes || !scores) throw new Error('The pose detector gave fewer than two tensors')
  return decodeDetections({ boxes, scores }, anchors, window, MIN_DETECTION)
}

async function locate(network: Network, picture: Raster, roi: Roi): Promise<LandmarkTensors> {
  const { side } = LANDMARK_INPUT
  const outputs = await network.run(sampleRoi(picture, roi, LANDMARK_INPUT), [1, side, side, 3])
  const [landmarks, presence, mask, heatmap, world] = outputs
  if (!landmarks || !presence || !mask || !heatmap || !world) throw new Error('The pose network gave too few tensors')
  return { landmarks, presence, mask, heatmap, world }
}

/** Whether the window that the landmarks ask for differs enough from the detector's to be worth a second look. */
function differs(a: Roi, b: Roi): boolean {
  const moved = Math.hypot(a.centre.x - b.centre.x, a.centre.y - b.centre.y) / a.size
  const turned = Math.abs(Math.atan2(Math.sin(a.rotation - b.rotation), Math.cos(a.rotation - b.rotation)))
  return moved > 0.05 || Math.abs(Math.log(b.size / a.size)) > 0.12 || turned > 0.12
}

async function poseIn(
  network: Network,
  picture: Raster,
  first: Roi,
): Promise<{ pose: Pose; size: number } | undefined> {
  let roi = first
  let tensors = await locate(network, picture, roi)
  const { centre, scale } = alignmentPoints(tensors, roi)
  const better = roiFromAlignment(centre, scale)
  if ((tensors.presence[0] ?? 0) > 0.1 && differs(roi, better)) {
    const again = await locate(network, picture, better)
    if ((again.presence[0] ?? 0) >= Math.min(MIN_PRESENCE, tensors.presence[0] ?? 0)) [roi, tensors] = [better, again]
  }
  const score = tensors.presence[0] ?? 0
  if (score < MIN_PRESENCE) return undefined
  const pose = { landmarks: decodeLandmarks(tensors, roi), mask: projectMask(tensors.mask, roi, picture), score }
  return { pose, size: roi.size }
}

/**
 * MediaPipe's pose networks on the CPU. `modelsDir` holds `pose_detection.tflite` and `pose_landmark_full.tflite`; they are
 * loaded on first use.
 */
export function createPoseEstimator({ modelsDir }: { modelsDir: string }): PoseEstimator {
  let networks: Promise<[Network, Network]> | undefined
  const open = () =>
    (networks ??= Promise.all([
      loadNetwork(join(modelsDir, 'pose_detection.tflite')),
      loadNetwork(join(modelsDir, 'pose_landmark_full.tflite')),
    ]))
  return {
    async estimate(picture) {
      const [detector, landmarker] = await open()
      const detections = await detect(detector, picture, wholePicture(picture.width, picture.height))
      const found: { pose: Pose; size: number }[] = []
      for (const { hips, scale } of detections.slice(0, MAX_PEOPLE)) {
        const person = await poseIn(landmarker, picture, roiFromAlignment(hips, scale))
        if (person) found.push(person)
      }
      return found.toSorted((a, b) => b.size - a.size).map(({ pose }) => pose)
    },
    close() {
      void networks?.then((all) => all.forEach((network) => network.close()))
      networks = undefined
    },
  }
}
