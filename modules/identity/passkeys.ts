import {
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyRegistrationResponse,
  type WebAuthnCredential,
} from '@simplewebauthn/server'
import type { Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import type { Vault } from '../vault/index.ts'
import type { Pending } from './pending.ts'
import { deletePasskey, insertPasskey, listPasskeys } from './tie-store.ts'
import type { Users } from './users.ts'
import { challengeOf, refused, transportsOf, verified } from './webauthn.ts'

type Needs = {
  sql: Sql
  vault: Vault
  audit: Audit
  users: Users
  pending: Pending
  now: () => Date
}

/** WebAuthn. `origin` is where the browser sees the shop; a passkey belongs to its host. Throws `refused` for what does not verify. */
export function createPasskeys(needs: Needs) {
  const { sql, vault, audit, users, pending } = needs
  const keep = createKeeping(needs)

  return {
    async passkeyCreationOptions(userId: string, origin: string) {
      const user = await users.getUser(userId)
      const options = await generateRegistrationOptions({
        rpName: 'EshoTry',
        rpID: new URL(origin).hostname,
        userName: user.email,
        userID: new Uint8Array(Buffer.from(userId.replaceAll('-', ''), 'hex')),
        excludeCredentials: (await listPasskeys(sql, userId)).map((one) => ({
          id: one.id,
          transports: transportsOf(one),
        })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
      await pending.put(options.challenge, 'passkey_create', { userId })
      return options
    },

    async addPasskey(
      actor: Actor,
      { response, name }: { response: object; name: string },
      origin: string,
    ): Promise<void> {
      const given = response as RegistrationResponseJSON
      const challenge = challengeOf(given)
      const begun = await pending.take<{ userId: string }>(challenge, 'passkey_create')
      if (begun?.userId !== actor.userId) throw refused()
      const { registrationInfo } = await verified(
        verifyRegistrationResponse({
          response: given,
          expectedChallenge: challenge,
          expectedOrigin: origin,
          expectedRPID: new URL(origin).hostname,
        }),
      )
      if (!registrationInfo) throw refused()
      if (!(await keep(actor, name, registrationInfo.credential)))
        throw new AppError('conflict', 'This passkey is known already')
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

/** Stores a passkey that was verified; false when it is known already. It and its entry in the log commit together. */
const createKeeping =
  ({ sql, vault, audit, now }: Needs) =>
  (actor: Actor, name: string, { id, publicKey, counter, transports = [] }: WebAuthnCredential): Promise<boolean> =>
    sql.transaction().execute(async (tx) => {
      const row = {
        id,
        accountId: actor.userId,
        nameSealed: await vault.seal(actor.userId, name, tx),
        publicKey: Buffer.from(publicKey).toString('base64url'),
        counter,
        transports: [...transports],
        createdAt: now(),
        usedAt: null,
      }
      if (!(await insertPasskey(tx, row))) return false
      await audit.record({ actor, action: 'identity.passkey_added', subject: `user:${actor.userId}` }, tx)
      return true
    })
