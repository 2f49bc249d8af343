import { Worker } from 'node:worker_threads'
import type { ModelReport, Rollback } from './pure/model-report.ts'
import type { ClickLog } from './pure/click-log.ts'
import type { KeptRates } from './pure/click-rates.ts'
import { ASSUMED } from './pure/position-bias.ts'
import { FORMULA } from './pure/rank-model.ts'
import { type KeptRanker, type RankerNeeds, readRanker, type ServingRanker } from './ranker.ts'
import { replayClicks } from './ranker-replay.ts'
import type { Learnt, Lesson } from './ranker-worker.ts'

const DAY_MS = 86_400_000
/** Taste changes with the season. */
const LEARN_MS = 42 * DAY_MS
const JUDGE_MS = 7 * DAY_MS
const MOST_PAGES = 30_000
/** Fewer lists than these teach, or tell, nothing. */
const LEAST_BEFORE = 300
const LEAST_AFTER = 80

/** On a thread of its own: it takes seconds, and searches go on. */
function learn(lesson: Lesson): Promise<Learnt> {
  const { promise, resolve, reject } = Promise.withResolvers<Learnt>()
  const worker = new Worker(new URL('./ranker-worker.ts', import.meta.url))
  worker.on('message', resolve)
  worker.on('error', reject)
  worker.on('exit', () => reject(new Error('The ranker was not trained: its thread ended')))
  const buffers = [lesson.before, lesson.after].flatMap((log) => Object.values(log).map(({ buffer }) => buffer))
  worker.postMessage(lesson, buffers as ArrayBuffer[])
  return promise.finally(() => worker.terminate())
}

const metricsOf = ({ judged, overServing, overFormula }: Learnt, learntFrom: number): Record<string, number> => ({
  ndcg: judged.ndcg,
  clickedPlace: judged.clickedPlace,
  lists: judged.lists,
  learntFrom,
  formulaNdcg: overFormula.judged.ndcg,
  gainOverFormula: overFormula.gain,
  gainOverFormulaError: overFormula.error,
  gainOverCurrent: overServing.gain,
})

/** Why the candidate must not serve; undefined when it may. */
function refusalOf({ overFormula, overServing }: Learnt): string | undefined {
  if (overFormula.gain <= overFormula.error) return 'not surely better than the fixed formula'
  if (overServing.gain < 0) return 'worse than the model that serves'
  return undefined
}

type Studied = { learnt: Learnt; learntFrom: number; rates: KeptRates }

/** What the log says; `tooFew` where it says too little. */
async function study(needs: RankerNeeds, serving: ServingRanker | undefined): Promise<Studied | { tooFew: string }> {
  const time = needs.now().getTime()
  const { before, after, rates } = await replayClicks(needs, {
    since: new Date(time - LEARN_MS),
    split: new Date(time - JUDGE_MS),
    until: new Date(time),
    most: MOST_PAGES,
    propensities: serving?.propensities ?? ASSUMED,
  })
  const [learntFrom, judgedBy] = [clickedLists(before), clickedLists(after)]
  if (learntFrom < LEAST_BEFORE || judgedBy < LEAST_AFTER) {
    const least = `${learntFrom} of ${LEAST_BEFORE} to learn from, ${judgedBy} of ${LEAST_AFTER} to judge by`
    return { tooFew: `too few lists with clicks: ${least}` }
  }
  return { learnt: await learn({ before, after, serving: serving?.model ?? FORMULA }), learntFrom, rates }
}

function clickedLists({ offsets, gains }: ClickLog): number {
  const lists = [...offsets.subarray(1)].filter((end, list) =>
    gains.subarray(offsets[list], end).some((gain) => gain > 0),
  )
  return lists.length
}

/** How the ranker learns from what was clicked; `reload` is called when another model may serve. */
export function createRankerRefresh(needs: RankerNeeds, reload: () => Promise<void>) {
  const { models, newId } = needs
  return {
    /**
     * Learns from the lists of six weeks but the last, is judged by the last, and serves unless it is worse than what
     * does. Every process follows within seconds. With `dryRun` nothing is kept.
     */
    async refreshRanker({ dryRun = false }: { dryRun?: boolean } = {}): Promise<ModelReport> {
      const active = await models.findActive('ranker')
      const studied = await study(needs, active && (await readRanker(models, active.version)))
      const current = active ? { version: active.version, metrics: active.metrics as Record<string, number> } : null
      const report = { kind: 'ranker', version: null, metrics: {}, current, activated: false } as const
      if ('tooFew' in studied) return { ...report, reason: studied.tooFew }
      const { learnt, learntFrom, rates } = studied
      const metrics = metricsOf(learnt, learntFrom)
      if (current) current.metrics = { ...learnt.overServing.judged }
      const refusal = refusalOf(learnt)
      if (dryRun) return { ...report, metrics, reason: refusal ?? 'better, and not kept' }
      const kept: KeptRanker = { curves: [...learnt.curves], propensities: learnt.propensities, rates }
      const bytes = new TextEncoder().encode(JSON.stringify(kept))
      const [version, activate] = [newId(), refusal === undefined]
      await models.keep({ kind: 'ranker', version, metrics, bytes, activate })
      await reload()
      return { ...report, metrics, version, activated: activate, reason: refusal ?? 'better' }
    },

    /** The model that served before serves again; where there was none, the formula. */
    async rollbackRanker(): Promise<Rollback> {
      const gone = await models.rollBack('ranker')
      await reload()
      return { kind: 'ranker', ...gone }
    },
  }
}
