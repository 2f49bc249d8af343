import type { Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import { AppError } from '../kernel/errors.ts'
import type { Accounts } from './accounts.ts'
import type { Lockout } from './lockout.ts'
import type { Mails } from './mails.ts'
import type { OpenSessions } from './open-sessions.ts'
import type { Passwords } from './passwords.ts'
import { type AccountRow, actorOf, findAccount, updateAccount } from './store.ts'

type Needs = {
  sql: Sql
  audit: Audit
  accounts: Accounts
  openSessions: OpenSessions
  mails: Mails
  passwords: Passwords
  lockout: Lockout
}

/** What a user who is signed in changes with the password once more. */
export function createAccountChanges({ sql, audit, accounts, openSessions, mails, passwords, lockout }: Needs) {
  /** Throws `refused` when the password is not that of the account, `rate_limited` after too many of them. */
  async function confirm(userId: string, password: string): Promise<AccountRow> {
    const account = await findAccount(sql, 'id', userId)
    if (!account) throw new AppError('not_found', `No user ${userId}`)
    const wait = await lockout.attempt(userId)
    if (wait > 0) throw new AppError('rate_limited', `Wait ${wait} seconds`, { retryAfterSeconds: wait })
    if (!(await passwords.verify(password, account.passwordHash)))
      throw new AppError('refused', 'The password is wrong', { reason: 'wrong_password' })
    await lockout.forget(userId)
    return account
  }

  return {
    /** Throws `refused` when the password is not that of the account. */
    confirmPassword: async (userId: string, password: string): Promise<void> => void (await confirm(userId, password)),

    changeLocale: (userId: string, locale: string | null): Promise<void> => updateAccount(sql, userId, { locale }),

    /** Ends the other openSessions. Throws `refused` when the current password is wrong. */
    async changePassword(actor: { userId: string; sessionId: string }, current: string, next: string): Promise<void> {
      const account = await confirm(actor.userId, current)
      const passwordHash = await passwords.hash(next)
      await sql.transaction().execute(async (tx) => {
        await updateAccount(tx, account.id, { passwordHash })
        await openSessions.revokeAll(account.id, { except: actor.sessionId }, tx)
        await mails.dropLinks(account.id, tx)
        const subject = `user:${account.id}`
        await audit.record({ actor: actorOf(account), action: 'identity.password_changed', subject }, tx)
      })
    },

    /** Mails a link to the new address; the old one stays until it is followed. Throws `refused` on a wrong password. */
    async changeEmail(userId: string, email: string, password: string): Promise<void> {
      const account = await confirm(userId, password)
      const emailIndex = await accounts.indexOf(email)
      await sql.transaction().execute((tx) => mails.request('change', { accountId: account.id, emailIndex, email }, tx))
    },
  }
}
