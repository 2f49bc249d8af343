import { sql as raw } from 'kysely'
import type { Sql } from '../../db/index.ts'
import type { Tables } from '../../db/tables.ts'
import type { SizeChart } from './pure/size-chart.ts'

export type StoredImage = { key: string; width: number; height: number; alt: string; colour: string | null }
type StoredColour = { slug: string; name: string; hex: string }
type Named = { slug: string; name: string }

const anyOf = (values: string[], type: 'uuid' | 'text') => raw<string>`any(${values}::${raw.raw(type)}[])`

export async function findProductIdOfVariant(sql: Sql, variantId: string): Promise<string | undefined> {
  const row = await sql
    .selectFrom('catalog.variant')
    .select('product_id')
    .where('id', '=', variantId)
    .executeTakeFirst()
  return row?.product_id
}

/** In reading order: parents before children, children by position, then name. */
export function listCategories(sql: Sql) {
  return sql
    .selectFrom('catalog.category')
    .select(['id', 'slug', 'name', 'lineage'])
    .orderBy('position')
    .orderBy('name')
    .execute()
}

/** Puts these categories before the others beside them, in this order; slugs of none are passed over. */
export async function placeCategories(sql: Sql, slugs: string[]): Promise<void> {
  await raw`
    update catalog.category c set position = named.place - ${slugs.length}::int - 1
    from unnest(${slugs}::text[]) with ordinality named(slug, place) where c.slug = named.slug`.execute(sql)
}

export function listBrands(sql: Sql) {
  return sql.selectFrom('catalog.brand').select(['id', 'slug', 'name']).orderBy('name').execute()
}

export type TaxonomyRow = {
  categories: Awaited<ReturnType<typeof listCategories>>
  brands: string[]
  currency: string | null
}

/** Categories as `listCategories` gives them, the slugs of all brands, and the currency of the newest product, in one statement. */
export async function findTaxonomy(sql: Sql): Promise<TaxonomyRow> {
  const { rows } = await raw<{ taxonomy: TaxonomyRow }>`
    select json_build_object(
      'categories', coalesce((select json_agg(json_build_object('id', id, 'slug', slug, 'name', name, 'lineage', lineage)
        order by position, name) from catalog.category), '[]'),
      'brands', coalesce((select json_agg(slug) from catalog.brand), '[]'),
      'currency', (select currency from catalog.product order by id desc limit 1)) as taxonomy`.execute(sql)
  return rows[0]?.taxonomy ?? { categories: [], brands: [], currency: null }
}

/** Slugs to ids in one statement: the category with all below it, and the brands; unknown slugs are simply not there. */
export async function resolveSlugs(sql: Sql, category: string | undefined, brands: string[]) {
  const { rows } = await raw<{ kind: 'category' | 'brand'; id: string; slug: string }>`
    select 'category' as kind, d.id, d.slug from catalog.category c join catalog.category d on d.lineage @> array[c.id] where c.slug = ${category ?? null}
    union all
    select 'brand', id, slug from catalog.brand where slug = any(${brands}::text[])`.execute(sql)
  return rows
}

export type FacetRow = {
  kind: 'brand' | 'colour' | 'size' | 'price'
  slug: string
  name: string
  hex: string
  count: number
  max: number
}

/** How many products of the categories have each brand, colour and size, and the price range, in one statement. */
export async function countFacets(sql: Sql, categoryIds: string[] | undefined): Promise<FacetRow[]> {
  const within = categoryIds ? raw`where p.category_id = any(${categoryIds}::uuid[])` : raw``
  const { rows } = await raw<FacetRow>`
    with chosen as (select p.id, p.brand_id, p.colours, p.sizes, p.price_amount, p.currency from catalog.product p ${within})
    select 'brand' as kind, b.slug, b.name, '' as hex, count(*)::int as count, 0 as max
      from chosen join catalog.brand b on b.id = chosen.brand_id group by b.slug, b.name
    union all
    select 'colour', colour ->> 'slug', min(colour ->> 'name'), min(colour ->> 'hex'), count(*)::int, 0
      from chosen, jsonb_array_elements(colours) colour group by colour ->> 'slug'
    union all
    select 'size', size, size, '', count(*)::int, 0 from chosen, unnest(sizes) size group by size
    union all
    select 'price', min(currency), '', '', coalesce(min(price_amount), 0), coalesce(max(price_amount), 0) from chosen having count(*) > 0`.execute(
    sql,
  )
  return rows
}

type Identity = { id: string; digest: string }

export async function findIdentity(sql: Sql, slug: string): Promise<Identity | undefined> {
  return sql.selectFrom('catalog.product').select(['id', 'digest']).where('slug', '=', slug).executeTakeFirst()
}

/** The first of the SKUs that belongs to another product than the one with this slug. */
export async function findForeignSku(sql: Sql, slug: string, skus: string[]): Promise<string | undefined> {
  const row = await sql
    .selectFrom('catalog.variant as v')
    .innerJoin('catalog.product as p', 'p.id', 'v.product_id')
    .select('v.sku')
    .where('v.sku', '=', anyOf(skus, 'text'))
    .where('p.slug', '!=', slug)
    .executeTakeFirst()
  return row?.sku
}

