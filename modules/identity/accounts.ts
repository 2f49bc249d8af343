import { createHmac } from 'node:crypto'
import type { Sql } from '../../db/index.ts'
import type { Role } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import type { Vault } from '../vault/index.ts'
import type { User, UserQuery } from './schema.ts'
import { type AccountRow, findAccount, insertAccount, listAccounts, listAccountsById } from './store.ts'

export type NewAccount = {
  email: string
  role?: Role | undefined
  passwordHash?: string | null | undefined
  verified?: boolean | undefined
  locale?: string | null | undefined
}
type Needs = { sql: Sql; vault: Vault; now: () => Date; newId: () => string }
export type Accounts = ReturnType<typeof createAccounts>

/** Who has an account. The address is sealed; it is found by a keyed digest of it. */
export function createAccounts({ sql, vault, now, newId }: Needs) {
  let indexKey: Promise<Uint8Array> | undefined

  /** The same for the same text, and of no use to who has only the database. */
  async function digestOf(text: string): Promise<string> {
    indexKey ??= vault.secret('identity.email_index')
    const key = await indexKey.catch((error: unknown) => {
      indexKey = undefined
      throw error
    })
    return createHmac('sha256', key).update(text).digest('base64url')
  }

  const indexOf = (email: string) => digestOf(email.trim().normalize('NFC').toLowerCase())

  const userOf = (row: AccountRow, email: string): User => ({
    id: row.id,
    email,
    role: row.role,
    emailVerified: row.emailVerifiedAt !== null,
    locale: row.locale,
    createdAt: row.createdAt.toISOString(),
  })

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
    digestOf,
    /** By which an address is found. */
    indexOf,

    /** Undefined when the address is taken; joins the caller's transaction. */
    async insert(account: NewAccount, tx: Sql): Promise<AccountRow | undefined> {
      const [id, time] = [newId(), now()]
      const row: AccountRow = {
        id,
        emailIndex: await indexOf(account.email),
        emailSealed: await vault.seal(id, account.email, tx),
        emailVerifiedAt: account.verified ? time : null,
        passwordHash: account.passwordHash ?? null,
        role: account.role ?? 'customer',
        locale: account.locale ?? null,
        createdAt: time,
      }
      if (await insertAccount(tx, row)) return row
      await vault.shred(id, tx)
      return undefined
    },

    async findByEmail(email: string): Promise<AccountRow | undefined> {
      return findAccount(sql, 'email_index', await indexOf(email))
    },

    /** Throws `not_found`. */
    async getUser(userId: string): Promise<User> {
      const user = await find('id', userId)
      if (!user) throw new AppError('not_found', `No user ${userId}`)
      return user
    },

    async findUserByEmail(email: string): Promise<User | undefined> {
      return find('email_index', await indexOf(email))
    },

    /** Those that there are, by id. */
    async findUsers(ids: readonly string[]): Promise<ReadonlyMap<string, User>> {
      const users = ids.length === 0 ? [] : await usersOf(await listAccountsById(sql, [...ids]))
      return new Map(users.map((user) => [user.id, user]))
    },

    async listUsers({ cursor, limit, email, role }: UserQuery) {
      if (cursor !== undefined && !/^[0-9a-f-]{36}$/.test(cursor))
        throw new AppError('invalid', 'The cursor is not one that this list gave')
      const emailIndex = email === undefined ? undefined : await indexOf(email)
      const rows = await listAccounts(sql, { role, emailIndex, before: cursor, limit: limit + 1 })
      const items = await usersOf(rows.slice(0, limit))
      return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
  }
}
