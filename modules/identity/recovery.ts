import type { Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Accounts } from './accounts.ts'
import type { Lockout } from './lockout.ts'
import type { Mails } from './mails.ts'
import type { OpenSessions } from './open-sessions.ts'
import type { Passwords } from './passwords.ts'
import { steadily } from './steadily.ts'
import { actorOf, findAccount, lockAccount, updateAccount } from './store.ts'

type Needs = {
  sql: Sql
  audit: Audit
  accounts: Accounts
  openSessions: OpenSessions
  mails: Mails
  passwords: Passwords
  lockout: Lockout
  now: () => Date
}

/** What the link of a mail lets one do. */
export function createRecovery({ sql, audit, accounts, openSessions, mails, passwords, lockout, now }: Needs) {
  async function requestReset(email: string): Promise<void> {
    const account = await accounts.findByEmail(email)
    if (!account) return
    const to = { accountId: account.id, emailIndex: account.emailIndex, email }
    await sql.transaction().execute((tx) => mails.request('reset', to, tx))
  }

  return {
    /** Proves an address: of a new account, or the one that an account changes to. False when the link is not good. */
    verifyEmail: (token: string): Promise<boolean> =>
      sql.transaction().execute(async (tx) => {
        const request = await mails.take(token, ['verify', 'change'], tx)
        const account = request && (await lockAccount(tx, request.accountId))
        if (!request || !account) return false
        if (request.kind === 'verify') {
          await updateAccount(tx, account.id, { emailVerifiedAt: now() })
          return true
        }
        const taken = await findAccount(tx, 'email_index', request.emailIndex)
        if (taken && taken.id !== account.id) return false
        const { emailIndex, emailSealed } = request
        await mails.tellLeft(account, tx)
        await updateAccount(tx, account.id, { emailIndex, emailSealed, emailVerifiedAt: now() })
        const subject = `user:${account.id}`
        await audit.record({ actor: actorOf(account), action: 'identity.email_changed', subject }, tx)
        return true
      }),

    forgotPassword: (email: string): Promise<void> => steadily(requestReset(email)),

    /** Sets the password, ends every session, and proves the address by the way. False when the link is not good. */
    async resetPassword(token: string, password: string): Promise<boolean> {
      const passwordHash = await passwords.hash(password)
      const account = await sql.transaction().execute(async (tx) => {
        const request = await mails.take(token, ['reset', 'known'], tx)
        const found = request && (await lockAccount(tx, request.accountId))
        // A link that went to an address which the account has left proves nothing.
        if (!found || found.emailIndex !== request?.emailIndex) return undefined
        await updateAccount(tx, found.id, { passwordHash, emailVerifiedAt: found.emailVerifiedAt ?? now() })
        await openSessions.revokeAll(found.id, {}, tx)
        await mails.dropLinks(found.id, tx)
        const subject = `user:${found.id}`
        await audit.record({ actor: actorOf(found), action: 'identity.password_reset', subject }, tx)
        return found
      })
      if (account) await lockout.forget(account.emailIndex)
      return account !== undefined
    },
  }
}
