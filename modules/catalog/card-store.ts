import { CompiledQuery } from 'kysely'
import type { Sql } from '../../db/index.ts'
import type { Position } from './cursor.ts'
import type { Product, ProductCard, Sort } from './schema.ts'
import type { StoredImage } from './store.ts'

/**
 * The two busiest reads of the shop. Their statements are written out, and PostgreSQL puts the JSON together: a row is then
 * one value to parse instead of fifteen, which halves what a page costs this process.
 */

/** A card as it is stored: pictures without their address. */
export type StoredCard = Omit<ProductCard, 'images'> & { images: StoredImage[] }
export type CardRow = { card: StoredCard; place: string | number }

export type StoredProduct = StoredCard &
  Pick<Product, 'description' | 'breadcrumbs' | 'sizeChart' | 'listedAt' | 'updatedAt'> & {
    variants: { id: string; sku: string; colour: string; size: string; amount: number }[]
  }
export type ProductRow = { product: StoredProduct; digest: string }

/** Filters with slugs already turned into ids; an absent one does not filter. */
export type CardFilter = {
  categoryIds?: string[] | undefined
  brandIds?: string[] | undefined
  colours?: string[] | undefined
  sizes?: string[] | undefined
  minPrice?: number | undefined
  maxPrice?: number | undefined
}

const CARD = `'id', p.id, 'slug', p.slug, 'name', p.name,
  'brand', json_build_object('slug', b.slug, 'name', b.name),
  'category', json_build_object('slug', c.slug, 'name', c.name),
  'price', json_build_object('amount', p.price_amount, 'currency', p.currency),
  'colours', p.colours, 'sizes', p.sizes, 'images', p.images, 'reviews', p.reviews`

const FROM = `from catalog.product p
  join catalog.brand b on b.id = p.brand_id
  join catalog.category c on c.id = p.category_id`

const MILLISECONDS = (column: string) => `(extract(epoch from ${column}) * 1000)::bigint`

const ORDER = {
  newest: { column: 'p.listed_at', place: MILLISECONDS('p.listed_at'), direction: 'desc', type: 'timestamptz' },
  price: { column: 'p.price_amount', place: 'p.price_amount', direction: 'asc', type: 'int' },
  '-price': { column: 'p.price_amount', place: 'p.price_amount', direction: 'desc', type: 'int' },
  name: { column: 'p.sort_name', place: 'p.sort_name', direction: 'asc', type: 'text' },
} as const

/** Conditions and what they compare with, in the order of their placeholders. */
function createConditions() {
  const [conditions, values]: [string[], unknown[]] = [[], []]
  const put = (value: unknown, type: string) => `$${values.push(value)}::${type}`
  const add = <T>(value: T | undefined, condition: (value: T) => string) => {
    if (value !== undefined) conditions.push(condition(value))
  }
  return { conditions, values, put, add }
}

type Conditions = ReturnType<typeof createConditions>

/** One variant must have both the colour and the size: a shirt in navy and, only in white, in M is no navy M. */
function addVariant({ conditions, put }: Conditions, { colours, sizes }: CardFilter): void {
  if (!colours && !sizes) return
  const colour = colours ? ` and v.colour = any(${put(colours, 'text[]')})` : ''
  const size = sizes ? ` and v.size = any(${put(sizes, 'text[]')})` : ''
  conditions.push(`exists (select 1 from catalog.variant v where v.product_id = p.id${colour}${size})`)
}

type CardQuery = { filter: CardFilter; sort: Sort; after?: Position | undefined; limit: number }

/** One page in the asked order, starting after `after`: no offset, so page 1,000 costs what page 1 costs. */
export async function listCards(sql: Sql, { filter, sort, after, limit }: CardQuery): Promise<CardRow[]> {
  const { column, place, direction, type } = ORDER[sort]
  const where = createConditions()
  const { put, add } = where
  add(filter.categoryIds, (ids) => `p.category_id = any(${put(ids, 'uuid[]')})`)
  add(filter.brandIds, (ids) => `p.brand_id = any(${put(ids, 'uuid[]')})`)
  add(filter.minPrice, (amount) => `p.price_amount >= ${put(amount, 'int')}`)
  add(filter.maxPrice, (amount) => `p.price_amount <= ${put(amount, 'int')}`)
  addVariant(where, filter)
  add(after, ({ value, id }) => {
    const from = put(sort === 'newest' ? new Date(value) : value, type)
    return `(${column}, p.id) ${direction === 'desc' ? '<' : '>'} (${from}, ${put(id, 'uuid')})`
  })
  const filters = where.conditions.length > 0 ? `where ${where.conditions.join(' and ')}` : ''
  const text = `select json_build_object(${CARD}) as card, ${place} as place ${FROM} ${filters}
    order by ${column} ${direction}, p.id ${direction} limit ${put(limit, 'int')}`
  return (await sql.executeQuery<CardRow>(CompiledQuery.raw(text, where.values))).rows
}

const utc = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

const LIST_PRODUCTS = `select p.digest, json_build_object(${CARD},
    'description', p.description, 'sizeChart', p.size_chart,
    'listedAt', ${utc('p.listed_at')}, 'updatedAt', ${utc('p.updated_at')},
    'breadcrumbs', (select json_agg(json_build_object('slug', a.slug, 'name', a.name) order by cardinality(a.lineage))
      from catalog.category a where a.id = any(c.lineage)),
    'variants', (select json_agg(
        json_build_object('id', v.id, 'sku', v.sku, 'colour', v.colour, 'size', v.size, 'amount', v.price_amount)
        order by v.position)
      from catalog.variant v where v.product_id = p.id)) as product
  ${FROM}`

const LIST_BY_ID = `${LIST_PRODUCTS} where p.id = any($1::uuid[])`
const LIST_BY_SLUG = `${LIST_PRODUCTS} where p.slug = any($1::text[])`

/** Everything the catalogue itself knows of these products, in one statement; those that are not there are left out. */
export async function listProducts(sql: Sql, by: 'id' | 'slug', keys: string[]): Promise<ProductRow[]> {
  const text = by === 'id' ? LIST_BY_ID : LIST_BY_SLUG
  return (await sql.executeQuery<ProductRow>(CompiledQuery.raw(text, [keys]))).rows
}

/** The cards of these products, in no order; those that are not there are left out. */
export async function listCardsById(sql: Sql, ids: string[]): Promise<StoredCard[]> {
  const text = `select json_build_object(${CARD}) as card ${FROM} where p.id = any($1::uuid[])`
  const { rows } = await sql.executeQuery<{ card: StoredCard }>(CompiledQuery.raw(text, [ids]))
  return rows.map(({ card }) => card)
}

/** As `listCardsById`, each with its description, which a search shows a part of. */
export async function listFoundCards(sql: Sql, ids: string[]): Promise<(StoredCard & { description: string })[]> {
  const text = `select json_build_object(${CARD}, 'description', p.description) as card ${FROM} where p.id = any($1::uuid[])`
  const { rows } = await sql.executeQuery<{ card: StoredCard & { description: string } }>(
    CompiledQuery.raw(text, [ids]),
  )
  return rows.map(({ card }) => card)
}

/** Where a page that ends with this row goes on. */
export const positionOf = ({ card, place }: CardRow): Position => ({ value: place, id: card.id })
