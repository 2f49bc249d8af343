import type { Sql } from '../../db/index.ts'
import { AppError } from '../kernel/errors.ts'
import type { Vault } from '../vault/index.ts'
import type { Accounts } from './accounts.ts'
import type { User, UserQuery } from './schema.ts'
import { type AccountRow, findAccount, listAccounts, listAccountsById } from './store.ts'

const userOf = (row: AccountRow, email: string): User => ({
  id: row.id,
  email,
  role: row.role,
  emailVerified: row.emailVerifiedAt !== null,
  locale: row.locale,
  createdAt: row.createdAt.toISOString(),
})

export type Users = ReturnType<typeof createUsers>

/** Accounts as others see them, with the address in the clear. */
export function createUsers({ sql, vault, accounts }: { sql: Sql; vault: Vault; accounts: Accounts }) {
  /** In the order of `rows`; one whose key was shredded at this moment has an empty address. */
  async function usersOf(rows: AccountRow[]): Promise<User[]> {
    const emails = await vault.openAll(rows.map(({ id, emailSealed }) => ({ subjectId: id, sealed: emailSealed })))
    return rows.map((row, index) => userOf(row, emails[index] ?? ''))
  }

  async function find(by: 'id' | 'email_index', value: string): Promise<User | undefined> {
    const row = await findAccount(sql, by, value)
    return row && (await usersOf([row]))[0]
  }

  return {
    /** Throws `not_found`. */
    async getUser(userId: string): Promise<User> {
      const user = await find('id', userId)
      if (!user) throw new AppError('not_found', `No user ${userId}`)
      return user
    },

    async findUserByEmail(email: string): Promise<User | undefined> {
      return find('email_index', await accounts.indexOf(email))
    },

    /** Those that there are, by id. */
    async findUsers(ids: readonly string[]): Promise<ReadonlyMap<string, User>> {
      const users = ids.length === 0 ? [] : await usersOf(await listAccountsById(sql, [...ids]))
      return new Map(users.map((user) => [user.id, user]))
    },

    async listUsers({ cursor, limit, email, role }: UserQuery) {
      if (cursor !== undefined && !/^[0-9a-f-]{36}$/.test(cursor))
        throw new AppError('invalid', 'The cursor is not one that this list gave')
      const emailIndex = email === undefined ? undefined : await accounts.indexOf(email)
      const rows = await listAccounts(sql, { role, emailIndex, before: cursor, limit: limit + 1 })
      const items = await usersOf(rows.slice(0, limit))
      return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
  }
}
