import { type Sql, transact } from '../../db/index.ts'
import { AppError } from '../kernel/errors.ts'
import type { CancelReason } from './cancel-order.ts'
import { type Hand, holdOrder, type Ledger, type OrderNeeds, retried, SHOP } from './ledger.ts'
import { boughtOf, HOLD_MS } from './place-order.ts'
import type { Refunding } from './refund-order.ts'
import { findOrder, listLines, type OrderRow, updateOrder } from './store.ts'
import { refundableOf } from './view-order.ts'

/** Whoever comes back to pay again and again holds the pieces no longer than this after the order was placed. */
const LONGEST_HOLD_MS = 24 * 3600_000

type Paid = { paymentId: string; orderId: string; amount: number; currency: string }
type Failed = { paymentId: string; orderId: string; reason: string }

type Needs = OrderNeeds & {
  ledger: Ledger
  refunding: Refunding
  /** Under which names coupons count the buyer of an order. */
  buyersOf(order: OrderRow): string[]
}

/** Waits for this money: pending, or given up only because it was late. Money on its way back pays for nothing. */
const isAwaited = (order: OrderRow) =>
  order.status === 'pending' ||
  (order.status === 'cancelled' && order.cancel_reason === 'expired' && refundableOf(order) === order.total_amount)

type Taking = Pick<Needs, 'inventory' | 'promotions' | 'buyersOf'>

function createTaking({ inventory, promotions, buyersOf }: Taking) {
  /** Pieces (and, for an order that was given up, uses of coupons) are taken anew; false when others have them. */
  return async (order: OrderRow, expiresAt: Date, tx: Sql): Promise<boolean> => {
    if (order.status === 'cancelled') {
      const codes = order.coupons.map(({ code }) => code)
      const redeemed = await promotions.redeem({ orderId: order.id, codes, buyers: buyersOf(order) }, tx)
      if (!redeemed.ok) return false
    }
    const lines = boughtOf(await listLines(tx, order.id))
    return (await inventory.reserve({ orderId: order.id, lines, expiresAt }, tx)).ok
  }
}

/** What payments say of an order, in whatever order it comes, once or more often. */
export function createPaying(needs: Needs) {
  const { sql, now, cart, inventory, promotions, ledger, refunding } = needs
  const takeAgain = createTaking(needs)
  /**
   * Sale of the pieces, move, audit row, event and the emptied cart commit together. False when the pieces are with others.
   * The cart is held before the order, as whoever orders from it does.
   */
  const accept = (orderId: string, cartId: string): Promise<boolean> =>
    transact<boolean>(sql, async (tx, abort) => {
      await cart.lockRow(cartId, tx)
      const order = await holdOrder(tx, orderId)
      if (!isAwaited(order)) return true
      if (!order.holds_stock && !(await takeAgain(order, now(), tx))) return abort(false)
      await inventory.confirm(orderId, tx)
      const late = order.status === 'cancelled'
      const set = { holds_stock: true, expires_at: null, payment_failed: null, cancel_reason: null }
      await ledger.moveAndTell(order, { to: 'paid', hand: SHOP, set, ...(late ? { note: 'late' } : {}) }, tx)
      await cart.removeBought(cartId, boughtOf(await listLines(tx, orderId)), tx)
      return true
    })

  /** Money for nothing goes back, once: the refund has the id of the payment. What was still waiting is cancelled with it. */
  const giveBack = ({ orderId, paymentId }: Paid): Promise<void> =>
    sql.transaction().execute(async (tx) => {
      const order = await holdOrder(tx, orderId)
      const amount = refundableOf(order)
      if ((order.status !== 'pending' && order.status !== 'cancelled') || amount === 0) return
      const reason: CancelReason = 'sold_out'
      await refunding.ask(order, { amount, reason, hand: SHOP, refundId: paymentId }, tx)
      if (order.status === 'cancelled') return
      await promotions.release(orderId, tx)
      if (order.holds_stock) await inventory.release(orderId, tx)
      const set = { holds_stock: false, expires_at: null, cancel_reason: reason }
      await ledger.moveAndTell(order, { to: 'cancelled', hand: SHOP, set, note: reason, details: { reason } }, tx)
    })

  return {
    /** Hears payments.succeeded. An order that was called off, or whose pieces went to others meanwhile, gets its money back. */
    async onPaid(paid: Paid): Promise<void> {
      const order = await findOrder(sql, paid.orderId)
      if (!order || order.payment_id !== paid.paymentId) return
      if (isAwaited(order) && (await retried(() => accept(order.id, order.cart_id)))) {
        // It may have been cancelled by the shopper between the look and the lock.
        const then = await findOrder(sql, paid.orderId)
        if (then?.status !== 'cancelled') return
      }
      await retried(() => giveBack(paid))
    },

    /** Hears payments.failed: the pieces are free for others at once; the order waits for another try. */
    onFailed: ({ orderId, paymentId, reason }: Failed): Promise<void> =>
      retried(() =>
        sql.transaction().execute(async (tx) => {
          const order = await holdOrder(tx, orderId)
          if (order.status !== 'pending' || order.payment_id !== paymentId) return
          await updateOrder(tx, orderId, { payment_failed: reason, holds_stock: false })
          await ledger.write(order, { kind: 'payment_failed', hand: SHOP, note: reason.slice(0, 200) }, tx)
          if (order.holds_stock) await inventory.release(orderId, tx)
        }),
      ),
  }
}

/** Another try to pay, by the shopper. */
export function createRenewing(needs: Needs) {
  const { sql, now, ledger } = needs
  const takeAgain = createTaking(needs)
  return {
    /** Takes the pieces again for an order whose payment failed and gives the shopper time. Gives the payment to start. */
    renew: (orderId: string, hand: Hand): Promise<{ paymentId: string }> =>
      retried(() =>
        sql.transaction().execute(async (tx) => {
          const order = await holdOrder(tx, orderId)
          const last = order.placed_at.getTime() + LONGEST_HOLD_MS
          const expiresAt = new Date(Math.min(now().getTime() + HOLD_MS, last))
          if (order.status !== 'pending' || order.payment_id === null || expiresAt <= now()) {
            const details = { reason: 'illegal_move', status: order.status, wanted: 'paid' }
            throw new AppError('conflict', `An order that is ${order.status} cannot be paid`, details)
          }
          await updateOrder(tx, orderId, { holds_stock: true, expires_at: expiresAt, payment_failed: null })
          if (!order.holds_stock) {
            if (!(await takeAgain(order, expiresAt, tx)))
              throw new AppError('conflict', 'Something in the order is sold out now', { reason: 'insufficient_stock' })
            await ledger.write(order, { kind: 'payment_retried', hand }, tx)
          }
          return { paymentId: order.payment_id }
        }),
      ),
  }
}
