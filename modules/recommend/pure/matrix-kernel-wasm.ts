import { TILE_COLUMNS, TILE_ROWS } from './matrix-kernel.ts'
import {
  add4,
  addInt,
  assemble,
  type Code,
  code,
  get,
  int,
  load4,
  loadOneAs4,
  loop,
  multiply4,
  set,
  store4,
  subtract4,
  subtractInt,
  zero4,
} from './wasm-assembler.ts'

/** `depth` must be a multiple of this: so many steps stand one after the other in the loop. */
export const STEPS_AT_ONCE = 4

const FLOAT = 4
const [C, STRIDE, A, B, DEPTH, TILES] = [0, 1, 2, 3, 4, 5]
const [B_AT, LEFT] = [6, 7]
const [B_FIRST, B_SECOND, A_ONE, SUMS] = [8, 9, 10, 11]

const rows = Array.from({ length: TILE_ROWS }, (_, row) => row)
const halves = [0, 1]
const sumOf = (row: number, half: number) => SUMS + row * halves.length + half
const each = <T>(of: readonly T[], write: (one: T) => Code): Code => of.flatMap(write)

const advance = (local: number, by: Code): Code => code(get(local), by, addInt, set(local))
const countDown = (local: number, by: number): Code => code(get(local), int(by), subtractInt, set(local), get(local))

/** sums += (TILE_ROWS floats of A, each against TILE_COLUMNS of B) */
const step = (at: number): Code =>
  code(
    get(B_AT),
    load4(at * TILE_COLUMNS * FLOAT),
    set(B_FIRST),
    get(B_AT),
    load4(at * TILE_COLUMNS * FLOAT + 16),
    set(B_SECOND),
    each(rows, (row) =>
      code(
        get(A),
        loadOneAs4((at * TILE_ROWS + row) * FLOAT),
        set(A_ONE),
        each(halves, (half) =>
          code(
            get(sumOf(row, half)),
            get(A_ONE),
            get(half ? B_SECOND : B_FIRST),
            multiply4,
            add4,
            set(sumOf(row, half)),
          ),
        ),
      ),
    ),
  )

/** C -= sums, and C goes to the row below. */
const store = (row: number): Code =>
  code(
    each(halves, (half) => code(get(C), get(C), load4(half * 16), get(sumOf(row, half)), subtract4, store4(half * 16))),
    advance(C, get(STRIDE)),
  )

/**
 * `subtractProduct` of a `MatrixKernel` as a WebAssembly module with SIMD, offsets and stride in bytes. Its 32 sums and the
 * operands of a step are eleven vectors, so that all of them stay in the sixteen registers of x86-64.
 */
export function matrixKernelBytes(): Uint8Array<ArrayBuffer> {
  const tile = code(
    get(B),
    set(B_AT),
    get(DEPTH),
    set(LEFT),
    each(rows, (row) => each(halves, (half) => code(zero4, set(sumOf(row, half))))),
    loop(
      code(
        each(
          Array.from({ length: STEPS_AT_ONCE }, (_, at) => at),
          step,
        ),
        advance(A, int(STEPS_AT_ONCE * TILE_ROWS * FLOAT)),
        advance(B_AT, int(STEPS_AT_ONCE * TILE_COLUMNS * FLOAT)),
        countDown(LEFT, STEPS_AT_ONCE),
      ),
    ),
    each(rows, store),
    countDown(TILES, 1),
  )
  return assemble({ parameters: 6, integers: 2, vectors: 3 + TILE_ROWS * halves.length }, loop(tile))
}
