import { sql as raw } from 'kysely'
import type { Sql } from '../../db/index.ts'

export type EntryRow = {
  id: number
  at: Date
  actor: string
  role: string | null
  action: string
  subject: string
  details: Record<string, unknown>
  seq: number | null
  previousHash: string | null
  hash: string | null
}
export type NewEntry = Pick<EntryRow, 'at' | 'actor' | 'role' | 'action' | 'subject' | 'details'>
export type Seal = { id: number; seq: number; previousHash: string; hash: string }
export type Head = { seq: number; hash: string; keyId: string; signature: string }

const COLUMNS = [
  'id',
  'at',
  'actor',
  'role',
  'action',
  'subject',
  'details',
  'seq',
  'previous_hash as previousHash',
  'hash',
] as const

export async function insertEntry(sql: Sql, entry: NewEntry): Promise<void> {
  await sql
    .insertInto('audit.entry')
    .values({ ...entry, details: JSON.stringify(entry.details) })
    .execute()
}

export type EntryFilter = {
  actor?: string | undefined
  action?: string | undefined
  subject?: string | undefined
  before?: number | undefined
  limit: number
}

/** Newest first. */
export function listEntries(sql: Sql, filter: EntryFilter): Promise<EntryRow[]> {
  let query = sql.selectFrom('audit.entry').select(COLUMNS)
  for (const column of ['actor', 'action', 'subject'] as const) {
    const value = filter[column]
    if (value !== undefined) query = query.where(column, '=', value)
  }
  if (filter.before !== undefined) query = query.where('id', '<', filter.before)
  return query.orderBy('id', 'desc').limit(filter.limit).execute()
}

/** One sealer at a time; released with the transaction. */
export async function lockChain(tx: Sql): Promise<void> {
  await raw`select pg_advisory_xact_lock(hashtext('audit.chain'))`.execute(tx)
}

export async function findHead(sql: Sql): Promise<Head | undefined> {
  return sql.selectFrom('audit.head').select(['seq', 'hash', 'key_id as keyId', 'signature']).executeTakeFirst()
}

export async function upsertHead(sql: Sql, { seq, hash, keyId, signature }: Head): Promise<void> {
  const head = { seq, hash, key_id: keyId, signature }
  await sql
    .insertInto('audit.head')
    .values({ only: true, ...head })
    .onConflict((c) => c.column('only').doUpdateSet(head))
    .execute()
}

export function listUnsealed(sql: Sql, limit: number): Promise<EntryRow[]> {
  return sql.selectFrom('audit.entry').select(COLUMNS).where('seq', 'is', null).orderBy('id').limit(limit).execute()
}

export async function updateSeals(sql: Sql, seals: Seal[]): Promise<void> {
  await raw`
    update audit.entry e set seq = s.seq, previous_hash = s.previous, hash = s.hash
    from unnest(
      ${seals.map(({ id }) => id)}::bigint[], ${seals.map(({ seq }) => seq)}::bigint[],
      ${seals.map(({ previousHash }) => previousHash)}::text[], ${seals.map(({ hash }) => hash)}::text[]
    ) s(id, seq, previous, hash) where e.id = s.id`.execute(sql)
}

/** Sealed entries after place `after`, in the order of the chain. */
export function listSealed(sql: Sql, after: number, limit: number): Promise<EntryRow[]> {
  return sql.selectFrom('audit.entry').select(COLUMNS).where('seq', '>', after).orderBy('seq').limit(limit).execute()
}
