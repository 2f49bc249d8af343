import { createHmac, randomBytes } from 'node:crypto'
import type { MasterKeys, Sql } from '../../db/index.ts'
import { decrypt, encrypt } from './cipher.ts'
import {
  type DataKeyRow,
  deleteDataKey,
  insertOrFindDataKey,
  listDataKeys,
  listWrappedByOthers,
  updateWrapped,
} from './store.ts'

export type Vault = ReturnType<typeof createVault>
export type Sealed = { subjectId: string; sealed: string }

type DataKey = { id: string; key: Buffer }

/** How long another process may still read what was shredded here. */
const KEPT_MS = 30_000
const MOST_KEPT = 10_000
const REWRAPPED_AT_ONCE = 500

/**
 * Personal text, sealed under a key of the person (or other subject), which a master key wraps. Without its key a sealed
 * text is noise, wherever copies of it lie: shredding one short row erases all of them.
 */
export function createVault({ sql, masterKeys, now }: { sql: Sql; masterKeys: MasterKeys; now: () => Date }) {
  const kept = createKeptKeys(() => now().getTime())
  /** Keys that a transaction made: nobody may count on them before it commits. */
  const made = new WeakMap<Sql, Map<string, DataKey>>()

  const wrap = (subjectId: string, { id, key }: DataKey): string => {
    const master = masterKeys.current()
    return `${master.id}.${encrypt(master.key, key, `${subjectId}/${id}`)}`
  }
  const unwrap = ({ subjectId, keyId, wrapped }: DataKeyRow): DataKey => {
    const [masterId = '', text = ''] = wrapped.split('.')
    const master = masterKeys.find(masterId)
    const key = master && decrypt(master.key, text, `${subjectId}/${keyId}`)
    if (!key) throw new Error(`The master key ${masterId} is not among ours, or is another one of that name`)
    return { id: keyId, key }
  }

  async function keyFor(subjectId: string, tx: Sql): Promise<DataKey> {
    const known = kept.get(subjectId) ?? made.get(tx)?.get(subjectId)
    if (known) return known
    const mine: DataKey = { id: randomBytes(6).toString('base64url'), key: randomBytes(32) }
    const row = await insertOrFindDataKey(tx, { subjectId, keyId: mine.id, wrapped: wrap(subjectId, mine) }, now())
    if (row.keyId !== mine.id) return kept.set(subjectId, unwrap(row))
    if (!tx.isTransaction) return kept.set(subjectId, mine)
    const ofTransaction = made.get(tx) ?? new Map<string, DataKey>()
    made.set(tx, ofTransaction.set(subjectId, mine))
    return mine
  }

  async function keysOf(subjectIds: ReadonlySet<string>): Promise<Map<string, DataKey>> {
    const keys = new Map<string, DataKey>()
    const unknown: string[] = []
    for (const id of subjectIds) {
      const known = kept.get(id)
      if (known) keys.set(id, known)
      else unknown.push(id)
    }
    const rows = unknown.length > 0 ? await listDataKeys(sql, unknown) : []
    for (const row of rows) keys.set(row.subjectId, kept.set(row.subjectId, unwrap(row)))
    return keys
  }

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
    async shred(subjectId: string, tx: Sql = sql): Promise<void> {
      await deleteDataKey(tx, subjectId)
      made.get(tx)?.delete(subjectId)
      kept.delete(subjectId)
    },

    /** Wraps every key anew that an older master key wraps; returns how many. What is sealed stays as it is. */
    async rotate(): Promise<number> {
      let rewrapped = 0
      for (;;) {
        const rows = await listWrappedByOthers(sql, masterKeys.current().id, REWRAPPED_AT_ONCE)
        if (rows.length === 0) return rewrapped
        for (const row of rows) await updateWrapped(sql, row, wrap(row.subjectId, unwrap(row)))
        rewrapped += rows.length
      }
    },
  }
}

/** The keys used last, for a short while. */
function createKeptKeys(now: () => number) {
  const entries = new Map<string, { key: DataKey; until: number }>()
  return {
    get(subjectId: string): DataKey | undefined {
      const entry = entries.get(subjectId)
      if (!entry || entry.until > now()) return entry?.key
      entries.delete(subjectId)
      return undefined
    },
    set(subjectId: string, key: DataKey): DataKey {
      entries.delete(subjectId)
      entries.set(subjectId, { key, until: now() + KEPT_MS })
      if (entries.size > MOST_KEPT) for (const oldest of entries.keys().take(1)) entries.delete(oldest)
      return key
    },
    delete: (subjectId: string) => entries.delete(subjectId),
  }
}
