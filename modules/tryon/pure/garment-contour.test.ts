import { expect, test } from 'bun:test'
import { contourTurns, smoothContour, traceContour } from './garment-contour.ts'
import { createMask } from './image.ts'

const drawMask = (width: number, height: number, inside: (x: number, y: number) => boolean) => {
  const mask = createMask(width, height)
  for (let i = 0; i < mask.data.length; i++) if (inside(i % width, Math.floor(i / width))) mask.data[i] = 255
  return mask
}

test('the outline of a rectangle goes once around it, clockwise', () => {
  const points = traceContour(drawMask(20, 20, (x, y) => x >= 3 && x < 9 && y >= 5 && y < 15))
  expect(points.length).toBe(2 * (6 + 10))
  expect(points[0]).toEqual({ x: 3, y: 5 })
  expect(points[1]).toEqual({ x: 4, y: 5 })
  const area = points.reduce((sum, p, i) => {
    const q = points[(i + 1) % points.length]!
    return sum + (p.x * q.y - q.x * p.y) / 2
  }, 0)
  expect(area).toBe(60)
})

test('the largest piece is followed and its holes are not', () => {
  const points = traceContour(
    drawMask(40, 40, (x, y) => (x < 3 && y < 3) || (x >= 10 && y >= 10 && !(x > 20 && x < 25 && y > 20 && y < 25))),
  )
  expect(points.length).toBe(120)
})

test('corners that bulge turn one way, corners that cave in the other', () => {
  const points = traceContour(
    drawMask(60, 60, (x, y) => x >= 10 && x < 50 && y >= 10 && y < 50 && !(x >= 30 && y < 30)),
  )
  const turns = contourTurns(smoothContour(points, 2), 6)
  const turnAt = (x: number, y: number) => turns[points.findIndex((p) => p.x === x && p.y === y)]!
  expect(turnAt(10, 50)).toBeGreaterThan(0.9)
  expect(turnAt(30, 30)).toBeLessThan(-0.9)
  expect(Math.abs(turnAt(30, 50))).toBeLessThan(0.05)
})

test('an empty mask has no outline', () => {
  expect(traceContour(createMask(5, 5))).toEqual([])
})
