import type { Sql } from '../../db/index.ts'
import { createBatch } from '../kernel/batch.ts'
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

/**
 * How many of each variant are for sale. A variant it has never heard of has none. Whoever changes several does so in one
 * statement that locks their rows in the order of their ids.
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
    setStock: (lines: StockLine[], tx: Sql = sql): Promise<void> => upsertStock(tx, lines),

    /** Joins the caller's transaction: the variants are gone. */
    forgetStock: (variantIds: string[], tx: Sql = sql): Promise<void> => deleteStock(tx, variantIds),

    /**
     * Joins the caller's transaction: takes the pieces off the shelf for this order, all or none. Refused, the caller must
     * roll back, for lines that were there are taken already. `expiresAt` is for the reader: the order's expiry releases.
     */
    async reserve({ orderId, lines, expiresAt }: Reservation, tx: Sql): Promise<Reserved> {
      const taken = await takeStock(tx, { orderId, lines, expiresAt })
      if (taken.length === lines.length) return { ok: true }
      const missing = lines.find(({ variantId }) => !taken.includes(variantId))
      const variantId = missing?.variantId ?? ''
      const [left] = await listStock(tx, [variantId])
      return { ok: false, reason: 'insufficient_stock', variantId, available: left?.quantity ?? 0 }
    },

    /** Joins the caller's transaction: what the order holds is sold. Nothing happens the second time. */
    confirm: (orderId: string, tx: Sql): Promise<void> => confirmReservation(tx, orderId),

    /** Joins the caller's transaction: what the order holds or has bought is for sale again. Nothing happens the second time. */
    release: (orderId: string, tx: Sql): Promise<void> => releaseReservation(tx, orderId),

    /** Joins the caller's transaction: pieces that came back are for sale; variants that are gone are passed over. */
    restock: (lines: readonly StockLine[], tx: Sql): Promise<void> => addStock(tx, lines),
  }
}
