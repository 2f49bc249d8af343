import { exportJWK, generateKeyPair, importJWK, type JWK } from 'jose'
import type { Sql } from '../../db/index.ts'
import type { Vault } from '../vault/index.ts'
import {
  deleteRetiredKeys,
  insertSigningKey,
  listSigningKeys,
  retireOtherKeys,
  type SigningKeyRow,
} from './key-store.ts'

export const ALGORITHM = 'EdDSA'
/** How long another process may go on with the keys it has read. */
const KEYS_KEPT_MS = 60_000
/** Past this nobody holds a token that a retired key has signed. */
const RETIRED_KEPT_MS = 20 * 60_000
const SUBJECT = 'system:identity.signing'

export type SigningKey = {
  id: string
  publicJwk: SigningKeyRow['publicJwk']
  publicKey: CryptoKey
  privateKey: () => Promise<CryptoKey>
}

type Needs = { sql: Sql; vault: Vault; now: () => Date; newId: () => string }

/** Ed25519 keys, sealed at rest; the newest signs, those before it verify until their last token has expired. */
export function createSigningKeys({ sql, vault, now, newId }: Needs) {
  let read: { at: number; keys: Promise<SigningKey[]> } | undefined

  /** Newest first. */
  async function readKeys(): Promise<SigningKey[]> {
    const rows = await listSigningKeys(sql)
    const time = now().getTime()
    const usable = rows.filter(({ retiredAt }) => !retiredAt || time - retiredAt.getTime() < RETIRED_KEPT_MS)
    return Promise.all(usable.map((row) => importKey(vault, row)))
  }

  function keys(fresh = false): Promise<SigningKey[]> {
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
    const privateSealed = await vault.seal(SUBJECT, JSON.stringify(await exportJWK(pair.privateKey)))
    await insertSigningKey(sql, { id, publicJwk, privateSealed, createdAt: now(), retiredAt: null })
    return id
  }

  async function signingKey(): Promise<SigningKey> {
    const [newest] = await keys()
    if (newest) return newest
    await addKey()
    const [made] = await keys(true)
    if (!made) throw new Error('The signing key that was made is not there')
    return made
  }

  async function keyOf(id: string | undefined): Promise<SigningKey | undefined> {
    const known = (await keys()).find((key) => key.id === id)
    if (known || id === undefined) return known
    // Made by another process since; asked for at most once a second, whatever ids strangers think of.
    return now().getTime() - (read?.at ?? 0) < 1000 ? undefined : (await keys(true)).find((key) => key.id === id)
  }

  return {
    signingKey,
    keyOf,

    /** Of the keys that verify. */
    publicJwks: async () => (await keys()).map(({ publicJwk }) => publicJwk),

    /** A new key signs from now on. Returns its id. */
    async rotate(): Promise<string> {
      const id = await addKey()
      await retireOtherKeys(sql, id, now())
      await keys(true)
      return id
    },

    forgetRetired: () => deleteRetiredKeys(sql, new Date(now().getTime() - RETIRED_KEPT_MS)),
  }
}

async function importKey(vault: Vault, { id, publicJwk, privateSealed }: SigningKeyRow): Promise<SigningKey> {
  let opened: Promise<CryptoKey> | undefined
  const open = async () => {
    const jwk = await vault.open(SUBJECT, privateSealed)
    if (jwk === undefined) throw new Error(`The signing key ${id} cannot be opened`)
    return (await importJWK(JSON.parse(jwk) as JWK, ALGORITHM)) as CryptoKey
  }
  const publicKey = (await importJWK(publicJwk, ALGORITHM)) as CryptoKey
  return { id, publicJwk, publicKey, privateKey: () => (opened ??= open()) }
}
