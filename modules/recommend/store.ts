import { CompiledQuery, sql as raw } from 'kysely'
import type { Sql } from '../../db/index.ts'

/** How far the log of changes was read. */
export type Position = { tx: string; id: string }
export type ModelKind = 'collaborative' | 'projection' | 'vectors'
export type ActiveModels = Partial<Record<ModelKind, string>>
export type ModelRow = {
  kind: ModelKind
  version: string
  metrics: Record<string, unknown>
  active: boolean
  createdAt: Date
}

const TAIL = `select
    (select coalesce(json_agg(c), '[]') from (
      select product_id as "productId", tx::text, id::text from recommend.change
      where (tx, id) > ($1::xid8, $2::bigint) and tx < pg_snapshot_xmin(pg_current_snapshot())
      order by tx, id limit $3::int) c) as changes,
    (select coalesce(json_object_agg(kind, version), '{}') from recommend.model where active) as models`

type Tail = { changes: (Position & { productId: string })[]; models: ActiveModels }

/** What changed after `from`, at most `limit`, and which models are active: one statement. */
export async function readTail(sql: Sql, from: Position, limit: number): Promise<Tail> {
  const { rows } = await sql.executeQuery<Tail>(CompiledQuery.raw(TAIL, [from.tx, from.id, limit]))
  return rows[0] ?? { changes: [], models: {} }
}

/** From where to read so that nothing that commits from now on is missed. */
export async function findPosition(sql: Sql): Promise<Position> {
  const { rows } = await raw<{ tx: string }>`select pg_snapshot_xmin(pg_current_snapshot())::text as tx`.execute(sql)
  return { tx: rows[0]?.tx ?? '0', id: '0' }
}

export async function insertChanges(sql: Sql, productIds: readonly string[], at: Date): Promise<void> {
  if (productIds.length === 0) return
  await sql
    .insertInto('recommend.change')
    .values(productIds.map((id) => ({ product_id: id, at })))
    .execute()
}

export async function deleteChanges(sql: Sql, before: Date): Promise<void> {
  await sql.deleteFrom('recommend.change').where('at', '<', before).execute()
}

export async function upsertLook(sql: Sql, productId: string, look: Uint8Array | undefined): Promise<void> {
  const bytes = look ? Buffer.from(look) : null
  await sql
    .insertInto('recommend.look')
    .values({ product_id: productId, look: bytes })
    .onConflict((c) => c.column('product_id').doUpdateSet({ look: bytes }))
    .execute()
}

/** By product; those that were never looked at are left out, and those without a garment are undefined. */
export async function listLooks(sql: Sql, productIds: readonly string[]): Promise<Map<string, Uint8Array | undefined>> {
  const rows = await sql
    .selectFrom('recommend.look')
    .selectAll()
    .where('product_id', 'in', [...productIds])
    .execute()
  return new Map(rows.map(({ product_id, look }) => [product_id, look ? new Uint8Array(look) : undefined]))
}

/** Adds a model that is not active; one that is there already is left as it is. */
export async function insertModel(
  sql: Sql,
  { kind, version, metrics, createdAt }: Omit<ModelRow, 'active'>,
): Promise<void> {
  await sql
    .insertInto('recommend.model')
    .values({ kind, version, metrics: JSON.stringify(metrics), created_at: createdAt, activated_at: null })
    .onConflict((c) => c.columns(['kind', 'version']).doNothing())
    .execute()
}

/** Makes this the active one of its kind; no reader ever sees two, or none between. */
export async function activateModel(tx: Sql, kind: ModelKind, version: string, at: Date): Promise<void> {
  await raw`select pg_advisory_xact_lock(hashtext(${`recommend.model:${kind}`}))`.execute(tx)
  await tx
    .updateTable('recommend.model')
    .set({ active: false })
    .where('kind', '=', kind)
    .where('active', '=', true)
    .execute()
  await tx
    .updateTable('recommend.model')
    .set({ active: true, activated_at: at })
    .where('kind', '=', kind)
    .where('version', '=', version)
    .execute()
}

export async function findActiveModel(sql: Sql, kind: ModelKind): Promise<ModelRow | undefined> {
  const row = await sql
    .selectFrom('recommend.model')
    .selectAll()
    .where('kind', '=', kind)
    .where('active', '=', true)
    .executeTakeFirst()
  return row && { kind, version: row.version, metrics: row.metrics, active: true, createdAt: row.created_at }
}

/** Those that were ever active, the latest activation first. */
export async function listActivated(sql: Sql, kind: ModelKind): Promise<ModelRow[]> {
  const rows = await sql
    .selectFrom('recommend.model')
    .selectAll()
    .where('kind', '=', kind)
    .where('activated_at', 'is not', null)
    .orderBy('activated_at', 'desc')
    .execute()
  return rows.map((row) => ({
    kind,
    version: row.version,
    metrics: row.metrics,
    active: row.active,
    createdAt: row.created_at,
  }))
}

/** Forgets all but the active one and the `keep` newest others; gives the versions that went. */
export async function pruneModels(sql: Sql, kind: ModelKind, keep: number): Promise<string[]> {
  const kept = sql
    .selectFrom('recommend.model')
    .select('version')
    .where('kind', '=', kind)
    .where('active', '=', false)
    .orderBy('created_at', 'desc')
    .limit(keep)
  const rows = await sql
    .deleteFrom('recommend.model')
    .where('kind', '=', kind)
    .where('active', '=', false)
    .where('version', 'not in', kept)
    .returning('version')
    .execute()
  return rows.map(({ version }) => version)
}
