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

/** `warmUp` starts a thread ahead of the first job, and has it try its work until there is one. It does not wait. */
type EnginePool = Engine & { warmUp(): void }

/** Beyond this many jobs for each worker a caller is told to come back, instead of waiting longer than anybody would. */
const QUEUE_PER_WORKER = 6

type AboutJob = Exclude<FromWorker, { kind: 'loaded' }>

/** A thread that does not keep the process alive. `settled` resolves once its networks are loaded, cannot be, or it has ended. */
function openThread(
  opening: { modelsDir: string; warm: boolean },
  hear: (message: AboutJob) => void,
  lost: () => void,
): { worker: Worker; settled: Promise<void> } {
  const worker = new Worker(new URL('./engine-worker.ts', import.meta.url))
  worker.unref()
  const settled = new Promise<void>((resolve) => {
    worker.on('message', (message: FromWorker) => (message.kind === 'loaded' ? resolve() : hear(message)))
    for (const event of ['error', 'exit'])
      worker.on(event, () => {
        resolve()
        lost()
      })
  })
  worker.postMessage({ kind: 'open', ...opening } satisfies ToWorker)
  return { worker, settled }
}

/**
 * The engine on threads of its own, so that a try-on of a second does not hold up the shop's other answers. Threads
 * start with the first job, do not keep the process alive, and one that dies fails its jobs and is replaced.
 */
export function createEnginePool({ modelsDir, threads }: { modelsDir: string; threads: number }): EnginePool {
  const workers: Worker[] = []
  const loaded = new WeakMap<Worker, Promise<void>>()
  const waiting = new Map<number, Waiting>()
  let nextId = 1

  const start = (warm = false): Worker => {
    const { worker, settled } = openThread({ modelsDir, warm }, hear, () => {
      if (workers.includes(worker)) workers.splice(workers.indexOf(worker), 1)
      failJobs(worker)
    })
    loaded.set(worker, settled)
    workers.push(worker)
    return worker
  }

  const failJobs = (worker: Worker) => {
    for (const [id, job] of waiting) {
      if (job.worker !== worker) continue
      waiting.delete(id)
      job.reject(new Error('The try-on thread ended before its answer'))
    }
  }

  /** A thread that is cut off while it compiles WebAssembly can hang the process: its networks are awaited first. */
  const end = async (worker: Worker) => {
    failJobs(worker)
    worker.ref()
    await loaded.get(worker)
    await worker.terminate()
  }

  const hear = (message: AboutJob) => {
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
    warmUp() {
      if (workers.length === 0) start(true)
    },
    async close() {
      await Promise.all(workers.splice(0).map(end))
    },
  }
}
