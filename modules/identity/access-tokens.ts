import { decodeProtectedHeader, exportJWK, generateKeyPair, importJWK, type JWK, jwtVerify, SignJWT } from 'jose'
import type { Cache, Sql } from '../../db/index.ts'
import type { Actor, Role } from '../kernel/access.ts'
import type { Vault } from '../vault/index.ts'
import {
  deleteRetiredKeys,
  insertSigningKey,
  listSigningKeys,
  retireOtherKeys,
  type SigningKeyRow,
} from './key-store.ts'

/** How long a stolen one is of use where its session's end was not heard of. */
export const ACCESS_SECONDS = 600
const ISSUER = 'eshotry'
const ALGORITHM = 'EdDSA'
/** How long another process may go on with the keys it has read. */
const KEYS_KEPT_MS = 60_000
/** Past this nobody holds a token that a retired key has signed. */
const RETIRED_KEPT_MS = (ACCESS_SECONDS + 600) * 1000
const MOST_VERIFIED = 10_000
const KEY_SUBJECT = 'system:identity.signing'

type Key = { id: string; publicJwk: SigningKeyRow['publicJwk']; publicKey: CryptoKey; signs: () => Promise<CryptoKey> }
type Verified = { actor: Actor; expiresAt: number; issuedAt: number }
export type AccessTokens = ReturnType<typeof createAccessTokens>

type Needs = { sql: Sql; cache: Cache; vault: Vault; now: () => Date; newId: () => string }

/** Short-lived JWTs, signed with keys that are sealed at rest and replaced now and then; others verify them by the JWKS. */
export function createAccessTokens({ sql, cache, vault, now, newId }: Needs) {
  let read: { at: number; keys: Promise<Key[]> } | undefined
  const verified = new Map<string, Verified>()

  /** Newest first, so that the first one signs. */
  async function readKeys(): Promise<Key[]> {
    const rows = await listSigningKeys(sql)
    const recent = rows.filter((row) => !row.retiredAt || now().getTime() - row.retiredAt.getTime() < RETIRED_KEPT_MS)
    return Promise.all(
      recent.map(async ({ id, publicJwk, privateSealed }) => {
        let imported: Promise<CryptoKey> | undefined
        const importPrivate = async () => {
          const jwk = await vault.open(KEY_SUBJECT, privateSealed)
          if (jwk === undefined) throw new Error(`The signing key ${id} cannot be opened`)
          return (await importJWK(JSON.parse(jwk) as JWK, ALGORITHM)) as CryptoKey
        }
        const signs = () => (imported ??= importPrivate())
        return { id, publicJwk, publicKey: (await importJWK(publicJwk, ALGORITHM)) as CryptoKey, signs }
      }),
    )
  }

  function keys(fresh = false): Promise<Key[]> {
    const time = now().getTime()
    if (!read || fresh || time - read.at > KEYS_KEPT_MS) {
      const asked = { at: time, keys: readKeys() }
      // One that failed is not remembered.
      asked.keys.catch(() => {
        if (read === asked) read = undefined
      })
      read = asked
    }
    return read.keys
  }

  async function addKey(): Promise<string> {
    const pair = await generateKeyPair(ALGORITHM, { extractable: true })
    const id = newId()
    const { crv = '', x = '' } = await exportJWK(pair.publicKey)
    const publicJwk = { kid: id, kty: 'OKP', crv, x, alg: ALGORITHM, use: 'sig' }
    const privateSealed = await vault.seal(KEY_SUBJECT, JSON.stringify(await exportJWK(pair.privateKey)))
    await insertSigningKey(sql, { id, publicJwk, privateSealed, createdAt: now(), retiredAt: null })
    return id
  }

  async function signingKey(): Promise<Key> {
    const [newest] = await keys()
    if (newest) return newest
    await addKey()
    const [made] = await keys(true)
    if (!made) throw new Error('The signing key that was made is not there')
    return made
  }

  async function keyOf(id: string | undefined): Promise<Key | undefined> {
    const known = (await keys()).find((key) => key.id === id)
    if (known || id === undefined) return known
    // Made by another process since; asked for at most once a second, whatever ids strangers think of.
    return now().getTime() - (read?.at ?? 0) < 1000 ? undefined : (await keys(true)).find((key) => key.id === id)
  }

  async function check(token: string): Promise<Verified | undefined> {
    const time = now().getTime()
    const known = verified.get(token)
    if (known) return known.expiresAt > time ? known : undefined
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
    } catch {
      return undefined
    }
  }

  const endedKey = (sessionId: string) => `identity:ended:${sessionId}`

  return {
    async issue(actor: Actor): Promise<{ accessToken: string; accessExpiresAt: Date }> {
      const key = await signingKey()
      const issuedAt = now().getTime()
      const expiresAt = new Date(issuedAt + ACCESS_SECONDS * 1000)
      const accessToken = await new SignJWT({ role: actor.role, sid: actor.sessionId, ims: issuedAt })
        .setProtectedHeader({ alg: ALGORITHM, kid: key.id, typ: 'JWT' })
        .setSubject(actor.userId)
        .setIssuer(ISSUER)
        .setAudience(ISSUER)
        .setIssuedAt(Math.floor(issuedAt / 1000))
        .setExpirationTime(Math.floor(expiresAt.getTime() / 1000))
        .sign(await key.signs())
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
      for (const id of sessionIds) await cache.set(endedKey(id), time, ACCESS_SECONDS + 60)
    },

    /** RFC 7517. */
    async jwks(): Promise<{ keys: SigningKeyRow['publicJwk'][] }> {
      return { keys: (await keys()).map(({ publicJwk }) => publicJwk) }
    },

    /** A new key signs from now on; the old one still verifies what it has signed. Returns the new one's id. */
    async rotate(): Promise<string> {
      const id = await addKey()
      await retireOtherKeys(sql, id, now())
      await keys(true)
      return id
    },

    forgetRetired: () => deleteRetiredKeys(sql, new Date(now().getTime() - RETIRED_KEPT_MS)),
  }
}
