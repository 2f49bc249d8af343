import { expect, test } from 'bun:test'
import {
  alignmentPoints,
  decodeLandmarks,
  type LandmarkTensors,
  personEvidence,
  projectMask,
} from './pose-landmarks.ts'
import { fromRoi } from './pose-roi.ts'

const roi = { centre: { x: 300, y: 400 }, size: 512, rotation: 0.3 }

/** Every landmark at (64, 192) of the 256 px input, z -32, in doubt; heatmaps silent; mask empty. */
function tensors(): LandmarkTensors {
  const landmarks = new Float32Array(39 * 5)
  for (let i = 0; i < 39; i++) landmarks.set([64, 192, -32, 0, 0], i * 5)
  return {
    landmarks,
    presence: Float32Array.of(1),
    mask: new Float32Array(256 * 256).fill(-20),
    heatmap: new Float32Array(64 * 64 * 39).fill(-20),
    world: new Float32Array(39 * 3).map((_, i) => [0.2, -0.5, 0.1][i % 3]!),
  }
}

const cell = (column: number, row: number, landmark: number) => (row * 64 + column) * 39 + landmark

test('landmarks go from the window to the picture, depth in the same pixels, world coordinates turned upright', () => {
  const poses = decodeLandmarks(tensors(), roi)
  expect(poses.length).toBe(33)
  const expected = fromRoi(roi, { x: 0.25, y: 0.75 })
  expect(poses[12]!.x).toBeCloseTo(expected.x, 4)
  expect(poses[12]!.y).toBeCloseTo(expected.y, 4)
  expect(poses[12]!.z).toBeCloseTo(-64, 4)
  expect(poses[12]!.visibility).toBeCloseTo(0.5, 6)
  expect(poses[12]!.world.x).toBeCloseTo(0.2 * Math.cos(0.3) + 0.5 * Math.sin(0.3), 6)
  expect(poses[12]!.world.y).toBeCloseTo(0.2 * Math.sin(0.3) - 0.5 * Math.cos(0.3), 6)
  expect(poses[12]!.world.z).toBeCloseTo(0.1, 6)
})

test('a sure heatmap moves its landmark, an unsure or distant one does not', () => {
  const given = tensors()
  given.heatmap[cell(18, 47, 5)] = 20
  given.heatmap[cell(18, 47, 6)] = -1
  given.heatmap[cell(30, 47, 7)] = 20
  const [moved, unsure, distant] = [5, 6, 7].map((i) => decodeLandmarks(given, roi)[i]!)
  const there = fromRoi(roi, { x: 18 / 64, y: 47 / 64 })
  const here = fromRoi(roi, { x: 0.25, y: 0.75 })
  expect(moved!.x).toBeCloseTo(there.x, 2)
  expect(moved!.y).toBeCloseTo(there.y, 2)
  for (const kept of [unsure, distant]) expect(kept!.x).toBeCloseTo(here.x, 4)
})

test('the auxiliary points are the 34th and 35th landmarks', () => {
  const given = tensors()
  given.landmarks.set([128, 128], 33 * 5)
  given.landmarks.set([128, 0], 34 * 5)
  const { centre, scale } = alignmentPoints(given, roi)
  expect(centre.x).toBeCloseTo(300, 4)
  expect(centre.y).toBeCloseTo(400, 4)
  expect(Math.hypot(scale.x - centre.x, scale.y - centre.y)).toBeCloseTo(256, 3)
})

test('evidence is the mean of the eight surest landmarks', () => {
  const given = tensors()
  expect(personEvidence(given)).toBeLessThan(0.001)
  for (let landmark = 0; landmark < 4; landmark++) given.heatmap[cell(16, 48, landmark)] = 20
  expect(personEvidence(given)).toBeCloseTo(0.5, 3)
  for (let landmark = 4; landmark < 20; landmark++) given.heatmap[cell(16, 48, landmark)] = 20
  expect(personEvidence(given)).toBeCloseTo(1, 3)
})

test('the mask lies where the window lies, soft at the edge, empty outside', () => {
  const { mask } = tensors()
  for (let y = 64; y < 192; y++) mask.fill(20, y * 256 + 64, y * 256 + 192)
  const upright = { centre: { x: 100, y: 80 }, size: 128, rotation: 0 }
  const { data, width, height } = projectMask(mask, upright, { width: 200, height: 160 })
  expect([width, height, data.length]).toEqual([200, 160, 32_000])
  const at = (x: number, y: number) => data[y * 200 + x]!
  expect([at(100, 80), at(69, 80), at(131, 80), at(100, 49), at(100, 111)]).toEqual([255, 255, 255, 255, 255])
  expect([at(66, 80), at(133, 80), at(100, 46), at(100, 113), at(5, 5)]).toEqual([0, 0, 0, 0, 0])
})

test('the mask turns with the window', () => {
  const { mask } = tensors()
  for (let y = 0; y < 128; y++) mask.fill(20, y * 256, y * 256 + 256)
  const { data } = projectMask(
    mask,
    { centre: { x: 50, y: 50 }, size: 80, rotation: Math.PI / 2 },
    { width: 100, height: 100 },
  )
  expect([data[50 * 100 + 70]!, data[50 * 100 + 30]!]).toEqual([255, 0])
})
