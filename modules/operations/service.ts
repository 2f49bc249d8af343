import type { Jobs, Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import type { DeadJob, WaitingJob } from './schema.ts'

export type Operations = ReturnType<typeof createOperations>

/** What keeps the shop running, as an operator sees it. */
export function createOperations({ sql, jobs, audit }: { sql: Sql; jobs: Jobs; audit: Pick<Audit, 'record'> }) {
  return {
    /** Work that failed as often as it may, oldest first. */
    async listDeadJobs({ limit, cursor }: { limit: number; cursor?: string | undefined }) {
      const found = await jobs.listDead({ limit: limit + 1, after: cursor })
      const items = found.slice(0, limit).map(({ id, name, payload, attempts, error, createdAt, diedAt }): DeadJob => ({
        id,
        name,
        payload: payload as Record<string, unknown>,
        attempts,
        error,
        createdAt: createdAt.toISOString(),
        diedAt: diedAt.toISOString(),
      }))
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null }
    },

    /** Work that is still to be done, oldest first. */
    async listWaitingJobs({ limit, cursor }: { limit: number; cursor?: string | undefined }) {
      const found = await jobs.listWaiting({ limit: limit + 1, after: cursor })
      const items = found.slice(0, limit).map(({ id, name, payload, failures, createdAt, dueAt }): WaitingJob => ({
        id,
        name,
        payload: payload as Record<string, unknown>,
        failures,
        createdAt: createdAt.toISOString(),
        dueAt: dueAt.toISOString(),
      }))
      return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null }
    },

    /** Throws `not_found` when nobody's dead job has that id. */
    async retryDeadJob(id: string, actor: Actor): Promise<void> {
      if (!(await jobs.retryDead(id))) throw new AppError('not_found', 'No such job, or it was retried already')
      await audit.record({ actor, action: 'jobs.retried', subject: `job:${id}` }, sql)
    },
  }
}
