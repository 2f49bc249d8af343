import { parentPort } from 'node:worker_threads'
import { createPictures } from '../media/index.ts'
import { createEngine, type Stage, type TryOnJob, type TryOnOutcome } from './engine.ts'
import { createPoseEstimator } from './pose.ts'
import { warmUp } from './warm-up.ts'

/** What the worker hears: first where the models are and whether to warm up, then one job at a time, in order. */
export type ToWorker = { kind: 'open'; modelsDir: string; warm: boolean } | { kind: 'run'; id: number; job: TryOnJob }
/** What it answers; `failed` is a bug, not a refusal. */
export type FromWorker =
  | { kind: 'loaded' }
  | { kind: 'stage'; id: number; stage: Stage }
  | { kind: 'done'; id: number; outcome: TryOnOutcome }
  | { kind: 'failed'; id: number; message: string }

let engine: ReturnType<typeof createEngine> | undefined
let queue = Promise.resolve()
let wanted = false

const answer = (message: FromWorker, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(message, transfer)

parentPort?.on('message', (data: ToWorker) => {
  if (data.kind === 'open') {
    const estimator = createPoseEstimator({ modelsDir: data.modelsDir })
    // A failure here comes back with the first job, where it can be told.
    estimator
      .load()
      .catch(() => {})
      .finally(() => answer({ kind: 'loaded' }))
    const pictures = createPictures()
    engine = createEngine({ pictures, estimator, device: 'cpu' })
    if (data.warm) queue = warmUntilWanted(warmUp({ pictures, estimator }))
    return
  }
  wanted = true
  queue = queue.then(() => run(data.id, data.job))
})

/** Leaves off as soon as there is a job. What fails in it would fail in the job, too, where it can be told. */
async function warmUntilWanted(steps: AsyncGenerator<void>): Promise<void> {
  try {
    for await (const _ of steps) {
      // A turn of the loop, in which a job can be heard.
      await new Promise(setImmediate)
      if (wanted) return
    }
  } catch {}
}

/** Answers with the outcome, whose pictures are handed over, not copied. It never rejects: the queue goes on. */
async function run(id: number, job: TryOnJob): Promise<void> {
  try {
    if (!engine) throw new Error('The worker was given a job before its models')
    const outcome = await engine.run(job, (stage) => answer({ kind: 'stage', id, stage }))
    const buffers = outcome.ok ? [outcome.picture.data.buffer, outcome.edit.data.buffer, outcome.cloth.data.buffer] : []
    answer({ kind: 'done', id, outcome }, buffers as ArrayBuffer[])
  } catch (error) {
    answer({ kind: 'failed', id, message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}
