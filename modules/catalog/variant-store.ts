import { CompiledQuery } from 'kysely'
import type { Sql } from '../../db/index.ts'
import type { StoredImage } from './store.ts'

export type VariantRow = {
  variantId: string
  productId: string
  slug: string
  name: string
  brand: string
  sku: string
  colour: { slug: string; name: string; hex: string }
  size: string
  amount: number
  currency: string
  weightGrams: number | null
  image: StoredImage | null
  categoryIds: string[]
}

const DESCRIBE = `select v.id as "variantId", p.id as "productId", p.slug, p.name, b.name as brand, v.sku, v.size,
    jsonb_path_query_first(p.colours, '$[*] ? (@.slug == $colour)', jsonb_build_object('colour', v.colour)) as colour,
    v.price_amount as amount, p.currency, v.weight_grams as "weightGrams",
    coalesce(jsonb_path_query_first(p.images, '$[*] ? (@.colour == $colour)', jsonb_build_object('colour', v.colour)),
      p.images -> 0) as image,
    c.lineage as "categoryIds"
  from catalog.variant v
  join catalog.product p on p.id = v.product_id
  join catalog.brand b on b.id = p.brand_id
  join catalog.category c on c.id = p.category_id
  where v.id = any($1::uuid[])`

/** What a cart or an order says of these variants, in one statement; those that are gone are left out. */
export async function describeVariants(sql: Sql, ids: string[]): Promise<VariantRow[]> {
  return (await sql.executeQuery<VariantRow>(CompiledQuery.raw(DESCRIBE, [ids]))).rows
}
