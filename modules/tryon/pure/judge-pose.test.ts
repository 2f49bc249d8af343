import { expect, test } from 'bun:test'
import { judgePose, legsHang } from './judge-pose.ts'
import { POSE, type Pose, type PoseLandmark } from './pose.ts'

type Body = { x?: number; y?: number; scale?: number; score?: number }
type Name = keyof typeof POSE

/** A person facing the camera; (x, y) is the middle of the shoulders, `scale` the shoulder width in px. */
function person({ x = 300, y = 200, scale = 160, score = 0.98 }: Body = {}): Pose {
  const landmarks: PoseLandmark[] = Array.from({ length: 33 }, () => place(0, 0, 0))
  function place(u: number, v: number, z: number): PoseLandmark {
    return {
      x: x + u * scale,
      y: y + v * scale,
      z: z * scale,
      visibility: 0.99,
      world: { x: u * 0.35, y: (v - 1.4) * 0.35, z },
    }
  }
  const put = (name: Name, u: number, v: number, z = 0) => {
    landmarks[POSE[name]] = place(u, v, z)
  }
  put('nose', 0, -0.55, -0.3)
  put('leftEar', 0.2, -0.6, -0.12)
  put('rightEar', -0.2, -0.6, -0.12)
  put('leftShoulder', 0.5, 0)
  put('rightShoulder', -0.5, 0)
  put('leftHip', 0.3, 1.4)
  put('rightHip', -0.3, 1.4)
  return { landmarks, mask: { width: 600, height: 800, data: new Uint8Array(600 * 800).fill(255) }, score }
}

/** The same person after `change` to some landmarks. */
function changed(pose: Pose, names: Name[], change: (point: PoseLandmark) => Partial<PoseLandmark>): Pose {
  const landmarks = pose.landmarks.slice()
  for (const name of names) landmarks[POSE[name]] = { ...landmarks[POSE[name]]!, ...change(landmarks[POSE[name]]!) }
  return { ...pose, landmarks }
}

const judge = (...poses: Pose[]) => {
  const verdict = judgePose(poses, 600, 800)
  return verdict.ok ? 'ok' : verdict.reason
}

test('one person facing the camera with shoulders and hips in view is accepted', () => {
  const only = person()
  expect(judgePose([only], 600, 800)).toEqual({ ok: true, person: only })
})

test('nobody, or something that only resembles a person, is no person', () => {
  expect(judge()).toBe('no_person')
  expect(judge(person({ score: 0.82 }))).toBe('no_person')
  expect(judge(person({ scale: 10 }))).toBe('no_person')
  const unseen = changed(person(), ['leftShoulder', 'rightShoulder'], () => ({ visibility: 0.1 }))
  expect(judge(unseen)).toBe('no_person')
})

test('two people of similar size are several, in any order and even if the second is in doubt', () => {
  const second = person({ x: 480, scale: 110, score: 0.8 })
  expect(judge(person(), second)).toBe('several_people')
  expect(judge(second, person())).toBe('several_people')
})

test('a bystander far behind does not make several, and the one in front is chosen', () => {
  const main = person()
  const verdict = judgePose([person({ x: 520, y: 300, scale: 50 }), main], 600, 800)
  expect(verdict).toEqual({ ok: true, person: main })
})

test('hips below the picture, or hidden, or a shoulder beyond the edge, is cropped', () => {
  expect(judge(person({ y: 620 }))).toBe('person_cropped')
  expect(judge(changed(person(), ['leftHip', 'rightHip'], () => ({ visibility: 0.05 })))).toBe('person_cropped')
  expect(judge(person({ x: 40 }))).toBe('person_cropped')
  const above = new Uint8Array(600 * 800).fill(255, 0, 600 * 400)
  const legless = { ...person(), mask: { width: 600, height: 800, data: above } }
  expect(judge(legless)).toBe('person_cropped')
  expect(judge(person({ x: 560 }))).toBe('person_cropped')
})

test('a head beyond the upper edge is no reason to refuse', () => {
  expect(judge(person({ y: 20 }))).toBe('ok')
})

const BODY: Name[] = ['leftShoulder', 'rightShoulder', 'leftHip', 'rightHip']
const mirrored = ({ x, world }: PoseLandmark) => ({ x: 600 - x, world: { ...world, x: -world.x } })

const together = ({ x, world }: PoseLandmark) => ({
  x: 300 - (x - 300) * 0.3,
  world: { ...world, x: -world.x * 0.3 },
})

test('left and right changed places means the back is seen', () => {
  const sides = changed(person(), BODY, mirrored)
  expect(judge(sides)).toBe('person_from_behind')
})

test('a back is recognised when the network draws the sides together and puts the nose behind the ears', () => {
  const back = changed(person(), BODY, together)
  const head = changed(back, ['nose'], ({ world }) => ({ world: { ...world, z: 0.1 } }))
  expect(judge(head)).toBe('person_from_behind')
})

test('a face in profile on a body from the front is accepted', () => {
  const profile = changed(person(), ['leftEar', 'rightEar', 'nose'], ({ x }) => ({ x: x - 20 }))
  expect(judge(profile)).toBe('ok')
})

test('a body from the side, and one lying down, are poses that cannot be dressed', () => {
  const aside = changed(person(), BODY, ({ x, world }) => ({
    x: 300 + (x - 300) * 0.15,
    world: { ...world, x: world.x * 0.15, z: world.x },
  }))
  expect(judge(aside)).toBe('pose_unsupported')
  const lying = person({ x: 300, y: 400 })
  const landmarks = lying.landmarks.map((point) => ({ ...point, x: 300 - (point.y - 400), y: 400 + (point.x - 300) }))
  expect(judge({ ...lying, landmarks })).toBe('pose_unsupported')
})

test('trousers and skirts are not hung on a lunge, nor refused on legs that stand, stride or are not seen', () => {
  const hip = person().landmarks[POSE.leftHip]!
  const thigh = 190
  const below = ({ x, y }: PoseLandmark) => ({ x, y: y + thigh })
  const standing = changed(
    changed(person(), ['leftKnee'], () => below(hip)),
    ['rightKnee'],
    () => below(person().landmarks[POSE.rightHip]!),
  )
  const swung = (degrees: number, visibility = 1) =>
    changed(standing, ['leftKnee'], () => ({
      x: hip.x + thigh * Math.sin((degrees * Math.PI) / 180),
      y: hip.y + thigh * Math.cos((degrees * Math.PI) / 180),
      visibility,
    }))
  expect(legsHang(standing)).toBe(true)
  expect(legsHang(swung(25))).toBe(true)
  expect(legsHang(swung(70))).toBe(false)
  expect(legsHang(swung(-70))).toBe(false)
  expect(legsHang(swung(70, 0.1))).toBe(true)
})
