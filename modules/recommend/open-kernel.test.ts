import { describe, expect, test } from 'bun:test'
import { openKernel } from './open-kernel.ts'
import { fitEase } from './pure/ease.ts'
import { interactionsOf } from './pure/interactions.ts'
import { invertNegated, openSymmetricMatrix } from './pure/inverse.ts'
import { STEPS_AT_ONCE } from './pure/matrix-kernel-wasm.ts'
import { type OpenKernel, openPlainKernel, TILE_COLUMNS, TILE_ROWS } from './pure/matrix-kernel.ts'
import { createRandom, denseModel, denseOf, randomInteractions } from './pure/testing.ts'

const KERNELS: [string, OpenKernel][] = [
  ['WebAssembly', openKernel],
  ['plain', openPlainKernel],
]

/** Inverse in double precision by Gauss-Jordan, for matrices that need no pivots. */
function inverseOf(matrix: number[][]): number[][] {
  const n = matrix.length
  const rows = matrix.map((row, i) => [...row, ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))])
  for (let k = 0; k < n; k++) {
    const pivot = rows[k]![k]!
    rows[k] = rows[k]!.map((value) => value / pivot)
    for (let i = 0; i < n; i++) {
      const factor = rows[i]![k]!
      if (i !== k && factor !== 0) rows[i] = rows[i]!.map((value, j) => value - factor * rows[k]![j]!)
    }
  }
  return rows.map((row) => row.slice(n))
}

/** Positive definite: the products of random columns, something added on the diagonal. */
function randomMatrix(random: () => number, order: number): number[][] {
  const columns = Array.from({ length: order }, () => Array.from({ length: 20 }, () => random() - 0.3))
  return columns.map((a, i) =>
    columns.map((b, j) => a.reduce((sum, value, k) => sum + value * b[k]!, 0) + (i === j ? 1 + random() : 0)),
  )
}

function invert(matrix: number[][], open: OpenKernel) {
  const packed = openSymmetricMatrix(matrix.length, open)
  for (const [i, row] of matrix.entries()) for (let j = 0; j <= i; j++) packed.values[i * packed.stride + j] = row[j]!
  invertNegated(packed)
  return packed
}

test('this machine runs the kernel in WebAssembly', () => {
  expect(openKernel(16).name).toBe('wasm')
})

test('both kernels subtract the same product, and nothing beside it', () => {
  const random = createRandom(6)
  const [depth, tiles, stride] = [5 * STEPS_AT_ONCE, 3, 24]
  const length = TILE_ROWS * tiles * depth + TILE_COLUMNS * depth + TILE_ROWS * tiles * stride
  const start = Float32Array.from({ length }, () => random() - 0.5)
  const [b, c] = [TILE_ROWS * tiles * depth, TILE_ROWS * tiles * depth + TILE_COLUMNS * depth]
  const expected = Float64Array.from(start)
  for (let row = 0; row < TILE_ROWS * tiles; row++)
    for (let column = 0; column < TILE_COLUMNS; column++)
      for (let k = 0; k < depth; k++) {
        const a = Math.floor(row / TILE_ROWS) * TILE_ROWS * depth + k * TILE_ROWS + (row % TILE_ROWS)
        expected[c + 8 + row * stride + column]! -= start[a]! * start[b + k * TILE_COLUMNS + column]!
      }
  for (const [, open] of KERNELS) {
    const kernel = open(length)
    kernel.memory.set(start)
    kernel.subtractProduct(c + 8, stride, 0, b, depth, tiles)
    for (let i = 0; i < length; i++) expect(kernel.memory[i]).toBeCloseTo(expected[i]!, 5)
  }
})

describe.each(KERNELS)('the inverse with the %s kernel', (_kernel, open) => {
  test.each([1, 7, 128, 130, 300])(
    'of a matrix of order %d is that of double precision, in both triangles',
    (order) => {
      const matrix = randomMatrix(createRandom(order), order)
      const expected = inverseOf(matrix)
      const { values, stride } = invert(matrix, open)
      let worst = 0
      for (const [i, row] of expected.entries())
        for (const [j, value] of row.entries()) worst = Math.max(worst, Math.abs(-values[i * stride + j]! - value))
      expect(worst).toBeLessThan(1e-5)
    },
  )

  test('a matrix that is not positive definite is refused', () => {
    expect(() =>
      invert(
        [
          [1, 2],
          [2, 1],
        ],
        open,
      ),
    ).toThrow(RangeError)
  })

  test('says how far it is', () => {
    const seen: string[] = []
    const matrix = openSymmetricMatrix(130, open)
    for (let i = 0; i < 130; i++) matrix.values[i * matrix.stride + i] = 2
    invertNegated(matrix, (done, of) => seen.push(`${done}/${of}`))
    expect(seen).toEqual(['1/2', '2/2'])
  })
})

describe.each(KERNELS)('EASE with the %s kernel', (_kernel, open) => {
  test('is the closed form of a direct inverse', () => {
    const random = createRandom(7)
    const [users, items, ridge] = [40, 25, 5]
    const matrix = randomInteractions(random, { users, items, events: 300 })
    const x = denseOf(matrix, matrix.weights, [users, items])
    const all = Array.from({ length: items }, (_none, i) => i)
    const gram = all.map((i) => all.map((j) => x.reduce((sum, row) => sum + row[i]! * row[j]!, i === j ? ridge : 0)))
    const p = inverseOf(gram)
    const dense = denseModel(fitEase(matrix, { items, ridge, most: items }, open))
    for (let i = 0; i < items; i++)
      for (let j = 0; j < items; j++)
        expect(dense[i]![j]).toBeCloseTo(i === j ? 0 : Math.max(0, -p[i]![j]! / p[j]![j]!), 5)
  })

  test('covers the most active items only, by their own numbers', () => {
    const user = [0, 0, 1, 1, 2, 2, 3]
    const item = [1, 3, 1, 3, 1, 0, 2]
    const dense = denseModel(
      fitEase(interactionsOf({ users: 4, items: 4, user, item }), { items: 2, ridge: 1, most: 4 }, open),
    )
    // The Gram matrix of items 1 and 3 with the ridge is [[4, 2], [2, 3]], P = [[3, -2], [-2, 4]] / 8.
    expect(dense[1]![3]).toBeCloseTo(2 / 4, 6)
    expect(dense[3]![1]).toBeCloseTo(2 / 3, 6)
    expect(dense.flat().filter((value) => value !== 0)).toHaveLength(2)
  })
})
