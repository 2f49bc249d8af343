import { parentPort } from 'node:worker_threads'
import type { ClickLog } from './pure/click-log.ts'
import { estimatePropensities } from './pure/position-bias.ts'
import { FORMULA, type RankModel } from './pure/rank-model.ts'
import { gainOver, type Judged, judgeRanker, trainRanker } from './pure/rank-training.ts'

/** Learns from `before`, and is judged by `after` beside what serves and the formula. */
export type Lesson = { before: ClickLog; after: ClickLog; serving: RankModel }
type Compared = { judged: Judged; gain: number; error: number }
export type Learnt = {
  propensities: number[]
  curves: Float64Array
  judged: Judged
  /** What the candidate gains over each. */
  overServing: Compared
  overFormula: Compared
}

parentPort?.once('message', ({ before, after, serving }: Lesson) => {
  const propensities = [...estimatePropensities(before)]
  const model = trainRanker(before, propensities)
  const compare = (other: RankModel): Compared => ({
    judged: judgeRanker(other, after, propensities),
    ...gainOver(other, model, after, propensities),
  })
  const learnt: Learnt = {
    propensities,
    curves: model.curves,
    judged: judgeRanker(model, after, propensities),
    overServing: compare(serving),
    overFormula: compare(FORMULA),
  }
  parentPort?.postMessage(learnt, [])
})
