import { createHmac } from 'node:crypto'
import type { MasterKeys, Sql } from '../../db/index.ts'
import { decrypt, encrypt } from './cipher.ts'
import { createKeyRing } from './key-ring.ts'

export type Vault = ReturnType<typeof createVault>
export type Sealed = { subjectId: string; sealed: string }

/**
 * Personal text, sealed under a key of the person (or other subject), which a master key wraps. Without its key a sealed
 * text is noise, wherever copies of it lie: shredding one short row erases all of them.
 */
export function createVault(needs: { sql: Sql; masterKeys: MasterKeys; now: () => Date }) {
  const { sql } = needs
  const { keyFor, keysOf, shred, rewrapAll } = createKeyRing(needs)

  async function openAll(items: readonly Sealed[]): Promise<(string | undefined)[]> {
    const keys = await keysOf(new Set(items.map(({ subjectId }) => subjectId)))
    return items.map(({ subjectId, sealed }) => {
      const [keyId = '', text = ''] = sealed.split('.')
      const key = keys.get(subjectId)
      return key?.id === keyId ? decrypt(key.key, text, subjectId)?.toString() : undefined
    })
  }

  return {
    /**
     * Text under the subject's key, which is made when there is none: no statement when the key is at hand, else one. A key
     * made in a transaction commits with it.
     */
    async seal(subjectId: string, text: string, tx: Sql = sql): Promise<string> {
      const { id, key } = await keyFor(subjectId, tx)
      return `${id}.${encrypt(key, Buffer.from(text), subjectId)}`
    },

    /** Undefined once shredded. Reads committed keys only: what a transaction has just sealed opens after it. */
    async open(subjectId: string, sealed: string): Promise<string | undefined> {
      return (await openAll([{ subjectId, sealed }]))[0]
    },

    /** A whole page with one statement, in the order of `items`. */
    openAll,

    /** 32 bytes that stay the same for one purpose, for keyed digests; of no use once the subject is shredded. */
    async secret(purpose: string): Promise<Uint8Array> {
      const { key } = await keyFor(`system:${purpose}`, sql)
      return createHmac('sha256', key).update('secret').digest()
    },

    /** The subject's key is gone when the transaction commits; other processes forget it within half a minute. */
    shred: (subjectId: string, tx: Sql = sql): Promise<void> => shred(subjectId, tx),

    /** Wraps every key anew that an older master key wraps; returns how many. What is sealed stays as it is. */
    rotate: rewrapAll,
  }
}
