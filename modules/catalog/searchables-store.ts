import { CompiledQuery } from 'kysely'
import type { Sql } from '../../db/index.ts'

type Named = { slug: string; name: string }

/** What a search may ask of a product, as the catalogue stores it. */
export type StoredSearchable = {
  id: string
  slug: string
  name: string
  description: string
  brand: Named
  /** From the root to its own. */
  categories: Named[]
  colours: (Named & { hex: string })[]
  variants: { id: string; colour: string; size: string }[]
  priceAmount: number
  currency: string
  /** The mean of its reviews, or null. */
  rating: number | null
  /** Milliseconds since 1970. */
  listedAt: number
}
export type SearchableRow = { product: StoredSearchable; digest: string }

const SEARCHABLE = `select p.digest, json_build_object('id', p.id, 'slug', p.slug, 'name', p.name,
    'description', p.description,
    'brand', json_build_object('slug', b.slug, 'name', b.name),
    'categories', (select json_agg(json_build_object('slug', a.slug, 'name', a.name) order by cardinality(a.lineage))
      from catalog.category a where a.id = any(c.lineage)),
    'colours', p.colours,
    'variants', (select json_agg(json_build_object('id', v.id, 'colour', v.colour, 'size', v.size) order by v.position)
      from catalog.variant v where v.product_id = p.id),
    'priceAmount', p.price_amount, 'currency', p.currency, 'rating', p.reviews -> 'rating',
    'listedAt', (extract(epoch from p.listed_at) * 1000)::bigint) as product
  from catalog.product p
  join catalog.brand b on b.id = p.brand_id
  join catalog.category c on c.id = p.category_id`

const BY_ID = `${SEARCHABLE} where p.id = any($1::uuid[])`
const PAGE = `${SEARCHABLE} where p.id > $1::uuid order by p.id limit $2::int`

const BEFORE_ALL = '00000000-0000-0000-0000-000000000000'

/** Those of the products that are there, in no order. */
export async function listSearchables(sql: Sql, ids: readonly string[]): Promise<SearchableRow[]> {
  return (await sql.executeQuery<SearchableRow>(CompiledQuery.raw(BY_ID, [ids]))).rows
}

/** In the order of their ids, those after `after`. */
export async function pageSearchables(sql: Sql, after: string | undefined, limit: number): Promise<SearchableRow[]> {
  return (await sql.executeQuery<SearchableRow>(CompiledQuery.raw(PAGE, [after ?? BEFORE_ALL, limit]))).rows
}

const PRODUCTS_OF = `select distinct product_id as id from catalog.variant where id = any($1::uuid[])`

/** The products that these variants belong to, each once; variants that are gone are passed over. */
export async function listProductIdsOf(sql: Sql, variantIds: readonly string[]): Promise<string[]> {
  const { rows } = await sql.executeQuery<{ id: string }>(CompiledQuery.raw(PRODUCTS_OF, [variantIds]))
  return rows.map(({ id }) => id)
}

const COUNT = `select count(*)::int as count from catalog.product where id > $1::uuid`

export async function countProducts(sql: Sql, after: string | undefined): Promise<number> {
  const { rows } = await sql.executeQuery<{ count: number }>(CompiledQuery.raw(COUNT, [after ?? BEFORE_ALL]))
  return rows[0]?.count ?? 0
}
