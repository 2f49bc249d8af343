import { AppError } from '../kernel/errors.ts'
import { createDrivers } from './drivers.ts'
import type { PaymentNeeds } from './needs.ts'
import { createPaying } from './paying.ts'
import { createRefunds } from './refunds.ts'
import type { Payment, PaymentHistory, Provider, TestMethod } from './schema.ts'
import { createSettling } from './settling.ts'
import { findPaymentOfOrder, listDisputes, listRefunds, type PaymentRow } from './store.ts'
import { createWebhooks } from './webhooks.ts'

export type Payments = ReturnType<typeof createPayments>

const toPayment = (row: PaymentRow): Payment => ({
  id: row.id,
  orderId: row.order_id,
  provider: row.provider as Payment['provider'],
  // The provider knows of it, and nothing has happened there yet.
  status: row.status === 'prepared' && row.provider_ref !== null ? 'started' : row.status,
  failure: row.failure,
  amount: { amount: row.amount, currency: row.currency },
  refunded: { amount: row.refunded_amount, currency: row.currency },
})

/** Money in and back through providers. What they did is asked of them, never believed from a message. */
export function createPayments(needs: PaymentNeeds) {
  const { sql, signer } = needs
  const drivers = createDrivers(needs)
  const settling = createSettling(needs, drivers)
  const { get, settle, reconcile } = settling
  const { confirm, ...paying } = createPaying(needs, drivers, settling)
  const refunds = createRefunds(needs, drivers)
  const webhooks = createWebhooks(needs, { drivers, settle, settleRefund: refunds.settle })
  const settleJob = async ({ paymentId }: { paymentId: string }) => void (await settle(paymentId))

  return {
    ...paying,
    providers: (): Provider[] => drivers.list(),
    /** Answers how the payment stands now. */
    confirm: async (paymentId: string, method?: TestMethod) => toPayment(await confirm(paymentId, method)),
    settle: async (paymentId: string) => toPayment(await settle(paymentId)),
    refund: refunds.request,
    receiveWebhook: webhooks.receive,

    getPayment: async (paymentId: string) => toPayment(await get(paymentId)),
    async ofOrder(orderId: string): Promise<Payment | undefined> {
      const row = await findPaymentOfOrder(sql, orderId)
      return row && toPayment(row)
    },
    /** For staff: what was paid back, and what the shopper's bank disputes. */
    async historyOf(paymentId: string): Promise<PaymentHistory> {
      const payment = toPayment(await get(paymentId))
      const [paidBack, disputes] = await Promise.all([listRefunds(sql, paymentId), listDisputes(sql, paymentId)])
      return {
        ...payment,
        refunds: paidBack.map(({ id, amount, reason, status, failure }) => ({ id, amount, reason, status, failure })),
        disputes: disputes.map(({ provider_ref: ref, status, reason, amount, currency }) => ({
          ref,
          status,
          reason,
          amount,
          currency,
        })),
      }
    },
    /** Signed, since whoever comes back with it is shown the order; throws `not_found` for anybody else. */
    verifyReturn(paymentId: string, signature: string): void {
      if (!signer.verify('payments.return', paymentId, signature)) throw new AppError('not_found', 'No such payment')
    },

    jobs: {
      'payments.settle': settleJob,
      // A cancelled payment is settled by telling the provider so.
      'payments.cancel': settleJob,
      'payments.refund': ({ refundId }: { refundId: string }) => refunds.settle(refundId),
      'payments.webhook': webhooks.handle,
      'payments.reconcile': reconcile,
    },
    schedules: { 'payments.reconcile': 60 },
  }
}
