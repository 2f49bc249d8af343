import type { Sql } from '../../db/index.ts'
import { deleteStock, listStock, type StockLine, upsertStock } from './store.ts'

export type { StockLine }
export type Inventory = ReturnType<typeof createInventory>

/** How many of each variant lie in the store. A variant it has never heard of has none. */
export function createInventory({ sql }: { sql: Sql }) {
  return {
    /** One question for a whole page or product: quantities by variant id. */
    async stockOf(variantIds: string[]): Promise<Map<string, number>> {
      if (variantIds.length === 0) return new Map()
      const lines = await listStock(sql, variantIds)
      return new Map(lines.map(({ variantId, quantity }) => [variantId, quantity]))
    },

    /** Joins the caller's transaction: counts as the retailer states them, replacing what was there. */
    setStock: (lines: StockLine[], tx: Sql = sql): Promise<void> => upsertStock(tx, lines),

    /** Joins the caller's transaction: the variants are gone. */
    forgetStock: (variantIds: string[], tx: Sql = sql): Promise<void> => deleteStock(tx, variantIds),
  }
}
