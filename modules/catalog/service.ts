import type { OpenDocs, Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Inventory } from '../inventory/index.ts'
import { createBatch } from '../../db/batch.ts'
import { AppError } from '../kernel/errors.ts'
import { type CardFilter, listCards, listProducts, positionOf } from './card-store.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { createById } from './by-id.ts'
import { createChanges } from './changes.ts'
import { createMetadataStore } from './metadata.ts'
import { type Alongside, saveProduct } from './save-product.ts'
import { createSearchables } from './searchables.ts'
import {
  type Category,
  type Facets,
  type ListQuery,
  type Metadata,
  type NewProduct,
  NewProductSchema,
  type Product,
  type ProductCard,
} from './schema.ts'
import {
  countFacets,
  findIdentity,
  findProductIdOfVariant,
  findTaxonomy,
  listBrands,
  listCategories,
  placeCategories,
  resolveSlugs,
} from './store.ts'
import { cardOf, facetsOf, productOf, taxonomyOf, treeOf } from './views.ts'

export type Catalog = ReturnType<typeof createCatalog>

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const unknownSlug = (path: 'category' | 'brand', slug: string) =>
  new AppError('invalid', `No ${path} ${slug}`, { issues: [{ path, message: `No ${path} ${slug}` }] })

/** Filters by slug become filters by id, at the cost of one statement and only when there are any. */
async function resolve(sql: Sql, category: string | undefined, brands: string[] = []): Promise<CardFilter> {
  if (category === undefined && brands.length === 0) return {}
  const rows = await resolveSlugs(sql, category, brands)
  const categories = rows.filter(({ kind }) => kind === 'category')
  if (category !== undefined && categories.length === 0) throw unknownSlug('category', category)
  const found = rows.filter(({ kind }) => kind === 'brand')
  const missing = brands.find((slug) => !found.some((row) => row.slug === slug))
  if (missing !== undefined) throw unknownSlug('brand', missing)
  return {
    categoryIds: category === undefined ? undefined : categories.map(({ id }) => id),
    brandIds: brands.length === 0 ? undefined : found.map(({ id }) => id),
  }
}

const some = (values: string[] | undefined) => (values && values.length > 0 ? values : undefined)

/** All that is wrong with a product before it is saved; `path` leads to the value. */
function issuesOf(product: unknown): { path: (string | number)[]; message: string }[] {
  const issues = NewProductSchema.safeParse(product).error?.issues ?? []
  return issues.map(({ path, message }) => ({
    path: path.map((part) => (typeof part === 'symbol' ? '' : part)),
    message,
  }))
}

type Needs = {
  sql: Sql
  docs: OpenDocs
  inventory: Inventory
  audit: Pick<Audit, 'record'>
  now: () => Date
  newId: () => string
}

export function createCatalog({ sql, docs, inventory, audit, now, newId }: Needs) {
  const metadata = createMetadataStore(docs<Metadata>('catalog.metadata'))

  const findById = createBatch(async (ids: string[]) => {
    const rows = await listProducts(sql, 'id', ids)
    return new Map(rows.map((row) => [row.product.id, row]))
  })
  const findBySlug = createBatch(async (slugs: string[]) => {
    const rows = await listProducts(sql, 'slug', slugs)
    return new Map(rows.map((row) => [row.product.slug, row]))
  })

  async function findWhole(idOrSlug: string): Promise<Product | undefined> {
    const key = UUID.test(idOrSlug) ? idOrSlug.toLowerCase() : idOrSlug
    const row = (await (UUID.test(key) ? findById([key]) : findBySlug([key]))).get(key)
    if (!row) return undefined
    const [stock, document] = await Promise.all([
      inventory.stockOf(row.product.variants.map(({ id }) => id)),
      metadata.get(row.product.id, row.digest),
    ])
    return productOf(row, stock, document)
  }

  return {
    ...createById(sql),
    ...createSearchables({ sql, metadata, inventory }),
    ...createChanges({ sql, now }),

    /** One page of cards: one statement, two when a category or brand is asked for. */
    async listProducts(query: ListQuery): Promise<{ items: ProductCard[]; nextCursor: string | null }> {
      const { sort, limit, minPrice, maxPrice } = query
      const after = query.cursor === undefined ? undefined : readCursor(sort, query.cursor)
      const resolved = await resolve(sql, query.category, query.brand)
      const filter = { ...resolved, colours: some(query.colour), sizes: some(query.size), minPrice, maxPrice }
      const rows = await listCards(sql, { filter, sort, after, limit: limit + 1 })
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const nextCursor = rows.length > limit && last ? writeCursor(sort, positionOf(last)) : null
      return { items: page.map(cardOf), nextCursor }
    },

    /** Three statements at most, shared with who asks at the same time: product with variants, stock, metadata. Throws not_found. */
    async getProduct(idOrSlug: string): Promise<Product> {
      const product = await findWhole(idOrSlug)
      if (!product) throw new AppError('not_found', `No product ${idOrSlug}`)
      return product
    },

    /** The product that a variant belongs to. Throws not_found. */
    async getProductOfVariant(variantId: string): Promise<Product> {
      const id = UUID.test(variantId) ? await findProductIdOfVariant(sql, variantId) : undefined
      const product = id === undefined ? undefined : await findWhole(id)
      if (!product) throw new AppError('not_found', `No variant ${variantId}`)
      return product
    },

    /** What the filters of a listing can offer within a category, with how many products each value has. */
    async getFacets(category?: string): Promise<Facets> {
      const { categoryIds } = await resolve(sql, category)
      return facetsOf(await countFacets(sql, categoryIds))
    },

    /** The whole tree, each category after the one above it. */
    listCategories: async (): Promise<Category[]> => treeOf(await listCategories(sql)),

    /** Has the tree list these categories, given by slug, before the others beside them, in this order. */
    arrangeCategories: (slugs: string[]): Promise<void> => placeCategories(sql, slugs),

    listBrands: () => listBrands(sql),
    readTaxonomy: async () => taxonomyOf(await findTaxonomy(sql)),

    issuesOf,
    findProductId: async (slug: string): Promise<string | undefined> => (await findIdentity(sql, slug))?.id,

    /** Creates or changes the product under this handle; one that is already so is left alone. See `saveProduct`. */
    saveProduct: (product: NewProduct, alongside?: Alongside) =>
      saveProduct({ sql, metadata, inventory, audit, now, newId }, product, alongside),
  }
}
