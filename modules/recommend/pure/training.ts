import type { Weights } from './blend.ts'
import { type CollaborativeSettings, DEFAULT_SETTINGS, fitCollaborative } from './collaborative.ts'
import { strengthOf } from './deeds.ts'
import { type Evaluation, evaluateModel } from './evaluate.ts'
import { type InteractionLists, type Interactions, interactionsOf } from './interactions.ts'
import type { OpenKernel } from './matrix-kernel.ts'
import { type Chosen, searchSettings } from './search-settings.ts'
import { createRows, type SparseModel } from './sparse-model.ts'
import { leaveLast, type Split, splitAt } from './split.ts'
import type { ItemVectors } from './vectors.ts'
import { learnWeights } from './weigh.ts'

const WEEK_MS = 7 * 86_400_000
const K = 20
/** Fewer users with something before and something in the last week cannot tell one model from another. */
const LEAST_USERS = 10

/** The model that serves, as a training needs it. */
export type Serving = {
  readonly model: SparseModel
  /** By item of the model, that of the interactions; -1 where nobody did anything with it. */
  readonly itemOf: Int32Array
  readonly chosen: Chosen
  /** When the last of what it was fitted on happened, in milliseconds since 1970. */
  readonly until: number
}

export type Task = {
  /** With times, in milliseconds since 1970, and weights. */
  readonly lists: InteractionLists
  readonly now: number
  readonly serving: Serving | undefined
  /** By item of the interactions. */
  readonly vectors: Pick<ItemVectors, 'dimensions' | 'data'>
}

export type Trained =
  | { readonly ok: false; readonly users: number }
  | {
      readonly ok: true
      /** Fitted on everything. */
      readonly model: SparseModel
      readonly chosen: Chosen
      readonly weights: Weights
      readonly until: number
      /** Of the same settings fitted on what was known before, on what came after. */
      readonly measured: Evaluation
      /** Of what serves, on the same; undefined where nothing does. */
      readonly serving: Evaluation | undefined
    }

/**
 * Tries a few settings on what came before the last week, keeps those that foretell the week best, measures what serves on
 * the same week, and fits the kept settings on everything.
 */
export function train({ lists, now, serving, vectors }: Task, openKernel: OpenKernel): Trained {
  const matrix = weighted(interactionsOf(lists))
  const { split, users } = chooseSplit(matrix, now)
  if (!split) return { ok: false, users }
  const start = startFrom(matrix.items)
  const chosen = searchSettings(split, { k: K, openKernel, start })
  const fitted = fitCollaborative(split.known, chosen.collaborative, { openKernel })
  const measured = evaluateModel(fitted, split, { k: K, recency: chosen.recency })
  const until = (matrix.times ?? new Float64Array()).reduce((last, time) => Math.max(last, time), 0)
  return {
    ok: true,
    model: fitCollaborative(matrix, chosen.collaborative, { openKernel }),
    chosen,
    weights: learnWeights({ split, model: fitted, vectors, exponent: chosen.recency?.exponent ?? 0 }),
    until,
    measured,
    serving: serving && measureServing(serving, split, openKernel),
  }
}

/** EASE of as many items as there are, and no more than its cube allows in a minute. */
const startFrom = (items: number): CollaborativeSettings => {
  const { ease } = DEFAULT_SETTINGS
  return { ...DEFAULT_SETTINGS, ease: ease && { ...ease, items: Math.min(items, ease.items) } }
}

const weighted = (matrix: Interactions): Interactions => ({ ...matrix, weights: matrix.weights.map(strengthOf) })

/** The last week, or where too few came back in it, the last thing that everybody did. */
function chooseSplit(matrix: Interactions, now: number): { split: Split | undefined; users: number } {
  for (const split of [splitAt(matrix, now - WEEK_MS), leaveLast(matrix)]) {
    const users = countAsked(split)
    if (users >= LEAST_USERS) return { split, users }
  }
  return { split: undefined, users: countAsked(leaveLast(matrix)) }
}

function countAsked({ known, wanted }: Split): number {
  let users = 0
  for (let user = 0; user < wanted.users; user++)
    if (wanted.ptr[user + 1]! > wanted.ptr[user]! && known.ptr[user + 1]! > known.ptr[user]!) users++
  return users
}

/**
 * What serves, on what the candidate is measured by. Where it has been fitted on some of that, its file would only repeat
 * what it has seen: then its settings are fitted again on what was known before.
 */
function measureServing(serving: Serving, split: Split, openKernel: OpenKernel): Evaluation {
  const from = (split.wanted.times ?? new Float64Array()).reduce((first, time) => Math.min(first, time), Infinity)
  const { chosen } = serving
  const model =
    serving.until >= from
      ? fitCollaborative(split.known, chosen.collaborative, { openKernel })
      : renumbered(serving, split.known.items)
  return evaluateModel(model, split, { k: K, recency: chosen.recency })
}

/** The same model over other numbers of its items; those without one are left out. */
function renumbered({ model, itemOf }: Serving, items: number): SparseModel {
  const rowOf = new Int32Array(items).fill(-1)
  for (const [row, item] of itemOf.entries()) if (item >= 0) rowOf[item] = row
  let most = 1
  for (let row = 0; row < model.items; row++) most = Math.max(most, model.ptr[row + 1]! - model.ptr[row]!)
  const rows = createRows(items, most)
  const score = new Float64Array(items)
  for (let item = 0; item < items; item++) {
    const found: number[] = []
    const row = rowOf[item]!
    if (row >= 0)
      for (let at = model.ptr[row]!; at < model.ptr[row + 1]!; at++) {
        const column = itemOf[model.columns[at]!]!
        if (column < 0) continue
        found.push(column)
        score[column] = model.values[at]!
      }
    rows.push(Uint32Array.from(found), found.length, score)
    for (const column of found) score[column] = 0
  }
  return rows.finish()
}