/** Gives the id of the brand with this slug, made on the spot when it is new; a known one keeps its name. */
export async function ensureBrand(sql: Sql, brand: { id: string } & Named): Promise<string> {
  const { rows } = await raw<{ id: string }>`
    insert into catalog.brand (id, slug, name) values (${brand.id}, ${brand.slug}, ${brand.name})
    on conflict (slug) do update set slug = excluded.slug returning id`.execute(sql)
  return rows[0]?.id ?? brand.id
}

/** As `ensureBrand`, below the categories `above`; gives the lineage of the category with this slug. */
export async function ensureCategory(sql: Sql, category: { id: string } & Named, above: string[]): Promise<string[]> {
  const { rows } = await raw<{ lineage: string[] }>`
    insert into catalog.category (id, slug, name, position, lineage)
    values (${category.id}, ${category.slug}, ${category.name}, 0, ${[...above, category.id]}::uuid[])
    on conflict (slug) do update set slug = excluded.slug returning lineage`.execute(sql)
  return rows[0]?.lineage ?? []
}

/** Those of the slugs that are taken, each with the slugs of its ancestors and itself, from the root. */
export async function listPaths(sql: Sql, slugs: string[]): Promise<{ slug: string; path: string[] }[]> {
  const { rows } = await raw<{ slug: string; path: string[] }>`
    select c.slug, (select array_agg(a.slug order by cardinality(a.lineage)) from catalog.category a where a.id = any(c.lineage)) as path
    from catalog.category c where c.slug = any(${slugs}::text[])`.execute(sql)
  return rows
}

export type ProductColumns = Omit<
  Tables['catalog.product'],
  'colours' | 'images' | 'size_chart' | 'reviews' | 'reviews_version'
> & {
  colours: StoredColour[]
  images: StoredImage[]
  size_chart: SizeChart | null
}

/** Keeps the id and the day of listing of a product that is there already, whatever `product` says. */
export async function upsertProduct(sql: Sql, product: ProductColumns): Promise<void> {
  const values = {
    ...product,
    colours: JSON.stringify(product.colours),
    images: JSON.stringify(product.images),
    size_chart: product.size_chart && JSON.stringify(product.size_chart),
  }
  const { id: _id, listed_at: _listed, ...changed } = values
  await sql
    .insertInto('catalog.product')
    .values(values)
    .onConflict((on) => on.column('slug').doUpdateSet(changed))
    .execute()
}

export type VariantColumns = Tables['catalog.variant']

/**
 * Makes the product's variants exactly these and returns their ids by SKU, with the ids that are gone. A SKU that stays
 * keeps its id, since carts hold on to it; swapped colours or sizes pass through a value nobody has.
 */
export async function replaceVariants(sql: Sql, productId: string, variants: VariantColumns[]) {
  const gone = await sql
    .deleteFrom('catalog.variant')
    .where('product_id', '=', productId)
    .where('sku', '!=', raw<string>`all(${variants.map(({ sku }) => sku)}::text[])`)
    .returning('id')
    .execute()
  const { rows: before } = await raw<{ sku: string; amount: number }>`
    update catalog.variant set colour = colour || ' ' || id where product_id = ${productId}
    returning sku, price_amount as amount`.execute(sql)
  const kept = await sql
    .insertInto('catalog.variant')
    .values(variants)
    .onConflict((on) =>
      on
        .column('sku')
        .doUpdateSet((eb) => ({
          colour: eb.ref('excluded.colour'),
          size: eb.ref('excluded.size'),
          price_amount: eb.ref('excluded.price_amount'),
          weight_grams: eb.ref('excluded.weight_grams'),
          position: eb.ref('excluded.position'),
        }))
        .whereRef('catalog.variant.product_id', '=', 'excluded.product_id'),
    )
    .returning(['id', 'sku'])
    .execute()
  return { idBySku: new Map(kept.map(({ id, sku }) => [sku, id])), goneIds: gone.map(({ id }) => id), before }
}

/** Writes what reviews counted, unless a later count is there already. */
export async function updateReviews(
  sql: Sql,
  { productId, version, reviews }: { productId: string; version: number; reviews: object },
): Promise<void> {
  await sql
    .updateTable('catalog.product')
    .set({ reviews: JSON.stringify(reviews), reviews_version: version })
    .where('id', '=', productId)
    .where('reviews_version', '<', version)
    .execute()
}

export async function listKnownIds(sql: Sql, ids: readonly string[]): Promise<string[]> {
  const rows = await sql
    .selectFrom('catalog.product')
    .select('id')
    .where('id', '=', anyOf([...ids], 'uuid'))
    .execute()
  return rows.map(({ id }) => id)
}

export async function existsProduct(sql: Sql, id: string): Promise<boolean> {
  return (await sql.selectFrom('catalog.product').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}
