import type { Handlers } from '../../modules/kernel/events.ts'
import type { Sql } from '../index.ts'

export type NewJob = { name: string; payload: object; startAfter?: Date | undefined; key?: string | undefined }
export type EnqueueOptions = { tx?: Sql; startAfter?: Date; key?: string }

/** A job that a worker has taken; `attempt` is 0 the first time. */
export type ClaimedJob = { id: string; name: string; payload: object; attempt: number }

/** A job that failed as often as it may: it stays until somebody retries it, or for 90 days. */
export type DeadJob = {
  id: string
  name: string
  payload: object
  attempts: number
  error: string
  createdAt: Date
  diedAt: Date
}

/** A job that is still to be done: now, or when it is due. `failures` are its attempts so far. */
export type WaitingJob = { id: string; name: string; payload: object; failures: number; createdAt: Date; dueAt: Date }

/** Work for later, kept in PostgreSQL and done at least once: what modules see. */
export type Jobs = {
  /**
   * One statement. With `tx` the job is there if and only if the caller commits. While a job with the same `key` waits,
   * another is not added; a failed job is retried with growing delay, 12 times in about three hours.
   */
  enqueue(name: string, payload: object, options?: EnqueueOptions): Promise<void>
  /** Several, in one statement. */
  enqueueAll(jobs: readonly NewJob[], tx?: Sql): Promise<void>
  /** Oldest first; `after` is the id of the last one seen. */
  listDead(page: { limit: number; after?: string | undefined }): Promise<DeadJob[]>
  /** Oldest first; `after` as of the dead. Those that a worker has taken are not among them. */
  listWaiting(page: { limit: number; after?: string | undefined }): Promise<WaitingJob[]>
  /** Puts a dead job back to work, with all its attempts anew; false when there is none of that id. */
  retryDead(id: string): Promise<boolean>
}

/** What a worker needs beside that. */
export type JobQueue = Jobs & {
  /** Opens it before it is needed: the first use costs a quarter of a second. */
  open(): Promise<void>
  /** At most `limit` jobs that are due, none of a name in `except`; with `ahead` those of later times too. */
  claim(limit: number, options?: { except?: readonly string[]; ahead?: boolean }): Promise<ClaimedJob[]>
  complete(jobs: readonly ClaimedJob[]): Promise<void>
  fail(job: ClaimedJob, error: string): Promise<void>
  /** Says that their worker lives; of a job that has heard nothing for ten seconds another worker takes over. */
  touch(jobs: readonly ClaimedJob[]): Promise<void>
  /** Gives back the jobs of workers that died, and forgets old ones. Call it every few seconds. */
  supervise(): Promise<void>
  /** Adds the job of this slot of `everySeconds`, counted from midnight UTC, unless some worker has. */
  enqueueSlot(name: string, everySeconds: number): Promise<void>
  close(): Promise<void>
}

/** All that a worker does for the modules, as the map names it. */
export type Work = {
  /** Who hears which event. */
  handlers: Handlers
  /** What a job of each name does with its payload. It may run more than once, so it must be idempotent. */
  jobs: Record<string, (payload: never) => Promise<void>>
  /** Jobs that come by themselves, with no payload: seconds from one to the next, counted from midnight UTC. */
  schedules: Record<string, number>
}
