import type { Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import { AppError } from '../kernel/errors.ts'
import type { Accounts } from './accounts.ts'
import type { createLockout } from './lockout.ts'
import type { Mails } from './mails.ts'
import type { Passwords } from './passwords.ts'
import type { Grant, Sessions } from './sessions.ts'
import { type AccountRow, findAccount, lockAccount, updateAccount } from './store.ts'

type Needs = {
  sql: Sql
  audit: Audit
  accounts: Accounts
  sessions: Sessions
  mails: Mails
  passwords: Passwords
  lockout: ReturnType<typeof createLockout>
  now: () => Date
}

type Credentials = { email: string; password: string }
type LoginOutcome =
  | { ok: true; grant: Grant }
  | { ok: false; reason: 'wrong' }
  | { ok: false; reason: 'locked'; retryAfterSeconds: number }

/** An answer that must not tell by its time what was found takes this long, if the work is done by then. */
const STEADY_MS = 250

async function steadily<T>(work: Promise<T>): Promise<T> {
  const [answer] = await Promise.all([work, new Promise((resolve) => setTimeout(resolve, STEADY_MS))])
  return answer
}

/** Password and mail. No answer here, nor how long it takes, tells a stranger whether an address has an account. */
export function createCredentials({ sql, audit, accounts, sessions, mails, passwords, lockout, now }: Needs) {
  const selfOf = ({ id, role }: AccountRow) => ({ userId: id, role, sessionId: '' })

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

  async function requestReset(email: string): Promise<void> {
    const account = await accounts.findByEmail(email)
    if (!account) return
    const to = { accountId: account.id, emailIndex: account.emailIndex, email }
    await sql.transaction().execute((tx) => mails.request('reset', to, tx))
  }

  async function register({ email, password, locale }: Credentials & { locale?: string | undefined }): Promise<void> {
    const passwordHash = await passwords.hash(password)
    // Account, its key, the request and its event commit together.
    await sql.transaction().execute(async (tx) => {
      const made = await accounts.insert({ email, passwordHash, locale }, tx)
      if (made) return mails.request('verify', { accountId: made.id, emailIndex: made.emailIndex, email }, tx)
      const emailIndex = await accounts.indexOf(email)
      const owner = await findAccount(tx, 'email_index', emailIndex)
      if (!owner) return undefined
      const to = { accountId: owner.id, emailIndex, email }
      if (owner.emailVerifiedAt) return mails.request('known', to, tx)
      // Nobody has proved the address yet: what counts is the last password, and the link that follows it.
      await updateAccount(tx, owner.id, { passwordHash })
      return mails.request('verify', to, tx)
    })
  }

  return {
    /** The mail says how it goes on, to a new owner of the address or to the one there is. */
    register: (account: Credentials & { locale?: string | undefined }): Promise<void> => steadily(register(account)),

    /** `wrong` is a wrong password, an unknown address and one that is not verified yet, all the same. */
    async login({ email, password }: Credentials, client: string): Promise<LoginOutcome> {
      const name = await accounts.indexOf(email)
      const wait = await lockout.attempt(name)
      if (wait > 0) return { ok: false, reason: 'locked', retryAfterSeconds: wait }
      const account = await findAccount(sql, 'email_index', name)
      const right = await passwords.verify(password, account?.passwordHash)
      if (!account || !right || !account.emailVerifiedAt) return { ok: false, reason: 'wrong' }
      await lockout.forget(name)
      if (account.passwordHash && passwords.isOutdated(account.passwordHash))
        await updateAccount(sql, account.id, { passwordHash: await passwords.hash(password) })
      return { ok: true, grant: await sessions.start({ userId: account.id, role: account.role, client }) }
    },

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
        await updateAccount(tx, account.id, { emailIndex, emailSealed, emailVerifiedAt: now() })
        const subject = `user:${account.id}`
        await audit.record({ actor: selfOf(account), action: 'identity.email_changed', subject }, tx)
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
        await sessions.revokeAll(found.id, {}, tx)
        const subject = `user:${found.id}`
        await audit.record({ actor: selfOf(found), action: 'identity.password_reset', subject }, tx)
        return found
      })
      if (account) await lockout.forget(account.emailIndex)
      return account !== undefined
    },

    /** Ends the other sessions. Throws `refused` when the current password is wrong. */
    async changePassword(actor: { userId: string; sessionId: string }, current: string, next: string): Promise<void> {
      const account = await confirm(actor.userId, current)
      const passwordHash = await passwords.hash(next)
      await sql.transaction().execute(async (tx) => {
        await updateAccount(tx, account.id, { passwordHash })
        await sessions.revokeAll(account.id, { except: actor.sessionId }, tx)
        const subject = `user:${account.id}`
        await audit.record({ actor: selfOf(account), action: 'identity.password_changed', subject }, tx)
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
