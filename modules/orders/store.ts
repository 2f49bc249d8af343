import { CompiledQuery, type Selectable, type Updateable } from 'kysely'
import type { Sql } from '../../db/index.ts'
import type { Tables } from '../../db/tables.ts'
import type { OrderStatus } from './pure/states.ts'

export type OrderRow = Omit<Selectable<Tables['orders.order']>, 'status'> & { status: OrderStatus }
export type LineRow = Selectable<Tables['orders.line']>
export type RefundRow = Selectable<Tables['orders.refund']>
export type ReturnRow = Selectable<Tables['orders.return']>
export type EntryRow = Omit<Selectable<Tables['orders.entry']>, 'id' | 'order_id'>
export type By = EntryRow['by']

/** An order with all that belongs to it, as stored. */
export type OrderRecord = {
  order: OrderRow
  lines: LineRow[]
  entries: EntryRow[]
  returns: ReturnRow[]
  refunds: RefundRow[]
}

const INSERT_ORDER = `with placed as (
    insert into orders."order"
    select * from jsonb_populate_record(null::orders."order",
      $1::jsonb || jsonb_build_object('number', 'ES' || nextval('orders.number')))
    on conflict do nothing returning id, number, placed_at),
  lines as (
    insert into orders.line select l.* from placed, jsonb_populate_recordset(null::orders.line, $2::jsonb) l),
  entry as (
    insert into orders.entry (order_id, at, kind, by) select id, placed_at, 'placed', $3 from placed)
  select number from placed`

/** Order, lines and the first entry in one statement; undefined when its cart has a pending order, or the key was used. */
export async function insertOrder(
  sql: Sql,
  order: Omit<OrderRow, 'number'>,
  lines: LineRow[],
  by: By,
): Promise<string | undefined> {
  const query = CompiledQuery.raw(INSERT_ORDER, [JSON.stringify(order), JSON.stringify(lines), by])
  return (await sql.executeQuery<{ number: string }>(query)).rows[0]?.number
}

export const findOrder = (sql: Sql, id: string): Promise<OrderRow | undefined> =>
  sql.selectFrom('orders.order').selectAll().where('id', '=', id).executeTakeFirst() as Promise<OrderRow | undefined>

/** Held until the transaction ends. */
export const lockOrder = (tx: Sql, id: string): Promise<OrderRow | undefined> =>
  tx.selectFrom('orders.order').selectAll().where('id', '=', id).forUpdate().executeTakeFirst() as Promise<
    OrderRow | undefined
  >

export const listLines = (sql: Sql, orderId: string): Promise<LineRow[]> =>
  sql.selectFrom('orders.line').selectAll().where('order_id', '=', orderId).orderBy('position').execute()

export const findOrderByKey = (sql: Sql, key: string): Promise<OrderRow | undefined> =>
  sql.selectFrom('orders.order').selectAll().where('idempotency_key', '=', key).executeTakeFirst() as Promise<
    OrderRow | undefined
  >

/** What stands in the way of a new order: the one that this key made, else the one of the cart that waits to be paid. */
export async function findRival(sql: Sql, cartId: string, key: string | null): Promise<OrderRow | undefined> {
  const rows = (await sql
    .selectFrom('orders.order')
    .selectAll()
    .where((eb) =>
      eb.or([eb.and([eb('cart_id', '=', cartId), eb('status', '=', 'pending')]), eb('idempotency_key', '=', key)]),
    )
    .execute()) as OrderRow[]
  return rows.find((row) => key !== null && row.idempotency_key === key) ?? rows[0]
}

const listOf = (table: string, order: string) =>
  `coalesce((select json_agg(x order by ${order}) from ${table} x where x.order_id = o.id), '[]')`

const FIND_RECORD = `select to_json(o) as "order", ${listOf('orders.line', 'x.position')} as lines,
    ${listOf('orders.entry', 'x.id')} as entries, ${listOf('orders.return', 'x.requested_at, x.id')} as returns,
    ${listOf('orders.refund', 'x.asked_at, x.id')} as refunds
  from orders."order" o where o.id = $1::uuid`

const dateOf = (value: Date | null) => value && new Date(value)
const sureDate = (value: Date) => new Date(value)

/** Times come as text out of JSON. */
const revive = ({ order, lines, entries, returns, refunds }: OrderRecord): OrderRecord => ({
  order: {
    ...order,
    placed_at: sureDate(order.placed_at),
    expires_at: dateOf(order.expires_at),
    delivered_at: dateOf(order.delivered_at),
  },
  lines,
  entries: entries.map((entry) => ({ ...entry, at: sureDate(entry.at) })),
  returns: returns.map((one) => ({
    ...one,
    requested_at: sureDate(one.requested_at),
    decided_at: dateOf(one.decided_at),
  })),
  refunds: refunds.map((one) => ({ ...one, asked_at: sureDate(one.asked_at), ended_at: dateOf(one.ended_at) })),
})

