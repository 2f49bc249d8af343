import { sql as raw } from 'kysely'
import type { Sql } from '../../db/index.ts'

/** What was begun and waits for its answer: a challenge of a passkey, a visit to a provider. */
export type PendingRow = { id: string; kind: string; sealed: string; expiresAt: Date }

export async function insertPending(sql: Sql, { id, kind, sealed, expiresAt }: PendingRow): Promise<void> {
  await sql.insertInto('identity.pending').values({ id, kind, sealed, expires_at: expiresAt }).execute()
}

/** Each can be taken once. */
export async function takePending(sql: Sql, id: string, kind: string, now: Date): Promise<string | undefined> {
  const row = await sql
    .deleteFrom('identity.pending')
    .where('id', '=', id)
    .where('kind', '=', kind)
    .where('expires_at', '>', now)
    .returning('sealed')
    .executeTakeFirst()
  return row?.sealed
}

export async function deleteExpiredPending(sql: Sql, before: Date): Promise<void> {
  await sql.deleteFrom('identity.pending').where('expires_at', '<', before).execute()
}

export async function findTiedAccountId(sql: Sql, provider: string, subjectIndex: string): Promise<string | undefined> {
  const row = await sql
    .selectFrom('identity.federation')
    .select('account_id')
    .where('provider', '=', provider)
    .where('subject_index', '=', subjectIndex)
    .executeTakeFirst()
  return row?.account_id
}

export async function insertTie(
  sql: Sql,
  tie: { provider: string; subjectIndex: string; accountId: string; now: Date },
): Promise<void> {
  await sql
    .insertInto('identity.federation')
    .values({
      provider: tie.provider,
      subject_index: tie.subjectIndex,
      account_id: tie.accountId,
      created_at: tie.now,
    })
    .onConflict((c) => c.doNothing())
    .execute()
}

export type PasskeyRow = {
  id: string
  accountId: string
  nameSealed: string
  publicKey: string
  counter: number
  transports: string[]
  createdAt: Date
  usedAt: Date | null
}

const PASSKEY = [
  'id',
  'account_id as accountId',
  'name_sealed as nameSealed',
  'public_key as publicKey',
  'counter',
  'transports',
  'created_at as createdAt',
  'used_at as usedAt',
] as const

/** False when this passkey is known already. */
export async function insertPasskey(sql: Sql, passkey: PasskeyRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await sql
    .insertInto('identity.passkey')
    .values({
      id: passkey.id,
      account_id: passkey.accountId,
      name_sealed: passkey.nameSealed,
      public_key: passkey.publicKey,
      counter: passkey.counter,
      transports: raw`${passkey.transports}::text[]`,
      created_at: passkey.createdAt,
    })
    .onConflict((c) => c.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows > 0n
}

export function listPasskeys(sql: Sql, accountId: string): Promise<PasskeyRow[]> {
  return sql
    .selectFrom('identity.passkey')
    .select(PASSKEY)
    .where('account_id', '=', accountId)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
}

export function findPasskey(sql: Sql, id: string): Promise<PasskeyRow | undefined> {
  return sql.selectFrom('identity.passkey').select(PASSKEY).where('id', '=', id).executeTakeFirst()
}

/** False when it was used meanwhile, at the same count: a copy of it is about. Authenticators without a count stay at 0. */
export async function updatePasskeyUse(
  sql: Sql,
  passkey: Pick<PasskeyRow, 'id' | 'counter'>,
  counter: number,
  now: Date,
): Promise<boolean> {
  const { numUpdatedRows } = await sql
    .updateTable('identity.passkey')
    .set({ counter, used_at: now })
    .where('id', '=', passkey.id)
    .where('counter', '=', passkey.counter)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function deletePasskey(sql: Sql, accountId: string, id: string): Promise<boolean> {
  const { numDeletedRows } = await sql
    .deleteFrom('identity.passkey')
    .where('id', '=', id)
    .where('account_id', '=', accountId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}
