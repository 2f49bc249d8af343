import { createHash } from 'node:crypto'
import type { Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Inventory } from '../inventory/index.ts'
import { AppError } from '../kernel/errors.ts'
import { publish } from '../kernel/events.ts'
import type { MetadataStore } from './metadata.ts'
import { compareSizes } from './pure/size-order.ts'
import { slugOf } from './pure/slug.ts'
import type { NewProduct } from './schema.ts'
import {
  ensureBrand,
  ensureCategory,
  findForeignSku,
  findIdentity,
  listPaths,
  type ProductColumns,
  replaceVariants,
  upsertProduct,
  type VariantColumns,
} from './store.ts'

export type SavedProduct =
  | { ok: true; productId: string; change: 'created' | 'updated' | 'unchanged' }
  | ({ ok: false } & Refusal)

/** `what` is the SKU, category slug or name that stands in the way. */
type Refusal = { reason: 'sku_taken' | 'category_elsewhere' | 'no_such_name'; what: string }

/** What another module writes about the product in the same transaction. */
export type Alongside = (productId: string, tx: Sql) => Promise<void>

type Needs = {
  sql: Sql
  metadata: Pick<MetadataStore, 'put'>
  inventory: Inventory
  audit: Pick<Audit, 'record'>
  now: () => Date
  newId: () => string
}

/** JSON with sorted keys, so that the same product said in another order is the same product. */
const stable = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  )

const digestOf = (product: NewProduct) => createHash('sha256').update(stable(product)).digest('base64url')

const sortName = (name: string) => name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()

function variantColumns(product: NewProduct, productId: string, newId: () => string): VariantColumns[] {
  const colours = product.colours.map(({ name }) => slugOf(name))
  return product.variants
    .map((variant) => ({ ...variant, colour: slugOf(variant.colour) }))
    .toSorted((a, b) => colours.indexOf(a.colour) - colours.indexOf(b.colour) || compareSizes(a.size, b.size))
    .map(({ sku, colour, size, priceAmount = product.price.amount, weightGrams = null }, position) => ({
      id: newId(),
      product_id: productId,
      sku,
      colour,
      size,
      price_amount: priceAmount,
      weight_grams: weightGrams,
      position,
    }))
}

/**
 * The first name that stands for nothing: a colour of a variant or picture that is none of the product's, two colours that
 * read the same, or a brand or category without a letter or digit.
 */
function findBadName({ brand, category, colours, variants, images }: NewProduct): string | undefined {
  const unreadable = [brand, ...category].find((name) => slugOf(name) === '')
  if (unreadable !== undefined) return unreadable
  const known = new Set(colours.map(({ name }) => slugOf(name)))
  if (known.size < colours.length || known.has('')) return colours.map(({ name }) => name).join(', ')
  const named = [...variants.map(({ colour }) => colour), ...images.flatMap(({ colour }) => colour ?? [])]
  return named.find((name) => !known.has(slugOf(name)))
}

/** `['Women', 'Tops']` is `['women', 'women-tops']`: a slug says the whole way, so that two `Tops` do not collide. */
const pathOf = (names: string[]) =>
  names.map((_, depth) =>
    names
      .slice(0, depth + 1)
      .map(slugOf)
      .join('-'),
  )

/** `Women Tops` at the root would take the slug of `Women > Tops`. */
async function findMisplaced(sql: Sql, names: string[]): Promise<string | undefined> {
  const path = pathOf(names)
  const taken = await listPaths(sql, path)
  return taken.find(({ slug, path: stored }) => stored.join() !== path.slice(0, path.indexOf(slug) + 1).join())?.slug
}

async function placeInTree(names: string[], newId: () => string, tx: Sql): Promise<string> {
  let lineage: string[] = []
  for (const [depth, slug] of pathOf(names).entries())
    lineage = await ensureCategory(tx, { id: newId(), slug, name: names[depth] ?? slug }, lineage)
  return lineage.at(-1) ?? ''
}

