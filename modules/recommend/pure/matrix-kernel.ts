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
        // Sixteen sums at a time stay in registers; the 32 of a whole tile would not.
        for (let column = 0; column < TILE_COLUMNS; column += 4)
          subtractHalf(memory, to + column, stride, from, b + column, depth)
      }
    },
  }
}

/** Four rows of four columns: x, y, z, w down, 0 to 3 across. */
function subtractHalf(m: Float32Array, c: number, stride: number, a: number, b: number, depth: number): void {
  let [x0, x1, x2, x3, y0, y1, y2, y3] = [0, 0, 0, 0, 0, 0, 0, 0]
  let [z0, z1, z2, z3, w0, w1, w2, w3] = [0, 0, 0, 0, 0, 0, 0, 0]
  for (let step = 0, at = a, bt = b; step < depth; step++, at += TILE_ROWS, bt += TILE_COLUMNS) {
    const b0 = m[bt]!
    const b1 = m[bt + 1]!
    const b2 = m[bt + 2]!
    const b3 = m[bt + 3]!
    const x = m[at]!
    x0 += x * b0
    x1 += x * b1
    x2 += x * b2
    x3 += x * b3
    const y = m[at + 1]!
    y0 += y * b0
    y1 += y * b1
    y2 += y * b2
    y3 += y * b3
    const z = m[at + 2]!
    z0 += z * b0
    z1 += z * b1
    z2 += z * b2
    z3 += z * b3
    const w = m[at + 3]!
    w0 += w * b0
    w1 += w * b1
    w2 += w * b2
    w3 += w * b3
  }
  subtractRow(m, c, x0, x1, x2, x3)
  subtractRow(m, c + stride, y0, y1, y2, y3)
  subtractRow(m, c + 2 * stride, z0, z1, z2, z3)
  subtractRow(m, c + 3 * stride, w0, w1, w2, w3)
}

function subtractRow(m: Float32Array, c: number, s0: number, s1: number, s2: number, s3: number): void {
  m[c]! -= s0
  m[c + 1]! -= s1
  m[c + 2]! -= s2
  m[c + 3]! -= s3
}
