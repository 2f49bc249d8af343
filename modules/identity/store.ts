import { sql as raw } from 'kysely'
import type { Sql } from '../../db/index.ts'
import type { Actor, Role } from '../kernel/access.ts'

export type AccountRow = {
  id: string
  emailIndex: string
  emailSealed: string
  emailVerifiedAt: Date | null
  passwordHash: string | null
  role: Role
  locale: string | null
  createdAt: Date
}

const ACCOUNT = [
  'id',
  'email_index as emailIndex',
  'email_sealed as emailSealed',
  'email_verified_at as emailVerifiedAt',
  'password_hash as passwordHash',
  raw<Role>`role`.as('role'),
  'locale',
  'created_at as createdAt',
] as const

/** False when the address is taken. */
export async function insertAccount(sql: Sql, account: AccountRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows = 0n } = await sql
    .insertInto('identity.account')
    .values({
      id: account.id,
      email_index: account.emailIndex,
      email_sealed: account.emailSealed,
      email_verified_at: account.emailVerifiedAt,
      password_hash: account.passwordHash,
      role: account.role,
      locale: account.locale,
      created_at: account.createdAt,
    })
    .onConflict((c) => c.column('email_index').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows > 0n
}

export function findAccount(sql: Sql, by: 'id' | 'email_index', value: string): Promise<AccountRow | undefined> {
  return sql.selectFrom('identity.account').select(ACCOUNT).where(by, '=', value).executeTakeFirst()
}

/** The account, locked until the transaction ends. */
export function lockAccount(tx: Sql, id: string): Promise<AccountRow | undefined> {
  return tx.selectFrom('identity.account').select(ACCOUNT).where('id', '=', id).forUpdate().executeTakeFirst()
}

export function listAccountsById(sql: Sql, ids: string[]): Promise<AccountRow[]> {
  return sql
    .selectFrom('identity.account')
    .select(ACCOUNT)
    .where('id', '=', raw<string>`any(${ids}::uuid[])`)
    .execute()
}

export type AccountFilter = {
  role?: Role | undefined
  emailIndex?: string | undefined
  before?: string | undefined
  limit: number
}

/** Newest first: ids are made in order of time. */
export function listAccounts(sql: Sql, { role, emailIndex, before, limit }: AccountFilter): Promise<AccountRow[]> {
  let query = sql.selectFrom('identity.account').select(ACCOUNT)
  if (role !== undefined) query = query.where('role', '=', role)
  if (emailIndex !== undefined) query = query.where('email_index', '=', emailIndex)
  if (before !== undefined) query = query.where('id', '<', before)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

export type AccountChange = Partial<
  Pick<AccountRow, 'emailIndex' | 'emailSealed' | 'emailVerifiedAt' | 'passwordHash' | 'role' | 'locale'>
>

export async function updateAccount(sql: Sql, id: string, change: AccountChange): Promise<void> {
  await sql
    .updateTable('identity.account')
    .set({
      ...(change.emailIndex !== undefined && { email_index: change.emailIndex }),
      ...(change.emailSealed !== undefined && { email_sealed: change.emailSealed }),
      ...(change.emailVerifiedAt !== undefined && { email_verified_at: change.emailVerifiedAt }),
      ...(change.passwordHash !== undefined && { password_hash: change.passwordHash }),
      ...(change.role !== undefined && { role: change.role }),
      ...(change.locale !== undefined && { locale: change.locale }),
    })
    .where('id', '=', id)
    .execute()
}

/** With its sessions, requests, passkeys and ties to providers. */
export async function deleteAccount(sql: Sql, id: string): Promise<void> {
  await sql.deleteFrom('identity.account').where('id', '=', id).execute()
}

/** Locks every administrator, in order of id, so that two who leave at once cannot leave nobody. */
export function lockAdmins(tx: Sql): Promise<{ id: string }[]> {
  return tx.selectFrom('identity.account').select('id').where('role', '=', 'admin').orderBy('id').forUpdate().execute()
}

/** Its owner, who acts by a link rather than in a session. */
export const actorOf = ({ id, role }: Pick<AccountRow, 'id' | 'role'>): Actor => ({ userId: id, role, sessionId: '' })