/** All of an order in one statement. */
export async function findRecord(sql: Sql, id: string): Promise<OrderRecord | undefined> {
  const { rows } = await sql.executeQuery<OrderRecord>(CompiledQuery.raw(FIND_RECORD, [id]))
  return rows[0] && revive(rows[0])
}

/** The caller holds the order's row. */
export async function updateOrder(tx: Sql, id: string, changes: Updateable<Tables['orders.order']>): Promise<void> {
  await tx.updateTable('orders.order').set(changes).where('id', '=', id).execute()
}

export async function insertEntry(tx: Sql, orderId: string, entry: EntryRow): Promise<void> {
  await tx
    .insertInto('orders.entry')
    .values({ ...entry, order_id: orderId })
    .execute()
}

export async function listExpired(sql: Sql, now: Date, limit: number): Promise<string[]> {
  const rows = await sql
    .selectFrom('orders.order')
    .select('id')
    .where('status', '=', 'pending')
    .where('expires_at', '<=', now)
    .orderBy('expires_at')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

export type SummaryRow = {
  id: string
  number: string
  status: OrderStatus
  placedAt: Date
  amount: number
  refunded: number
  currency: string
  userId: string | null
  contact: string | null
  pieces: number
  described: LineRow['described'][]
}

type Filter = {
  userId?: string | undefined
  status?: string | undefined
  number?: string | undefined
  emailKey?: string | undefined
  after?: string | undefined
}

const LIST = `select o.id, o.number, o.status, o.placed_at as "placedAt", o.total_amount as amount,
    o.refunded_amount as refunded, o.currency, o.user_id as "userId", o.contact,
    (select sum(l.quantity)::int from orders.line l where l.order_id = o.id) as pieces,
    (select json_agg(l.described order by l.position) from orders.line l where l.order_id = o.id) as described
  from orders."order" o`

/** Newest first, in one statement. */
export async function listOrders(sql: Sql, filter: Filter, limit: number): Promise<SummaryRow[]> {
  const conditions: string[] = []
  const values: unknown[] = []
  const add = (value: unknown, condition: (place: string) => string) => {
    if (value !== undefined) conditions.push(condition(`$${values.push(value)}`))
  }
  add(filter.userId, (place) => `o.user_id = ${place}::uuid`)
  add(filter.status, (place) => `o.status = ${place}`)
  add(filter.number, (place) => `o.number = ${place}`)
  add(filter.emailKey, (place) => `o.email_key = ${place}`)
  add(filter.after, (place) => `o.id < ${place}::uuid`)
  const where = conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''
  const text = `${LIST} ${where} order by o.id desc limit $${values.push(limit)}::int`
  return (await sql.executeQuery<SummaryRow>(CompiledQuery.raw(text, values))).rows
}

export async function existsBought(
  sql: Sql,
  { userId, productId, statuses }: { userId: string; productId: string; statuses: readonly string[] },
): Promise<boolean> {
  const row = await sql
    .selectFrom('orders.line as l')
    .innerJoin('orders.order as o', 'o.id', 'l.order_id')
    .select('l.order_id')
    .where('l.product_id', '=', productId)
    .where('o.user_id', '=', userId)
    .where('o.status', 'in', statuses)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Orders of guests who gave this mail address. */
export async function listGuestOrderIds(sql: Sql, emailKey: string): Promise<string[]> {
  const rows = await sql
    .selectFrom('orders.order')
    .select('id')
    .where('email_key', '=', emailKey)
    .where('user_id', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** What tells who somebody is leaves their orders, and these of guests; gives the keys of the mail addresses they used. */
export async function anonymiseOrders(tx: Sql, userId: string, guestOrderIds: readonly string[]): Promise<string[]> {
  const query = CompiledQuery.raw(
    `with theirs as (
       select id, email_key from orders."order" where user_id = $1::uuid or (user_id is null and id = any($2::uuid[])) order by id for update),
     said as (update orders.return r set comment = null from theirs t where r.order_id = t.id),
     gone as (
       update orders."order" o
       set user_id = null, contact = null, email_key = null, fingerprint = null, idempotency_key = null
       from theirs t where o.id = t.id)
     select distinct email_key as "emailKey" from theirs where email_key is not null`,
    [userId, guestOrderIds],
  )
  const { rows } = await tx.executeQuery<{ emailKey: string }>(query)
  return rows.map(({ emailKey }) => emailKey)
}
