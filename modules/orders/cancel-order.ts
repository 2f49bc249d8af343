import type { Sql } from '../../db/index.ts'
import { AppError } from '../kernel/errors.ts'
import { type Hand, holdOrder, type Ledger, type OrderNeeds, retried } from './ledger.ts'
import { canCancel, type OrderStatus } from './pure/states.ts'
import type { Refunding } from './refund-order.ts'
import type { OrderRow } from './store.ts'
import { refundableOf } from './view-order.ts'

export type CancelReason = 'by_customer' | 'by_shop' | 'superseded' | 'expired' | 'sold_out'

type Cancel = {
  hand: Hand
  reason: CancelReason
  /** Elsewhere nothing happens: who cancels what waits must not cancel what was paid a moment ago. */
  onlyFrom?: OrderStatus
  /** Nor does anything before this moment. */
  expiredAt?: Date
}

export type CancelOrder = (id: string, cancel: Cancel) => Promise<void>

type Needs = Pick<OrderNeeds, 'sql' | 'inventory' | 'promotions' | 'payments'> & {
  ledger: Ledger
  refunding: Refunding
}

export function createCancelling({ sql, inventory, promotions, payments, ledger, refunding }: Needs): CancelOrder {
  /** What it held is free again, and nobody is to pay any more. */
  async function dropPending(order: OrderRow, tx: Sql): Promise<void> {
    await payments.cancel(order.id, tx)
    await promotions.release(order.id, tx)
    if (order.holds_stock) await inventory.release(order.id, tx)
  }

  /** The money goes back; the coupon stays used, as the price did once hold. */
  async function dropPaid(order: OrderRow, hand: Hand, tx: Sql): Promise<void> {
    const amount = refundableOf(order)
    if (amount > 0 && order.payment_id !== null) await refunding.ask(order, { amount, reason: 'cancelled', hand }, tx)
    await inventory.release(order.id, tx)
  }

  /** Move, stock, coupons, payment or refund, audit row and event commit together. Throws conflict when it is too late. */
  return (id, { hand, reason, onlyFrom, expiredAt }) =>
    retried(() =>
      sql.transaction().execute(async (tx) => {
        const order = await holdOrder(tx, id)
        if (onlyFrom !== undefined && order.status !== onlyFrom) return
        if (expiredAt !== undefined && (order.expires_at === null || order.expires_at > expiredAt)) return
        if (!canCancel(order.status, hand.by)) {
          const details = { reason: 'illegal_move', status: order.status, wanted: 'cancelled' }
          throw new AppError('conflict', `An order that is ${order.status} cannot be cancelled`, details)
        }
        const drop = order.status === 'pending' ? dropPending(order, tx) : dropPaid(order, hand, tx)
        await drop
        const set = { holds_stock: false, cancel_reason: reason, expires_at: null }
        await ledger.moveAndTell(order, { to: 'cancelled', hand, set, note: reason, details: { reason } }, tx)
      }),
    )
}
