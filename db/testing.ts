import { sql as raw } from 'kysely'
import type { OpenedInfra } from './index.ts'
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

/** Back to no rows and no blobs; the schema stays. */
export async function emptyTestInfra(): Promise<void> {
  const { sql } = await openTestInfra()
  const tables = await sql.introspection.getTables()
  const names = tables.filter((t) => !t.name.startsWith('kysely_')).map((t) => raw.table(`${t.schema}.${t.name}`))
  await raw`truncate ${raw.join(names)} restart identity cascade`.execute(sql)
}

/** Called once, by the preload, after the last test of the process. */
export async function discardTestInfra(): Promise<void> {
  await opened?.then(({ discard }) => discard())
}
