import { CompiledQuery } from 'kysely'
import type { Sql } from '../../db/index.ts'

export type StockLine = { variantId: string; quantity: number }

export async function upsertStock(sql: Sql, lines: StockLine[]): Promise<void> {
  if (lines.length === 0) return
  await sql
    .insertInto('inventory.stock')
    .values(lines.map(({ variantId, quantity }) => ({ variant_id: variantId, quantity })))
    .onConflict((c) => c.column('variant_id').doUpdateSet({ quantity: (eb) => eb.ref('excluded.quantity') }))
    .execute()
}

export async function deleteStock(sql: Sql, variantIds: string[]): Promise<void> {
  if (variantIds.length > 0) await sql.deleteFrom('inventory.stock').where('variant_id', 'in', variantIds).execute()
}

const LIST_STOCK = 'select variant_id as "variantId", quantity from inventory.stock where variant_id = any($1::uuid[])'

/** One array parameter, so the statement stays the same and prepared whatever the number of variants. */
export async function listStock(sql: Sql, variantIds: string[]): Promise<StockLine[]> {
  const { rows } = await sql.executeQuery<StockLine>(CompiledQuery.raw(LIST_STOCK, [variantIds]))
  return rows
}
