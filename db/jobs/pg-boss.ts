import { AssertionError } from 'node:assert'
import { randomUUID } from 'node:crypto'
import { CompiledQuery } from 'kysely'
import type { Db, Job, JobInsert, JobWithMetadata, PgBoss } from 'pg-boss'
import { AppError } from '../../modules/kernel/errors.ts'
import type { Sql } from '../index.ts'
import type { ClaimedJob, DeadJob, JobQueue, NewJob, WaitingJob } from './index.ts'

/** One queue for all names, so that a worker asks once for whatever is due; what has died lies in another. */
const QUEUE = 'work'
const DEAD = 'dead'
const DAY_SECONDS = 86_400

type Data = { name: string; payload: object }

const toInsert = ({ name, payload, startAfter, key }: NewJob): JobInsert => ({
  data: { name, payload } satisfies Data,
  group: { id: name },
  // The policy of the queue lets one job of a key wait; a job without one is alone with its own.
  singletonKey: key === undefined ? randomUUID() : `${name}:${key}`,
  ...(startAfter && { startAfter: startAfter.toISOString() }),
})

/** Names the attempt too: one that was given to another worker meanwhile is not ours to end. */
const attempts = (jobs: readonly ClaimedJob[]) => jobs.map(({ id, attempt }) => ({ id, retryCount: attempt }))

const toClaimed = ({ id, data, retryCount }: Job<Data>): ClaimedJob => ({ id, ...data, attempt: retryCount })

function toDead({
  id,
  data,
  sourceRetryCount,
  sourceOutput,
  sourceCreatedOn,
  createdOn,
}: JobWithMetadata<Data>): DeadJob {
  const { message } = (sourceOutput ?? {}) as { message?: unknown }
  const error = typeof message === 'string' ? message : JSON.stringify(sourceOutput)
  return {
    id,
    ...data,
    attempts: (sourceRetryCount ?? 0) + 1,
    error,
    createdAt: sourceCreatedOn ?? createdOn,
    diedAt: createdOn,
  }
}

const toWaiting = ({ id, data, state, retryCount, createdOn, startAfter }: JobWithMetadata<Data>): WaitingJob => ({
  id,
  ...data,
  // Counted when the next attempt begins.
  failures: state === 'retry' ? retryCount + 1 : retryCount,
  createdAt: createdOn,
  dueAt: startAfter,
})

/** pg-boss over our own connections. Nothing is opened before the first use. */
export function createPgBossJobs(sql: Sql): JobQueue {
  let opened: Promise<PgBoss> | undefined
  // A failure to open is not kept: the next use tries anew.
  const boss = () => (opened ??= openBoss(sql).catch(forget))
  const forget = (error: unknown): never => {
    opened = undefined
    throw error
  }
  const insert = async (jobs: JobInsert[], tx: Sql = sql) => {
    if (jobs.length > 0) await (await boss()).insert(QUEUE, jobs, { db: overSql(tx) })
  }

  return {
    open: async () => void (await boss()),
    enqueue: (name, payload, { tx, startAfter, key } = {}) =>
      insert([toInsert({ name, payload, startAfter, key })], tx),
    enqueueAll: (jobs, tx) => insert(jobs.map(toInsert), tx),
    async listDead({ limit, after }) {
      const page = { limit, ...(after !== undefined && { after }) }
      const dead = await (await boss()).findJobs<Data>(DEAD, page).catch((error: unknown) => {
        if (error instanceof AssertionError) throw new AppError('invalid', 'The list has no such place any more')
        throw error
      })
      return dead.map(toDead)
    },
    async listWaiting({ limit, after }) {
      const options = { queued: true, limit, ...(after !== undefined && { after }) }
      return (await (await boss()).findJobs<Data>(QUEUE, options)).map(toWaiting)
    },
    retryDead: async (id) => (await (await boss()).redrive(DEAD, { ids: [id] })) > 0,
    async claim(limit, { except = [], ahead = false } = {}) {
      const options = { batchSize: limit, ignoreStartAfter: ahead, ignoreGroups: [...except] }
      return (await (await boss()).fetch<Data>(QUEUE, options)).map(toClaimed)
    },
    async complete(jobs) {
      await (await boss()).complete(QUEUE, attempts(jobs))
    },
    async fail(job, error) {
      await (await boss()).fail(QUEUE, attempts([job]), { message: error })
    },
    async touch(jobs) {
      if (jobs.length > 0) await (await boss()).touch(QUEUE, attempts(jobs))
    },
    supervise: async () => (await boss()).supervise(),
    async enqueueSlot(name, everySeconds) {
      // Kept for longer than its slot, or a worker that comes late in the slot would add it again.
      const slot = {
        singletonKey: `slot:${name}`,
        singletonSeconds: everySeconds,
        deleteAfterSeconds: everySeconds + DAY_SECONDS,
      }
      await insert([{ data: { name, payload: {} } satisfies Data, group: { id: name }, ...slot }])
    },
    async close() {
      const open = await opened?.catch(() => undefined)
      await open?.stop({ graceful: false, close: false })
    },
  }
}

/** Its timers are long: workers of ours ask, and a worker supervises. */
async function openBoss(sql: Sql): Promise<PgBoss> {
  // Loaded only where there is work: it costs a fifth of a second.
  const { PgBoss: Boss } = await import('pg-boss')
  const boss = new Boss({
    db: overSql(sql),
    supervise: false,
    schedule: false,
    registerInstance: false,
    openTelemetry: { enabled: false },
    monitorIntervalSeconds: 5,
    maintenanceIntervalSeconds: 300,
    flowIntervalSeconds: DAY_SECONDS / 2,
    bamIntervalSeconds: 600,
    queueCacheIntervalSeconds: 600,
  })
  boss.on('error', (error) => console.error('jobs:', error))
  await boss.start()
  const queues = new Set((await boss.getQueues([QUEUE, DEAD])).map(({ name }) => name))
  if (!queues.has(DEAD)) await boss.createQueue(DEAD, { retentionSeconds: 90 * DAY_SECONDS })
  if (!queues.has(QUEUE))
    await boss.createQueue(QUEUE, {
      policy: 'short',
      deadLetter: DEAD,
      retryLimit: 12,
      retryDelay: 1,
      retryBackoff: true,
      retryDelayMax: 3600,
      expireInSeconds: 900,
      heartbeatSeconds: 10,
      retentionSeconds: 30 * DAY_SECONDS,
      deleteAfterSeconds: 3600,
    })
  return boss
}

const SCRIPT = /^\s*begin\s*;([\s\S]*)\bcommit\s*;?\s*$/i

/** A script that is a transaction of its own becomes one of ours, since those alone keep to one connection. */
const overSql = (sql: Sql): Db => ({
  async executeSql(text, values = []) {
    const script = SCRIPT.exec(text)?.[1]
    return script === undefined
      ? execute(sql, text, values)
      : sql.transaction().execute((tx) => execute(tx, script, values))
  },
})

async function execute(sql: Sql, text: string, values: unknown[]) {
  const { rows } = await sql.executeQuery<object>(CompiledQuery.raw(text, values))
  // Of several statements the driver gives a list of rows each.
  return { rows: rows.some(Array.isArray) ? rows.flat() : [...rows] }
}
