import { AppError } from '../kernel/errors.ts'
import type { Sql } from '../../db/index.ts'
import type { Actor } from '../kernel/access.ts'
import { publish } from '../kernel/events.ts'
import { worthOfPieces } from '../promotions/pure/split.ts'
import { illegal } from './fulfil-order.ts'
import { type Hand, holdOrder, type Ledger, type OrderNeeds, retried, SHOP, shopper, staff } from './ledger.ts'
import type { Refunding } from './refund-order.ts'
import { addReturned, endReturn, findReturn, insertReturn } from './return-store.ts'
import type { NewReturn, ReceiveReturn } from './schema.ts'
import { type LineRow, listLines, type OrderRow, type ReturnRow } from './store.ts'
import { isReturnable, refundableOf } from './view-order.ts'

type Needs = OrderNeeds & { ledger: Ledger; refunding: Refunding }

/** Asked for once the order's row is held, so that of two answers to a return one is refused. */
async function assertOpen(id: string, find: () => Promise<ReturnRow | undefined>): Promise<void> {
  const row = await find()
  if (row?.status === 'requested') return
  throw new AppError('conflict', `The return ${id} is ${row?.status} already`, { reason: 'illegal_move' })
}

/** What shoppers send back, and what the shop says to it. */
export function createReturns(needs: Needs) {
  return { ...createAsking(needs), ...createAnswering(needs) }
}

function createAsking({ sql, now, newId, vault, ledger }: Needs) {
  return {
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
  }
}

function createAnswering({ sql, now, inventory, ledger, refunding }: Needs) {
  async function openReturn(id: string): Promise<ReturnRow> {
    const row = await findReturn(sql, id)
    if (!row) throw new AppError('not_found', `No return ${id}`)
    return row
  }

  /** All of the money went back while the return was open: now that it is answered, the order ends there. */
  async function endPaidBack(order: OrderRow, tx: Sql): Promise<void> {
    if (order.refunded_amount === 0 || order.refunded_amount < order.total_amount) return
    await ledger.move(order, { to: 'refunded', hand: SHOP }, tx)
  }

  return {
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
          await endPaidBack(order, tx)
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
          await endPaidBack(order, tx)
        }),
      )
      return orderId
    },
  }
}

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
