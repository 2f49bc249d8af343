import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { AppError } from '../kernel/errors.ts'

/** `publicKey` is COSE in base64url; `counter` stays 0 for authenticators that do not count. */
export type Passkey = { id: string; publicKey: string; counter: number; transports: string[] }
type Known = Pick<Passkey, 'id' | 'transports'>

export const refused = () =>
  new AppError('refused', 'This passkey could not be verified; begin again', { reason: 'passkey_refused' })

/** What the library throws is a refusal of what the browser sent. */
const orRefused = <T>(check: Promise<T>): Promise<T> =>
  check.catch(() => {
    throw refused()
  })

/** Newer transports than the library knows are passed on to the browser, which may know them. */
const descriptors = (passkeys: Known[]) =>
  passkeys.map(({ id, transports }) => ({ id, transports: transports as never[] }))

/** What the browser says it signed; it is believed only once the signature over it was checked. */
export function challengeOf(response: object): string {
  try {
    const { clientDataJSON } = (response as RegistrationResponseJSON).response
    const said = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()) as { challenge?: unknown }
    if (typeof said.challenge === 'string' && /^[\w-]{1,200}$/.test(said.challenge)) return said.challenge
  } catch {
    // Not JSON: refused all the same.
  }
  throw refused()
}

/** WebAuthn level 3. A passkey belongs to the host of `origin`, where the browser sees the shop. */
export function creationOptions(user: { id: string; email: string }, known: Known[], origin: string) {
  return generateRegistrationOptions({
    rpName: 'EshoTry',
    rpID: new URL(origin).hostname,
    userName: user.email,
    userID: new Uint8Array(Buffer.from(user.id.replaceAll('-', ''), 'hex')),
    excludeCredentials: descriptors(known),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
}

/** Throws `refused`. */
export async function verifyCreation(response: object, challenge: string, origin: string): Promise<Passkey> {
  const check = verifyRegistrationResponse({
    response: response as RegistrationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: new URL(origin).hostname,
  })
  const { registrationInfo } = await orRefused(check)
  if (!registrationInfo) throw refused()
  const { id, publicKey, counter, transports = [] } = registrationInfo.credential
  return { id, publicKey: Buffer.from(publicKey).toString('base64url'), counter, transports: [...transports] }
}

/** Of nobody in particular: the authenticator shows whose passkeys it has, so no address is asked for or told. */
export const requestOptions = (origin: string) =>
  generateAuthenticationOptions({ rpID: new URL(origin).hostname, userVerification: 'required' })

/** Returns the passkey's new count. Throws `refused`, for a count that went back, too. */
export async function verifyRequest(
  response: object,
  passkey: Passkey,
  { challenge, origin }: { challenge: string; origin: string },
): Promise<number> {
  const [described] = descriptors([passkey])
  const check = verifyAuthenticationResponse({
    response: response as AuthenticationResponseJSON,
    expectedChallenge: challenge,
    expectedOrigin: origin,
    expectedRPID: new URL(origin).hostname,
    credential: {
      ...described,
      id: passkey.id,
      publicKey: new Uint8Array(Buffer.from(passkey.publicKey, 'base64url')),
      counter: passkey.counter,
    },
  })
  const { verified, authenticationInfo } = await orRefused(check)
  if (!verified) throw refused()
  return authenticationInfo.newCounter
}
