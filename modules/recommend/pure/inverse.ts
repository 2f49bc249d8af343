import { type MatrixKernel, type OpenKernel, TILE_COLUMNS, TILE_ROWS } from './matrix-kernel.ts'

/** Columns that one step eliminates: a packed strip of them fits the first-level cache, a tile of rows the second. */
const BLOCK = 128

/**
 * A dense symmetric matrix in the memory of a kernel. Fill the lower triangle (row >= column) of `values` at
 * `row * stride + column`, all zero at first.
 */
export type SymmetricMatrix = {
  readonly order: number
  readonly stride: number
  readonly values: Float32Array
  readonly kernel: MatrixKernel
}

export function openSymmetricMatrix(order: number, openKernel: OpenKernel): SymmetricMatrix {
  const { size, stride } = layoutOf(order)
  const kernel = openKernel(size * stride + 4 * size * BLOCK + BLOCK * BLOCK)
  return { order, stride, values: kernel.memory, kernel }
}

function layoutOf(order: number) {
  const size = Math.ceil(order / BLOCK) * BLOCK
  // An odd number of cache lines a row: with an even one the rows of a tile would fall on few cache sets.
  const stride = size + 16
  const panel = size * BLOCK
  const at = size * stride
  return { size, stride, packedA: at, packedB: at + panel, swept: at + 2 * panel, packedSwept: at + 3 * panel }
}

/**
 * Puts the NEGATIVE inverse of a positive definite matrix in its place, both triangles filled. Sweeps block after block:
 * with D the block on the diagonal and W its columns, A -= W D^-1 W', W becomes W D^-1 and D becomes -D^-1. Every pivot
 * is a Schur complement, positive definite again, so nothing is swapped; order^3 / 2 multiplications, nearly all in the kernel.
 * Goodnight: A Tutorial on the SWEEP Operator (1979). Throws a RangeError when the matrix is not positive definite.
 */
export function invertNegated(matrix: SymmetricMatrix, onBlock: (done: number, of: number) => void = () => {}): void {
  const { order, kernel, values } = matrix
  const layout = layoutOf(order)
  const { size, stride } = layout
  for (let i = order; i < size; i++) values[i * stride + i] = 1
  for (let block = 0; block < size; block += BLOCK) {
    gatherColumns(values, layout, block)
    const inverse = invertBlock(values, stride, block)
    sweepColumns(kernel, layout, inverse)
    subtractFromRest(kernel, layout, block)
    putBack(values, layout, block, inverse)
    onBlock(block / BLOCK + 1, size / BLOCK)
  }
  mirror(values, size, stride)
}

type Layout = ReturnType<typeof layoutOf>

/** Packs the columns of the block both ways, the half that stands above the diagonal read from its mirror. */
function gatherColumns(values: Float32Array, { size, stride, packedA, packedB }: Layout, block: number): void {
  for (let row = 0; row < size; row++) {
    const above = row < block
    for (let k = 0; k < BLOCK; k++) {
      const isMirrored = above || row < block + k
      const value = isMirrored ? values[(block + k) * stride + row]! : values[row * stride + block + k]!
      values[packedAt(packedA, row, k, TILE_ROWS)] = value
      values[packedAt(packedB, row, k, TILE_COLUMNS)] = value
    }
  }
}

/** Where entry (row, k) lies in strips of `width` rows, each BLOCK steps long. */
const packedAt = (start: number, row: number, k: number, width: number) =>
  start + (row - (row % width)) * BLOCK + k * width + (row % width)

/** The inverse of the block on the diagonal, in double precision: Gauss-Jordan without pivots. */
function invertBlock(values: Float32Array, stride: number, block: number): Float64Array {
  const d = new Float64Array(BLOCK * BLOCK)
  for (let i = 0; i < BLOCK; i++)
    for (let j = 0; j <= i; j++) d[i * BLOCK + j] = d[j * BLOCK + i] = values[(block + i) * stride + block + j]!
  for (let k = 0; k < BLOCK; k++) {
    const pivot = d[k * BLOCK + k]!
    if (!(pivot > 0)) throw new RangeError('The matrix is not positive definite')
    d[k * BLOCK + k] = 1
    for (let j = 0; j < BLOCK; j++) d[k * BLOCK + j]! /= pivot
    for (let i = 0; i < BLOCK; i++) {
      const factor = d[i * BLOCK + k]!
      if (i === k || factor === 0) continue
      d[i * BLOCK + k] = 0
      for (let j = 0; j < BLOCK; j++) d[i * BLOCK + j]! -= factor * d[k * BLOCK + j]!
    }
  }
  return d
}

/** swept = W D^-1, and the same packed. The kernel subtracts, so it is given -D^-1. */
function sweepColumns(kernel: MatrixKernel, layout: Layout, inverse: Float64Array): void {
  const { memory } = kernel
  const { size, packedA, swept, packedSwept } = layout
  const strip = packedSwept + size * BLOCK
  for (let i = 0; i < BLOCK; i++)
    for (let k = 0; k < BLOCK; k++) memory[packedAt(strip, i, k, TILE_COLUMNS)] = -inverse[k * BLOCK + i]!
  memory.fill(0, swept, swept + size * BLOCK)
  for (let column = 0; column < BLOCK; column += TILE_COLUMNS)
    kernel.subtractProduct(swept + column, BLOCK, packedA, strip + column * BLOCK, BLOCK, size / TILE_ROWS)
  for (let row = 0; row < size; row++)
    for (let k = 0; k < BLOCK; k++) memory[packedAt(packedSwept, row, k, TILE_ROWS)] = memory[swept + row * BLOCK + k]!
}

/** A -= swept W' in the lower triangle, but for the rows and columns of the block, which `putBack` fills. */
function subtractFromRest(kernel: MatrixKernel, layout: Layout, block: number): void {
  const { size, stride, packedB, packedSwept } = layout
  for (let row = 0; row < size; row += BLOCK) {
    if (row === block) continue
    for (let column = 0; column < row + BLOCK; column += TILE_COLUMNS) {
      if (column >= block && column < block + BLOCK) continue
      const a = packedSwept + row * BLOCK
      kernel.subtractProduct(row * stride + column, stride, a, packedB + column * BLOCK, BLOCK, BLOCK / TILE_ROWS)
    }
  }
}

function putBack(values: Float32Array, { size, stride, swept }: Layout, block: number, inverse: Float64Array): void {
  for (let row = 0; row < block; row++)
    for (let k = 0; k < BLOCK; k++) values[(block + k) * stride + row] = values[swept + row * BLOCK + k]!
  for (let i = 0; i < BLOCK; i++)
    for (let k = 0; k <= i; k++) values[(block + i) * stride + block + k] = -inverse[i * BLOCK + k]!
  for (let row = block + BLOCK; row < size; row++)
    for (let k = 0; k < BLOCK; k++) values[row * stride + block + k] = values[swept + row * BLOCK + k]!
}

/** Fills the upper triangle, square after square so that both sides stay in the cache. */
function mirror(values: Float32Array, size: number, stride: number): void {
  for (let top = 0; top < size; top += 32)
    for (let left = 0; left <= top; left += 32)
      for (let i = top; i < top + 32; i++)
        for (let j = left; j < Math.min(left + 32, i); j++) values[j * stride + i] = values[i * stride + j]!
}
