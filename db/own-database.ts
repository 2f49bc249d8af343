import { rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { sql as raw } from 'kysely'
import { readConfig } from '../modules/kernel/config.ts'
import { type OpenedInfra, openStores } from './index.ts'
import { migrate } from './migrations/index.ts'
import type { Address } from './postgres/embedded.ts'
import { connect, openSql } from './postgres/index.ts'

export type OwnDatabase = {
  infra: OpenedInfra
  address: Address | string
  /** What makes another process use the same stores and secrets. */
  env: Record<string, string>
  discard(): Promise<void>
}

/**
 * Stores that nobody else sees: a migrated database called `name` on the server that all of them share (the embedded one
 * under `varDir`, or DATABASE_URL), and blobs of its own. `discard` leaves nothing of them.
 */
export async function openOwnDatabase(
  name: string,
  { varDir, pool }: { varDir: string; pool: number },
): Promise<OwnDatabase> {
  const ownDir = `${varDir}/${name}`
  const server = await openSql({ url: process.env['DATABASE_URL'], varDir, pool: 1 })
  await raw`create database ${raw.id(name)}`.execute(server.sql)
  const address =
    typeof server.address === 'string' ? withDatabase(server.address, name) : { ...server.address, database: name }
  const { REDIS_URL } = process.env
  const config = readConfig({ VAR_DIR: ownDir, DATABASE_POOL: String(pool), REDIS_URL })
  const sql = connect(address, config.DATABASE_POOL)
  const infra = await openStores(config, { sql, close: () => sql.destroy() }, () => {})
  await migrate(infra.sql)
  const discard = async () => {
    await infra.close()
    await raw`drop database ${raw.id(name)} with (force)`.execute(server.sql)
    await server.close()
    await rm(ownDir, { recursive: true, force: true })
  }
  return { infra, address, env: { ...envOf(address), VAR_DIR: ownDir }, discard }
}

/** A socket has no place in a URL, so the driver is told by the variables that libpq knows. */
function envOf(address: Address | string): Record<string, string> {
  if (typeof address === 'string') return { DATABASE_URL: address }
  const { path, host = '127.0.0.1', port, user, password, database } = address
  const at =
    path === undefined ? { dir: host, port: port ?? 5432 } : { dir: dirname(path), port: path.split('.').pop() }
  const login = { PGUSER: user, PGPASSWORD: password, PGHOST: at.dir, PGPORT: String(at.port) }
  return { DATABASE_URL: `postgres:///${database}`, ...login }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url)
  changed.pathname = `/${name}`
  return changed.href
}
