import { createHmac } from 'node:crypto'
import type { Sql } from '../../db/index.ts'
import type { Role } from '../kernel/access.ts'
import type { Vault } from '../vault/index.ts'
import { type AccountRow, findAccount, insertAccount } from './store.ts'

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
  }
}
