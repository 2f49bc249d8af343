import { join } from 'node:path'
import { loadNetwork, type Network } from './litert.ts'
import { DETECTOR_FILE, ensureModels, LANDMARK_FILE } from './models.ts'
import type { Raster } from './pure/image.ts'
import { SURE } from './pure/judge-pose.ts'
import { POSE, type Pose, type PoseLandmark } from './pure/pose.ts'
import { createAnchors, decodeDetections, DETECTOR_INPUT, type PoseDetection } from './pure/pose-detector.ts'
import {
  alignmentPoints,
  decodeLandmarks,
  LANDMARK_INPUT,
  type LandmarkTensors,
  personEvidence,
  projectMask,
} from './pure/pose-landmarks.ts'
import { closerLooks, type Roi, roiFromAlignment, sampleRoi, wholePicture } from './pure/pose-roi.ts'

export type PoseEstimator = {
  /** Whether it works beside the caller's thread, so that it may as well be asked early. */
  apart: boolean
  /**
   * Every person in the picture, largest first; an empty list when there is none. A pose's score is how sure the network's heatmaps are:
   * a list may hold doubtful people (clothes laid out like one), which `judgePose` tells apart.
   */
  estimate(picture: Raster): Promise<Pose[]>
  /** Loads the networks ahead of the first picture (about a second). */
  load(): Promise<void>
  close(): void
}

/** Detector score worth a closer look, and one worth it where nobody better was found. */
const MIN_DETECTION = 0.4
const MIN_DOUBTFUL_DETECTION = 0.3
/** Evidence below which there is nobody, and below which not even a second look would help. */
const MIN_EVIDENCE = 0.6
const MIN_SECOND_LOOK = 0.15
const MAX_PEOPLE = 5

type Networks = { detector: Network; landmarker: Network }
type Person = { tensors: LandmarkTensors; roi: Roi; evidence: number; landmarks: PoseLandmark[] }

const anchors = createAnchors()

async function detect(detector: Network, picture: Raster, window: Roi): Promise<PoseDetection[]> {
  const { side } = DETECTOR_INPUT
  const [boxes, scores] = await detector.run(sampleRoi(picture, window, DETECTOR_INPUT), [1, side, side, 3])
  if (!boxes || !scores) throw new Error('The pose detector gave fewer than two tensors')
  return decodeDetections({ boxes, scores }, anchors, window, MIN_DOUBTFUL_DETECTION)
}

async function locate(landmarker: Network, picture: Raster, roi: Roi): Promise<Person> {
  const { side } = LANDMARK_INPUT
  const outputs = await landmarker.run(sampleRoi(picture, roi, LANDMARK_INPUT), [1, side, side, 3])
  const [landmarks, presence, mask, heatmap, world] = outputs
  if (!landmarks || !presence || !mask || !heatmap || !world) throw new Error('The pose network gave too few tensors')
  const tensors = { landmarks, presence, mask, heatmap, world }
  return { tensors, roi, evidence: personEvidence(tensors), landmarks: decodeLandmarks(tensors, roi) }
}

/** Whether the window that the landmarks ask for differs enough from the detector's to be worth a second look. */
function differs(a: Roi, b: Roi): boolean {
  const moved = Math.hypot(a.centre.x - b.centre.x, a.centre.y - b.centre.y) / a.size
  const turned = Math.abs(Math.atan2(Math.sin(a.rotation - b.rotation), Math.cos(a.rotation - b.rotation)))
  return moved > 0.05 || Math.abs(Math.log(b.size / a.size)) > 0.12 || turned > 0.12
}

/** The person in the detector's window; seen again in the window that the landmarks ask for when the first look was poor. */
async function findPerson(landmarker: Network, picture: Raster, first: Roi): Promise<Person> {
  const person = await locate(landmarker, picture, first)
  const { centre, scale } = alignmentPoints(person.tensors, first)
  const better = roiFromAlignment(centre, scale)
  if (person.evidence < MIN_SECOND_LOOK || (person.evidence >= SURE && !differs(first, better))) return person
  if (better.size < first.size / 3 || better.size > first.size * 3) return person
  const again = await locate(landmarker, picture, better)
  return again.evidence >= Math.min(SURE, person.evidence) ? again : person
}

