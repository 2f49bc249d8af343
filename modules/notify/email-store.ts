import { type Selectable, sql as raw } from 'kysely'
import type { Sql } from '../../db/index.ts'
import type { Tables } from '../../db/tables.ts'

export type EmailRow = Selectable<Tables['notify.email']>
type NewEmail = Pick<EmailRow, 'id' | 'key' | 'template' | 'subject_id' | 'recipient' | 'subject' | 'created_at'>

/** Writes it down, unless one of this key is there, and takes it to be sent: undefined when it is done with or taken. */
export async function claimEmail(
  sql: Sql,
  email: NewEmail,
  { now, until }: { now: Date; until: Date },
): Promise<EmailRow | undefined> {
  await sql
    .insertInto('notify.email')
    .values({ ...email, status: 'waiting', error: null, claimed_until: null, sent_at: null })
    .onConflict((on) => on.column('key').doNothing())
    .execute()
  return sql
    .updateTable('notify.email')
    .set((eb) => ({ claimed_until: until, attempts: eb('attempts', '+', 1) }))
    .where('key', '=', email.key)
    .where('status', '=', 'waiting')
    .where((eb) => eb.or([eb('claimed_until', 'is', null), eb('claimed_until', '<=', now)]))
    .returningAll()
    .executeTakeFirst()
}

/** Undefined for a key that nobody has written down. */
export async function findStatus(sql: Sql, key: string): Promise<EmailRow['status'] | undefined> {
  const row = await sql.selectFrom('notify.email').select('status').where('key', '=', key).executeTakeFirst()
  return row?.status
}

export async function updateEmail(
  sql: Sql,
  id: string,
  change: Partial<Pick<EmailRow, 'status' | 'error' | 'sent_at' | 'stored'>>,
): Promise<void> {
  await sql
    .updateTable('notify.email')
    .set({ ...change, claimed_until: null })
    .where('id', '=', id)
    .execute()
}

/** Said before the blob is written: what may lie there is known, whatever dies in between. */
export async function markStored(sql: Sql, id: string): Promise<void> {
  await sql.updateTable('notify.email').set({ stored: true }).where('id', '=', id).execute()
}

/** The newest first. */
export function listEmails(
  sql: Sql,
  { status, before, limit }: { status: EmailRow['status'] | undefined; before: string | undefined; limit: number },
): Promise<EmailRow[]> {
  let query = sql.selectFrom('notify.email').selectAll()
  if (status) query = query.where('status', '=', status)
  if (before) query = query.where('id', '<', before)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

export function findEmail(sql: Sql, id: string): Promise<EmailRow | undefined> {
  return sql.selectFrom('notify.email').selectAll().where('id', '=', id).executeTakeFirst()
}

export function listEmailsAbout(sql: Sql, subjectIds: string[]): Promise<EmailRow[]> {
  return sql
    .selectFrom('notify.email')
    .selectAll()
    .where('subject_id', '=', raw<string>`any(${subjectIds}::uuid[])`)
    .orderBy('id')
    .execute()
}

export async function deleteEmail(sql: Sql, id: string): Promise<void> {
  await sql.deleteFrom('notify.email').where('id', '=', id).execute()
}

/** What was done with before `before`, oldest first. */
export function listOldEmails(sql: Sql, before: Date, limit: number): Promise<Pick<EmailRow, 'id' | 'stored'>[]> {
  return sql
    .selectFrom('notify.email')
    .select(['id', 'stored'])
    .where('status', '!=', 'waiting')
    .where('created_at', '<', before)
    .orderBy('id')
    .limit(limit)
    .execute()
}
