import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import type { Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import type { Vault } from '../vault/index.ts'
import type { Accounts } from './accounts.ts'
import type { Pending } from './pending.ts'
import type { Grant, Sessions } from './sessions.ts'
import { findAccount } from './store.ts'
import {
  deletePasskey,
  findPasskey,
  insertPasskey,
  listPasskeys,
  type PasskeyRow,
  updatePasskeyUse,
} from './tie-store.ts'

type Needs = {
  sql: Sql
  vault: Vault
  audit: Audit
  accounts: Accounts
  sessions: Sessions
  pending: Pending
  now: () => Date
}

const refused = () =>
  new AppError('refused', 'This passkey could not be verified; begin again', { reason: 'passkey_refused' })

/** What the client says it signed; it is believed only once the signature over it was checked. */
function challengeOf(response: { response: { clientDataJSON: string } }): string {
  try {
    const text = Buffer.from(response.response.clientDataJSON, 'base64url').toString()
    return String((JSON.parse(text) as { challenge?: unknown }).challenge)
  } catch {
    throw refused()
  }
}

const transportsOf = (passkey: PasskeyRow) => passkey.transports as never[]

/** WebAuthn. `origin` is where the browser sees the shop; a passkey belongs to its host. Throws `refused` for what does not verify. */
export function createPasskeys({ sql, vault, audit, accounts, sessions, pending, now }: Needs) {
  async function verified<T>(check: Promise<T>): Promise<T> {
    return check.catch((error: unknown) => {
      if (error instanceof Error) throw refused()
      throw error
    })
  }

  return {
    async passkeyCreationOptions(userId: string, origin: string) {
      const user = await accounts.getUser(userId)
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
      const { id, publicKey, counter, transports = [] } = registrationInfo.credential
      // The passkey and its entry in the log commit together.
      const added = await sql.transaction().execute(async (tx) => {
        const nameSealed = await vault.seal(actor.userId, name, tx)
        const key = Buffer.from(publicKey).toString('base64url')
        const row = { id, accountId: actor.userId, nameSealed, publicKey: key, counter, createdAt: now(), usedAt: null }
        if (!(await insertPasskey(tx, { ...row, transports: [...transports] }))) return false
        await audit.record({ actor, action: 'identity.passkey_added', subject: `user:${actor.userId}` }, tx)
        return true
      })
      if (!added) throw new AppError('conflict', 'This passkey is known already')
    },

    /** Of nobody in particular: the authenticator shows whose passkeys it has, so no address is asked for or told. */
    async passkeySignInOptions(origin: string) {
      const rpID = new URL(origin).hostname
      const options = await generateAuthenticationOptions({ rpID, userVerification: 'required' })
      await pending.put(options.challenge, 'passkey_sign_in', {})
      return options
    },

    async signInByPasskey(response: object, origin: string, client: string): Promise<Grant> {
      const given = response as AuthenticationResponseJSON
      const challenge = challengeOf(given)
      const begun = await pending.take(challenge, 'passkey_sign_in')
      const passkey = begun && (await findPasskey(sql, given.id))
      const account = passkey && (await findAccount(sql, 'id', passkey.accountId))
      if (!account) throw refused()
      const { id, publicKey, counter } = passkey
      const { verified: isRight, authenticationInfo } = await verified(
        verifyAuthenticationResponse({
          response: given,
          expectedChallenge: challenge,
          expectedOrigin: origin,
          expectedRPID: new URL(origin).hostname,
          credential: {
            id,
            publicKey: new Uint8Array(Buffer.from(publicKey, 'base64url')),
            counter,
            transports: transportsOf(passkey),
          },
        }),
      )
      if (!isRight || !(await updatePasskeyUse(sql, passkey, authenticationInfo.newCounter, now()))) throw refused()
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
