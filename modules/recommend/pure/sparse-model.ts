/**
 * How much liking one item speaks for another, as compressed rows: row `i` holds what a shopper who liked `i` gets.
 * A shopper's score of item `j` is the sum over the history of `weight * value(i, j)`.
 */
export type SparseModel = {
  readonly items: number
  /** `items + 1` starts of rows in the arrays below. */
  readonly ptr: Uint32Array
  /** Items, ascending within a row. */
  readonly columns: Uint32Array
  readonly values: Float32Array
}

/** Collects rows in order of the item, keeping the `most` largest values of each. */
export function createRows(items: number, most: number) {
  const ptr = new Uint32Array(items + 1)
  let columns = new Uint32Array(1 << 16)
  let values = new Float32Array(1 << 16)
  let row = 0
  let end = 0
  return {
    /** The next row from `count` candidates: their items in `found`, their values in `score` by item. Reorders `found`. */
    push(found: Uint32Array, count: number, score: Float32Array | Float64Array): void {
      if (end + most > columns.length) {
        columns = grown(columns, new Uint32Array(columns.length * 2 + most))
        values = grown(values, new Float32Array(values.length * 2 + most))
      }
      const kept = keepLargest(found, count, score, most)
      const best = found.subarray(0, kept).toSorted()
      for (const item of best) {
        columns[end] = item
        values[end++] = score[item]!
      }
      ptr[++row] = end
    },
    /** The rows so far; those never pushed are empty. */
    finish(): SparseModel {
      ptr.fill(end, row)
      return { items, ptr, columns: columns.slice(0, end), values: values.slice(0, end) }
    },
  }
}

function grown<A extends { set(from: A): void }>(from: A, to: A): A {
  to.set(from)
  return to
}

/**
 * Moves the `most` items of largest score to the front of `found` and answers how many there are (quickselect; among equal
 * scores the smaller item wins, so that the answer does not depend on the order in which they were found).
 */
export function keepLargest(
  found: Uint32Array,
  count: number,
  score: Float32Array | Float64Array,
  most: number,
): number {
  if (count <= most) return count
  let low = 0
  let high = count - 1
  while (low < high) {
    const pivot = found[(low + high) >>> 1]!
    const edge = score[pivot]!
    let i = low
    let j = high
    while (i <= j) {
      while (score[found[i]!]! > edge || (edge === score[found[i]!] && found[i]! < pivot)) i++
      while (score[found[j]!]! < edge || (edge === score[found[j]!] && found[j]! > pivot)) j--
      if (i > j) break
      const held = found[i]!
      found[i++] = found[j]!
      found[j--] = held
    }
    if (most - 1 <= j) high = j
    else if (most - 1 >= i) low = i
    else break
  }
  return most
}

/** The sum of models, each times its share, `most` values of each row kept. */
export function addModels(parts: readonly { model: SparseModel; share: number }[], most: number): SparseModel {
  const items = Math.max(0, ...parts.map(({ model }) => model.items))
  const rows = createRows(items, most)
  const score = new Float64Array(items)
  const found = new Uint32Array(items)
  for (let row = 0; row < items; row++) {
    let count = 0
    for (const { model, share } of parts) {
      if (row >= model.items || share === 0) continue
      for (let at = model.ptr[row]!; at < model.ptr[row + 1]!; at++) {
        const item = model.columns[at]!
        if (score[item] === 0) found[count++] = item
        score[item]! += share * model.values[at]!
      }
    }
    rows.push(found, count, score)
    for (let i = 0; i < count; i++) score[found[i]!] = 0
  }
  return rows.finish()
}
