import type { Selectable } from 'kysely'
import type { Sql } from '../../db/index.ts'
import type { Tables } from '../../db/tables.ts'

export type ModelRow = Selectable<Tables['search.model']>

export const findActive = (sql: Sql, kind: string): Promise<ModelRow | undefined> =>
  sql.selectFrom('search.model').selectAll().where('kind', '=', kind).where('active', '=', true).executeTakeFirst()

/** Not serving yet. */
export async function insertModel(
  sql: Sql,
  { metrics, ...row }: { version: string; kind: string; metrics: Record<string, number>; created_at: Date },
): Promise<void> {
  await sql
    .insertInto('search.model')
    .values({ ...row, metrics: JSON.stringify(metrics), active: false, activated_at: null })
    .execute()
}

/** One at a time, whoever else activates or rolls back. */
async function lockKind(tx: Sql, kind: string): Promise<ModelRow[]> {
  return tx
    .selectFrom('search.model')
    .selectAll()
    .where('kind', '=', kind)
    .orderBy('created_at', 'desc')
    .orderBy('version', 'desc')
    .forUpdate()
    .execute()
}

/** This one serves from now on, the one before no more; undefined makes none serve. Commits with the caller. */
export async function activateModel(tx: Sql, kind: string, version: string | undefined, now: Date): Promise<void> {
  await lockKind(tx, kind)
  await tx
    .updateTable('search.model')
    .set({ active: false })
    .where('kind', '=', kind)
    .where('active', '=', true)
    .execute()
  if (version === undefined) return
  await tx.updateTable('search.model').set({ active: true, activated_at: now }).where('version', '=', version).execute()
}

/** The newest that has served and is older than the one that serves; undefined where there is none. */
export async function findBefore(tx: Sql, kind: string): Promise<{ active?: ModelRow; before?: ModelRow }> {
  const rows = await lockKind(tx, kind)
  const at = rows.findIndex(({ active }) => active)
  const [active, before] = [rows[at], at < 0 ? undefined : rows.slice(at + 1).find((row) => row.activated_at !== null)]
  return { ...(active ? { active } : {}), ...(before ? { before } : {}) }
}

/** Those beyond the newest `keep` that do not serve: gives their versions, whose blobs can go. */
export async function deleteOldModels(sql: Sql, kind: string, keep: number): Promise<string[]> {
  const rows = await sql
    .deleteFrom('search.model')
    .where('kind', '=', kind)
    .where('active', '=', false)
    .where('version', 'not in', (eb) =>
      eb
        .selectFrom('search.model')
        .select('version')
        .where('kind', '=', kind)
        .orderBy('created_at', 'desc')
        .orderBy('version', 'desc')
        .limit(keep),
    )
    .returning('version')
    .execute()
  return rows.map(({ version }) => version)
}
