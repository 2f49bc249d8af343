import { AppError } from '../kernel/errors.ts'
import { publish } from '../kernel/events.ts'
import type { Charge } from './driver.ts'
import type { Drivers } from './drivers.ts'
import type { PaymentNeeds } from './needs.ts'
import { judge, type ProviderState } from './pure/judge.ts'
import { claimDueChecks, findPayment, lockPayment, type PaymentRow, updatePayment } from './store.ts'

const MINUTE_MS = 60_000
/** A payment that nobody finished is asked about ever less often, and after this no more. */
const FORGET_AFTER_MS = 14 * 24 * 60 * MINUTE_MS
const CHECKS_AT_ONCE = 50

/** When to ask again about something that began at `since`: after two minutes, then as long again as it is old, at most an hour. */
export function nextCheck(since: Date, now: Date): Date | null {
  const age = now.getTime() - since.getTime()
  if (age > FORGET_AFTER_MS) return null
  return new Date(now.getTime() + Math.min(Math.max(age, 2 * MINUTE_MS), 60 * MINUTE_MS))
}

export const chargeOf = (row: PaymentRow): Charge => ({
  paymentId: row.id,
  orderId: row.order_id,
  due: { amount: row.amount, currency: row.currency },
  ref: row.provider_ref ?? undefined,
  charge: row.charge_ref ?? undefined,
})

/** How a payment stands: asked of its provider, by whoever has a reason to ask. */
export function createSettling({ sql, jobs, now }: PaymentNeeds, drivers: Drivers) {
  async function get(paymentId: string): Promise<PaymentRow> {
    const row = await findPayment(sql, paymentId)
    if (!row) throw new AppError('not_found', 'No such payment')
    return row
  }

  /** What the provider says is kept, and published if it is news; both commit together. */
  const apply = (paymentId: string, state: ProviderState): Promise<PaymentRow> =>
    sql.transaction().execute(async (tx) => {
      const row = await lockPayment(tx, paymentId)
      const verdict = judge({ ...row, due: chargeOf(row).due }, state)
      // What was called off while the provider works on it may be paid all the same: it is asked about until that is over.
      const over = verdict.status === 'cancelled' && (state.status === 'cancelled' || state.status === 'failed')
      const ended = verdict.status === 'succeeded' || verdict.status === 'mismatched' || over
      const changed = await updatePayment(tx, paymentId, {
        status: verdict.status,
        failure: verdict.failure,
        check_at: ended ? null : nextCheck(row.created_at, now()),
        ...(state.status === 'succeeded' && { charge_ref: state.charge }),
      })
      const about = { paymentId, orderId: row.order_id }
      if (verdict.publish === 'succeeded')
        await publish('payments.succeeded', { ...about, amount: row.amount, currency: row.currency }, tx)
      if (verdict.publish === 'failed')
        await publish('payments.failed', { ...about, reason: verdict.failure ?? '' }, tx)
      return changed
    })

  /** Asks the provider how a payment stands, and keeps the answer. */
  async function settle(paymentId: string): Promise<PaymentRow> {
    const row = await get(paymentId)
    if (row.provider_ref === null) return row
    const driver = await drivers.get(row.provider)
    const charge = { ...chargeOf(row), ref: row.provider_ref }
    // What was cancelled is not taken any more, though it may have been before.
    return apply(paymentId, row.status === 'cancelled' ? await driver.cancel(charge) : await driver.settle(charge))
  }

  /** Hands out those that nobody has heard of for too long. */
  async function reconcile(): Promise<void> {
    const window = { now: now(), until: new Date(now().getTime() + 5 * MINUTE_MS), limit: CHECKS_AT_ONCE }
    for (const paymentId of await claimDueChecks(sql, 'payments.payment', window))
      await jobs.enqueue('payments.settle', { paymentId }, { key: paymentId })
    for (const refundId of await claimDueChecks(sql, 'payments.refund', window))
      await jobs.enqueue('payments.refund', { refundId }, { key: refundId })
  }

  return { get, settle, reconcile }
}
