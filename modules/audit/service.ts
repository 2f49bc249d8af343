import type { MasterKeys, Sql } from '../../db/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import type { AuditEntry, AuditQuery } from './schema.ts'
import { type EntryRow, insertEntry, listEntries } from './store.ts'
import { createSealing } from './sealing.ts'
import { type Fault, type Verdict, verifyChain } from './verify.ts'

export type { Fault, Verdict }
export type Audit = ReturnType<typeof createAudit>
/** A person, or a part of the shop that acts on its own, such as `{ system: 'payments' }`. */
export type AuditActor = Actor | { system: string }

type Deed = { actor: AuditActor; action: string; subject: string; details?: Record<string, unknown> }
const entryOf = ({ at, id, actor, role, action, subject, details, seq, hash }: EntryRow): AuditEntry => ({
  id,
  at: at.toISOString(),
  actor,
  role,
  action,
  subject,
  details,
  seq,
  hash,
})

/** What was done and by whom, never to be changed: entries are written in the transaction of the deed, and chained after. */
export function createAudit({ sql, masterKeys, now }: { sql: Sql; masterKeys: MasterKeys; now: () => Date }) {
  const seal = createSealing({ sql, masterKeys })

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
    jobs: { 'audit.seal': async () => void (await seal()) },
    schedules: { 'audit.seal': 15 },

    /**
     * Seals what waits, then reads the whole log. `expected` (`seq:hash`, the `head` of an earlier verdict kept elsewhere)
     * shows also that nobody put back an older state of everything.
     */
    async verify(expected?: string): Promise<Verdict> {
      await seal()
      return verifyChain({ sql, masterKeys }, expected)
    },
  }
}
