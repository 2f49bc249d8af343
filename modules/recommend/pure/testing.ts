import { type Interactions, interactionsOf } from './interactions.ts'
import type { SparseModel } from './sparse-model.ts'

/** Numbers in 0..1 that are the same for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Events with weights of 1 to 3 and times; lower items are more popular. */
export function randomInteractions(
  random: () => number,
  { users, items, events }: { users: number; items: number; events: number },
): Interactions {
  const draw = (make: () => number) => Array.from({ length: events }, make)
  return interactionsOf({
    users,
    items,
    user: draw(() => Math.floor(random() * users)),
    item: draw(() => Math.floor(random() ** 2 * items)),
    weight: draw(() => 1 + Math.floor(random() * 3)),
    time: draw(() => Math.floor(random() * 1e9)),
  })
}

/** A matrix of `rows` x `columns` with zeros where nothing is. */
export function denseOf(
  { ptr, columns }: { ptr: Uint32Array; columns: Uint32Array },
  values: Float32Array,
  [height, width]: [number, number],
): number[][] {
  return Array.from({ length: height }, (_, row) => {
    const line = Array.from<number>({ length: width }).fill(0)
    for (let at = ptr[row]!; at < ptr[row + 1]!; at++) line[columns[at]!] = values[at]!
    return line
  })
}

export const denseModel = (model: SparseModel) => denseOf(model, model.values, [model.items, model.items])

/** The model with these rows, zeros left out. */
export function modelOf(rows: readonly (readonly number[])[]): SparseModel {
  const columns: number[] = []
  const values: number[] = []
  const ptr = [0]
  for (const row of rows) {
    for (const [item, value] of row.entries())
      if (value !== 0) {
        columns.push(item)
        values.push(value)
      }
    ptr.push(columns.length)
  }
  return {
    items: rows.length,
    ptr: Uint32Array.from(ptr),
    columns: Uint32Array.from(columns),
    values: Float32Array.from(values),
  }
}
