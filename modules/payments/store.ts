import type { Selectable } from 'kysely'
import type { Sql } from '../../db/index.ts'
import type { PaymentsTables } from '../../db/tables/payments.ts'
import type { About } from './driver.ts'

export type PaymentRow = Selectable<PaymentsTables['payments.payment']>
export type RefundRow = Selectable<PaymentsTables['payments.refund']>
type DisputeRow = Selectable<PaymentsTables['payments.dispute']>

export const insertPayment = (
  sql: Sql,
  row: Pick<PaymentRow, 'id' | 'order_id' | 'provider' | 'amount' | 'currency' | 'created_at'>,
): Promise<PaymentRow> =>
  sql
    .insertInto('payments.payment')
    .values({ ...row, status: 'prepared' })
    .returningAll()
    .executeTakeFirstOrThrow()

const payments = (sql: Sql) => sql.selectFrom('payments.payment').selectAll()

export const findPayment = (sql: Sql, id: string): Promise<PaymentRow | undefined> =>
  payments(sql).where('id', '=', id).executeTakeFirst()

/** Held until the transaction ends. */
export const lockPayment = (tx: Sql, id: string): Promise<PaymentRow> =>
  payments(tx).where('id', '=', id).forUpdate().executeTakeFirstOrThrow()

export const findPaymentOfOrder = (sql: Sql, orderId: string): Promise<PaymentRow | undefined> =>
  payments(sql).where('order_id', '=', orderId).executeTakeFirst()

export const lockPaymentOfOrder = (tx: Sql, orderId: string): Promise<PaymentRow | undefined> =>
  payments(tx).where('order_id', '=', orderId).forUpdate().executeTakeFirst()

export const findPaymentByRef = (sql: Sql, provider: string, ref: string): Promise<PaymentRow | undefined> =>
  payments(sql).where('provider', '=', provider).where('provider_ref', '=', ref).executeTakeFirst()

export const findPaymentByCharge = (sql: Sql, provider: string, charge: string): Promise<PaymentRow | undefined> =>
  payments(sql).where('provider', '=', provider).where('charge_ref', '=', charge).executeTakeFirst()

type Changes = Partial<
  Pick<PaymentRow, 'status' | 'failure' | 'provider_ref' | 'charge_ref' | 'refunded_amount' | 'check_at'>
>

export const updatePayment = (sql: Sql, id: string, changes: Changes): Promise<PaymentRow> =>
  sql.updateTable('payments.payment').set(changes).where('id', '=', id).returningAll().executeTakeFirstOrThrow()

/** Those that are to be asked about now. Each is put off to `until` here, so that another worker leaves it alone. */
export async function claimDueChecks(
  sql: Sql,
  table: 'payments.payment' | 'payments.refund',
  { now, until, limit }: { now: Date; until: Date; limit: number },
): Promise<string[]> {
  const due = sql.selectFrom(table).select('id').where('check_at', '<=', now).orderBy('check_at').limit(limit)
  const rows = await sql
    .updateTable(table)
    .set({ check_at: until })
    .where('id', 'in', due.forUpdate().skipLocked())
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** False when it is there already. */
export async function insertRefund(
  sql: Sql,
  row: Pick<RefundRow, 'id' | 'payment_id' | 'amount' | 'reason' | 'created_at' | 'check_at'>,
): Promise<boolean> {
  const insert = sql.insertInto('payments.refund').values({ ...row, status: 'pending' })
  const inserted = await insert
    .onConflict((c) => c.column('id').doNothing())
    .returning('id')
    .executeTakeFirst()
  return inserted !== undefined
}

const refunds = (sql: Sql) => sql.selectFrom('payments.refund').selectAll()

export const findRefund = (sql: Sql, id: string): Promise<RefundRow | undefined> =>
  refunds(sql).where('id', '=', id).executeTakeFirst()

export const lockRefund = (tx: Sql, id: string): Promise<RefundRow> =>
  refunds(tx).where('id', '=', id).forUpdate().executeTakeFirstOrThrow()

export const findRefundByRef = (sql: Sql, ref: string): Promise<RefundRow | undefined> =>
  refunds(sql).where('provider_ref', '=', ref).executeTakeFirst()

export const listRefunds = (sql: Sql, paymentId: string): Promise<RefundRow[]> =>
  refunds(sql).where('payment_id', '=', paymentId).orderBy('id').execute()

export async function updateRefund(
  sql: Sql,
  id: string,
  changes: Partial<Pick<RefundRow, 'status' | 'failure' | 'provider_ref' | 'check_at'>>,
): Promise<void> {
  await sql.updateTable('payments.refund').set(changes).where('id', '=', id).execute()
}

/** True when it was not known before. What was said earlier changes nothing of what was said later. */
export async function upsertDispute(sql: Sql, row: DisputeRow): Promise<boolean> {
  const insert = sql.insertInto('payments.dispute').values(row)
  const added = await insert
    .onConflict((c) => c.columns(['provider', 'provider_ref']).doNothing())
    .returning('payment_id')
    .executeTakeFirst()
  if (added) return true
  await sql
    .updateTable('payments.dispute')
    .set({ status: row.status, reason: row.reason, said_at: row.said_at })
    .where('provider', '=', row.provider)
    .where('provider_ref', '=', row.provider_ref)
    .where('said_at', '<=', row.said_at)
    .execute()
  return false
}

export const listDisputes = (sql: Sql, paymentId: string): Promise<DisputeRow[]> =>
  sql.selectFrom('payments.dispute').selectAll().where('payment_id', '=', paymentId).orderBy('opened_at').execute()

/** True when this event was not received before. */
export async function insertWebhookEvent(
  sql: Sql,
  event: { provider: string; id: string; type: string; about: About; receivedAt: Date },
): Promise<boolean> {
  const { provider, id, type, about, receivedAt } = event
  const insert = sql
    .insertInto('payments.webhook_event')
    .values({ provider, event_id: id, type, about: JSON.stringify(about), received_at: receivedAt })
  const added = await insert
    .onConflict((c) => c.columns(['provider', 'event_id']).doNothing())
    .returning('event_id')
    .executeTakeFirst()
  return added !== undefined
}

export async function findWebhookEvent(sql: Sql, provider: string, id: string): Promise<About | undefined> {
  const row = await sql
    .selectFrom('payments.webhook_event')
    .select('about')
    .where('provider', '=', provider)
    .where('event_id', '=', id)
    .executeTakeFirst()
  return row?.about as About | undefined
}

export async function endWebhookEvent(
  sql: Sql,
  event: { provider: string; id: string; outcome: string },
): Promise<void> {
  await sql
    .updateTable('payments.webhook_event')
    .set({ outcome: event.outcome })
    .where('provider', '=', event.provider)
    .where('event_id', '=', event.id)
    .execute()
}
