import { createBatch } from '../batch.ts'
import { deliverOutbox, listenersOf } from '../../modules/kernel/events.ts'
import type { Infra } from '../index.ts'
import type { ClaimedJob, Work } from './index.ts'

type Shop = Work & { infra: Pick<Infra, 'sql' | 'jobs'> }

export type Worker = {
  /** Takes nothing new, and resolves when what runs has ended, or after ten seconds: then others do it again. */
  stop(): Promise<void>
}

/** Jobs at once, and of one name: a mail server that hangs must not hold up payments. */
const SLOTS = 10
const SLOTS_OF_A_NAME = 5
/** How long an event or a job waits at most before it is seen. Asking costs two small statements. */
const POLL_MS = 150
const POLL_AFTER_ERROR_MS = 1000
/** A job whose worker has not said for ten seconds that it lives is given to another. */
const BEAT_MS = 3000
const SUPERVISE_MS = 10_000
const HOUSEKEEPING_SECONDS = 3600
const LAST_JOBS_MS = 10_000
const KEEP_DELIVERED_MS = 7 * 86_400_000

type Failed = (error: unknown, job: ClaimedJob) => void

/** Does one job of ours by its name. */
function createRunner(shop: Shop, onFailure: Failed) {
  const { sql, jobs: queue } = shop.infra
  const work = { ...shop.jobs, ...listenersOf(shop.handlers), 'kernel.forget_delivered': forgetDelivered }
  // What ends at the same time is written down in one statement.
  const complete = createBatch(async (done: ClaimedJob[]) => {
    await queue.complete(done)
    return new Map<ClaimedJob, never>()
  })

  async function forgetDelivered(): Promise<void> {
    const before = new Date(Date.now() - KEEP_DELIVERED_MS)
    await sql.deleteFrom('kernel.outbox').where('done_at', '<', before).execute()
  }

  return async (job: ClaimedJob): Promise<void> => {
    try {
      const run: ((payload: never) => Promise<void>) | undefined = Object.hasOwn(work, job.name)
        ? work[job.name as keyof typeof work]
        : undefined
      if (!run) throw new Error(`Nobody here knows a job ${job.name}`)
      await run(job.payload as never)
    } catch (error) {
      onFailure(error, job)
      return queue.fail(job, error instanceof Error ? `${error.name}: ${error.message}` : String(error))
    }
    await complete([job])
  }
}

/**
 * Does, one after the other, all that waits in outbox and queue and what comes of it; returns how many jobs succeeded or
 * failed. `ahead` does those of later times too, so that each failing one is retried until it is dead.
 */
export async function runDueJobs(shop: Shop, { ahead = false, onFailure }: { ahead?: boolean; onFailure: Failed }) {
  const { sql, jobs: queue } = shop.infra
  const run = createRunner(shop, onFailure)
  for (let done = 0; ;) {
    while ((await deliverOutbox({ sql, jobs: queue }, shop.handlers)) > 0);
    const claimed = await queue.claim(SLOTS, { ahead })
    if (claimed.length === 0) return done
    for (const job of claimed) await run(job)
    done += claimed.length
  }
}

/** Does the shop's work until it is stopped. Any number may run on one database: each job is done by one of them. */
export function startWorker(shop: Shop): Worker {
  const { sql, jobs: queue } = shop.infra
  const run = createRunner(shop, (error, job) => console.error(`job ${job.name} ${job.id} failed:`, error))
  const running = new Map<ClaimedJob, Promise<void>>()
  const stopping = new AbortController()
  let wake: (() => void) | undefined

  function start(job: ClaimedJob): void {
    const ended = run(job)
      .catch((error: unknown) => console.error(`job ${job.name} ${job.id} could not be written down:`, error))
      .finally(() => {
        running.delete(job)
        wake?.()
      })
    running.set(job, ended)
  }

  /** True when there may be more to do at once. */
  async function turn(): Promise<boolean> {
    const waiting = sql.selectFrom('kernel.outbox').select('id').where('done_at', 'is', null).limit(1)
    const heard = (await waiting.executeTakeFirst()) ? await deliverOutbox({ sql, jobs: queue }, shop.handlers) : 0
    const { except, limit } = room([...running.keys()])
    const claimed = limit > 0 ? await queue.claim(limit, { except }) : []
    for (const job of claimed) start(job)
    return heard > 0 || (limit > 0 && claimed.length === limit)
  }

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      const { promise: woken, resolve } = Promise.withResolvers<void>()
      wake = resolve
      let pause = POLL_MS
      try {
        if (await turn()) continue
      } catch (error) {
        console.error('the worker will look for work again:', error)
        pause = POLL_AFTER_ERROR_MS
      }
      if (stopping.signal.aborted) break
      const timer = setTimeout(resolve, pause)
      await woken
      clearTimeout(timer)
    }
  }

  const heart = startHeart(shop, () => [...running.keys()])
  const looping = loop()
  return {
    async stop() {
      stopping.abort()
      wake?.()
      await looping
      // The timer must not outlive the wait: it would hold the process that long after all is done.
      const patience = Promise.withResolvers<void>()
      const timer = setTimeout(patience.resolve, LAST_JOBS_MS)
      await Promise.race([Promise.all(running.values()), patience.promise])
      clearTimeout(timer)
      await heart.stop()
    },
  }
}

/** How many more may be taken, so that whatever names they have, none gets more than its slots. */
function room(running: ClaimedJob[]): { except: string[]; limit: number } {
  const counts = new Map<string, number>()
  for (const { name } of running) counts.set(name, (counts.get(name) ?? 0) + 1)
  const except = [...counts].filter(([, count]) => count >= SLOTS_OF_A_NAME).map(([name]) => name)
  const most = Math.max(0, ...[...counts.values()].filter((count) => count < SLOTS_OF_A_NAME))
  return { except, limit: Math.min(SLOTS - running.length, SLOTS_OF_A_NAME - most) }
}

/** What a worker does every few seconds: says that it lives, adds the jobs of schedules, and gives back those of the dead. */
function startHeart({ infra: { jobs: queue }, schedules }: Shop, running: () => ClaimedJob[]) {
  const every = Object.entries({ ...schedules, 'kernel.forget_delivered': HOUSEKEEPING_SECONDS })
  const slots = new Map<string, number>()
  let supervisedAt = 0

  async function beat(): Promise<void> {
    await queue.touch(running())
    for (const [name, seconds] of every) {
      const slot = Math.floor(Date.now() / 1000 / seconds)
      if (slots.get(name) === slot) continue
      await queue.enqueueSlot(name, seconds)
      slots.set(name, slot)
    }
    if (Date.now() - supervisedAt < SUPERVISE_MS) return
    supervisedAt = Date.now()
    await queue.supervise()
  }

  let beating: Promise<void> | undefined
  const keepBeating = () => {
    beating ??= beat()
      .catch((error: unknown) => console.error('the worker will try again:', error))
      .then(() => (beating = undefined))
  }
  const timer = setInterval(keepBeating, BEAT_MS)
  keepBeating()
  return {
    async stop() {
      clearInterval(timer)
      await beating
    },
  }
}
