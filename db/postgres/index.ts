import { Kysely } from 'kysely'
import postgres from 'postgres'
import type { Tables } from '../tables.ts'
import { pipelinedDialect } from './dialect.ts'
import { type Address, openEmbedded } from './embedded.ts'

export type OpenedSql = { sql: Kysely<Tables>; address: Address | string; embedded: boolean; close(): Promise<void> }

/** A pool of at most `pool` connections to `url`, or to the embedded server under `varDir`. */
export async function openSql({
  url,
  varDir,
  pool,
}: {
  url?: string | undefined
  varDir: string
  pool: number
}): Promise<OpenedSql> {
  const embedded = url ? undefined : await openEmbedded(varDir)
  const address = url ?? embedded?.address ?? ''
  const sql = connect(address, pool)
  const close = async () => {
    await sql.destroy()
    await embedded?.close()
  }
  return { sql, address, embedded: embedded !== undefined, close }
}

/** JSON goes in as text or as a value, so a store may stringify; 64-bit integers come out as numbers (ours stay below 2^53). */
export function connect(address: Address | string, pool: number): Kysely<Tables> {
  const options = {
    max: pool,
    onnotice: () => {},
    connection: { application_name: 'eshotry' },
    types: {
      // A time given as text keeps its microseconds.
      date: {
        to: 1184,
        from: [1082, 1114, 1184],
        serialize: (value: Date | string) => (typeof value === 'string' ? value : value.toISOString()),
        parse: (text: string) => new Date(text),
      },
      bigint: { to: 20, from: [20], serialize: String, parse: Number },
      json: {
        to: 3802,
        from: [114, 3802],
        serialize: (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value)),
        parse: (text: string): unknown => JSON.parse(text),
      },
    },
  }
  const client = typeof address === 'string' ? postgres(address, options) : postgres({ ...address, ...options })
  return new Kysely<Tables>({ dialect: pipelinedDialect(client) })
}
