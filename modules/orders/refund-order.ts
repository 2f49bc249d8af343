import type { Sql } from '../../db/index.ts'
import { AppError } from '../kernel/errors.ts'
import { publish } from '../kernel/events.ts'
import { type Hand, holdOrder, type Ledger, type OrderNeeds, retried, SHOP } from './ledger.ts'
import { canMove } from './pure/states.ts'
import { endRefund, insertRefund } from './return-store.ts'
import { type OrderRow, type RefundRow, updateOrder } from './store.ts'
import { refundableOf } from './view-order.ts'

type Ask = { amount: number; reason: string; hand: Hand; returnId?: string; refundId?: string }
type Ended = { refundId: string; orderId: string }

export type Refunding = ReturnType<typeof createRefunding>

type Needs = Pick<OrderNeeds, 'sql' | 'inventory' | 'payments' | 'audit' | 'now' | 'newId'> & { ledger: Ledger }

/** All that was paid is back, or all that was sent back is paid for. */
const isRefunded = (order: OrderRow, refund: RefundRow) =>
  order.refunded_amount === order.total_amount || (order.status === 'returned' && refund.return_id !== null)

/** Paid for and still in the shop. */
const isOnTheShelf = ({ status }: OrderRow) => status === 'paid' || status === 'packed'

/** Money that goes back: asked for here, given by payments, and counted here once it is gone. */
export function createRefunding({ sql, inventory, payments, audit, now, newId, ledger }: Needs) {
  /**
   * The caller holds the order's row. Sums are counted at once, so that no two refunds together exceed what was paid;
   * the same `refundId` again changes nothing. Throws conflict for more than is left.
   */
  async function ask(order: OrderRow, { amount, reason, hand, returnId, refundId = newId() }: Ask, tx: Sql) {
    const left = refundableOf(order)
    if (amount > left)
      throw new AppError('conflict', 'That is more than is left to give back', {
        reason: 'too_much',
        left: { amount: left, currency: order.currency },
      })
    const dates = { asked_at: now(), ended_at: null }
    const row = {
      id: refundId,
      order_id: order.id,
      return_id: returnId ?? null,
      amount,
      reason,
      status: 'pending' as const,
    }
    if (!(await insertRefund(tx, { ...row, ...dates }))) return
    const refunding = order.refunding_amount + amount
    await updateOrder(tx, order.id, { refunding_amount: refunding })
    order.refunding_amount = refunding
    await payments.refund({ orderId: order.id, refundId, amount: { amount, currency: order.currency }, reason }, tx)
    await ledger.write(order, { kind: 'refund_requested', hand, amount, note: reason }, tx)
    const details = { refundId, amount, currency: order.currency, reason }
    await audit.record({ actor: hand.actor, action: 'orders.refund', subject: `order:${order.id}`, details }, tx)
  }

  /**
   * Sums, timeline, audit row, event and, where the order ends there, the move commit together; pieces that never left are
   * for sale again. A second time nothing happens.
   */
  const finish = ({ refundId, orderId }: Ended): Promise<void> =>
    retried(() =>
      sql.transaction().execute(async (tx) => {
        const order = await holdOrder(tx, orderId)
        const refund = await endRefund(tx, refundId, 'done', now())
        if (!refund) return
        const { amount } = refund
        order.refunding_amount -= amount
        order.refunded_amount += amount
        const sums = { refunding_amount: order.refunding_amount, refunded_amount: order.refunded_amount }
        await updateOrder(tx, orderId, sums)
        const whole = isRefunded(order, refund) && canMove(order.status, 'refunded')
        const details = { refundId, amount, currency: order.currency }
        if (whole && isOnTheShelf(order)) await inventory.release(orderId, tx)
        if (whole) await ledger.move(order, { to: 'refunded', hand: SHOP, amount, details }, tx)
        else {
          await ledger.write(order, { kind: 'refunded', hand: SHOP, amount }, tx)
          const deed = { actor: SHOP.actor, action: 'orders.refunded_partly', subject: `order:${orderId}`, details }
          await audit.record(deed, tx)
        }
        await publish('orders.refunded', { orderId, refundId, amount, currency: order.currency }, tx)
      }),
    )

  return { ask, finish, fail: createFailing({ sql, now, ledger }) }
}

/** The sum is free to be asked for again. */
const createFailing =
  ({ sql, now, ledger }: Pick<Needs, 'sql' | 'now' | 'ledger'>) =>
  ({ refundId, orderId, reason }: Ended & { reason: string }): Promise<void> =>
    sql.transaction().execute(async (tx) => {
      const order = await holdOrder(tx, orderId)
      const refund = await endRefund(tx, refundId, 'failed', now())
      if (!refund) return
      await updateOrder(tx, orderId, { refunding_amount: order.refunding_amount - refund.amount })
      await ledger.write(
        order,
        { kind: 'refund_failed', hand: SHOP, amount: refund.amount, note: reason.slice(0, 200) },
        tx,
      )
    })
