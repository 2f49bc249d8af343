import type { Sql } from '../../db/index.ts'
import { AppError } from '../kernel/errors.ts'
import { publish } from '../kernel/events.ts'
import type { Money } from '../kernel/pure/money.ts'
import type { RefundState } from './driver.ts'
import type { Drivers } from './drivers.ts'
import type { PaymentNeeds } from './needs.ts'
import {
  findPayment,
  findRefund,
  insertRefund,
  listRefunds,
  lockPayment,
  lockPaymentOfOrder,
  lockRefund,
  updatePayment,
  updateRefund,
} from './store.ts'

type Request = { orderId: string; refundId: string; amount: Money; reason: string }

const CHECK_AFTER_MS = 10 * 60_000

/** Money back: a row and a job in the caller's transaction, then the provider, then an event. */
export function createRefunds({ sql, jobs, audit, now }: PaymentNeeds, drivers: Drivers) {
  const nextCheck = () => new Date(now().getTime() + CHECK_AFTER_MS)

  /**
   * Commits with whatever asks for it; `payments.refunded` or `payments.refund_failed` tells how it ended. The same
   * `refundId` again changes nothing. Throws `refused` for more than what was paid and not yet given back.
   */
  async function request({ orderId, refundId, amount, reason }: Request, tx: Sql): Promise<void> {
    const payment = await lockPaymentOfOrder(tx, orderId)
    if (!payment || payment.status !== 'succeeded') throw new AppError('refused', 'There is no payment to give back')
    if (amount.currency !== payment.currency || amount.amount <= 0)
      throw new AppError('refused', `This was paid in ${payment.currency}`)
    const others = (await listRefunds(tx, payment.id)).filter(
      ({ id, status }) => id !== refundId && status !== 'failed',
    )
    const left = others.reduce((rest, other) => rest - other.amount, payment.amount)
    if (amount.amount > left) throw new AppError('refused', 'That is more than is left to give back', { left })
    const row = { id: refundId, payment_id: payment.id, amount: amount.amount, reason, created_at: now() }
    if (await insertRefund(tx, { ...row, check_at: nextCheck() }))
      await jobs.enqueue('payments.refund', { refundId }, { tx, key: refundId })
  }

  /** Asks the provider for it, or how it stands, and keeps the answer. */
  async function settle(refundId: string): Promise<void> {
    const refund = await findRefund(sql, refundId)
    if (!refund || refund.status !== 'pending') return
    const payment = await findPayment(sql, refund.payment_id)
    if (!payment?.provider_ref || !payment.charge_ref)
      throw new Error(`Refund ${refundId} is of a payment that was not made`)
    const driver = await drivers.get(payment.provider)
    const state = refund.provider_ref
      ? await driver.findRefund(refund.provider_ref)
      : await driver.refund({
          refundId,
          ref: payment.provider_ref,
          charge: payment.charge_ref,
          amount: { amount: refund.amount, currency: payment.currency },
          reason: refund.reason,
        })
    await apply(payment.id, refundId, state)
  }

  /** The refund, the payment's sum, the event and the audit's entry commit together. */
  const apply = (paymentId: string, refundId: string, state: RefundState): Promise<void> =>
    sql.transaction().execute(async (tx) => {
      const payment = await lockPayment(tx, paymentId)
      const refund = await lockRefund(tx, refundId)
      if (refund.status !== 'pending') return
      const failure = state.status === 'failed' ? state.reason : null
      const check_at = state.status === 'pending' ? nextCheck() : null
      await updateRefund(tx, refundId, { status: state.status, failure, provider_ref: state.ref ?? null, check_at })
      if (state.status === 'pending') return
      const about = { refundId, orderId: payment.order_id }
      const sum = { amount: refund.amount, currency: payment.currency }
      if (state.status === 'succeeded') {
        await updatePayment(tx, paymentId, { refunded_amount: payment.refunded_amount + refund.amount })
        await publish('payments.refunded', { ...about, ...sum }, tx)
      } else await publish('payments.refund_failed', { ...about, reason: state.reason }, tx)
      const action = state.status === 'succeeded' ? 'payments.refunded' : 'payments.refund_failed'
      const deed = { action, subject: `order:${payment.order_id}`, details: { refundId, ...sum, failure } }
      await audit.record({ actor: { system: 'payments' }, ...deed }, tx)
    })

  return { request, settle }
}
