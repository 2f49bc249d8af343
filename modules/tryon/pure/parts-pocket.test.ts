import { expect, test } from 'bun:test'
import { PART } from './parts.ts'
import { hidePocketedHands } from './parts-pocket.ts'
import { POSE, type Pose } from './pose.ts'

const WIDTH = 60
const pose: Pose = {
  landmarks: Array.from({ length: 33 }, (_, k) => ({
    x: k === POSE.leftShoulder ? 55 : 5,
    y: 0,
    z: 0,
    visibility: 1,
  })),
} as unknown as Pose

/** Trousers from row 20 down with a sleeve above, and a hand of 5 x `tall` at their side. */
const draw = (tall: number, above: number): Uint8Array => {
  const labels = new Uint8Array(WIDTH * 60)
  for (let y = 0; y < 60; y++) {
    for (let x = 10; x < 50; x++) labels[y * WIDTH + x] = y < 20 ? above : PART.lower
    for (let x = 10; x < 15; x++) if (y >= 20 && y < 20 + tall) labels[y * WIDTH + x] = PART.rightHand
  }
  return labels
}

test('the sliver of a hand that its pocket and cuff leave to be seen goes with the trousers', () => {
  const labels = draw(8, PART.upper)
  hidePocketedHands(labels, WIDTH, pose)
  expect(labels.includes(PART.rightHand)).toBe(false)
  expect(labels[22 * WIDTH + 12]).toBe(PART.lower)
})

test('a whole hand on the hip, and a thumb hooked in under a bare arm, stay hands', () => {
  for (const labels of [draw(30, PART.upper), draw(8, PART.rightArm)]) {
    const before = labels.slice()
    hidePocketedHands(labels, WIDTH, pose)
    expect(labels).toEqual(before)
  }
})
