import { expect, test } from 'bun:test'
import { readFrontOpening } from './garment-front.ts'
import type { GarmentLandmarks } from './garment.ts'
import { createRaster, type Raster } from './image.ts'

const SIDE = 300
const landmarks: GarmentLandmarks = {
  collarLeft: { x: 120, y: 30 },
  collarRight: { x: 180, y: 30 },
  armpitLeft: { x: 70, y: 100 },
  armpitRight: { x: 230, y: 100 },
  hemLeft: { x: 70, y: 270 },
  hemRight: { x: 230, y: 270 },
}

type Paint = (x: number, y: number) => readonly [number, number, number] | undefined

/** A plain front from (60, 20) to (240, 270), with grain, painted; undefined is clear. */
const drawFront = (paint: Paint): Raster => {
  const picture = createRaster(SIDE, SIDE)
  let state = 99
  for (let y = 20; y < 270; y++) {
    for (let x = 60; x < 240; x++) {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      const grain = (state / 2 ** 32 - 0.5) * 14 + 8 * Math.sin(x * 0.06 + y * 0.02)
      const colour = paint(x, y)
      const i = (y * SIDE + x) * 4
      if (colour) for (let c = 0; c < 3; c++) picture.data[i + c] = colour[c]! + grain
      picture.data[i + 3] = colour ? 255 : 0
    }
  }
  return picture
}

const PANEL = [150, 96, 60] as const
const LINING = [92, 58, 38] as const
/** Half the width of a gap that is wide at the collar, and of one that is wide at the hem. */
const vShape = (y: number) => Math.max(0, 34 - (y - 30) * 0.115)
const aShape = (y: number) => 4 + (y - 30) * 0.075

const share = (gap: Uint8Array, half: (y: number) => number): [hit: number, spilt: number] => {
  let [hit, inside, spilt, marked] = [0, 0, 0, 0]
  for (let y = 70; y < 240; y++) {
    for (let x = 60; x < 240; x++) {
      const isGap = Math.abs(x - 150) < half(y)
      const isMarked = gap[y * SIDE + x]! > 0
      if (isGap) inside++
      if (isMarked) marked++
      if (isGap && isMarked) hit++
      if (!isGap && isMarked) spilt++
    }
  }
  return [hit / inside, spilt / marked]
}

test.each([
  ['narrows towards the hem', vShape],
  ['widens towards the hem', aShape],
])('a gap that %s is found by the lining that shows in it', (_, half) => {
  const gap = readFrontOpening(
    drawFront((x, y) => (Math.abs(x - 150) < half(y) ? LINING : PANEL)),
    landmarks,
    false,
  )
  expect(gap.isOpen).toBe(true)
  const [hit, spilt] = share(gap.behind!, half)
  expect(hit).toBeGreaterThan(0.85)
  expect(spilt).toBeLessThan(0.15)
})

test('a gap through which the ground was cut away is found, and reaches past the hem', () => {
  const gap = readFrontOpening(
    drawFront((x, y) => (Math.abs(x - 150) < aShape(y) ? undefined : PANEL)),
    landmarks,
    false,
  )
  expect(share(gap.behind!, aShape)[0]).toBeGreaterThan(0.85)
  expect(gap.behind![280 * SIDE + 150]).toBe(255)
})

test.each<[string, Paint]>([
  ['nothing on it', () => PANEL],
  ['a zip of another colour', (x) => (Math.abs(x - 150) < 4 ? LINING : PANEL)],
  ['a print', (x, y) => ((x - 150) ** 2 + (y - 140) ** 2 < 45 ** 2 ? LINING : PANEL)],
  ['stripes down it', (x) => (x % 40 < 20 ? LINING : PANEL)],
  ['stripes across it', (_, y) => (y % 40 < 20 ? LINING : PANEL)],
  ['a deep neckline', (x, y) => (Math.abs(x - 150) < 40 - (y - 30) * 0.5 ? LINING : PANEL)],
  ['a panel at its side', (x) => (x > 180 ? LINING : PANEL)],
])('a front with %s is closed', (_, paint) => {
  expect(readFrontOpening(drawFront(paint), landmarks, false)).toEqual({ isOpen: false, behind: undefined })
})

test('between the flaps of a collar the inside is behind the neck, and the button band under it is not', () => {
  const shirt = drawFront((x, y) => (Math.abs(x - 150) < 30 - (y - 20) * 0.4 || Math.abs(x - 150) < 3 ? LINING : PANEL))
  const { isOpen, behind } = readFrontOpening(shirt, landmarks, true)
  expect(isOpen).toBe(false)
  const at = (x: number, y: number) => behind![y * SIDE + x]
  expect([at(150, 40), at(150, 60), at(140, 40)]).toEqual([255, 255, 255])
  expect([at(150, 150), at(100, 40), at(200, 40)]).toEqual([0, 0, 0])
  expect(readFrontOpening(shirt, landmarks, false).behind).toBeUndefined()
})
