/** Rows and columns of the tile that a kernel works on at once. */
export const TILE_ROWS = 4
export const TILE_COLUMNS = 8

/**
 * The one inner loop of dense matrices, and the memory it works on (a WebAssembly kernel reaches only its own).
 * Offsets and lengths are in floats of `memory`.
 */
export type MatrixKernel = {
  readonly name: 'wasm' | 'plain'
  readonly memory: Float32Array
  /**
   * For `tiles` tiles, one below the other: C -= A * B. C has TILE_ROWS rows per tile that lie `stride` apart and
   * TILE_COLUMNS columns. A is packed: for every tile, for each of `depth` steps, TILE_ROWS floats. B likewise, one pack of
   * TILE_COLUMNS floats a step, the same for all tiles.
   */
  subtractProduct(c: number, stride: number, a: number, b: number, depth: number, tiles: number): void
}

/** Makes a kernel with zeroed memory of so many floats. */
export type OpenKernel = (floats: number) => MatrixKernel

/** The kernel in plain TypeScript, for machines without SIMD in WebAssembly; also what the other is tested against. */
export const openPlainKernel: OpenKernel = (floats) => {
  const memory = new Float32Array(floats)
  return {
    name: 'plain',
    memory,
    subtractProduct(c, stride, a, b, depth, tiles) {
      for (let tile = 0; tile < tiles; tile++) {
        const from = a + tile * TILE_ROWS * depth
        const to = c + tile * TILE_ROWS * stride
        // Eight sums at a time stay in registers; the 32 of a whole tile would not.
        for (let row = 0; row < TILE_ROWS; row += 2)
          for (let column = 0; column < TILE_COLUMNS; column += 4)
            subtractPart(memory, to + row * stride + column, stride, from + row, b + column, depth)
      }
    },
  }
}

/** Two rows of four columns. */
function subtractPart(m: Float32Array, c: number, stride: number, a: number, b: number, depth: number): void {
  let [s0, s1, s2, s3, t0, t1, t2, t3] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let step = 0, at = a, bt = b; step < depth; step++, at += TILE_ROWS, bt += TILE_COLUMNS) {
    const upper = m[at]!
    const lower = m[at + 1]!
    s0 += upper * m[bt]!
    s1 += upper * m[bt + 1]!
    s2 += upper * m[bt + 2]!
    s3 += upper * m[bt + 3]!
    t0 += lower * m[bt]!
    t1 += lower * m[bt + 1]!
    t2 += lower * m[bt + 2]!
    t3 += lower * m[bt + 3]!
  }
  m[c]! -= s0
  m[c + 1]! -= s1
  m[c + 2]! -= s2
  m[c + 3]! -= s3
  const d = c + stride
  m[d]! -= t0
  m[d + 1]! -= t1
  m[d + 2]! -= t2
  m[d + 3]! -= t3
}
