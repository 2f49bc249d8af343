import { expect, test } from 'bun:test'
import { createAnchors, decodeDetections } from './pose-detector.ts'
import { wholePicture } from './pose-roi.ts'

const anchors = createAnchors()
const window = wholePicture(448, 448)

/** Tensors in which nobody is seen. */
const silence = () => ({ boxes: new Float32Array(2254 * 12), scores: new Float32Array(2254).fill(-100) })

/** Writes one candidate whose every point lies at (x, y) px of the 224 px input, with a box of `size`. */
function put(
  tensors: ReturnType<typeof silence>,
  index: number,
  { x, y, size, logit }: { x: number; y: number; size: number; logit: number },
): void {
  const [dx, dy] = [x - anchors[2 * index]! * 224, y - anchors[2 * index + 1]! * 224]
  tensors.boxes.set([dx, dy, size, size, dx, dy, dx, dy - size, dx, dy, dx, dy], index * 12)
  tensors.scores[index] = logit
}

test('the anchors are 2,254 cell centres: two per cell at strides 8 and 16, six at 32', () => {
  expect(anchors.length).toBe(2254 * 2)
  const at = (i: number) => [anchors[2 * i]! * 224, anchors[2 * i + 1]! * 224].map(Math.round)
  expect(at(0)).toEqual([4, 4])
  expect(at(1)).toEqual([4, 4])
  expect(at(2)).toEqual([12, 4])
  expect(at(28 * 28 * 2)).toEqual([8, 8])
  expect(at(2253)).toEqual([208, 208])
})

test('a candidate is read in pixels of the picture, relative to its anchor', () => {
  const tensors = silence()
  put(tensors, 700, { x: 100, y: 60, size: 40, logit: 2 })
  const [found, ...rest] = decodeDetections(tensors, anchors, window, 0.5)
  expect(rest).toEqual([])
  expect(found!.score).toBeCloseTo(1 / (1 + Math.exp(-2)), 6)
  expect(found!.box.left).toBeCloseTo(160, 3)
  expect(found!.box.bottom).toBeCloseTo(160, 3)
  expect(found!.hips.x).toBeCloseTo(200, 3)
  expect(found!.scale.y).toBeCloseTo(40, 3)
})

test('candidates of one person melt into their mean weighted by score and keep the best score', () => {
  const tensors = silence()
  put(tensors, 10, { x: 100, y: 100, size: 60, logit: Math.log(3) })
  put(tensors, 900, { x: 108, y: 100, size: 60, logit: 0 })
  const found = decodeDetections(tensors, anchors, window, 0.4)
  expect(found.length).toBe(1)
  expect(found[0]!.score).toBeCloseTo(0.75, 6)
  expect(found[0]!.hips.x).toBeCloseTo(2 * (100 * 0.6 + 108 * 0.4), 3)
})

test('people apart stay apart, best first, and doubtful ones are left out', () => {
  const tensors = silence()
  put(tensors, 10, { x: 40, y: 60, size: 30, logit: 1 })
  put(tensors, 20, { x: 180, y: 60, size: 30, logit: 3 })
  put(tensors, 30, { x: 110, y: 160, size: 30, logit: -3 })
  const found = decodeDetections(tensors, anchors, window, 0.5)
  expect(found.map(({ hips }) => Math.round(hips.x))).toEqual([360, 80])
})

test('in a picture that is not square, positions count from its own corner', () => {
  const tensors = silence()
  put(tensors, 10, { x: 112, y: 112, size: 30, logit: 3 })
  const [found] = decodeDetections(tensors, anchors, wholePicture(300, 400), 0.5)
  expect([found!.hips.x, found!.hips.y].map(Math.round)).toEqual([150, 200])
})
