import type { Cache, Infra, OAuthProvider, Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import { publish } from '../kernel/events.ts'
import type { Vault } from '../vault/index.ts'
import { createAccessTokens } from './access-tokens.ts'
import { createAccountChanges } from './account-changes.ts'
import { createAccounts } from './accounts.ts'
import { createCredentials } from './credentials.ts'
import { createLockout } from './lockout.ts'
import { createMails } from './mails.ts'
import { deleteExpiredMailRequests } from './mail-store.ts'
import { createOAuth } from './oauth.ts'
import { createOpenSessions } from './open-sessions.ts'
import { createPasskeys } from './passkeys.ts'
import { createPasswords } from './passwords.ts'
import { createPending } from './pending.ts'
import { createRecovery } from './recovery.ts'
import { createSessions } from './sessions.ts'
import { createStaff } from './staff.ts'
import { deleteAccount, lockAdmins } from './store.ts'
import { createUsers } from './users.ts'

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
  const { sql, cache, now } = needs
  const accounts = createAccounts(needs)
  const accessTokens = createAccessTokens(needs)
  const sessions = createSessions({ ...needs, accessTokens })
  const openSessions = createOpenSessions({ ...needs, accessTokens })
  const users = createUsers({ ...needs, accounts })
  const mails = createMails(needs)
  const passwords = createPasswords()
  const lockout = createLockout(cache)
  const pending = createPending(needs)
  const parts = { ...needs, accounts, users, sessions, openSessions, mails, passwords, lockout, pending }

  return {
    ...createCredentials(parts),
    ...createRecovery(parts),
    ...createAccountChanges(parts),
    ...createStaff(parts),
    ...createPasskeys(parts),
    ...createOAuth(parts),
    ...users,
    publicUrl: needs.publicUrl,
    verificationLinkToken: mails.verificationLinkToken,
    resetLinkToken: mails.resetLinkToken,
    findMailRequest: mails.findMailRequest,
    startSession: sessions.start,
    refresh: sessions.refresh,
    endOfToken: sessions.endOfToken,
    listSessions: openSessions.listSessions,
    revokeSession: openSessions.revoke,
    endSession: openSessions.end,
    revokeSessions: openSessions.revokeAll,
    jwks: accessTokens.jwks,
    rotateSigningKey: accessTokens.rotate,

    /** Who a bearer token speaks for; undefined when it is not, or no longer, good. Costs no SQL. */
    authenticate: (bearer: string): Promise<Actor | undefined> => accessTokens.verify(bearer),

    /**
     * Nothing of the account stays but its id in other modules' rows; joins the caller's transaction, who shreds the key.
     * Throws `conflict` rather than leave the shop without an administrator.
     */
    async eraseUser(userId: string, tx: Sql): Promise<void> {
      const admins = await lockAdmins(tx)
      if (admins.length === 1 && admins[0]?.id === userId)
        throw new AppError('conflict', 'This is the only administrator')
      await openSessions.revokeAll(userId, {}, tx)
      await deleteAccount(tx, userId)
      await publish('identity.user_erased', { userId }, tx)
    },

    jobs: {
      /** What nobody can use any more. */
      'identity.prune': async (): Promise<void> => {
        await sessions.forgetExpired()
        await deleteExpiredMailRequests(sql, now())
        await accessTokens.forgetRetired()
        await pending.forgetExpired()
      },
    },
    schedules: { 'identity.prune': 3600 },
  }
}
