import type { Sql } from '../../db/index.ts'
import { createBatch } from '../../db/batch.ts'
import { publish } from '../kernel/events.ts'
import {
  addStock,
  confirmReservation,
  deleteStock,
  listStock,
  releaseReservation,
  type StockLine,
  takeStock,
  upsertStock,
} from './store.ts'

export type { StockLine }
export type Inventory = ReturnType<typeof createInventory>

/** `lines` name each variant once. */
type Reservation = { orderId: string; lines: readonly StockLine[]; expiresAt: Date }
type Reserved = { ok: true } | { ok: false; reason: 'insufficient_stock'; variantId: string; available: number }

/** Joins the caller's transaction; most changes cross nothing and cost no statement. */
async function announce(variantIds: string[], tx: Sql): Promise<void> {
  if (variantIds.length > 0) await publish('inventory.availability_changed', { variantIds }, tx)
}

/**
 * How many of each variant are for sale. A variant it has never heard of has none. Whoever changes several does so in one
 * statement that locks their rows in the order of their ids. What can be bought no longer, or can again, is announced in
 * the same transaction.
 */
export function createInventory({ sql }: { sql: Sql }) {
  const findStock = createBatch(async (variantIds: string[]) => {
    const lines = await listStock(sql, variantIds)
    return new Map(lines.map(({ variantId, quantity }) => [variantId, quantity]))
  })

  return {
    /**
     * Quantities by variant id, for a whole page or product at once; requests that ask at the same time share a statement,
     * so the answer may hold others' variants too.
     */
    stockOf: (variantIds: readonly string[]): Promise<ReadonlyMap<string, number>> =>
      variantIds.length === 0 ? Promise.resolve(new Map()) : findStock(variantIds),

    /**
     * Joins the caller's transaction: counts as the retailer states them, replacing what was there. Pieces that pending
     * orders hold still lie on the shelf, so they are taken off the count.
     */
    async setStock(lines: StockLine[], tx?: Sql): Promise<void> {
      if (!tx) return sql.transaction().execute(async (own) => announce(await upsertStock(own, lines), own))
      await announce(await upsertStock(tx, lines), tx)
    },

    /** Joins the caller's transaction: the variants are gone. */
    forgetStock: (variantIds: string[], tx: Sql = sql): Promise<void> => deleteStock(tx, variantIds),

    /**
     * Joins the caller's transaction: takes the pieces off the shelf for this order, all or none. Refused, the caller must
     * roll back, for lines that were there are taken already. `expiresAt` is for the reader: the order's expiry releases.
     */
    async reserve({ orderId, lines, expiresAt }: Reservation, tx: Sql): Promise<Reserved> {
      const taken = await takeStock(tx, { orderId, lines, expiresAt })
      if (taken.length === lines.length) {
        const gone = taken.filter(({ remaining }) => remaining === 0)
        await announce(
          gone.map(({ variantId }) => variantId),
          tx,
        )
        return { ok: true }
      }
      const missing = lines.find((line) => !taken.some(({ variantId }) => variantId === line.variantId))
      const variantId = missing?.variantId ?? ''
      const [left] = await listStock(tx, [variantId])
      return { ok: false, reason: 'insufficient_stock', variantId, available: left?.quantity ?? 0 }
    },

    /** Joins the caller's transaction: what the order holds is sold. Nothing happens the second time. */
    confirm: (orderId: string, tx: Sql): Promise<void> => confirmReservation(tx, orderId),

    /** Joins the caller's transaction: what the order holds or has bought is for sale again. Nothing happens the second time. */
    release: async (orderId: string, tx: Sql): Promise<void> => announce(await releaseReservation(tx, orderId), tx),

    /** Joins the caller's transaction: pieces that came back are for sale; variants that are gone are passed over. */
    restock: async (lines: readonly StockLine[], tx: Sql): Promise<void> => announce(await addStock(tx, lines), tx),
  }
}
