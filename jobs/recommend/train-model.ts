import { AppError } from '../../modules/kernel/errors.ts'
import { openKernel } from '../../modules/recommend/index.ts'
import { DEFAULT_SETTINGS, fitCollaborative } from '../../modules/recommend/pure/collaborative.ts'
import { type Evaluation, evaluateModel } from '../../modules/recommend/pure/evaluate.ts'
import { type Interactions, joinInteractions } from '../../modules/recommend/pure/interactions.ts'
import { type Chosen, searchSettings, SETTINGS_TRIED } from '../../modules/recommend/pure/search-settings.ts'
import type { SparseModel } from '../../modules/recommend/pure/sparse-model.ts'
import { leaveLast, leaveSome, type Split } from '../../modules/recommend/pure/split.ts'
import type { Output } from '../command.ts'
import { type FileOptions, type Files, wholeOf } from './files.ts'

/** A part that nobody looks at while training: the last of each user where times are known, else one in ten. */
export const holdBack = (matrix: Interactions): Split => (matrix.times ? leaveLast(matrix) : leaveSome(matrix, 10))

/** `known`: what the model was fitted on, which is left out of what it recommends. */
export type Trained = { model: SparseModel; chosen: Chosen; known: Interactions; seconds: number }

/** Chooses settings on `valid`, or on a part of `train` held back, then fits on all of it. */
export function trainModel(
  { train, valid }: Pick<Files, 'train' | 'valid'>,
  options: FileOptions,
  out: Output,
): Trained {
  const from = performance.now()
  const k = kOf(options)
  const items = wholeOf('ease', options.ease, [0, 10_000])
  const { ease } = DEFAULT_SETTINGS
  const start = { ...DEFAULT_SETTINGS, ease: items > 0 && ease ? { ...ease, items } : undefined }
  const split = valid ? { known: train, wanted: valid } : holdBack(train)
  const tries = out.progress('settings', SETTINGS_TRIED)
  const chosen = searchSettings(split, { k, openKernel, start, onTry: tries.step })
  tries.end()
  const known = valid ? joinInteractions(train, valid) : train
  const model = fitCollaborative(known, chosen.collaborative, { openKernel })
  return { model, chosen, known, seconds: (performance.now() - from) / 1000 }
}

/** Throws `invalid` when the test asks about nobody. */
export function judge(
  { model, chosen, known }: Omit<Trained, 'seconds'>,
  wanted: Interactions,
  options: FileOptions,
): Evaluation {
  const evaluation = evaluateModel(model, { known, wanted }, { k: kOf(options), recency: chosen.recency })
  if (evaluation.users === 0)
    throw new AppError(
      'invalid',
      `${options.test ?? options.train}: nobody in it wants anything that they did not have`,
    )
  return evaluation
}

const kOf = (options: FileOptions) => wholeOf('k', options.k, [1, 1000])
const round = (value: number, digits: number) => Number(value.toFixed(digits))
const line = (name: string, value: string | number) => `${name.padEnd(14)} ${value}`

export function describeEvaluation({ users, recall, ndcg, hitRate, coverage }: Evaluation, options: FileOptions) {
  const k = kOf(options)
  const measures = { recall, ndcg, hitRate, coverage }
  const json = Object.fromEntries(Object.entries(measures).map(([name, value]) => [name, round(value, 5)]))
  const rows = Object.entries({ recall, NDCG: ndcg, 'hit rate': hitRate, coverage })
  const lines = [...rows.map(([name, value]) => line(`${name}@${k}`, value.toFixed(4))), line('users', users)]
  return { json: { k, users, ...json }, lines }
}

export function describeTraining({ chosen, seconds }: Trained) {
  const { walk, ease, most } = chosen.collaborative
  const settings = [
    `RP3beta item ${walk.item.toFixed(2)}, user ${walk.user.toFixed(2)}, target ${walk.target.toFixed(2)}`,
    ease ? `EASE of ${ease.items} items, ridge ${ease.ridge}, share ${ease.share}` : 'no EASE',
    chosen.recency
      ? `popularity of ${chosen.recency.days} days ^ ${chosen.recency.exponent}, prior ${chosen.recency.prior}`
      : 'no recency',
    `${most} values a row`,
  ]
  const json = { trainSeconds: round(seconds, 2), settings: chosen }
  return { json, lines: [line('settings', settings.join('; ')), line('train seconds', seconds.toFixed(1))] }
}
