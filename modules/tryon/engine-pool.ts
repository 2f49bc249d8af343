import { Worker } from 'node:worker_threads'
import { AppError } from '../kernel/errors.ts'
import type { Engine, Stage, TryOnJob, TryOnOutcome } from './engine.ts'
import type { FromWorker, ToWorker } from './engine-worker.ts'

type Waiting = {
  worker: Worker
  onStage: (stage: Stage) => void
  resolve: (outcome: TryOnOutcome) => void
  reject: (error: Error) => void
}

/** Beyond this many jobs for each worker a caller is told to come back, instead of waiting longer than anybody would. */
const QUEUE_PER_WORKER = 6

/**
 * The engine on threads of its own, so that a try-on of a second does not hold up the shop's other answers. Threads
 * start with the first job, do not keep the process alive, and one that dies fails its jobs and is replaced.
 */
export function createEnginePool({ modelsDir, threads }: { modelsDir: string; threads: number }): Engine {
  const workers: Worker[] = []
  const waiting = new Map<number, Waiting>()
  let nextId = 1

  const start = (): Worker => {
    const worker = new Worker(new URL('./engine-worker.ts', import.meta.url))
    worker.unref()
    worker.on('message', (message: FromWorker) => hear(message))
    const lost = () => {
      if (workers.includes(worker)) workers.splice(workers.indexOf(worker), 1)
      for (const [id, job] of waiting) {
        if (job.worker !== worker) continue
        waiting.delete(id)
        job.reject(new Error('The try-on thread ended before its answer'))
      }
    }
    worker.on('error', lost)
    worker.on('exit', lost)
    worker.postMessage({ kind: 'open', modelsDir } satisfies ToWorker)
    workers.push(worker)
    return worker
  }

  const hear = (message: FromWorker) => {
    const job = waiting.get(message.id)
    if (!job) return
    if (message.kind === 'stage') return job.onStage(message.stage)
    waiting.delete(message.id)
    if (!Array.from(waiting.values()).some(({ worker }) => worker === job.worker)) job.worker.unref()
    if (message.kind === 'done') job.resolve(message.outcome)
    else job.reject(new Error(message.message))
  }

  const load = (worker: Worker) => Array.from(waiting.values()).filter((job) => job.worker === worker).length

  return {
    run(job: TryOnJob, onStage = () => {}) {
      if (waiting.size >= QUEUE_PER_WORKER * threads)
        return Promise.reject(
          new AppError('unavailable', 'Many people are trying on right now; try again in a few seconds'),
        )
      const free = workers.toSorted((a, b) => load(a) - load(b))[0]
      const worker = free && (load(free) === 0 || workers.length >= threads) ? free : start()
      const id = nextId++
      worker.ref()
      return new Promise<TryOnOutcome>((resolve, reject) => {
        waiting.set(id, { worker, onStage, resolve, reject })
        worker.postMessage({ kind: 'run', id, job } satisfies ToWorker)
      })
    },
    async close() {
      await Promise.all(workers.splice(0).map((worker) => worker.terminate()))
    },
  }
}
