import { invertNegated, openSymmetricMatrix, type SymmetricMatrix } from './inverse.ts'
import { type Interactions, transpose } from './interactions.ts'
import type { OpenKernel } from './matrix-kernel.ts'
import { createRows, type SparseModel } from './sparse-model.ts'

export type EaseSettings = {
  /** How many of the most active items take part; the others have empty rows. The work grows with their cube. */
  readonly items: number
  /** Added to the diagonal of the Gram matrix. */
  readonly ridge: number
}

/**
 * EASE^R: the linear model with a zero diagonal that best says each item from the others, in closed form: with
 * P = (X'X + ridge I)^-1, value(i, j) = -P_ij / P_jj. The `most` largest of each row are kept.
 * Steck: Embarrassingly Shallow Autoencoders for Sparse Data (WWW 2019).
 */
export function fitEase(
  matrix: Interactions,
  settings: EaseSettings & { readonly most: number },
  openKernel: OpenKernel,
  onBlock?: (done: number, of: number) => void,
): SparseModel {
  const turned = transpose(matrix)
  const head = mostActive(turned, settings.items)
  const gram = gramOf(matrix, turned, head, openKernel)
  for (let i = 0; i < head.length; i++) gram.values[i * gram.stride + i]! += settings.ridge
  invertNegated(gram, onBlock)
  return rowsOf(gram, head, matrix.items, settings.most)
}

/** The items that most users took, ascending. */
function mostActive({ users: items, ptr }: Interactions, most: number): Uint32Array {
  const taken = (item: number) => ptr[item + 1]! - ptr[item]!
  const all = Array.from({ length: items }, (_, item) => item).filter((item) => taken(item) > 0)
  return Uint32Array.from(all.toSorted((a, b) => taken(b) - taken(a) || a - b).slice(0, most)).toSorted()
}

/** X'X among the items of `head`, lower triangle. Sums in double precision. */
function gramOf(
  { ptr, columns, weights }: Interactions,
  turned: Interactions,
  head: Uint32Array,
  openKernel: OpenKernel,
): SymmetricMatrix {
  const gram = openSymmetricMatrix(head.length, openKernel)
  const rank = new Int32Array(turned.users).fill(-1)
  for (const [i, item] of head.entries()) rank[item] = i
  const row = new Float64Array(head.length)
  for (const [i, item] of head.entries()) {
    row.fill(0, 0, i + 1)
    for (let at = turned.ptr[item]!; at < turned.ptr[item + 1]!; at++) {
      const user = turned.columns[at]!
      const weight = turned.weights[at]!
      for (let k = ptr[user]!, end = ptr[user + 1]!; k < end && columns[k]! <= item; k++) {
        const j = rank[columns[k]!]!
        if (j >= 0) row[j]! += weight * weights[k]!
      }
    }
    gram.values.set(row.subarray(0, i + 1), i * gram.stride)
  }
  return gram
}

/** -P_ij / P_jj from the negated P, by the catalogue's own numbers. Values of 0 and below are left out. */
function rowsOf({ values, stride }: SymmetricMatrix, head: Uint32Array, items: number, most: number): SparseModel {
  const rows = createRows(items, most)
  const score = new Float64Array(items)
  const found = new Uint32Array(head.length)
  let next = 0
  for (let item = 0; item < items; item++) {
    let count = 0
    const i = next
    if (head[i] === item) {
      next++
      for (let j = 0; j < head.length; j++) {
        const value = -values[i * stride + j]! / values[j * stride + j]!
        if (j === i || value <= 0) continue
        score[head[j]!] = value
        found[count++] = head[j]!
      }
    }
    rows.push(found, count, score)
  }
  return rows.finish()
}
