import type { Sql } from '../../db/index.ts'

/**
 * `verify` proves the address of an account, `change` the address that it wants to have, `reset` lets set a password,
 * `known` tells the owner that somebody tried to register the address again (and lets set a password, too), `changed`
 * tells an address that the account has left it, and lets do nothing.
 */
export type MailKind = 'verify' | 'change' | 'reset' | 'known' | 'changed'
export type MailRequestRow = {
  id: string
  accountId: string
  kind: MailKind
  emailIndex: string
  emailSealed: string
  createdAt: Date
  expiresAt: Date
}

const COLUMNS = [
  'id',
  'account_id as accountId',
  'kind',
  'email_index as emailIndex',
  'email_sealed as emailSealed',
  'created_at as createdAt',
  'expires_at as expiresAt',
] as const

export async function insertMailRequest(sql: Sql, row: MailRequestRow): Promise<void> {
  await sql
    .insertInto('identity.mail_request')
    .values({
      id: row.id,
      account_id: row.accountId,
      kind: row.kind,
      email_index: row.emailIndex,
      email_sealed: row.emailSealed,
      created_at: row.createdAt,
      expires_at: row.expiresAt,
    })
    .execute()
}

export async function findMailRequest(sql: Sql, id: string): Promise<MailRequestRow | undefined> {
  const row = await sql.selectFrom('identity.mail_request').select(COLUMNS).where('id', '=', id).executeTakeFirst()
  return row && { ...row, kind: row.kind as MailKind }
}

/** Uses up the request, once; undefined for one that is used, expired, unknown or of another kind. */
export async function takeMailRequest(
  tx: Sql,
  id: string,
  kinds: MailKind[],
  now: Date,
): Promise<MailRequestRow | undefined> {
  const row = await tx
    .updateTable('identity.mail_request')
    .set({ used_at: now })
    .where('id', '=', id)
    .where('kind', 'in', kinds)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .returning(COLUMNS)
    .executeTakeFirst()
  return row && { ...row, kind: row.kind as MailKind }
}

/** Links that were sent before are of no use any more. */
export async function dropMailRequests(tx: Sql, accountId: string, kinds: MailKind[]): Promise<void> {
  await tx
    .deleteFrom('identity.mail_request')
    .where('account_id', '=', accountId)
    .where('kind', 'in', kinds)
    .where('used_at', 'is', null)
    .execute()
}

export async function deleteExpiredMailRequests(sql: Sql, before: Date): Promise<void> {
  await sql.deleteFrom('identity.mail_request').where('expires_at', '<', before).execute()
}
