import { expect, test } from 'bun:test'
import { minimumCut, type GridGraph } from './max-flow.ts'

const randomGraph = (width: number, height: number, seed: number): GridGraph => {
  let state = seed
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
  const fill = (low: number, high: number) =>
    Float32Array.from({ length: width * height }, () => Math.round(low + (high - low) * next()))
  return {
    width,
    height,
    terminal: fill(-9, 9),
    right: fill(0, 5),
    down: fill(0, 5),
    downRight: fill(0, 3),
    downLeft: fill(0, 3),
  }
}

const cost = (g: GridGraph, label: (i: number) => number): number => {
  let sum = 0
  for (let y = 0; y < g.height; y++) {
    for (let x = 0; x < g.width; x++) {
      const i = y * g.width + x
      const t = g.terminal[i]!
      if (t > 0 && label(i) === 0) sum += t
      if (t < 0 && label(i) === 1) sum -= t
      const east = x < g.width - 1
      const south = y < g.height - 1
      if (east && label(i) !== label(i + 1)) sum += g.right[i]!
      if (south && label(i) !== label(i + g.width)) sum += g.down[i]!
      if (east && south && label(i) !== label(i + g.width + 1)) sum += g.downRight[i]!
      if (x > 0 && south && label(i) !== label(i + g.width - 1)) sum += g.downLeft[i]!
    }
  }
  return sum
}

test('the cut is the cheapest of all labellings of small random grids', () => {
  for (let seed = 1; seed <= 60; seed++) {
    const graph = randomGraph(4, 3, seed)
    const cut = minimumCut(graph)
    let best = Infinity
    for (let bits = 0; bits < 1 << 12; bits++)
      best = Math.min(
        best,
        cost(graph, (i) => (bits >> i) & 1),
      )
    expect(cost(graph, (i) => cut[i]!)).toBe(best)
  }
})

test('a larger grid cannot be improved by flipping any one pixel', () => {
  const graph = randomGraph(40, 30, 7)
  const cut = minimumCut(graph)
  const base = cost(graph, (i) => cut[i]!)
  for (let k = 0; k < cut.length; k += 7) {
    expect(cost(graph, (i) => (i === k ? 1 - cut[i]! : cut[i]!))).toBeGreaterThanOrEqual(base)
  }
})