function productColumns(
  product: NewProduct,
  ids: { id: string; brandId: string; categoryId: string },
  now: Date,
): ProductColumns {
  const variants = product.variants.map(({ priceAmount }) => priceAmount ?? product.price.amount)
  return {
    id: ids.id,
    slug: product.handle,
    name: product.name,
    sort_name: sortName(product.name),
    description: product.description,
    brand_id: ids.brandId,
    category_id: ids.categoryId,
    price_amount: Math.min(...variants),
    currency: product.price.currency,
    colours: product.colours.map(({ name, hex }) => ({ slug: slugOf(name), name, hex })),
    sizes: [...new Set(product.variants.map(({ size }) => size))].toSorted(compareSizes),
    images: product.images.map((image) => ({ ...image, colour: image.colour && slugOf(image.colour) })),
    size_chart: product.sizeChart,
    digest: digestOf(product),
    listed_at: product.listedAt ? new Date(product.listedAt) : now,
    updated_at: now,
  }
}

async function findRefusal(sql: Sql, product: NewProduct): Promise<Refusal | undefined> {
  const badName = findBadName(product)
  if (badName !== undefined) return { reason: 'no_such_name', what: badName }
  const skus = product.variants.map(({ sku }) => sku)
  const taken = await findForeignSku(sql, product.handle, skus)
  if (taken !== undefined) return { reason: 'sku_taken', what: taken }
  const misplaced = await findMisplaced(sql, product.category)
  return misplaced === undefined ? undefined : { reason: 'category_elsewhere', what: misplaced }
}

/** A SKU that got no row was taken by another product since we looked. */
function withVariant(line: { variantId: string | undefined; quantity: number }) {
  if (!line.variantId) throw new AppError('conflict', 'A SKU was taken by another product meanwhile')
  return { variantId: line.variantId, quantity: line.quantity }
}

type Priced = { sku: string; amount: number }

/** SKUs that stay and cost something else now. */
function changedPrices(before: readonly Priced[], after: readonly VariantColumns[]) {
  const old = new Map(before.map(({ sku, amount }) => [sku, amount]))
  return after.flatMap(({ sku, price_amount: to }) => {
    const from = old.get(sku)
    return from === undefined || from === to ? [] : [{ sku, from, to }]
  })
}

/**
 * Makes the product under this handle what `product` says, or finds that it already is. Product, variants, stock, event,
 * the audit row of a changed price and what `alongside` writes commit together. The metadata document goes first: a crash in
 * between leaves a digest that differs, so saving again mends it.
 */
export async function saveProduct(needs: Needs, product: NewProduct, alongside?: Alongside): Promise<SavedProduct> {
  const { sql, metadata, inventory, audit, now, newId } = needs
  const stored = await findIdentity(sql, product.handle)
  if (stored?.digest === digestOf(product)) {
    if (alongside) await sql.transaction().execute((tx) => alongside(stored.id, tx))
    return { ok: true, productId: stored.id, change: 'unchanged' }
  }
  const refused = await findRefusal(sql, product)
  if (refused) return { ok: false, ...refused }

  const id = stored?.id ?? newId()
  await metadata.put(id, product.metadata)
  return sql.transaction().execute(async (tx) => {
    const categoryId = await placeInTree(product.category, newId, tx)
    const brandId = await ensureBrand(tx, { id: newId(), slug: slugOf(product.brand), name: product.brand })
    await upsertProduct(tx, productColumns(product, { id, brandId, categoryId }, now()))
    const columns = variantColumns(product, id, newId)
    const { idBySku, goneIds, before } = await replaceVariants(tx, id, columns)
    const prices = changedPrices(before, columns)
    if (prices.length > 0) {
      const deed = { action: 'catalog.price_changed', subject: `product:${id}`, details: { prices } }
      await audit.record({ actor: { system: 'import' }, ...deed }, tx)
    }
    const stock = product.variants.map(({ sku, stock: quantity }) => ({ variantId: idBySku.get(sku), quantity }))
    await inventory.setStock(stock.map(withVariant), tx)
    await inventory.forgetStock(goneIds, tx)
    await alongside?.(id, tx)
    await publish('catalog.product_changed', { productId: id }, tx)
    return { ok: true, productId: id, change: stored ? 'updated' : 'created' }
  })
}
