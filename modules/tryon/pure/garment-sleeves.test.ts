import { expect, test } from 'bun:test'
import { separateSleeves } from './garment-sleeves.ts'
import type { GarmentLandmarks } from './garment.ts'
import { createRaster, type Point, type Raster } from './image.ts'

/** A shirt from (60, 30) to (240, 260) as it was laid: sleeves 40 px wide beside the body, down to 250; `line` is the shade between. */
const drawShirt = (line: number, gap: number): Raster => {
  const picture = createRaster(300, 300)
  for (let y = 30; y < 262; y++) {
    for (let x = 60; x < 240; x++) {
      const fromMiddle = Math.abs(x + 0.5 - 150)
      const atLine = Math.abs(fromMiddle - 50)
      const slope = 30 + Math.max(0, fromMiddle - 20) * 0.35
      if (y < slope || (fromMiddle > 50 && y > 250) || (atLine < gap / 2 && y > 100)) continue
      const shade = 206 + 6 * Math.sin(x * 0.11 + y * 0.03) - (atLine < 2 && y > 60 ? line : 0)
      const i = (y * 300 + x) * 4
      for (let c = 0; c < 3; c++) picture.data[i + c] = shade - 8 * c
      picture.data[i + 3] = 255
    }
  }
  return picture
}

/** What a network that sees the outline alone makes of it: armpits and cuffs on the outer edge, the hem's ends on the cuffs. */
const read: GarmentLandmarks = {
  collarLeft: { x: 130, y: 30 },
  collarRight: { x: 170, y: 30 },
  collarCentre: { x: 150, y: 40 },
  shoulderLeft: { x: 102, y: 40 },
  shoulderRight: { x: 198, y: 40 },
  armpitLeft: { x: 62, y: 110 },
  armpitRight: { x: 238, y: 118 },
  cuffOuterLeft: { x: 60, y: 250 },
  cuffOuterRight: { x: 240, y: 250 },
  hemLeft: { x: 64, y: 250 },
  hemRight: { x: 236, y: 250 },
  hemCentre: { x: 150, y: 262 },
}

const away = (found: GarmentLandmarks, name: keyof GarmentLandmarks, { x, y }: Point): number =>
  Math.hypot(found[name]!.x - x, found[name]!.y - y)

test('sleeves laid against the body are told from it by the faint line between them', () => {
  const found = separateSleeves(drawShirt(26, 0), read)!
  const { landmarks } = found
  expect(away(landmarks, 'hemLeft', { x: 100, y: 262 })).toBeLessThan(8)
  expect(away(landmarks, 'hemRight', { x: 200, y: 262 })).toBeLessThan(8)
  expect(away(landmarks, 'cuffOuterLeft', { x: 60, y: 250 })).toBeLessThan(6)
  expect(away(landmarks, 'cuffInnerRight', { x: 200, y: 250 })).toBeLessThan(8)
  expect(Math.abs(landmarks.armpitLeft!.x - 100)).toBeLessThan(5)
  expect(Math.abs(landmarks.armpitRight!.x - 200)).toBeLessThan(5)
  expect(landmarks.armpitLeft!.y).toBeGreaterThan(95)
  expect(landmarks.armpitLeft!.y).toBeLessThan(150)
})

test('the cut-out is parted along that line, and its picture stays as it was', () => {
  const shirt = drawShirt(26, 0)
  const before = shirt.data.slice()
  const { cutout } = separateSleeves(shirt, read)!
  const clearAt = (y: number) => {
    for (let x = 85; x < 115; x++) if (cutout.data[(y * 300 + x) * 4 + 3] === 0) return x
    return -1
  }
  expect(Math.abs(clearAt(180) - 98)).toBeLessThan(6)
  expect(clearAt(60)).toBe(-1)
  expect(shirt.data).toEqual(before)
})

test('sleeves that lie apart from the body are left as the outline tells them', () => {
  expect(separateSleeves(drawShirt(26, 14), read)).toBeUndefined()
})

test('a garment that leans, or lacks a landmark, is left as it is', () => {
  const leaning: GarmentLandmarks = { ...read, hemCentre: { x: 260, y: 250 } }
  const { armpitLeft: _, ...lacking } = read
  expect(separateSleeves(drawShirt(26, 0), leaning)).toBeUndefined()
  expect(separateSleeves(drawShirt(26, 0), lacking)).toBeUndefined()
})
