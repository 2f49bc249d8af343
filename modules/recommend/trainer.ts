import { Worker } from 'node:worker_threads'
import type { Task, Trained } from './pure/training.ts'
import type { FromTrainer } from './train-worker.ts'

/** Trains on a thread of its own, which ends with it, so that nobody waits who asks this process meanwhile. */
export async function trainApart(task: Task): Promise<Trained> {
  const worker = new Worker(new URL('./train-worker.ts', import.meta.url))
  try {
    return await new Promise<Trained>((resolve, reject) => {
      worker.once('message', (message: FromTrainer) => {
        if (message.kind === 'done') resolve(message.trained)
        else reject(new Error(message.message))
      })
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('The thread that trains has ended')))
      worker.postMessage(task)
    })
  } finally {
    await worker.terminate()
  }
}
