import { parentPort } from 'node:worker_threads'
import { openKernel } from './open-kernel.ts'
import { type Task, train, type Trained } from './pure/training.ts'

/** What it answers to its one task; `failed` is a bug. */
export type FromTrainer = { kind: 'done'; trained: Trained } | { kind: 'failed'; message: string }

const answer = (message: FromTrainer) => parentPort?.postMessage(message)

parentPort?.once('message', (task: Task) => {
  try {
    answer({ kind: 'done', trained: train(task, openKernel) })
  } catch (error) {
    answer({ kind: 'failed', message: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
})
