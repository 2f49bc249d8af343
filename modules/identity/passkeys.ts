import type { Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import type { Vault } from '../vault/index.ts'
import type { Pending } from './pending.ts'
import type { Grant, Sessions } from './sessions.ts'
import { challengeOf, creationOptions, refused, requestOptions, verifyCreation, verifyRequest } from './webauthn.ts'
import { findAccount } from './store.ts'
import { deletePasskey, findPasskey, insertPasskey, listPasskeys, updatePasskeyUse } from './tie-store.ts'
import type { Users } from './users.ts'

type Needs = {
  sql: Sql
  vault: Vault
  audit: Audit
  users: Users
  sessions: Sessions
  pending: Pending
  now: () => Date
}

/** Sign-in without a password. `origin` is where the browser sees the shop. Throws `refused` for what does not verify. */
export function createPasskeys({ sql, vault, audit, users, sessions, pending, now }: Needs) {
  return {
    async passkeyCreationOptions(userId: string, origin: string) {
      const options = await creationOptions(await users.getUser(userId), await listPasskeys(sql, userId), origin)
      await pending.put(options.challenge, 'passkey_create', { userId })
      return options
    },

    /** The passkey and its entry in the log commit together. Throws `conflict` for one that is known already. */
    async addPasskey(
      actor: Actor,
      { response, name }: { response: object; name: string },
      origin: string,
    ): Promise<void> {
      const challenge = challengeOf(response)
      const begun = await pending.take<{ userId: string }>(challenge, 'passkey_create')
      if (begun?.userId !== actor.userId) throw refused()
      const passkey = await verifyCreation(response, challenge, origin)
      await sql.transaction().execute(async (tx) => {
        const nameSealed = await vault.seal(actor.userId, name, tx)
        const row = { ...passkey, accountId: actor.userId, nameSealed, createdAt: now(), usedAt: null }
        if (!(await insertPasskey(tx, row))) throw new AppError('conflict', 'This passkey is known already')
        await audit.record({ actor, action: 'identity.passkey_added', subject: `user:${actor.userId}` }, tx)
      })
    },

    async passkeySignInOptions(origin: string) {
      const options = await requestOptions(origin)
      await pending.put(options.challenge, 'passkey_sign_in', {})
      return options
    },

    async signInByPasskey(response: { id: string }, origin: string, client: string): Promise<Grant> {
      const challenge = challengeOf(response)
      const begun = await pending.take(challenge, 'passkey_sign_in')
      const passkey = begun && (await findPasskey(sql, response.id))
      const account = passkey && (await findAccount(sql, 'id', passkey.accountId))
      if (!account) throw refused()
      const counter = await verifyRequest(response, passkey, { challenge, origin })
      if (!(await updatePasskeyUse(sql, passkey, counter, now()))) throw refused()
      return sessions.start({ userId: account.id, role: account.role, client })
    },

    async listPasskeys(userId: string) {
      const rows = await listPasskeys(sql, userId)
      const names = await vault.openAll(rows.map(({ nameSealed }) => ({ subjectId: userId, sealed: nameSealed })))
      return rows.map(({ id, createdAt, usedAt }, index) => ({
        id,
        name: names[index] ?? '',
        createdAt: createdAt.toISOString(),
        usedAt: usedAt?.toISOString() ?? null,
      }))
    },

    async removePasskey(actor: Actor, id: string): Promise<void> {
      await sql.transaction().execute(async (tx) => {
        if (!(await deletePasskey(tx, actor.userId, id))) throw new AppError('not_found', 'No such passkey')
        await audit.record({ actor, action: 'identity.passkey_removed', subject: `user:${actor.userId}` }, tx)
      })
    },
  }
}
