import { expect, test } from 'bun:test'
import { contourTurns, smoothContour, traceContour } from './garment-contour.ts'
import { findShouldersUnderHood } from './garment-hooded.ts'
import { orderAlongOutline } from './garment-order.ts'
import type { GarmentLandmarks } from './garment.ts'
import type { Mask, Point } from './image.ts'

const SIDE = 400

/** The right half of a shape (x from the middle), mirrored and filled. */
const fill = (half: readonly (readonly [number, number])[]): Mask => {
  const right = half.map(([x, y]): Point => ({ x: 200 + x, y }))
  const ring = [...right, ...right.toReversed().map((p) => ({ x: 400 - p.x, y: p.y }))]
  const data = new Uint8Array(SIDE * SIDE)
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      let inside = false
      for (const [i, a] of ring.entries()) {
        const b = ring[(i + 1) % ring.length]!
        if (a.y > y + 0.5 !== b.y > y + 0.5 && x + 0.5 < ((b.x - a.x) * (y + 0.5 - a.y)) / (b.y - a.y) + a.x)
          inside = !inside
      }
      if (inside) data[y * SIDE + x] = 255
    }
  }
  return { width: SIDE, height: SIDE, data }
}

const bothSides = (stem: string, [x, y]: readonly [number, number]): GarmentLandmarks => ({
  [`${stem}Left`]: { x: 200 - x, y },
  [`${stem}Right`]: { x: 200 + x, y },
})

const away = (found: GarmentLandmarks, name: keyof GarmentLandmarks, x: number, y: number): number =>
  Math.hypot(found[name]!.x - x, found[name]!.y - y)

const jacket = fill([
  [30, 40],
  [90, 60],
  [150, 300],
  [112, 306],
  [80, 140],
  [84, 330],
])
const readJacket: GarmentLandmarks = {
  ...bothSides('shoulder', [90, 60]),
  ...bothSides('armpit', [80, 140]),
  ...bothSides('cuffOuter', [150, 300]),
  ...bothSides('cuffInner', [112, 306]),
  ...bothSides('hem', [84, 330]),
  hemCentre: { x: 200, y: 330 },
}

test('a hem read on a cuff, and a cuff on the hem, go back along the outline to where they belong', () => {
  const outline = smoothContour(traceContour(jacket), 2)
  const turns = contourTurns(outline, 9)
  const mixed = { ...readJacket, hemRight: { x: 350, y: 300 }, cuffInnerRight: { x: 284, y: 330 } }
  const found = orderAlongOutline(outline, turns, mixed, SIDE)
  expect(away(found, 'hemRight', 284, 330)).toBeLessThan(6)
  expect(away(found, 'cuffInnerRight', 312, 306)).toBeLessThan(6)
  expect(away(found, 'cuffOuterRight', 350, 300)).toBeLessThan(6)
  expect(found.hemLeft).toEqual(readJacket.hemLeft!)
})

test('landmarks in their right order stay where they were read', () => {
  const outline = smoothContour(traceContour(jacket), 2)
  expect(orderAlongOutline(outline, contourTurns(outline, 9), readJacket, SIDE)).toEqual(readJacket)
})

const hoodedVest = fill([
  [20, 20],
  [72, 70],
  [58, 120],
  [66, 122],
  [70, 160],
  [94, 190],
  [96, 370],
])

test('shoulders read on a spread hood move down to the notches under it, with the collar between them', () => {
  const found = findShouldersUnderHood(hoodedVest, {
    ...bothSides('shoulder', [72, 70]),
    ...bothSides('armpit', [94, 190]),
    ...bothSides('collar', [24, 22]),
  })
  expect(away(found, 'shoulderLeft', 142, 120)).toBeLessThan(6)
  expect(away(found, 'shoulderRight', 258, 120)).toBeLessThan(6)
  expect(found.collarLeft!.y).toBeGreaterThan(95)
  expect(found.collarLeft!.y).toBeLessThan(120)
})

test('a vest without a hood keeps its shoulders', () => {
  const read = {
    ...bothSides('shoulder', [72, 40]),
    ...bothSides('armpit', [94, 190]),
    ...bothSides('collar', [24, 22]),
  }
  const vest = fill([
    [24, 20],
    [72, 40],
    [66, 110],
    [94, 190],
    [96, 370],
  ])
  expect(findShouldersUnderHood(vest, read)).toEqual(read)
})
