import { parentPort } from 'node:worker_threads'
import { createPictures } from '../media/index.ts'
import { createEngine, type Stage, type TryOnJob, type TryOnOutcome } from './engine.ts'
import { createPoseEstimator } from './pose.ts'

/** What the worker hears: first where the models are, then one job at a time, in order. */
export type ToWorker = { kind: 'open'; modelsDir: string } | { kind: 'run'; id: number; job: TryOnJob }
/** What it answers; `failed` is a bug, not a refusal. */
export type FromWorker =
  | { kind: 'stage'; id: number; stage: Stage }
  | { kind: 'done'; id: number; outcome: TryOnOutcome }
  | { kind: 'failed'; id: number; message: string }

let engine: ReturnType<typeof createEngine> | undefined
let queue = Promise.resolve()

const answer = (message: FromWorker, transfer: ArrayBuffer[] = []) => parentPort?.postMessage(message, transfer)

parentPort?.on('message', (data: ToWorker) => {
  if (data.kind === 'open') {
    const estimator = createPoseEstimator({ modelsDir: data.modelsDir })
    // A failure here comes back with the first job, where it can be told.
    estimator.load().catch(() => {})
    engine = createEngine({ pictures: createPictures(), estimator, device: 'cpu' })
    return
  }
  queue = queue.then(() => run(data.id, data.job))
})

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
