import { rm } from 'node:fs/promises'
import { sql as raw } from 'kysely'
import { readConfig } from '../modules/kernel/config.ts'
import { type OpenedInfra, openStores } from './index.ts'
import { migrate } from './migrations/index.ts'
import { connect, openSql } from './postgres/index.ts'

const VAR_DIR = 'var/test'
let opened: Promise<{ infra: OpenedInfra; discard(): Promise<void> }> | undefined

/**
 * The stores of this test process: a database of its own, migrated, on the server that every test process shares (the
 * embedded one under `var/test`, or DATABASE_URL). Booting is the slow part, so it happens once: call it at the top of a
 * test file, and `emptyTestInfra` before each test.
 */
export async function openTestInfra(): Promise<OpenedInfra> {
  opened ??= open()
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

async function open() {
  const name = `test_${process.pid}_${Date.now()}`
  const varDir = `${VAR_DIR}/${name}`
  const server = await openSql({ url: process.env['DATABASE_URL'], varDir: VAR_DIR, pool: 1 })
  await raw`create database ${raw.id(name)}`.execute(server.sql)
  const at =
    typeof server.address === 'string' ? withDatabase(server.address, name) : { ...server.address, database: name }
  const config = readConfig({ VAR_DIR: varDir, DATABASE_POOL: '8' })
  const sql = connect(at, config.DATABASE_POOL)
  const infra = openStores(config, { sql, close: () => sql.destroy() }, () => {})
  await migrate(infra.sql)
  const discard = async () => {
    await infra.close()
    await raw`drop database ${raw.id(name)} with (force)`.execute(server.sql)
    await server.close()
    await rm(varDir, { recursive: true, force: true })
  }
  return { infra, discard }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
