import { sql as raw } from 'kysely'
import type { Infra, OpenedInfra, Work } from './index.ts'
import { runDueJobs } from './jobs/worker.ts'
import { openOwnDatabase, type OwnDatabase } from './own-database.ts'

let opened: Promise<OwnDatabase> | undefined

/**
 * The stores of this test process: a database of its own, migrated, on the server that every test process shares (the
 * embedded one under `var/test`, or DATABASE_URL). Booting is the slow part, so it happens once: call it at the top of a
 * test file, and `emptyTestInfra` before each test.
 */
export async function openTestInfra(): Promise<OpenedInfra> {
  opened ??= openOwnDatabase(`test_${process.pid}_${Date.now()}`, { varDir: 'var/test', pool: 8 })
  return (await opened).infra
}

/** What makes another process use these stores. */
export async function testEnv(): Promise<Record<string, string>> {
  await openTestInfra()
  return (await opened)?.env ?? {}
}

/** Back to no rows and no blobs; the schema stays. */
export async function emptyTestInfra(): Promise<void> {
  const { sql } = await openTestInfra()
  const tables = await sql.introspection.getTables()
  // Of pg-boss only its jobs: its queues are what makes it work.
  const names = tables
    .filter((t) => !t.name.startsWith('kysely_') && (t.schema !== 'pgboss' || t.name === 'job'))
    .map((t) => raw.table(`${t.schema}.${t.name}`))
  await sql.transaction().execute(async (tx) => {
    // The log of what was done refuses to be emptied; only a superuser's replica may.
    await raw`set local session_replication_role = replica`.execute(tx)
    await raw`truncate ${raw.join(names)} restart identity cascade`.execute(tx)
  })
}

/** Called once, by the preload, after the last test of the process. */
export async function discardTestInfra(): Promise<void> {
  await opened?.then(({ discard }) => discard())
}

/**
 * Delivers the outbox and does the jobs, and those that come of them, until nothing waits; returns how many jobs were
 * done. A job that fails throws here, unless it `mayFail`: then it waits for its retry, which `ahead` does not wait for.
 */
export async function drainJobs(
  shop: Work & { infra: Pick<Infra, 'sql' | 'jobs'> },
  { mayFail = false, ahead = false } = {},
): Promise<number> {
  const failures: unknown[] = []
  const done = await runDueJobs(shop, { ahead, onFailure: (error) => failures.push(error) })
  if (failures.length > 0 && !mayFail) throw new AggregateError(failures, `${failures.length} jobs failed`)
  return done
}
