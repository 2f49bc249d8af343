import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { MasterKeys } from '../../db/index.ts'
import type { EntryRow, Head } from './store.ts'

/** What the first entry names as the one before it. */
export const GENESIS = '0'.repeat(64)

/** The same text for the same value, whatever the order of its keys. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const parts = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${parts.map(([key, inside]) => `${JSON.stringify(key)}:${canonical(inside)}`).join(',')}}`
}

/** SHA-256 in hex over the entry, its place and the hash before it. */
export function hashEntry(entry: EntryRow, seq: number, previousHash: string): string {
  const { id, at, actor, role, action, subject, details } = entry
  const text = canonical([seq, previousHash, id, at.toISOString(), actor, role, action, subject, details])
  return createHash('sha256').update(text).digest('hex')
}

/**
 * Who can write to the database could make a whole chain anew; not this signature of its end, whose key is not in the
 * database.
 */
export function signHead(masterKeys: MasterKeys, seq: number, hash: string): Head {
  const { id, key } = masterKeys.current()
  return { seq, hash, keyId: id, signature: signatureOf(key, seq, hash) }
}

export function isSigned(masterKeys: MasterKeys, { seq, hash, keyId, signature }: Head): boolean {
  const master = masterKeys.find(keyId)
  if (!master) return false
  const [right, given] = [Buffer.from(signatureOf(master.key, seq, hash)), Buffer.from(signature)]
  return right.length === given.length && timingSafeEqual(right, given)
}

const signatureOf = (key: Uint8Array, seq: number, hash: string) => {
  const own = createHmac('sha256', key).update('eshotry/audit').digest()
  return createHmac('sha256', own).update(`${seq}:${hash}`).digest('base64url')
}
