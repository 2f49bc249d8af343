import type { Sql } from '../../db/index.ts'
import type { RefundRow, ReturnRow } from './store.ts'

/** Undefined when the order has an open one. */
export async function insertReturn(tx: Sql, row: ReturnRow): Promise<boolean> {
  const made = await tx
    .insertInto('orders.return')
    .values({ ...row, lines: JSON.stringify(row.lines) })
    .onConflict((on) => on.doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

export const findReturn = (sql: Sql, id: string): Promise<ReturnRow | undefined> =>
  sql.selectFrom('orders.return').selectAll().where('id', '=', id).executeTakeFirst()

/** The caller holds the order's row. */
export async function endReturn(tx: Sql, id: string, status: 'received' | 'refused', now: Date): Promise<void> {
  await tx.updateTable('orders.return').set({ status, decided_at: now }).where('id', '=', id).execute()
}

/** Counts pieces of one line as sent back; the caller holds the order's row. */
export async function addReturned(tx: Sql, orderId: string, line: { lineId: number; quantity: number }) {
  await tx
    .updateTable('orders.line')
    .set((eb) => ({ returned: eb('returned', '+', line.quantity) }))
    .where('order_id', '=', orderId)
    .where('position', '=', line.lineId)
    .execute()
}

type Page = { status?: string | undefined; after?: string | undefined; limit: number }

/** Newest first. */
export function listReturns(
  sql: Sql,
  { status, after, limit }: Page,
): Promise<(ReturnRow & { user_id: string | null; number: string })[]> {
  let query = sql
    .selectFrom('orders.return as r')
    .innerJoin('orders.order as o', 'o.id', 'r.order_id')
    .selectAll('r')
    .select(['o.user_id', 'o.number'])
    .orderBy('r.id', 'desc')
    .limit(limit)
  if (status !== undefined) query = query.where('r.status', '=', status as ReturnRow['status'])
  if (after !== undefined) query = query.where('r.id', '<', after)
  return query.execute()
}

/** False when it is there already. */
export async function insertRefund(tx: Sql, row: RefundRow): Promise<boolean> {
  const made = await tx
    .insertInto('orders.refund')
    .values(row)
    .onConflict((on) => on.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return made !== undefined
}

/** Whether it was asked for already. */
export async function hasRefund(tx: Sql, id: string): Promise<boolean> {
  const row = await tx.selectFrom('orders.refund').select('id').where('id', '=', id).executeTakeFirst()
  return row !== undefined
}

/** Undefined when it has ended already; the caller holds the order's row. */
export const endRefund = (tx: Sql, id: string, status: 'done' | 'failed', now: Date): Promise<RefundRow | undefined> =>
  tx
    .updateTable('orders.refund')
    .set({ status, ended_at: now })
    .where('id', '=', id)
    .where('status', '=', 'pending')
    .returningAll()
    .executeTakeFirst()
