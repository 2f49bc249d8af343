import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose'
import type { Cache, Sql } from '../../db/index.ts'
import type { Actor, Role } from '../kernel/access.ts'
import type { Vault } from '../vault/index.ts'
import { ALGORITHM, createSigningKeys } from './signing-keys.ts'

/** How long a stolen one is of use where its session's end was not heard of. */
const LASTS_SECONDS = 600
const ISSUER = 'eshotry'
const MOST_VERIFIED = 10_000

type Verified = { actor: Actor; expiresAt: number; issuedAt: number }
type Needs = { sql: Sql; cache: Cache; vault: Vault; now: () => Date; newId: () => string }
export type AccessTokens = ReturnType<typeof createAccessTokens>

const endedKey = (sessionId: string) => `identity:ended:${sessionId}`

/** Short-lived JWTs; others verify them by the JWKS. */
export function createAccessTokens(needs: Needs) {
  const { cache, now } = needs
  const { signingKey, keyOf, publicJwks, rotate, forgetRetired } = createSigningKeys(needs)
  const verified = new Map<string, Verified>()

  async function check(token: string): Promise<Verified | undefined> {
    const known = verified.get(token)
    if (known) return known.expiresAt > now().getTime() ? known : undefined
    try {
      const key = await keyOf(decodeProtectedHeader(token).kid)
      if (!key) return undefined
      const options = { issuer: ISSUER, audience: ISSUER, currentDate: now(), algorithms: [ALGORITHM] }
      const { payload } = await jwtVerify(token, key.publicKey, options)
      const actor = { userId: String(payload.sub), role: payload['role'] as Role, sessionId: String(payload['sid']) }
      const found = { actor, expiresAt: Number(payload.exp) * 1000, issuedAt: Number(payload['ims']) }
      verified.set(token, found)
      if (verified.size > MOST_VERIFIED) for (const oldest of verified.keys().take(1)) verified.delete(oldest)
      return found
    } catch (error) {
      // What jose refuses is not a token of ours; a database that does not answer is no reason to call somebody a guest.
      if (isRefusal(error)) return undefined
      throw error
    }
  }

  return {
    async issue(actor: Actor): Promise<{ accessToken: string; accessExpiresAt: Date }> {
      const key = await signingKey()
      const issuedAt = now().getTime()
      const expiresAt = new Date(issuedAt + LASTS_SECONDS * 1000)
      const accessToken = await new SignJWT({ role: actor.role, sid: actor.sessionId, ims: issuedAt })
        .setProtectedHeader({ alg: ALGORITHM, kid: key.id, typ: 'JWT' })
        .setSubject(actor.userId)
        .setIssuer(ISSUER)
        .setAudience(ISSUER)
        .setIssuedAt(Math.floor(issuedAt / 1000))
        .setExpirationTime(Math.floor(expiresAt.getTime() / 1000))
        .sign(await key.privateKey())
      return { accessToken, accessExpiresAt: expiresAt }
    },

    /** Undefined for a token that is not ours, has expired, or whose session was ended since. No SQL. */
    async verify(token: string): Promise<Actor | undefined> {
      const found = await check(token)
      if (!found) return undefined
      const ended = await cache.get(endedKey(found.actor.sessionId))
      return ended !== undefined && found.issuedAt <= Number(ended) ? undefined : found.actor
    },

    /** Tokens of these sessions that were issued until now are refused from now on. */
    async refuseUntilNow(sessionIds: readonly string[]): Promise<void> {
      const time = String(now().getTime())
      for (const id of sessionIds) await cache.set(endedKey(id), time, LASTS_SECONDS + 60)
    },

    /** RFC 7517. */
    jwks: async () => ({ keys: await publicJwks() }),
    rotate,
    forgetRetired,
  }
}

/** jose's own errors have a code; a token that is not even a JWS is a TypeError. */
const isRefusal = (error: unknown) =>
  error instanceof TypeError || String((error as { code?: unknown }).code).startsWith('ERR_J')
