import { Worker } from 'node:worker_threads'
import { AppError, type ErrorCode } from '../../../modules/kernel/errors.ts'
import type { Building } from './building.ts'
import type { Serving } from './serving.ts'

/** `self` names the process among those that share `dir`. */
export type ThreadData = { dir: string; trade: keyof Trades; self: string }
export type ToThread = { id: number; call: string; args: unknown[] }
/** `failed` is a bug, `refused` an answer. */
export type FromThread =
  | { id: number; json: string | undefined }
  | { id: number; value: unknown }
  | { id: number; refused: { code: ErrorCode; message: string } }
  | { id: number; failed: string }

type Trades = { serving: Serving; building: Building }
type Work = Record<string, (...args: never[]) => unknown>
type Waiting = { resolve: (value: unknown) => void; reject: (error: Error) => void }

/** The thread ended before its answer; another may be asked. */
export class ThreadLost extends Error {}

/** A thread of the index, which keeps the process alive while it is asked something, and no longer. */
export function startThread<Trade extends keyof Trades>(
  trade: Trade,
  { dir, self }: { dir: string; self: string },
  onLost: () => void,
) {
  const workerData: ThreadData = { dir, trade, self }
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { workerData })
  const waiting = new Map<number, Waiting>()
  let nextId = 1
  let ended = false
  worker.unref()
  worker.on('message', (message: FromThread) => {
    const caller = waiting.get(message.id)
    waiting.delete(message.id)
    if (waiting.size === 0) worker.unref()
    if (!caller) return
    if ('failed' in message) caller.reject(new Error(message.failed))
    else if ('refused' in message) caller.reject(new AppError(message.refused.code, message.refused.message))
    else if ('value' in message) caller.resolve(message.value)
    else caller.resolve(message.json === undefined ? undefined : JSON.parse(message.json))
  })
  const lost = () => {
    if (ended) return
    ended = true
    for (const { reject } of waiting.values()) reject(new ThreadLost('The thread of the search index ended early'))
    waiting.clear()
    onLost()
  }
  worker.on('error', lost)
  worker.on('exit', lost)

  type Does = Trades[Trade] & Work
  return {
    /** How many questions wait for their answer. */
    waiting: () => waiting.size,
    ask<Call extends keyof Trades[Trade] & string>(
      call: Call,
      ...args: Parameters<Does[Call]>
    ): Promise<ReturnType<Does[Call]>> {
      if (ended) return Promise.reject(new ThreadLost('The thread of the search index has ended'))
      worker.ref()
      return new Promise((resolve, reject) => {
        const id = nextId++
        waiting.set(id, { resolve: resolve as Waiting['resolve'], reject })
        worker.postMessage({ id, call, args } satisfies ToThread)
      })
    },
    async end(): Promise<void> {
      lost()
      worker.ref()
      await worker.terminate()
    },
  }
}

export type Thread<Trade extends keyof Trades> = ReturnType<typeof startThread<Trade>>
