import type { ColumnType, Generated, JSONColumnType } from 'kysely'

export type CatalogTables = {
  'catalog.brand': { id: string; slug: string; name: string }
  'catalog.category': { id: string; slug: string; name: string; position: number; lineage: string[] }
  'catalog.product': {
    id: string
    slug: string
    name: string
    sort_name: string
    description: string
    brand_id: string
    category_id: string
    price_amount: number
    currency: string
    colours: JSONColumnType<{ slug: string; name: string; hex: string }[], string, string>
    sizes: string[]
    images: JSONColumnType<
      { key: string; width: number; height: number; alt: string; colour: string | null }[],
      string,
      string
    >
    size_chart: JSONColumnType<object | null, string | null, string | null>
    /** What people say of it, as reviews counted it at `reviews_version`. */
    reviews: ColumnType<object, string | undefined, string>
    reviews_version: Generated<number>
    digest: string
    listed_at: Date
    updated_at: Date
  }
  /** Products of which something changed, for the processes that keep things made from them. */
  'catalog.change': { tx: Generated<string>; id: Generated<string>; product_id: string; at: Date }
  /** One row: up to where changes were forgotten. */
  'catalog.pruned': { only_one: Generated<boolean>; tx: string; id: string }
  'catalog.variant': {
    id: string
    product_id: string
    sku: string
    colour: string
    size: string
    price_amount: number
    weight_grams: number | null
    position: number
  }
}
