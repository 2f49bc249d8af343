import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  verifyAuthenticationResponse,
} from '@simplewebauthn/server'
import type { Sql } from '../../db/index.ts'
import type { Pending } from './pending.ts'
import type { Grant, Sessions } from './sessions.ts'
import { findAccount } from './store.ts'
import { findPasskey, updatePasskeyUse } from './tie-store.ts'
import { challengeOf, refused, transportsOf, verified } from './webauthn.ts'

type Needs = { sql: Sql; sessions: Sessions; pending: Pending; now: () => Date }

/** WebAuthn. `origin` is where the browser sees the shop. Throws `refused` for what does not verify. */
export function createPasskeySignIn({ sql, sessions, pending, now }: Needs) {
  return {
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
  }
}
