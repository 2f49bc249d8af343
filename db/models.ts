import { type Selectable, sql as raw } from 'kysely'
import type { Blobs } from './blobs/index.ts'
import type { Sql } from './index.ts'
import type { Tables } from './tables.ts'

/** Every kind of model that any module keeps. Adding one is a line here. */
export type ModelKind =
  /** The order of what a search finds. */
  | 'ranker'
  /** What is liked together. */
  | 'collaborative'
  /** What turns a product into a vector. */
  | 'projection'
  /** The vectors that devices rank with. */
  | 'vectors'

type Metrics = Record<string, unknown>
type Model = { version: string; metrics: Metrics }
/** `activate`: it serves from now on. Otherwise it is kept for its metrics, as a candidate that was refused. */
type NewModel = Model & { kind: ModelKind; bytes: Uint8Array; activate: boolean }

/** `version` serves now, `was` did before; null: none, which is so where none had served before. */
export type RolledBack = { version: string | null; was: string | null }

type Row = Selectable<Tables['kernel.model']>

/** Of each kind, so many stay beside the one that serves: of those that have served, and of those that never have. */
const KEPT = 5

/** What was learnt: a blob and a row for each training, of which at most one of a kind serves. */
export function createModels({ sql, blobs, now }: { sql: Sql; blobs: Blobs; now: () => number }) {
  return {
    /** Every kind that has one that serves, with its version. */
    async listActive(): Promise<Partial<Record<ModelKind, string>>> {
      const rows = await sql.selectFrom('kernel.model').select(['kind', 'version']).where('active', '=', true).execute()
      return Object.fromEntries(rows.map(({ kind, version }) => [kind, version]))
    },

    findActive: (kind: ModelKind): Promise<Model | undefined> =>
      sql
        .selectFrom('kernel.model')
        .select(['version', 'metrics'])
        .where('kind', '=', kind)
        .where('active', '=', true)
        .executeTakeFirst(),

    /** Undefined where row or blob is gone. */
    async open(kind: ModelKind, version: string): Promise<{ metrics: Metrics; bytes: Uint8Array } | undefined> {
      const row = await sql
        .selectFrom('kernel.model')
        .select(['blob', 'metrics'])
        .where('kind', '=', kind)
        .where('version', '=', version)
        .executeTakeFirst()
      const blob = row && (await blobs.get(row.blob))
      return blob && { metrics: row.metrics, bytes: blob.bytes }
    },

    /**
     * Keeps a model as the newest of its kind, and forgets old ones. The file first, the row last: no row points at nothing.
     * The row and its activation commit together.
     */
    async keep({ kind, version, metrics, bytes, activate }: NewModel): Promise<void> {
      const blob = `models/${kind}/${version}`
      await blobs.put(blob, bytes, 'application/octet-stream')
      await sql.transaction().execute(async (tx) => {
        await lock(tx, kind)
        const row = { metrics: JSON.stringify(metrics), blob, created_at: new Date(now()) }
        await tx
          .insertInto('kernel.model')
          .values({ kind, version, ...row })
          .onConflict((on) => on.columns(['kind', 'version']).doUpdateSet({ ...row, number: raw`default` }))
          .execute()
        if (activate) await activateModel(tx, kind, version, now())
      })
      for (const old of await deleteOld(sql, kind)) await blobs.delete(old)
    },

    /** The one that served and was kept before the one that serves now serves again; none where there is none before. */
    rollBack: (kind: ModelKind): Promise<RolledBack> =>
      sql.transaction().execute(async (tx) => {
        await lock(tx, kind)
        const rows = await listServed(tx, kind)
        const at = rows.findIndex(({ active }) => active)
        if (at < 0) return { version: null, was: null }
        const version = rows[at + 1]?.version ?? null
        await activateModel(tx, kind, version, now())
        return { version, was: rows[at]?.version ?? null }
      }),
  }
}

export type Models = ReturnType<typeof createModels>

/** One at a time, whoever else activates or goes back. Until the transaction ends. */
async function lock(tx: Sql, kind: ModelKind): Promise<void> {
  await raw`select pg_advisory_xact_lock(hashtext(${`kernel.model:${kind}`}))`.execute(tx)
}

/** No reader ever sees two, or none between; null makes none serve. */
async function activateModel(tx: Sql, kind: ModelKind, version: string | null, time: number): Promise<void> {
  const of = tx.updateTable('kernel.model').where('kind', '=', kind)
  await of.set({ active: false }).where('active', '=', true).execute()
  if (version === null) return
  await of
    .set({ active: true, activated_at: new Date(time) })
    .where('version', '=', version)
    .execute()
}

/** The newest first. */
const listServed = (tx: Sql, kind: ModelKind): Promise<Pick<Row, 'version' | 'active'>[]> =>
  tx
    .selectFrom('kernel.model')
    .select(['version', 'active'])
    .where('kind', '=', kind)
    .where('activated_at', 'is not', null)
    .orderBy('number', 'desc')
    .execute()

/** Gives the blobs that can go. */
async function deleteOld(sql: Sql, kind: ModelKind): Promise<string[]> {
  const { rows } = await raw<{ blob: string }>`delete from kernel.model m using (
      select kind, version, row_number() over (partition by activated_at is null order by number desc) as place
      from kernel.model where kind = ${kind} and not active) old
    where m.kind = old.kind and m.version = old.version and not m.active and old.place > ${KEPT}
    returning m.blob`.execute(sql)
  return rows.map(({ blob }) => blob)
}
