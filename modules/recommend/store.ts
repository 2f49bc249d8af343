import type { Sql } from '../../db/index.ts'

/** True when it is another look than before. */
export async function upsertLook(sql: Sql, productId: string, look: Uint8Array | undefined): Promise<boolean> {
  const bytes = look ? Buffer.from(look) : null
  const changed = await sql
    .insertInto('recommend.look')
    .values({ product_id: productId, look: bytes })
    .onConflict((c) =>
      c.column('product_id').doUpdateSet({ look: bytes }).where('recommend.look.look', 'is distinct from', bytes),
    )
    .returning('product_id')
    .executeTakeFirst()
  return changed !== undefined
}

/** By product; those that were never looked at are left out, and those without a garment are undefined. */
export async function listLooks(sql: Sql, productIds: readonly string[]): Promise<Map<string, Uint8Array | undefined>> {
  const rows = await sql
    .selectFrom('recommend.look')
    .selectAll()
    .where('product_id', 'in', [...productIds])
    .execute()
  return new Map(rows.map(({ product_id, look }) => [product_id, look ? new Uint8Array(look) : undefined]))
}
