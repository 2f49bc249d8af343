import { sql as raw } from 'kysely'
import type { Sql } from '../../db/index.ts'
import type { Role } from '../kernel/access.ts'

export type SessionRow = {
  id: string
  accountId: string
  clientSealed: string
  createdAt: Date
  usedAt: Date
  expiresAt: Date
}

export async function insertSession(sql: Sql, session: SessionRow, tokenHash: string): Promise<void> {
  await raw`
    with opened as (
      insert into identity.session (id, account_id, client_sealed, created_at, used_at, expires_at)
      values (${session.id}, ${session.accountId}, ${session.clientSealed}, ${session.createdAt}, ${session.usedAt}, ${session.expiresAt})
      returning id
    ) insert into identity.refresh_token (hash, session_id, created_at) select ${tokenHash}, id, ${session.createdAt} from opened`.execute(
    sql,
  )
}

export type FoundToken = {
  sessionId: string
  accountId: string
  role: Role
  tokenUsedAt: Date | null
  expiresAt: Date
  revokedAt: Date | null
}

/** The session's row is locked until the transaction ends, so that its tokens are used one after the other. */
export async function lockSessionOfToken(tx: Sql, hash: string): Promise<FoundToken | undefined> {
  const { rows } = await raw<FoundToken>`
    select s.id as "sessionId", s.account_id as "accountId", a.role, s.expires_at as "expiresAt", s.revoked_at as "revokedAt",
      t.used_at as "tokenUsedAt"
    from identity.refresh_token t join identity.session s on s.id = t.session_id join identity.account a on a.id = s.account_id
    where t.hash = ${hash} for update of s`.execute(tx)
  return rows[0]
}

/** Whether the token was fresh until now. */
export async function markTokenUsed(tx: Sql, hash: string, now: Date): Promise<Date | null> {
  const { rows } = await raw<{ usedAt: Date | null }>`
    update identity.refresh_token t set used_at = coalesce(t.used_at, ${now}) from identity.refresh_token old
    where t.hash = ${hash} and old.hash = t.hash returning old.used_at as "usedAt"`.execute(tx)
  return rows[0]?.usedAt ?? null
}

export async function insertToken(
  tx: Sql,
  token: { hash: string; sessionId: string; now: Date; expiresAt: Date },
): Promise<void> {
  await raw`
    with used as (
      update identity.session set used_at = ${token.now}, expires_at = ${token.expiresAt} where id = ${token.sessionId} returning id
    ) insert into identity.refresh_token (hash, session_id, created_at) select ${token.hash}, id, ${token.now} from used`.execute(
    tx,
  )
}

export function listSessions(sql: Sql, accountId: string, now: Date): Promise<SessionRow[]> {
  return sql
    .selectFrom('identity.session')
    .select([
      'id',
      'account_id as accountId',
      'client_sealed as clientSealed',
      'created_at as createdAt',
      'used_at as usedAt',
      'expires_at as expiresAt',
    ])
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .where('expires_at', '>', now)
    .orderBy('used_at', 'desc')
    .orderBy('id')
    .execute()
}

/** Returns the ids of those that were open: one of the account, or with `except` all others. */
export async function revokeSessions(
  sql: Sql,
  which: { accountId: string; id?: string | undefined; except?: string | undefined },
  now: Date,
): Promise<string[]> {
  let query = sql
    .updateTable('identity.session')
    .set({ revoked_at: now })
    .where('account_id', '=', which.accountId)
    .where('revoked_at', 'is', null)
  if (which.id !== undefined) query = query.where('id', '=', which.id)
  if (which.except !== undefined) query = query.where('id', '<>', which.except)
  return (await query.returning('id').execute()).map(({ id }) => id)
}

/** What has been over for so long that nobody will show it again. */
export async function deleteExpiredSessions(sql: Sql, before: Date): Promise<void> {
  await sql.deleteFrom('identity.session').where('expires_at', '<', before).execute()
}
