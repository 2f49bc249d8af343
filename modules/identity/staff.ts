import type { Sql } from '../../db/index.ts'
import { transact } from '../../db/index.ts'
import type { Audit, AuditActor } from '../audit/index.ts'
import type { Role } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import type { Accounts, NewAccount } from './accounts.ts'
import type { Lockout } from './lockout.ts'
import type { Mails } from './mails.ts'
import type { OpenSessions } from './open-sessions.ts'
import type { Passwords } from './passwords.ts'
import type { User } from './schema.ts'
import { lockAccount, lockAdmins, updateAccount } from './store.ts'
import type { Users } from './users.ts'

type Needs = {
  sql: Sql
  audit: Audit
  accounts: Accounts
  users: Users
  openSessions: OpenSessions
  mails: Mails
  passwords: Passwords
  lockout: Lockout
  now: () => Date
}

/** What an operator or an administrator does with the accounts of others. */
export function createStaff({ sql, audit, accounts, users, openSessions, mails, passwords, lockout, now }: Needs) {
  return {
    /** For an operator: an account that needs no proof by mail. Throws `conflict` when the address is taken. */
    async createUser(
      { password, ...account }: Omit<NewAccount, 'passwordHash'> & { password?: string | undefined },
      actor: AuditActor,
    ): Promise<User> {
      const passwordHash = password === undefined ? null : await passwords.hash(password)
      // Account, its key and the entry in the log commit together.
      const id = await transact<string | undefined>(sql, async (tx, abort) => {
        const row = await accounts.insert({ verified: true, ...account, passwordHash }, tx)
        if (!row) return abort(undefined)
        const subject = `user:${row.id}`
        await audit.record({ actor, action: 'identity.user_created', subject, details: { role: row.role } }, tx)
        return row.id
      })
      if (id === undefined) throw new AppError('conflict', 'This address has an account already')
      return users.getUser(id)
    },

    /**
     * For an operator whom nobody can mail: a new password, and the role that is given; the address counts as proved and
     * every session ends. Throws `not_found`.
     */
    async resetUser(
      email: string,
      { role, password }: { role: Role; password: string },
      actor: AuditActor,
    ): Promise<User> {
      const passwordHash = await passwords.hash(password)
      const found = await accounts.findByEmail(email)
      if (!found) throw new AppError('not_found', 'This address has no account')
      await sql.transaction().execute(async (tx) => {
        await updateAccount(tx, found.id, { role, passwordHash, emailVerifiedAt: found.emailVerifiedAt ?? now() })
        await openSessions.revokeAll(found.id, {}, tx)
        await mails.dropLinks(found.id, tx)
        const details = { from: found.role, to: role }
        await audit.record({ actor, action: 'identity.user_reset', subject: `user:${found.id}`, details }, tx)
      })
      await lockout.forget(found.emailIndex)
      return users.getUser(found.id)
    },

    /** Throws `conflict` rather than leave the shop without an administrator. */
    async changeRole(userId: string, role: Role, actor: AuditActor): Promise<User> {
      await sql.transaction().execute(async (tx) => {
        const admins = await lockAdmins(tx)
        const account = await lockAccount(tx, userId)
        if (!account) throw new AppError('not_found', `No user ${userId}`)
        if (account.role === role) return
        if (account.role === 'admin' && admins.length === 1)
          throw new AppError('conflict', 'This is the only administrator')
        await updateAccount(tx, userId, { role })
        const details = { from: account.role, to: role }
        await audit.record({ actor, action: 'identity.role_changed', subject: `user:${userId}`, details }, tx)
      })
      await openSessions.renewTokens(userId)
      return users.getUser(userId)
    },
  }
}
