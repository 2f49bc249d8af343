import type { Sql } from '../../db/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import type { Payments } from '../payments/index.ts'
import { type CancelOrder, createCancelling } from './cancel-order.ts'
import { createFulfilment } from './fulfil-order.ts'
import { createReturns } from './return-order.ts'
import { createLedger, type OrderNeeds, SHOP, shopper, staff } from './ledger.ts'
import { createPaying, createRenewing } from './pay-order.ts'
import { buyersOf, createPlacing, type Placing } from './place-order.ts'
import { createReading } from './read-orders.ts'
import { createRefunding } from './refund-order.ts'
import type { Checkout, CheckoutAnswer, Order } from './schema.ts'
import { anonymiseOrders, findOrder, listExpired } from './store.ts'
import { orderView } from './view-order.ts'

export type Orders = ReturnType<typeof createOrders>

const EXPIRED_AT_ONCE = 200

/**
 * Cancels what was to be paid by now, each in a transaction of its own; gives how many. One that cannot be cancelled does
 * not hold up those behind it; throws for it after them.
 */
const createExpiry =
  ({ sql, now }: OrderNeeds, cancelOrder: CancelOrder) =>
  async (): Promise<number> => {
    const ids = await listExpired(sql, now(), EXPIRED_AT_ONCE)
    const expired = { hand: SHOP, reason: 'expired' as const, onlyFrom: 'pending' as const, expiredAt: now() }
    const failures: unknown[] = []
    for (const id of ids) await cancelOrder(id, expired).catch((error: unknown) => failures.push(error))
    if (failures.length > 0) throw new AggregateError(failures, `${failures.length} orders could not be cancelled`)
    return ids.length
  }

/** From a cart to a parcel and back. Every change holds the order's row first, then its payment, coupons and stock. */
export function createOrders(needs: OrderNeeds) {
  const { sql, payments, promotions, now } = needs
  const ledger = createLedger(needs)
  const refunding = createRefunding({ ...needs, ledger })
  const cancelOrder = createCancelling({ ...needs, ledger, refunding })
  const placeOrder = createPlacing({ ...needs, ledger, cancelOrder })
  const paying = createPaying({ ...needs, ledger, refunding, buyersOf })
  const { renew } = createRenewing({ ...needs, ledger, refunding, buyersOf })
  const reading = createReading(needs)
  const fulfilment = createFulfilment({ ...needs, ledger, refunding })
  const returns = createReturns({ ...needs, ledger, refunding })

  /** A provider that does not answer loses no order: the answer says where to try again. */
  async function startPayment(order: Order, start = payments.start): Promise<CheckoutAnswer['payment']> {
    const { paymentId } = order.payment
    if (order.status !== 'pending' || paymentId === null) return { kind: 'none' }
    try {
      return await start(paymentId)
    } catch (error) {
      if (!(error instanceof AppError)) console.error(`payment of order ${order.id} could not be started:`, error)
      return { kind: 'retry', path: `/v1/orders/${order.id}/pay` }
    }
  }

  async function answer(order: Order, start?: Payments['start']): Promise<CheckoutAnswer> {
    return { order, payment: await startPayment(order, start), orderToken: reading.orderLinkToken(order.id) }
  }

  return {
    ...reading,
    ...fulfilment,
    ...returns,

    /** An order that waits to be paid, and what the client needs to pay it. Throws conflict and refused with `details.reason`. */
    async checkout(checkout: Checkout, who: Placing): Promise<CheckoutAnswer> {
      const placed = await placeOrder(checkout, who)
      if ('orderId' in placed) return answer(await reading.getOrder(placed.orderId))
      return answer(orderView(placed.record, { contact: placed.contact, comments: [] }, now()), placed.start)
    },

    /** Another try. Throws conflict when the order does not wait to be paid, or its pieces went to others meanwhile. */
    async pay(id: string, actor: Actor | undefined): Promise<CheckoutAnswer> {
      await renew(id, shopper(actor))
      return answer(await reading.getOrder(id))
    },

    /** By the shopper until it is packed, by staff until it is shipped; what was paid goes back. */
    async cancel(id: string, actor: Actor | undefined): Promise<void> {
      const isStaff =
        actor !== undefined && actor.role !== 'customer' && (await findOrder(sql, id))?.user_id !== actor.userId
      const hand = isStaff ? staff(actor) : shopper(actor)
      await cancelOrder(id, { hand, reason: isStaff ? 'by_shop' : 'by_customer' })
    },

    expirePending: createExpiry(needs, cancelOrder),

    onPaid: paying.onPaid,
    onPaymentFailed: paying.onFailed,
    onRefunded: refunding.finish,
    onRefundFailed: refunding.fail,

    /** Joins the caller's transaction: the orders, and these of guests, stay for the books and tell nobody whose they were. */
    async anonymiseUser(userId: string, tx: Sql, guestOrderIds: readonly string[] = []): Promise<void> {
      const emailKeys = await anonymiseOrders(tx, userId, guestOrderIds)
      await promotions.forgetBuyers([`user:${userId}`, ...emailKeys.map((key) => `mail:${key}`)], tx)
    },
  }
}