const apart = (a: PoseLandmark | undefined, b: PoseLandmark | undefined) =>
  a && b ? Math.hypot(a.x - b.x, a.y - b.y) : Infinity

/** Whether two finds are one person: nose and shoulders lie within half a shoulder's width of each other. */
function samePerson(a: Person, b: Person): boolean {
  const width = apart(a.landmarks[POSE.leftShoulder], a.landmarks[POSE.rightShoulder])
  return [POSE.nose, POSE.leftShoulder, POSE.rightShoulder].every(
    (i) => apart(a.landmarks[i], b.landmarks[i]) < width / 2,
  )
}

/** The people among the first detections, each once. */
async function findPeople(landmarker: Network, picture: Raster, detections: PoseDetection[]): Promise<Person[]> {
  const people: Person[] = []
  for (const { hips, scale } of detections.slice(0, MAX_PEOPLE)) {
    const person = await findPerson(landmarker, picture, roiFromAlignment(hips, scale))
    if (person.evidence < MIN_EVIDENCE) continue
    const twin = people.findIndex((other) => samePerson(other, person))
    if (twin < 0) people.push(person)
    else if (person.evidence > (people[twin]?.evidence ?? 0)) people[twin] = person
  }
  return people
}

const someoneIn = (people: Person[]) => people.some(({ evidence }) => evidence >= SURE)

/** First the whole picture, as the detector was made for; where that shows nobody beyond doubt, fainter traces and closer looks. */
async function searchPeople({ detector, landmarker }: Networks, picture: Raster): Promise<Person[]> {
  const { width, height } = picture
  const traces = await detect(detector, picture, wholePicture(width, height))
  const clear = traces.filter(({ score }) => score >= MIN_DETECTION)
  const found = await findPeople(landmarker, picture, clear)
  if (someoneIn(found)) return found
  const closer: PoseDetection[] = traces.slice(clear.length)
  for (const window of closerLooks(width, height)) {
    const seen = await detect(detector, picture, window)
    closer.push(...seen.filter(({ score }) => score >= MIN_DETECTION))
  }
  const others = await findPeople(
    landmarker,
    picture,
    closer.toSorted((a, b) => b.score - a.score),
  )
  return someoneIn(others) ? others : found
}

/**
 * MediaPipe's pose networks on the CPU. `modelsDir` holds `pose_detection.tflite` and `pose_landmark_full.tflite`, put there from
 * the installed packages when they are missing; they are loaded on first use. The full network serves as well as the heavy one
 * (equal masks, landmarks 2% of shoulder width apart) in a third of its time.
 */
export function createPoseEstimator({ modelsDir }: { modelsDir: string }): PoseEstimator {
  let networks: Promise<Networks> | undefined
  const open = async (): Promise<Networks> => {
    await ensureModels(modelsDir, [DETECTOR_FILE, LANDMARK_FILE])
    return {
      detector: await loadNetwork(join(modelsDir, DETECTOR_FILE)),
      landmarker: await loadNetwork(join(modelsDir, LANDMARK_FILE)),
    }
  }
  const opened = () => {
    networks ??= open().catch((error: unknown) => {
      networks = undefined
      throw error
    })
    return networks
  }
  return {
    apart: false,
    async load() {
      await opened()
    },
    async estimate(picture) {
      const people = await searchPeople(await opened(), picture)
      return people
        .toSorted((a, b) => b.roi.size - a.roi.size)
        .map(({ tensors, roi, evidence, landmarks }) => ({
          landmarks,
          mask: projectMask(tensors.mask, roi, picture),
          score: evidence,
        }))
    },
    close() {
      networks?.then((all) => Object.values(all).forEach((network) => network.close())).catch(() => {})
      networks = undefined
    },
  }
}
