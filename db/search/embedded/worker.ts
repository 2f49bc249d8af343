import { parentPort, workerData } from 'node:worker_threads'
import { AppError } from '../../../modules/kernel/errors.ts'
import { createBuilding } from './building.ts'
import { createServing } from './serving.ts'
import type { FromThread, ThreadData, ToThread } from './thread.ts'

/** One thread, one of two trades: it serves, or it builds. */
const { dir, trade, self } = workerData as ThreadData
const work = trade === 'serving' ? createServing(dir, self, Date.now) : createBuilding(dir, Date.now)

parentPort?.on('message', ({ id, call, args }: ToThread) => parentPort?.postMessage(answer(id, call, args)))

function answer(id: number, call: string, args: unknown[]): FromThread {
  try {
    const value = (work as Record<string, (...args: unknown[]) => unknown>)[call]?.(...args)
    // A string crosses in a third of the time that its objects take.
    return call === 'forMerge' ? { id, value } : { id, json: JSON.stringify(value) }
  } catch (error) {
    if (error instanceof AppError) return { id, refused: { code: error.code, message: error.message } }
    return { id, failed: error instanceof Error ? (error.stack ?? error.message) : String(error) }
  }
}
