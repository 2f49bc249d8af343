import { expect, test } from 'bun:test'
import { CELL, solveMembrane } from './inpaint.ts'
import { blurField, distanceTo, findBox, quantile } from './inpaint-field.ts'

const createGrid = (width: number, height: number, held: (x: number, y: number) => number | undefined) => {
  const values = new Float32Array(width * height)
  const cells = new Uint8Array(width * height).fill(CELL.free)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const value = held(x, y)
      if (value === undefined) continue
      values[y * width + x] = value
      cells[y * width + x] = CELL.held
    }
  }
  return { width, height, channels: 1, values, cells }
}

test('a plane held at its border is a plane inside', () => {
  const grid = createGrid(61, 47, (x, y) => (x === 0 || y === 0 || x === 60 || y === 46 ? 2 * x - y : undefined))
  solveMembrane(grid, 0, 20)
  for (let y = 0; y < 47; y++) for (let x = 0; x < 61; x++) expect(grid.values[y * 61 + x]!).toBeCloseTo(2 * x - y, 0)
})

test('nothing flows through what is outside', () => {
  const grid = createGrid(40, 10, (x) => (x === 0 ? 1 : x === 39 ? 9 : undefined))
  for (let y = 0; y < 10; y++) grid.cells.fill(CELL.outside, y * 40 + 14, y * 40 + 26)
  solveMembrane(grid, 0, 30)
  expect(grid.values[5 * 40 + 10]!).toBeCloseTo(1, 1)
  expect(grid.values[5 * 40 + 32]!).toBeCloseTo(9, 1)
})

test('a screened membrane falls back to zero away from what is held', () => {
  const grid = createGrid(80, 20, (x) => (x === 0 ? 1 : undefined))
  solveMembrane(grid, 1 / 64, 20)
  expect(grid.values[10 * 80 + 8]!).toBeGreaterThan(0.2)
  expect(grid.values[10 * 80 + 8]!).toBeLessThan(0.5)
  expect(Math.abs(grid.values[10 * 80 + 60]!)).toBeLessThan(0.02)
})

test('chamfer distances stay within a tenth of the true ones', () => {
  const data = new Uint8Array(50 * 40)
  data[20 * 50 + 10] = 1
  const away = distanceTo(data, { width: 50, height: 40 })
  for (let y = 0; y < 40; y++) {
    for (let x = 0; x < 50; x++) {
      const truth = Math.hypot(x - 10, y - 20)
      expect(Math.abs(away[y * 50 + x]! - truth)).toBeLessThanOrEqual(0.09 * truth + 1e-3)
    }
  }
})

test('a blur keeps a constant field and the box of a spot is found with its margin', () => {
  const flat = new Float32Array(30 * 20).fill(3)
  expect(Math.max(...blurField(flat, { width: 30, height: 20 }, 4))).toBeCloseTo(3, 4)
  const spot = new Uint8Array(30 * 20)
  spot[5 * 30 + 28] = 1
  expect(findBox(spot, { width: 30, height: 20 }, 3)).toEqual({ x0: 25, y0: 2, x1: 30, y1: 9 })
  expect(findBox(new Uint8Array(600), { width: 30, height: 20 }, 3)).toBeUndefined()
  expect(quantile([4, 1, 3, 2], 0.5)).toBeCloseTo(2.5, 5)
})
