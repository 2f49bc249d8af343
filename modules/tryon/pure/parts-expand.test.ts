import { expect, test } from 'bun:test'
import { expandLabels } from './parts-expand.ts'
import type { Links } from './parts-matte.ts'

const numbers = (seed: number) => () => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0
  return seed / 2 ** 32
}

const problem = (width: number, height: number, labelCount: number, seed: number) => {
  const next = numbers(seed)
  const count = width * height
  const fill = (most: number) => Float32Array.from({ length: count }, () => next() * most)
  const links: Links = { right: fill(1), down: fill(1), downRight: fill(0.7), downLeft: fill(0.7) }
  const costs = Array.from({ length: labelCount }, () => fill(4))
  return { grid: { width, height, inside: new Uint8Array(count).fill(1) }, links, costs }
}

const price = (labels: ArrayLike<number>, { grid, links, costs }: ReturnType<typeof problem>, pull: number): number => {
  const { width, height } = grid
  let sum = 0
  const apart = (i: number, j: number, cost: number) => {
    if (labels[i] !== labels[j]) sum += cost * pull
  }
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++, i++) {
      sum += costs[labels[i]!]![i]!
      if (x + 1 < width) apart(i, i + 1, links.right[i]!)
      if (y + 1 === height) continue
      apart(i, i + width, links.down[i]!)
      if (x + 1 < width) apart(i, i + width + 1, links.downRight[i]!)
      if (x > 0) apart(i, i + width - 1, links.downLeft[i]!)
    }
  }
  return sum
}

const cheapest = (costs: Float32Array[], count: number): Uint8Array =>
  Uint8Array.from({ length: count }, (_, i) => {
    let best = 0
    costs.forEach((cost, label) => {
      if (cost[i]! < costs[best]![i]!) best = label
    })
    return best
  })

test('with two labels the expansion finds the best labelling of all', () => {
  for (let seed = 1; seed <= 15; seed++) {
    const given = problem(4, 3, 2, seed)
    const labels = cheapest(given.costs, 12)
    expandLabels(labels, given.costs, given.links, given.grid, 1.5, 4)
    let best = Infinity
    for (let bits = 0; bits < 1 << 12; bits++) {
      best = Math.min(
        best,
        price(
          Array.from({ length: 12 }, (_, i) => (bits >> i) & 1),
          given,
          1.5,
        ),
      )
    }
    expect(price(labels, given, 1.5)).toBeCloseTo(best, 1)
  }
})

test('with many labels every round makes the labelling cheaper or leaves it', () => {
  const given = problem(30, 20, 5, 42)
  const labels = cheapest(given.costs, 600)
  let last = price(labels, given, 1.5)
  for (let round = 0; round < 3; round++) {
    expandLabels(labels, given.costs, given.links, given.grid, 1.5, 1)
    const now = price(labels, given, 1.5)
    expect(now).toBeLessThanOrEqual(last + 0.01)
    last = now
  }
})

test('a label that is hopeless but for one corner wins nothing elsewhere, and pixels outside keep theirs', () => {
  const given = problem(20, 20, 3, 5)
  for (let i = 0; i < 400; i++) given.costs[2]![i] = i % 20 < 5 && i < 100 ? -3 : 50
  given.grid.inside.fill(0, 300)
  const labels = cheapest(given.costs, 400)
  labels.fill(9, 300)
  expandLabels(labels, given.costs, given.links, given.grid, 1.5, 2)
  for (let i = 0; i < 300; i++) expect(labels[i] === 2).toBe(i % 20 < 5 && i < 100)
  for (let i = 300; i < 400; i++) expect(labels[i]).toBe(9)
})
