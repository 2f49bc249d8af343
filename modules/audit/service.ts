import type { MasterKeys, Sql } from '../../db/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import { GENESIS, hashEntry, isSigned, signHead } from './chain.ts'
import type { AuditEntry, AuditQuery } from './schema.ts'
import {
  type EntryRow,
  findHead,
  type Head,
  insertEntry,
  listEntries,
  listSealed,
  listUnsealed,
  lockChain,
  type Seal,
  updateSeals,
  upsertHead,
} from './store.ts'
import { createWalk, type Fault } from './verify.ts'

export type { Fault }
export type Audit = ReturnType<typeof createAudit>
/** A person, or a part of the shop that acts on its own, such as `{ system: 'payments' }`. */
export type AuditActor = Actor | { system: string }

type Deed = { actor: AuditActor; action: string; subject: string; details?: Record<string, unknown> }
export type Verdict = { entries: number; head: string; faults: Fault[] }

const PAGE = 1000

const entryOf = ({ at, previousHash: _, ...rest }: EntryRow): AuditEntry => ({ ...rest, at: at.toISOString() })

/** What was done and by whom, never to be changed: entries are written in the transaction of the deed, and chained after. */
export function createAudit({ sql, masterKeys, now }: { sql: Sql; masterKeys: MasterKeys; now: () => Date }) {
  /** Seals one page; returns how many it found. Place, hash and the signed end commit together. */
  const sealPage = (): Promise<number> =>
    sql.transaction().execute(async (tx) => {
      await lockChain(tx)
      const entries = await listUnsealed(tx, PAGE)
      const head = await findHead(tx)
      if (entries.length === 0) {
        if (head && isOld(head) && isSigned(masterKeys, head))
          await upsertHead(tx, signHead(masterKeys, head.seq, head.hash))
        return 0
      }
      const seals: Seal[] = []
      let { seq, hash } = head ?? { seq: 0, hash: GENESIS }
      for (const entry of entries) {
        const previousHash = hash
        seq += 1
        hash = hashEntry(entry, seq, previousHash)
        seals.push({ id: entry.id, seq, previousHash, hash })
      }
      await updateSeals(tx, seals)
      await upsertHead(tx, signHead(masterKeys, seq, hash))
      return entries.length
    })
  const isOld = ({ keyId }: Head) => keyId !== masterKeys.current().id

  async function seal(): Promise<number> {
    let sealed = 0
    for (;;) {
      const page = await sealPage()
      sealed += page
      if (page < PAGE) return sealed
    }
  }

  return {
    /** One insert in the caller's transaction: it stands if and only if the deed does. No personal data in `details`. */
    async record({ actor, action, subject, details = {} }: Deed, tx: Sql): Promise<void> {
      const who =
        'system' in actor
          ? { actor: `system:${actor.system}`, role: null }
          : { actor: `user:${actor.userId}`, role: actor.role }
      await insertEntry(tx, { at: now(), ...who, action, subject, details })
    },

    async listEntries({ cursor, limit, ...filter }: AuditQuery) {
      const before = cursor === undefined ? undefined : Number(cursor)
      if (before !== undefined && !Number.isSafeInteger(before))
        throw new AppError('invalid', 'The cursor is not one that this list gave')
      const rows = await listEntries(sql, { ...filter, before, limit: limit + 1 })
      const items = rows.slice(0, limit).map(entryOf)
      return { items, nextCursor: rows.length > limit ? String(items.at(-1)?.id) : null }
    },

    /** Chains what was committed since, in the order of ids; entries of transactions that still run come later. */
    seal,

    /**
     * Seals what waits, then reads the whole log. `expected` (`seq:hash`, the `head` of an earlier verdict kept elsewhere)
     * shows also that nobody put back an older state of everything.
     */
    async verify(expected?: string): Promise<Verdict> {
      await seal()
      const walk = createWalk()
      let found = expected === undefined
      let entries = 0
      for (;;) {
        const page = await listSealed(sql, walk.end().seq, PAGE)
        for (const entry of page) walk.step(entry)
        found ||= page.some(({ seq, hash }) => `${seq}:${hash}` === expected)
        entries += page.length
        if (page.length < PAGE) break
      }
      const end = walk.end()
      const faults = [...walk.faults(), ...headFaults(end, await findHead(sql))]
      if (!found) faults.push({ kind: 'head', seq: end.seq, what: `${expected} is not in this chain` })
      return { entries, head: `${end.seq}:${end.hash}`, faults }
    },
  }

  function headFaults(end: { seq: number; hash: string }, head: Head | undefined): Fault[] {
    const fault = (what: string): Fault[] => [{ kind: 'head', seq: end.seq, what }]
    if (!head) return end.seq === 0 ? [] : fault('The signed end is missing')
    if (!isSigned(masterKeys, head)) return fault('The end is not signed by a key of ours')
    if (head.seq > end.seq) return [{ kind: 'missing', seq: end.seq + 1, to: head.seq }]
    return head.seq === end.seq && head.hash === end.hash ? [] : fault('The chain does not end where it was signed')
  }
}
