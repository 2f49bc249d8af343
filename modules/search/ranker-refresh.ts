import { Worker } from 'node:worker_threads'
import { activateModel, deleteOldModels, findActive, findBefore, insertModel } from './model-store.ts'
import type { ModelReport, Rollback } from './pure/model-report.ts'
import type { ClickLog } from './pure/click-log.ts'
import type { KeptRates } from './pure/click-rates.ts'
import { ASSUMED } from './pure/position-bias.ts'
import { FORMULA } from './pure/rank-model.ts'
import { blobOf, type KeptRanker, RANKER, type RankerNeeds, readRanker, type ServingRanker } from './ranker.ts'
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
const KEPT_MODELS = 8

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

type Kept = { blob: KeptRanker; metrics: Record<string, number>; activate: boolean }

/** Row and activation commit together, once the blob is there. */
async function keepModel({ sql, blobs, now, newId }: RankerNeeds, { blob, metrics, activate }: Kept): Promise<string> {
  const version = newId()
  await blobs.put(blobOf(version), new TextEncoder().encode(JSON.stringify(blob)), 'application/json')
  await sql.transaction().execute(async (tx) => {
    await insertModel(tx, { version, kind: RANKER, metrics, created_at: now() })
    if (activate) await activateModel(tx, RANKER, version, now())
  })
  for (const old of await deleteOldModels(sql, RANKER, KEPT_MODELS)) await blobs.delete(blobOf(old))
  return version
}

/** How the ranker learns from what was clicked; `reload` is called when another model may serve. */
export function createRankerRefresh(needs: RankerNeeds, reload: () => Promise<void>) {
  const { sql, blobs, now } = needs
  return {
    /**
     * Learns from the lists of six weeks but the last, is judged by the last, and serves unless it is worse than what
     * does. Every process follows within seconds. With `dryRun` nothing is kept.
     */
    async refreshRanker({ dryRun = false }: { dryRun?: boolean } = {}): Promise<ModelReport> {
      const active = await findActive(sql, RANKER)
      const studied = await study(needs, active && (await readRanker(blobs, active.version)))
      const current = active ? { version: active.version, metrics: active.metrics } : null
      const report = { kind: RANKER, version: null, metrics: {}, current, activated: false } as const
      if ('tooFew' in studied) return { ...report, reason: studied.tooFew }
      const { learnt, learntFrom, rates } = studied
      const metrics = metricsOf(learnt, learntFrom)
      if (current) current.metrics = { ...learnt.overServing.judged }
      const refusal = refusalOf(learnt)
      if (dryRun) return { ...report, metrics, reason: refusal ?? 'better, and not kept' }
      const blob = { curves: [...learnt.curves], propensities: learnt.propensities, rates }
      const version = await keepModel(needs, { blob, metrics, activate: refusal === undefined })
      await reload()
      return { ...report, metrics, version, activated: refusal === undefined, reason: refusal ?? 'better' }
    },

    /** The model that served before serves again; where there was none, the formula. */
    async rollbackRanker(): Promise<Rollback> {
      const rollback = await sql.transaction().execute(async (tx) => {
        const { active, before } = await findBefore(tx, RANKER)
        await activateModel(tx, RANKER, before?.version, now())
        return { kind: RANKER, version: before?.version ?? null, was: active?.version ?? null } as const
      })
      await reload()
      return rollback
    },
  }
}
