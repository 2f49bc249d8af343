import { createHash } from 'node:crypto'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import { holdOrder, type Ledger, type OrderNeeds, retried, staff } from './ledger.ts'
import type { Refunding } from './refund-order.ts'
import { hasRefund } from './return-store.ts'
import type { NewRefund, Tracking } from './schema.ts'
import type { OrderRow } from './store.ts'
import { refundableOf } from './view-order.ts'

type Needs = OrderNeeds & { ledger: Ledger; refunding: Refunding }

/** What happens to an order after it was paid: it goes out, or its money goes back. */
export function createFulfilment({ sql, now, newId, ledger, refunding }: Needs) {
  /** Move, audit row and event commit together. Throws conflict for a move that is not there to be made. */
  const step = (id: string, to: 'packed' | 'shipped' | 'delivered', actor: Actor, tracking?: Tracking) =>
    retried(() =>
      sql.transaction().execute(async (tx) => {
        const order = await holdOrder(tx, id)
        // Only a return that is refused makes an order delivered again, and that is not done here.
        if (order.status === 'return_requested') throw illegal(order, to)
        const set = {
          ...(tracking ? { tracking: JSON.stringify(tracking) } : {}),
          ...(to === 'delivered' ? { delivered_at: now() } : {}),
        }
        await ledger.moveAndTell(order, { to, hand: staff(actor), set }, tx)
      }),
    )

  return {
    pack: (id: string, actor: Actor) => step(id, 'packed', actor),
    ship: (id: string, actor: Actor, tracking?: Tracking) => step(id, 'shipped', actor, tracking),
    deliver: (id: string, actor: Actor) => step(id, 'delivered', actor),

    /**
     * Refund and audit row commit together; the money is given back after. The same `key` gives money back once. Throws
     * conflict for more than is left.
     */
    refund: (
      id: string,
      { amount, reason, key }: NewRefund & { key?: string | undefined },
      actor: Actor,
    ): Promise<void> =>
      retried(() =>
        sql.transaction().execute(async (tx) => {
          const order = await holdOrder(tx, id)
          const refundId = key === undefined ? newId() : idFrom(key)
          if (key !== undefined && (await hasRefund(tx, refundId))) return
          const left = refundableOf(order)
          assertRefund(order, { left, amount })
          await refunding.ask(order, { amount: amount?.amount ?? left, reason, hand: staff(actor), refundId }, tx)
        }),
      ),
  }
}

function assertRefund(order: OrderRow, { left, amount }: { left: number; amount: NewRefund['amount'] }): void {
  if (order.status === 'pending' || order.payment_id === null || left === 0)
    throw new AppError('conflict', 'There is nothing to give back', { reason: 'nothing_left', left })
  if (amount && amount.currency !== order.currency)
    throw new AppError('refused', `This was paid in ${order.currency}`, { reason: 'other_currency' })
  if (amount?.amount === 0) throw new AppError('refused', 'Nothing is not a refund', { reason: 'nothing' })
}

/** A UUID (version 8) that stays the same for the same key. */
function idFrom(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

export const illegal = (order: OrderRow, wanted: string) =>
  new AppError('conflict', `An order that is ${order.status} cannot become ${wanted} now`, {
    reason: 'illegal_move',
    status: order.status,
    wanted,
  })
