import type { Sql } from '../../db/index.ts'
import type { Inventory } from '../inventory/index.ts'
import type { MetadataStore } from './metadata.ts'
import type { Metadata } from './schema.ts'
import {
  countProducts,
  listSearchables,
  pageSearchables,
  type SearchableRow,
  type StoredSearchable,
} from './searchables-store.ts'

/** A product with all that it can be found by. */
export type Searchable = Omit<StoredSearchable, 'variants'> & {
  variants: { colour: string; size: string; inStock: boolean }[]
  metadata: Metadata
}

type Needs = { sql: Sql; metadata: Pick<MetadataStore, 'getMany'>; inventory: Pick<Inventory, 'stockOf'> }

/** What an index of the products is built from. Three statements for any number of them: products, stock, metadata. */
export function createSearchables({ sql, metadata, inventory }: Needs) {
  async function complete(rows: SearchableRow[]): Promise<Searchable[]> {
    const [stock, documents] = await Promise.all([
      inventory.stockOf(rows.flatMap(({ product }) => product.variants.map(({ id }) => id))),
      metadata.getMany(rows.map(({ product }) => product.id)),
    ])
    return rows.map(({ product }) => ({
      ...product,
      variants: product.variants.map(({ id, colour, size }) => ({ colour, size, inStock: (stock.get(id) ?? 0) > 0 })),
      metadata: documents.get(product.id) ?? {},
    }))
  }

  return {
    /** Those of the products that are there, in no order. */
    findSearchables: async (ids: readonly string[]): Promise<Searchable[]> =>
      ids.length === 0 ? [] : complete(await listSearchables(sql, ids)),

    /** At most `limit` in the order of their ids, starting after the id `after`: fewer than that are the last ones. */
    listSearchables: async ({ after, limit }: { after?: string | undefined; limit: number }): Promise<Searchable[]> =>
      complete(await pageSearchables(sql, after, limit)),

    /** All, or those that come after `after` in the order of their ids. */
    countProducts: (after?: string): Promise<number> => countProducts(sql, after),
  }
}
