import type { Infra, Sql } from '../../db/index.ts'
import type { Audit, AuditActor } from '../audit/index.ts'
import type { Carts } from '../cart/index.ts'
import type { Inventory } from '../inventory/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import { publish } from '../kernel/events.ts'
import type { Payments } from '../payments/index.ts'
import type { Promotions } from '../promotions/index.ts'
import type { Vault } from '../vault/index.ts'
import { canMove, type OrderStatus } from './pure/states.ts'
import { type By, insertEntry, lockOrder, type OrderRow, updateOrder } from './store.ts'

export type OrderNeeds = Pick<Infra, 'sql' | 'signer' | 'now' | 'newId'> & {
  cart: Pick<Carts, 'quote' | 'lock' | 'lockRow' | 'removeBought'>
  inventory: Pick<Inventory, 'reserve' | 'confirm' | 'release' | 'restock'>
  promotions: Pick<Promotions, 'redeem' | 'release' | 'forgetBuyers'>
  payments: Pick<Payments, 'prepare' | 'start' | 'cancel' | 'refund'>
  vault: Pick<Vault, 'seal' | 'openAll'>
  audit: Pick<Audit, 'record'>
}

/** Whose hand it was: told apart in the timeline, named in the audit log. */
export type Hand = { by: By; actor: AuditActor }

export const SHOP: Hand = { by: 'system', actor: { system: 'orders' } }
export const staff = (actor: Actor): Hand => ({ by: 'staff', actor })
export const shopper = (actor: Actor | undefined): Hand => ({ by: 'customer', actor: actor ?? { system: 'guest' } })

/** The moves that say no more than which order it was. */
type PlainMove = 'paid' | 'packed' | 'shipped' | 'delivered' | 'cancelled'

export type Ledger = ReturnType<typeof createLedger>

/** Throws conflict for a move that is not there to be made. */
function assertMove(order: OrderRow, to: OrderStatus): void {
  if (canMove(order.status, to)) return
  const details = { reason: 'illegal_move', status: order.status, wanted: to }
  throw new AppError('conflict', `An order that is ${order.status} cannot become ${to}`, details)
}

/** How an order changes: its row is held first, and every move is written down, audited and published with it. */
export function createLedger({ audit, now }: Pick<OrderNeeds, 'audit' | 'now'>) {
  type Note = { amount?: number | undefined; note?: string | undefined }

  type Entry = { kind: string; hand: Hand } & Note

  const write = (order: OrderRow, { kind, hand, amount, note }: Entry, tx: Sql) =>
    insertEntry(tx, order.id, { at: now(), kind, by: hand.by, amount: amount ?? null, note: note ?? null })

  type Move = { to: OrderStatus; hand: Hand; set?: Parameters<typeof updateOrder>[2]; details?: object } & Note

  /** The caller holds the row, and publishes the event. Mutates `order` to what is stored then. */
  async function move(order: OrderRow, { to, hand, set = {}, details = {}, ...note }: Move, tx: Sql): Promise<void> {
    assertMove(order, to)
    await updateOrder(tx, order.id, { ...set, status: to })
    await write(order, { kind: to, hand, ...note }, tx)
    const subject = `order:${order.id}`
    await audit.record(
      { actor: hand.actor, action: `orders.${to}`, subject, details: { from: order.status, ...details } },
      tx,
    )
    Object.assign(order, set, { status: to })
  }

  return {
    write,
    move,

    /** As `move`, with the event of it. */
    async moveAndTell(order: OrderRow, step: Move & { to: PlainMove }, tx: Sql): Promise<void> {
      await move(order, step, tx)
      await publish(`orders.${step.to}`, { orderId: order.id }, tx)
    },
  }
}

/** Throws not_found. */
export async function holdOrder(tx: Sql, id: string): Promise<OrderRow> {
  const order = await lockOrder(tx, id)
  if (!order) throw new AppError('not_found', `No order ${id}`)
  return order
}

/** Deadlocks and serialisation failures: nothing happened, and trying again is right. */
export const isTransient = (error: unknown): boolean =>
  ['40P01', '40001'].includes((error as { code?: string } | null)?.code ?? '')

const MOST_TRIES = 5

/** Runs a transaction again that PostgreSQL gave up for another's sake, a bounded number of times. */
export async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await work()
    } catch (error) {
      if (!isTransient(error) || attempt === MOST_TRIES) throw error
    }
}
