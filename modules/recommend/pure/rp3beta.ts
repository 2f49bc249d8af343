import { type Interactions, transpose, weightOfRows } from './interactions.ts'
import { createRows, type SparseModel } from './sparse-model.ts'

/** Exponents that take weight from what is frequent. Item 0, user 1, target 0 is the plain walk of two steps. */
export type Rp3BetaSettings = {
  /** Of the weight of the item that one comes from: a popular one says less about who took it. */
  readonly item: number
  /** Of the weight of the user on the way (alpha of the second step): somebody who took everything says little. */
  readonly user: number
  /** Of the weight of the item that one comes to (beta). */
  readonly target: number
}

/**
 * RP3beta: the chance to walk from an item over one of its users to another item, the popular ones held back:
 * value(i, j) ~ d_j^-target * sum over u of x_ui * x_uj * d_u^-user, the item itself left out, `most` of each row kept and made
 * to sum up to d_i^-item. Summing up to 1 is the first step's alpha made exact: what is cut off is not lost for the rest.
 * Paudel, Christoffel, Newell, Bernstein: Updatable, Accurate, Diverse, and Scalable Recommendations (TiiS 2017).
 */
export function fitRp3Beta(matrix: Interactions, settings: Rp3BetaSettings, most: number): SparseModel {
  const turned = transpose(matrix)
  const ofItem = weightOfRows(turned)
  const to = powers(ofItem, -settings.target)
  const over = powers(weightOfRows(matrix), -settings.user)
  const { items, ptr, columns, weights } = matrix
  const rows = createRows(items, most)
  const score = new Float64Array(items)
  const found = new Uint32Array(items)
  for (let i = 0; i < items; i++) {
    let count = 0
    for (let at = turned.ptr[i]!; at < turned.ptr[i + 1]!; at++) {
      const user = turned.columns[at]!
      const share = turned.weights[at]! * over[user]!
      for (let k = ptr[user]!, end = ptr[user + 1]!; k < end; k++) {
        const j = columns[k]!
        if (score[j] === 0) found[count++] = j
        score[j]! += share * weights[k]!
      }
    }
    let open = 0
    for (let k = 0; k < count; k++) {
      const j = found[k]!
      if (j === i) continue
      found[open++] = j
      score[j]! *= to[j]!
    }
    score[i] = 0
    // `push` reorders what it is given and loses nothing of it, so all can be cleared after.
    rows.push(found, open, score)
    for (let k = 0; k < open; k++) score[found[k]!] = 0
  }
  const model = rows.finish()
  scaleRows(model, powers(ofItem, -settings.item))
  return model
}

/** Makes each row sum up to its entry of `sums`. */
function scaleRows({ items, ptr, values }: SparseModel, sums: Float64Array): void {
  for (let row = 0; row < items; row++) {
    let sum = 0
    for (let at = ptr[row]!; at < ptr[row + 1]!; at++) sum += values[at]!
    for (let at = ptr[row]!; at < ptr[row + 1]!; at++) values[at]! *= sums[row]! / sum
  }
}

function powers(base: Float64Array, exponent: number): Float64Array {
  return base.map((value) => (value > 0 ? value ** exponent : 0))
}
