import { createHash } from 'node:crypto'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import { publish } from '../kernel/events.ts'
import { worthOfPieces } from '../promotions/pure/split.ts'
import { type Hand, holdOrder, type Ledger, type OrderNeeds, retried, shopper, staff } from './ledger.ts'
import type { Refunding } from './refund-order.ts'
import { addReturned, endReturn, findReturn, insertReturn } from './return-store.ts'
import type { NewRefund, NewReturn, ReceiveReturn, Tracking } from './schema.ts'
import { type LineRow, listLines, type OrderRow, type ReturnRow } from './store.ts'
import { isReturnable, refundableOf } from './view-order.ts'

type Needs = OrderNeeds & { ledger: Ledger; refunding: Refunding }

/** What happens to an order after it was paid: it goes out, and sometimes comes back. */
export function createFulfilment({ sql, now, newId, inventory, vault, ledger, refunding }: Needs) {
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

  async function openReturn(id: string): Promise<ReturnRow> {
    const row = await findReturn(sql, id)
    if (!row) throw new AppError('not_found', `No return ${id}`)
    return row
  }

  /** Asked for once the order's row is held, so that of two answers to a return one is refused. */
  async function assertOpen(id: string, find: () => Promise<ReturnRow | undefined>): Promise<void> {
    const row = await find()
    if (row?.status === 'requested') return
    throw new AppError('conflict', `The return ${id} is ${row?.status} already`, { reason: 'illegal_move' })
  }

  return {
    pack: (id: string, actor: Actor) => step(id, 'packed', actor),
    ship: (id: string, actor: Actor, tracking?: Tracking) => step(id, 'shipped', actor, tracking),
    deliver: (id: string, actor: Actor) => step(id, 'delivered', actor),

    /** Return, move, audit row and event commit together. Throws conflict when nothing (more) can be sent back. */
    requestReturn: (id: string, { lines, reason, comment }: NewReturn, actor: Actor | undefined): Promise<void> =>
      retried(() =>
        sql.transaction().execute(async (tx) => {
          const order = await holdOrder(tx, id)
          const bought = await listLines(tx, id)
          if (!isReturnable({ order, lines: bought }, now())) throw illegal(order, 'return_requested')
          assertPieces(bought, lines)
          const subject = order.user_id ?? order.id
          const sealed = comment ? await vault.seal(subject, comment, tx) : null
          const returnId = newId()
          const dates = { requested_at: now(), decided_at: null }
          const row = { id: returnId, order_id: id, status: 'requested' as const, reason, comment: sealed, lines }
          if (!(await insertReturn(tx, { ...row, ...dates }))) throw illegal(order, 'return_requested')
          const move = { to: 'return_requested' as const, hand: shopper(actor), note: reason, details: { returnId } }
          await ledger.move(order, move, tx)
          await publish('orders.return_requested', { orderId: id, returnId }, tx)
        }),
      ),

    /** Pieces, stock, refund, move, audit rows and event commit together. */
    receiveReturn: async (returnId: string, { restock, refund }: ReceiveReturn, actor: Actor): Promise<string> => {
      const { order_id: orderId, lines } = await openReturn(returnId)
      const hand: Hand = staff(actor)
      await retried(() =>
        sql.transaction().execute(async (tx) => {
          const order = await holdOrder(tx, orderId)
          await assertOpen(returnId, () => findReturn(tx, returnId))
          const bought = await listLines(tx, orderId)
          const amount = Math.min(refund?.amount ?? worthOf(bought, lines), refundableOf(order))
          if (refund && (refund.currency !== order.currency || refund.amount > amount))
            throw new AppError('conflict', 'That is more than is left to give back', { reason: 'too_much' })
          await endReturn(tx, returnId, 'received', now())
          for (const line of lines) await addReturned(tx, orderId, line)
          await ledger.move(order, { to: 'returned', hand, details: { returnId, restock } }, tx)
          await publish('orders.returned', { orderId, returnId }, tx)
          if (amount > 0 && order.payment_id !== null)
            await refunding.ask(order, { amount, reason: 'returned', hand, returnId }, tx)
          if (restock) await inventory.restock(piecesOf(bought, lines), tx)
        }),
      )
      return orderId
    },

    /** The pieces stay with the shopper. Move, audit row and event commit together. */
    refuseReturn: async (returnId: string, actor: Actor): Promise<string> => {
      const { order_id: orderId } = await openReturn(returnId)
      await retried(() =>
        sql.transaction().execute(async (tx) => {
          const order = await holdOrder(tx, orderId)
          await assertOpen(returnId, () => findReturn(tx, returnId))
          await endReturn(tx, returnId, 'refused', now())
          const move = { to: 'delivered' as const, hand: staff(actor), note: 'return_refused', details: { returnId } }
          await ledger.move(order, move, tx)
          await publish('orders.return_refused', { orderId, returnId }, tx)
        }),
      )
      return orderId
    },

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
          const left = refundableOf(order)
          if (order.status === 'pending' || order.payment_id === null || left === 0)
            throw new AppError('conflict', 'There is nothing to give back', { reason: 'nothing_left', left })
          if (amount && amount.currency !== order.currency)
            throw new AppError('refused', `This was paid in ${order.currency}`, { reason: 'other_currency' })
          if (amount?.amount === 0) throw new AppError('refused', 'Nothing is not a refund', { reason: 'nothing' })
          const refundId = key === undefined ? newId() : idFrom(key)
          await refunding.ask(order, { amount: amount?.amount ?? left, reason, hand: staff(actor), refundId }, tx)
        }),
      ),
  }
}

/** A UUID (version 8) that stays the same for the same key. */
function idFrom(key: string): string {
  const hex = createHash('sha256').update(key).digest('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  )
}

const illegal = (order: OrderRow, wanted: string) =>
  new AppError('conflict', `An order that is ${order.status} cannot become ${wanted} now`, {
    reason: 'illegal_move',
    status: order.status,
    wanted,
  })

type Pieces = NewReturn['lines']

/** Each line once, and no more of it than the shopper still has. */
function assertPieces(bought: readonly LineRow[], lines: Pieces): void {
  const seen = new Set<number>()
  for (const { lineId, quantity } of lines) {
    const line = bought.find(({ position }) => position === lineId)
    if (line && !seen.has(lineId) && line.returned + quantity <= line.quantity) {
      seen.add(lineId)
      continue
    }
    throw new AppError('refused', `The line ${lineId} has no ${quantity} pieces to send back`, {
      reason: 'too_many',
      lineId,
    })
  }
}

/** What the pieces cost, after discounts and with their tax. */
const worthOf = (bought: readonly LineRow[], lines: Pieces): number =>
  lines.reduce((sum, { lineId, quantity }) => {
    const line = bought.find(({ position }) => position === lineId)
    return line ? sum + worthOfPieces(line.total_amount, line.quantity, line.returned, line.returned + quantity) : sum
  }, 0)

/** By variant, each once. */
const piecesOf = (bought: readonly LineRow[], lines: Pieces) =>
  lines.flatMap(({ lineId, quantity }) => {
    const line = bought.find(({ position }) => position === lineId)
    return line ? [{ variantId: line.variant_id, quantity }] : []
  })
