import { describe, expect, test } from 'bun:test'
import { GIRTH_PER_WIDTH } from './garment-size.ts'
import { createPath, interpolate, walk, wrapAround } from './vector.ts'

const step = (u: number) => wrapAround(u + 0.02) - wrapAround(u)
const onLine = (x: number) => interpolate([0, 10, 20], [5, 15, 0], x)

describe('wrapping a flat panel around the body', () => {
  test('keeps the order of everything across it, and a little beyond both edges', () => {
    for (let u = -0.1; u < 1.1; u += 0.005) expect(wrapAround(u + 0.005)).toBeGreaterThan(wrapAround(u))
  })

  test('leaves edges and middle where they are, and both halves alike', () => {
    expect([wrapAround(0), wrapAround(0.5), wrapAround(1)].map((u) => Math.round(u * 1e9) / 1e9)).toEqual([0, 0.5, 1])
    for (let u = 0; u < 0.5; u += 0.05) expect(wrapAround(1 - u)).toBeCloseTo(1 - wrapAround(u), 9)
  })

  test('shows the middle at its true scale: half the girth lies on the visible width', () => {
    const stretch = (wrapAround(0.501) - wrapAround(0.499)) / 0.002
    for (const zone of ['chest', 'waist', 'hip'] as const) {
      const scale = stretch * (2 / GIRTH_PER_WIDTH[zone])
      expect(scale).toBeGreaterThan(0.85)
      expect(scale).toBeLessThan(1.1)
    }
  })

  test('foreshortens more the nearer to the side', () => {
    for (let u = 0.5; u < 0.95; u += 0.02) expect(step(u + 0.02)).toBeLessThan(step(u))
  })
})

describe('a path', () => {
  const path = createPath([
    { x: 0, y: 0 },
    { x: 30, y: 40 },
    { x: 30, y: 100 },
  ])

  test('is walked by its own length, round corners and on beyond both ends', () => {
    expect(path.total).toBe(110)
    expect(walk(path, 25).point).toEqual({ x: 15, y: 20 })
    expect(walk(path, 80).point).toEqual({ x: 30, y: 70 })
    expect(walk(path, 120).point).toEqual({ x: 30, y: 110 })
    expect(walk(path, -5).point).toEqual({ x: -3, y: -4 })
    expect(walk(path, 25).tangent).toEqual({ x: 0.6, y: 0.8 })
  })
})

test('a line through points holds its ends beyond them', () => {
  expect([-3, 0, 5, 10, 18, 20, 99].map(onLine)).toEqual([5, 5, 10, 15, 3, 0, 0])
})
