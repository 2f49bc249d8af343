import type { Sql } from '../../db/index.ts'
import { AppError } from '../kernel/errors.ts'
import type { Money } from '../kernel/pure/money.ts'
import type { Drivers } from './drivers.ts'
import type { PaymentNeeds } from './needs.ts'
import type { ClientAction, TestMethod } from './schema.ts'
import { chargeOf, type createSettling, nextCheck } from './settling.ts'
import { insertPayment, lockPaymentOfOrder, type PaymentRow, updatePayment } from './store.ts'

type Settling = ReturnType<typeof createSettling>

/** The way of one payment from the order to its end, as the shopper walks it. */
export function createPaying({ sql, jobs, now, newId }: PaymentNeeds, drivers: Drivers, { get, settle }: Settling) {
  /** The provider first, then our note of it: cut short in between, the next start finds the same payment there. */
  async function begin(row: PaymentRow): Promise<ClientAction> {
    const driver = await drivers.get(row.provider)
    const { ref, action } = await driver.start(chargeOf(row)).catch((cause: unknown) => {
      console.error(`payment ${row.id} could not be started:`, cause)
      throw new AppError('unavailable', 'The payment provider does not answer; try again in a moment')
    })
    const kept = await updatePayment(sql, row.id, { provider_ref: ref, check_at: nextCheck(row.created_at, now()) })
    if (kept.status === 'cancelled') {
      await jobs.enqueue('payments.cancel', { paymentId: row.id }, { key: row.id })
      throw new AppError('conflict', 'This payment was cancelled')
    }
    return action
  }

  return {
    /**
     * Commits with the order; nothing is asked of the provider before `start`, which may be called once that is done: it is
     * `start(paymentId)` without looking the payment up. Throws `refused` for a provider that we do not have.
     */
    async prepare({ orderId, provider, amount }: { orderId: string; provider: string; amount: Money }, tx: Sql) {
      if (!drivers.has(provider)) throw new AppError('refused', `Nobody here takes ${provider}`)
      if (amount.amount <= 0) throw new AppError('refused', 'There is nothing to pay')
      const paymentId = newId()
      const row = await insertPayment(tx, { id: paymentId, order_id: orderId, provider, ...amount, created_at: now() })
      return { paymentId, start: () => begin(row) }
    },

    /** What the client does to pay; the same however often it is asked. Throws `unavailable` when the provider does not answer. */
    async start(paymentId: string): Promise<ClientAction> {
      const row = await get(paymentId)
      if (row.status === 'succeeded' || row.status === 'mismatched')
        throw new AppError('conflict', 'This is paid already')
      if (row.status === 'cancelled') throw new AppError('conflict', 'This payment was cancelled')
      return begin(row)
    },

    /** The shopper says that they have paid, or with the test provider how. */
    async confirm(paymentId: string, method?: TestMethod): Promise<PaymentRow> {
      if (method === undefined) return settle(paymentId)
      const row = await get(paymentId)
      if (row.provider !== 'test') throw new AppError('refused', 'Only the test provider takes a method')
      if (row.provider_ref === null) await begin(row)
      await drivers.test.confirm(paymentId, method)
      return settle(paymentId)
    },

    /**
     * Of an order that will not be paid: joins the transaction that ends it. What is paid nevertheless comes as
     * `payments.succeeded`.
     */
    async cancel(orderId: string, tx: Sql): Promise<void> {
      const row = await lockPaymentOfOrder(tx, orderId)
      if (!row || ['succeeded', 'mismatched', 'cancelled'].includes(row.status)) return
      // Asked about until the provider says that it is over, should the job below not get that far.
      const check_at = row.provider_ref === null ? null : nextCheck(row.created_at, now())
      await updatePayment(tx, row.id, { status: 'cancelled', failure: null, check_at })
      if (row.provider_ref !== null) await jobs.enqueue('payments.cancel', { paymentId: row.id }, { tx, key: row.id })
    },
  }
}
