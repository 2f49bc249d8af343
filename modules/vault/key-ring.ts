import { randomBytes } from 'node:crypto'
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

export type DataKey = { id: string; key: Buffer }

/** How long another process may still read what was shredded here. */
const KEPT_MS = 30_000
const MOST_KEPT = 10_000
const REWRAPPED_AT_ONCE = 500

/** The data keys by subject: wrapped by a master key in the database, in the clear only here and for a short while. */
export function createKeyRing({ sql, masterKeys, now }: { sql: Sql; masterKeys: MasterKeys; now: () => Date }) {
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

  return {
    /** Made when there is none; joins the caller's transaction. */
    keyFor,

    /** Those that there are, of committed transactions. */
    keysOf,

    /** Gone when the transaction commits. */
    async shred(subjectId: string, tx: Sql): Promise<void> {
      await deleteDataKey(tx, subjectId)
      made.get(tx)?.delete(subjectId)
      kept.delete(subjectId)
    },

    async rewrapAll(): Promise<number> {
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
