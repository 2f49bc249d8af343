import type { Sql } from '../../db/index.ts'
import { createBatch } from '../kernel/batch.ts'
import { deleteStock, listStock, type StockLine, upsertStock } from './store.ts'

export type { StockLine }
export type Inventory = ReturnType<typeof createInventory>

/** How many of each variant lie in the store. A variant it has never heard of has none. */
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

    /** Joins the caller's transaction: counts as the retailer states them, replacing what was there. */
    setStock: (lines: StockLine[], tx: Sql = sql): Promise<void> => upsertStock(tx, lines),

    /** Joins the caller's transaction: the variants are gone. */
    forgetStock: (variantIds: string[], tx: Sql = sql): Promise<void> => deleteStock(tx, variantIds),
  }
}
