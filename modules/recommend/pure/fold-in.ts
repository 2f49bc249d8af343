import { keepLargest, type SparseModel } from './sparse-model.ts'

/** What a shopper did, in any order: an item of the model and how much it counts. */
export type History = readonly { readonly item: number; readonly weight: number }[]

/** Room for the scores of one request, to be used again by the next: nothing is allocated while scoring. */
export type Scores = {
  /** By item; 0 where nothing in the history speaks for it. Valid until the next `foldIn`. */
  readonly score: Float64Array
  /** The first `count` are the items with a score, in no order. */
  readonly found: Uint32Array
  count: number
}

export const createScores = (items: number): Scores => ({
  score: new Float64Array(items),
  found: new Uint32Array(items),
  count: 0,
})

/** Scores every item that the history speaks for into `out`, which it clears first. Unknown items count for nothing. */
export function foldIn(model: SparseModel, history: History, out: Scores): void {
  const { score, found } = out
  for (let i = 0; i < out.count; i++) score[found[i]!] = 0
  let count = 0
  const { ptr, columns, values, items } = model
  for (const { item, weight } of history) {
    if (!(item >= 0 && item < items) || weight === 0) continue
    for (let at = ptr[item]!, end = ptr[item + 1]!; at < end; at++) {
      const column = columns[at]!
      const before = score[column]!
      const after = before + weight * values[at]!
      // A sum that comes back to nothing must not be listed twice, so it keeps a trace too small to rank.
      if (before === 0) found[count++] = column
      score[column] = after === 0 ? Number.MIN_VALUE : after
    }
  }
  out.count = count
}

/**
 * The `most` best items by falling score, those of `skip` left out (all of the history is usually in it); equal scores by
 * rising item. Reorders `out.found` and leaves the scores as they are.
 */
export function bestOf(out: Scores, most: number, skip: (item: number) => boolean = () => false): number[] {
  const { score, found } = out
  let open = 0
  for (let i = 0; i < out.count; i++) {
    const item = found[i]!
    if (skip(item)) continue
    found[i] = found[open]!
    found[open++] = item
  }
  const kept = keepLargest(found, open, score, most)
  return [...found.subarray(0, kept)].toSorted((a, b) => score[b]! - score[a]! || a - b)
}

/** What each entry of the history adds to the score of `item`, beside the history; their sum is that score. */
export function contributionsOf(model: SparseModel, history: History, item: number): number[] {
  return history.map((liked) => liked.weight * valueAt(model, liked.item, item))
}

/** One value of the model; 0 where it holds none. */
export function valueAt({ items, ptr, columns, values }: SparseModel, row: number, column: number): number {
  if (!(row >= 0 && row < items)) return 0
  let low = ptr[row]!
  let high = ptr[row + 1]! - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const there = columns[middle]!
    if (there === column) return values[middle]!
    if (there < column) low = middle + 1
    else high = middle - 1
  }
  return 0
}
