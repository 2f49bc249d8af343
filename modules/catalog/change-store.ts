import { CompiledQuery } from 'kysely'
import type { Sql } from '../../db/index.ts'

const NOTE = 'insert into catalog.change (product_id, at) select id, $2::timestamptz from unnest($1::uuid[]) id'

export async function insertChanges(sql: Sql, productIds: readonly string[], now: Date): Promise<void> {
  await sql.executeQuery(CompiledQuery.raw(NOTE, [productIds, now]))
}

/** A place in the changes of one database: all of `tx` below, and of `tx` itself those up to `id`. */
export type ChangePlace = { tx: string; id: string }

export type ChangeLook = {
  /** Changes up to here are forgotten. */
  pruned: ChangePlace
  /** The oldest transaction that still runs, in any database of the server: what it and later ones change may be yet to come. */
  horizon: string
  changes: Change[]
}

export type Change = ChangePlace & { productId: string }

const LOOK = `with horizon as (select pg_snapshot_xmin(pg_current_snapshot()) as tx)
  select coalesce((select json_build_object('tx', tx::text, 'id', id::text) from catalog.pruned),
      '{"tx":"0","id":"0"}') as pruned,
    (select tx::text from horizon) as horizon,
    coalesce((select json_agg(c) from (
      select c.tx::text, c.id::text, c.product_id as "productId" from catalog.change c
      where (c.tx, c.id) > ($1::xid8, $2::bigint) and c.id <> all($4::bigint[])
      order by c.tx, c.id limit $3::int) c), '[]') as changes`

type Look = { limit: number; except?: readonly string[] }

/** The first changes after `place` that can be seen and are none of `except`, by id. Before the horizon no more will come. */
export async function lookForChanges(
  sql: Sql,
  { tx, id }: ChangePlace,
  { limit, except = [] }: Look,
): Promise<ChangeLook> {
  const { rows } = await sql.executeQuery<ChangeLook>(CompiledQuery.raw(LOOK, [tx, id, limit, except]))
  const [look] = rows
  if (!look) throw new Error('A look for changes gives one row')
  return look
}

const WHERE = `select (select system_identifier::text from pg_control_system()) || '-' ||
  (select oid::text from pg_database where datname = current_database()) as name`

/** Names this database, so that a place in another one's changes is not taken for one of ours. */
export async function findDatabaseName(sql: Sql): Promise<string> {
  const { rows } = await sql.executeQuery<{ name: string }>(CompiledQuery.raw(WHERE, []))
  return rows[0]?.name ?? ''
}

const PRUNE = `with gone as (delete from catalog.change where at < $1::timestamptz returning tx, id),
  last as (select tx, id from gone order by tx desc, id desc limit 1)
  insert into catalog.pruned as p (tx, id) select tx, id from last
  on conflict (only_one) do update set tx = excluded.tx, id = excluded.id
    where (excluded.tx, excluded.id) > (p.tx, p.id)`

/** Forgets what changed before: who has not followed up to there has lost the thread. */
export async function pruneChanges(sql: Sql, before: Date): Promise<void> {
  await sql.executeQuery(CompiledQuery.raw(PRUNE, [before]))
}
