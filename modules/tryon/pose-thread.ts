import { Worker } from 'node:worker_threads'
import type { PoseEstimator } from './pose.ts'
import type { FromPoseWorker, ToPoseWorker } from './pose-worker.ts'
import type { Pose } from './pure/pose.ts'

type Waiting = { resolve: (poses: Pose[]) => void; reject: (error: Error) => void }

/**
 * The networks on a thread of their own: loading and compiling them takes most of a second, which a process that draws one
 * picture has other work for. The thread keeps the process alive while it loads or looks, and no longer.
 */
export function startPoseEstimator({ modelsDir }: { modelsDir: string }): PoseEstimator {
  const worker = new Worker(new URL('./pose-worker.ts', import.meta.url))
  const waiting = new Map<number, Waiting>()
  let nextId = 1
  // A process that ends while its thread compiles WebAssembly can hang for good.
  let loading = true
  worker.postMessage({ kind: 'load', modelsDir } satisfies ToPoseWorker)
  const rest = () => {
    if (!loading && waiting.size === 0) worker.unref()
  }
  const settle = (id: number, how: (caller: Waiting) => void) => {
    const caller = waiting.get(id)
    waiting.delete(id)
    if (caller) how(caller)
    rest()
  }
  worker.on('message', (answered: FromPoseWorker) => {
    if ('poses' in answered) return settle(answered.id, ({ resolve }) => resolve(answered.poses))
    if ('failed' in answered) return settle(answered.id, ({ reject }) => reject(new Error(answered.failed)))
    loading = false
    rest()
  })
  const lost = () => {
    loading = false
    for (const id of waiting.keys()) settle(id, ({ reject }) => reject(new Error('The pose thread ended early')))
  }
  worker.on('error', lost)
  worker.on('exit', lost)
  return {
    apart: true,
    async load() {},
    estimate(picture) {
      worker.ref()
      return new Promise((resolve, reject) => {
        const id = nextId++
        waiting.set(id, { resolve, reject })
        worker.postMessage({ kind: 'estimate', id, picture } satisfies ToPoseWorker)
      })
    },
    close() {},
  }
}
