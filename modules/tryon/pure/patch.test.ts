import { describe, expect, test } from 'bun:test'
import { createPatch, type Patch, rasterizePatch, type WarpMap } from './patch.ts'

/** A slanted, stretched grid: its inverse is known everywhere. */
const toSource = (x: number, y: number) => ({ x: 3 + 1.7 * x - 0.4 * y, y: -5 + 0.3 * x + 2.1 * y })
const corner = (u: number, v: number) => ({ x: 10.3 + 40 * u + 9 * v, y: 12.7 - 6 * u + 50 * v })

const slanted = createPatch(6, 5, (i, j) => {
  const target = corner(i / 5, j / 4)
  return { source: toSource(target.x, target.y), target }
})

/** Place of a pixel's centre in the slanted grid, 0 to 1 both ways inside of it. */
const inGrid = (x: number, y: number) => {
  const [dx, dy] = [x + 0.5 - 10.3, y + 0.5 - 12.7]
  const area = 40 * 50 + 6 * 9
  return { u: (dx * 50 - dy * 9) / area, v: (dx * 6 + dy * 40) / area }
}

const drawn = (patch: Patch, width: number, height: number): WarpMap => {
  const map = rasterizePatch(patch, width, height)
  if (!map) throw new Error('The patch was drawn nowhere')
  return map
}

const covered = (map: WarpMap) => map.x.filter((x) => !Number.isNaN(x)).length

describe('a slanted patch', () => {
  const map = drawn(slanted, 100, 100)

  test('covers every pixel whose centre lies inside, and no other', () => {
    for (let y = 0; y < 100; y++)
      for (let x = 0; x < 100; x++) {
        const { u, v } = inGrid(x, y)
        const [left, top] = [x - map.left, y - map.top]
        const within = left >= 0 && top >= 0 && left < map.width && top < map.height
        const has = within && !Number.isNaN(map.x[top * map.width + left]!)
        if (Math.min(u, v, 1 - u, 1 - v) > 0.002) expect(has).toBe(true)
        if (Math.min(u, v, 1 - u, 1 - v) < -0.002) expect(has).toBe(false)
      }
  })

  test('leads each of its pixels back to the exact place in the garment', () => {
    for (let i = 0; i < map.x.length; i++) {
      if (Number.isNaN(map.x[i]!)) continue
      const [x, y] = [map.left + (i % map.width), map.top + Math.floor(i / map.width)]
      const source = toSource(x + 0.5, y + 0.5)
      expect(Math.abs(map.x[i]! - source.x)).toBeLessThan(0.01)
      expect(Math.abs(map.y[i]! - source.y)).toBeLessThan(0.01)
      expect(Math.abs(map.across[i]! - inGrid(x, y).u)).toBeLessThan(0.001)
    }
  })

  test('takes as many pixels as it has area', () => {
    expect(Math.abs(covered(map) - (40 * 50 + 6 * 9))).toBeLessThan(30)
  })
})

test('a bent patch has no holes where its cells meet', () => {
  const bent = createPatch(9, 9, (i, j) => {
    const [radius, angle] = [20 + 3 * i, (j / 8) * Math.PI * 0.5]
    return { source: { x: i, y: j }, target: { x: radius * Math.cos(angle), y: radius * Math.sin(angle) } }
  })
  const map = drawn(bent, 60, 60)
  for (let y = 1; y < 59; y++)
    for (let x = 1; x < 59; x++) {
      const radius = Math.hypot(x + 0.5, y + 0.5)
      if (radius < 20.2 || radius > 42.9) continue
      expect(Number.isNaN(map.x[(y - map.top) * map.width + x - map.left]!)).toBe(false)
    }
})

test('what reaches out of the picture is clipped, and a patch wholly outside is drawn nowhere', () => {
  const whole = drawn(slanted, 100, 100)
  const clipped = drawn(slanted, 30, 40)
  expect([clipped.left + clipped.width <= 30, clipped.top + clipped.height <= 40]).toEqual([true, true])
  for (let y = 12; y < 40; y++)
    for (let x = 12; x < 30; x++)
      expect(clipped.x[(y - clipped.top) * clipped.width + x - clipped.left]).toEqual(
        whole.x[(y - whole.top) * whole.width + x - whole.left],
      )
  const moved: Patch = { ...slanted, target: slanted.target.map((place) => place - 200) }
  expect(rasterizePatch(moved, 100, 100)).toBeUndefined()
  expect(rasterizePatch({ ...slanted, target: slanted.target.map((place) => place + 200) }, 100, 100)).toBeUndefined()
})

test('cells without area draw nothing', () => {
  const flat = createPatch(4, 4, (i, j) => ({ source: { x: i, y: j }, target: { x: 5 + i * 4, y: 8 } }))
  expect(covered(drawn(flat, 40, 40))).toBe(0)
})
