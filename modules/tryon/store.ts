import type { Sql } from '../../db/index.ts'
import type { GarmentCategory, GarmentCut, GarmentLandmarks } from './pure/garment.ts'

/** A prepared garment's row: its cut-out lies in the blobs under `cutout_key`. */
export type StoredGarment = {
  productId: string
  colour: string
  category: GarmentCategory
  cut: GarmentCut
  openFront: boolean
  landmarks: GarmentLandmarks
  confidence: number
  cutoutKey: string
  insideKey: string | null
}

export async function upsertGarment(sql: Sql, garment: StoredGarment): Promise<void> {
  const row = {
    category: garment.category,
    cut: garment.cut,
    open_front: garment.openFront,
    landmarks: JSON.stringify(garment.landmarks),
    confidence: garment.confidence,
    cutout_key: garment.cutoutKey,
    inside_key: garment.insideKey,
  }
  await sql
    .insertInto('tryon.garment')
    .values({ product_id: garment.productId, colour: garment.colour, ...row })
    .onConflict((c) => c.columns(['product_id', 'colour']).doUpdateSet(row))
    .execute()
}

/** The garment in that colour; without a colour, the first by name. */
export async function findGarment(sql: Sql, productId: string, colour?: string): Promise<StoredGarment | undefined> {
  let query = sql.selectFrom('tryon.garment').selectAll().where('product_id', '=', productId)
  if (colour !== undefined) query = query.where('colour', '=', colour)
  const row = await query.orderBy('colour').limit(1).executeTakeFirst()
  if (!row) return undefined
  return {
    productId: row.product_id,
    colour: row.colour,
    category: row.category as GarmentCategory,
    cut: row.cut as GarmentCut,
    openFront: row.open_front,
    landmarks: row.landmarks as GarmentLandmarks,
    confidence: row.confidence,
    cutoutKey: row.cutout_key,
    insideKey: row.inside_key,
  }
}

/** Colours of the product that can be tried on. */
export async function listGarmentColours(sql: Sql, productId: string): Promise<string[]> {
  const rows = await sql.selectFrom('tryon.garment').select('colour').where('product_id', '=', productId).execute()
  return rows.map((row) => row.colour)
}
