import { CompiledQuery } from 'kysely'
import type { Sql } from '../../db/index.ts'

export type StockLine = { variantId: string; quantity: number }

/** Those of the variants that could be bought before and cannot now, or the other way round. */
type Crossed = string[]

const idsOf = ({ rows }: { rows: { variantId: string }[] }): string[] => rows.map(({ variantId }) => variantId)

const UPSERT_STOCK = `with wanted as (select * from unnest($1::uuid[], $2::int[]) w(variant_id, quantity)),
  before as materialized (
    select s.variant_id, s.quantity from inventory.stock s where s.variant_id in (select w.variant_id from wanted w)
    order by s.variant_id for update),
  put as (
    insert into inventory.stock as s (variant_id, quantity)
    select w.variant_id, w.quantity from wanted w where (select count(*) from before) >= 0 order by w.variant_id
    on conflict (variant_id) do update set quantity = greatest(excluded.quantity - s.reserved, 0)
    returning s.variant_id, s.quantity)
  select put.variant_id as "variantId" from put join before on before.variant_id = put.variant_id
  where (put.quantity > 0) <> (before.quantity > 0)`

/**
 * What pending orders hold is part of what the retailer counted, and is not for sale. New variants have crossed nothing.
 * `before` is counted so that it is read first: what this statement has changed already, it would not see.
 */
export async function upsertStock(sql: Sql, lines: StockLine[]): Promise<Crossed> {
  if (lines.length === 0) return []
  const wanted = byVariant(lines)
  const [ids, quantities] = [wanted.map(({ variantId }) => variantId), wanted.map(({ quantity }) => quantity)]
  return idsOf(await sql.executeQuery(CompiledQuery.raw(UPSERT_STOCK, [ids, quantities])))
}

/** Rows are locked in this order by everybody, so that no two wait for each other. */
const byVariant = (lines: readonly StockLine[]) => lines.toSorted((a, b) => (a.variantId < b.variantId ? -1 : 1))

const LIST_STOCK = 'select variant_id as "variantId", quantity from inventory.stock where variant_id = any($1::uuid[])'

/** One array parameter, so the statement stays the same and prepared whatever the number of variants. */
export async function listStock(sql: Sql, variantIds: string[]): Promise<StockLine[]> {
  const { rows } = await sql.executeQuery<StockLine>(CompiledQuery.raw(LIST_STOCK, [variantIds]))
  return rows
}

/** The rows that a statement is about to change, locked in primary-key order; `ids` is a query of variant ids. */
const locked = (ids: string) =>
  `locked as materialized (
    select s.variant_id from inventory.stock s where s.variant_id in (${ids}) order by s.variant_id for update)`

const DELETE_STOCK = `with ${locked('select unnest($1::uuid[])')}
  delete from inventory.stock s using locked k where s.variant_id = k.variant_id`

export async function deleteStock(sql: Sql, variantIds: string[]): Promise<void> {
  if (variantIds.length > 0) await sql.executeQuery(CompiledQuery.raw(DELETE_STOCK, [variantIds]))
}

const TAKE_STOCK = `with wanted as (select * from unnest($2::uuid[], $3::int[]) w(variant_id, quantity)),
  ${locked('select w.variant_id from wanted w')},
  taken as (
    update inventory.stock s set quantity = s.quantity - w.quantity, reserved = s.reserved + w.quantity
    from locked k join wanted w on w.variant_id = k.variant_id
    where s.variant_id = k.variant_id and s.quantity >= w.quantity
    returning s.variant_id, w.quantity, s.quantity as remaining),
  held as (
    insert into inventory.reservation (order_id, variant_id, quantity, expires_at)
    select $1::uuid, variant_id, quantity, $4::timestamptz from taken)
  select variant_id as "variantId", remaining from taken`

type Reservation = { orderId: string; lines: readonly StockLine[]; expiresAt: Date }

/**
 * Takes each line whose stock suffices, in one statement, and gives the variants that it took, with what remains of
 * each: when one is missing the caller rolls back.
 */
export async function takeStock(
  sql: Sql,
  { orderId, lines, expiresAt }: Reservation,
): Promise<{ variantId: string; remaining: number }[]> {
  const wanted = byVariant(lines)
  const [ids, quantities] = [wanted.map(({ variantId }) => variantId), wanted.map(({ quantity }) => quantity)]
  const query = CompiledQuery.raw(TAKE_STOCK, [orderId, ids, quantities, expiresAt])
  return (await sql.executeQuery<{ variantId: string; remaining: number }>(query)).rows
}

const CONFIRM = `with mine as (
    update inventory.reservation set confirmed = true, expires_at = null
    where order_id = $1::uuid and not confirmed returning variant_id, quantity),
  ${locked('select m.variant_id from mine m')}
  update inventory.stock s set reserved = s.reserved - m.quantity
  from locked k join mine m on m.variant_id = k.variant_id where s.variant_id = k.variant_id`

export async function confirmReservation(sql: Sql, orderId: string): Promise<void> {
  await sql.executeQuery(CompiledQuery.raw(CONFIRM, [orderId]))
}

const RELEASE = `with gone as (
    delete from inventory.reservation where order_id = $1::uuid returning variant_id, quantity, confirmed),
  ${locked('select g.variant_id from gone g')}
  update inventory.stock s
  set quantity = s.quantity + g.quantity, reserved = s.reserved - case when g.confirmed then 0 else g.quantity end
  from locked k join gone g on g.variant_id = k.variant_id where s.variant_id = k.variant_id
  returning s.variant_id as "variantId", s.quantity = g.quantity as crossed`

type Returned = { variantId: string; crossed: boolean }
const crossedOf = ({ rows }: { rows: Returned[] }): Crossed => idsOf({ rows: rows.filter(({ crossed }) => crossed) })

export const releaseReservation = async (sql: Sql, orderId: string): Promise<Crossed> =>
  crossedOf(await sql.executeQuery<Returned>(CompiledQuery.raw(RELEASE, [orderId])))

const ADD_STOCK = `with back as (select * from unnest($1::uuid[], $2::int[]) b(variant_id, quantity)),
  ${locked('select b.variant_id from back b')}
  update inventory.stock s set quantity = s.quantity + b.quantity
  from locked k join back b on b.variant_id = k.variant_id where s.variant_id = k.variant_id
  returning s.variant_id as "variantId", s.quantity = b.quantity as crossed`

export async function addStock(sql: Sql, lines: readonly StockLine[]): Promise<Crossed> {
  const [ids, quantities] = [lines.map(({ variantId }) => variantId), lines.map(({ quantity }) => quantity)]
  return crossedOf(await sql.executeQuery<Returned>(CompiledQuery.raw(ADD_STOCK, [ids, quantities])))
}
