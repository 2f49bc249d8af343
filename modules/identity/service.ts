import type { Cache, Infra, OAuthProvider, Sql } from '../../db/index.ts'
import { transact } from '../../db/index.ts'
import type { Audit, AuditActor } from '../audit/index.ts'
import type { Actor, Role } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import { publish } from '../kernel/events.ts'
import type { Vault } from '../vault/index.ts'
import { createAccessTokens } from './access-tokens.ts'
import { createAccounts, type NewAccount } from './accounts.ts'
import { createCredentials } from './credentials.ts'
import { createLockout } from './lockout.ts'
import { createMails } from './mails.ts'
import { deleteExpiredMailRequests } from './mail-store.ts'
import { createOAuth } from './oauth.ts'
import { createPasskeys } from './passkeys.ts'
import { createPasswords } from './passwords.ts'
import { createPending } from './pending.ts'
import type { User } from './schema.ts'
import { createSessions } from './sessions.ts'
import { deleteAccount, lockAccount, lockAdmins, updateAccount } from './store.ts'

export type Identity = ReturnType<typeof createIdentity>

export type IdentityNeeds = {
  sql: Sql
  cache: Cache
  signer: Infra['signer']
  publicUrl: string | undefined
  oauthProviders: readonly OAuthProvider[]
  vault: Vault
  audit: Audit
  now: () => Date
  newId: () => string
}

/** Accounts, and proof of who asks: by password, session, mail, provider or passkey. */
export function createIdentity(needs: IdentityNeeds) {
  const { sql, cache, audit, now } = needs
  const accounts = createAccounts(needs)
  const accessTokens = createAccessTokens(needs)
  const sessions = createSessions({ ...needs, accessTokens })
  const mails = createMails(needs)
  const passwords = createPasswords()
  const lockout = createLockout(cache)
  const credentials = createCredentials({ ...needs, accounts, sessions, mails, passwords, lockout })

  const pending = createPending(needs)
  const ways = { ...needs, accounts, sessions, pending }

  return {
    ...credentials,
    ...createPasskeys(ways),
    ...createOAuth(ways),
    publicUrl: needs.publicUrl,
    getUser: accounts.getUser,
    findUserByEmail: accounts.findUserByEmail,
    findUsers: accounts.findUsers,
    listUsers: accounts.listUsers,
    verificationLinkToken: mails.verificationLinkToken,
    resetLinkToken: mails.resetLinkToken,
    findMailRequest: mails.findMailRequest,
    startSession: sessions.start,
    refresh: sessions.refresh,
    endOfToken: sessions.endOfToken,
    listSessions: sessions.listSessions,
    revokeSession: sessions.revoke,
    endSession: sessions.end,
    revokeSessions: sessions.revokeAll,
    jwks: accessTokens.jwks,
    rotateSigningKey: accessTokens.rotate,

    /** Who a bearer token speaks for; undefined when it is not, or no longer, good. Costs no SQL. */
    authenticate: (bearer: string): Promise<Actor | undefined> => accessTokens.verify(bearer),

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
      return accounts.getUser(id)
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
      await sessions.renewTokens(userId)
      return accounts.getUser(userId)
    },

    /** Nothing of the account stays but its id in other modules' rows; joins the caller's transaction, who shreds the key. */
    async eraseUser(userId: string, tx: Sql): Promise<void> {
      await sessions.revokeAll(userId, {}, tx)
      await deleteAccount(tx, userId)
      await publish('identity.user_erased', { userId }, tx)
    },

    /** What nobody can use any more. */
    async prune(): Promise<void> {
      await sessions.forgetExpired()
      await deleteExpiredMailRequests(sql, now())
      await accessTokens.forgetRetired()
      await pending.forgetExpired()
    },
  }
}
