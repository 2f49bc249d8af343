import type { Catalog } from '../catalog/index.ts'
import type { Described } from './pure/features.ts'
import { type Item, itemOf } from './pure/item.ts'

/** A product as the catalogue tells all of it. */
export type Product = Awaited<ReturnType<Catalog['findSearchables']>>[number]

/** What is held in memory of a product, and what its vector is made of. */
export function describe(
  product: Product,
  look: Uint8Array | undefined,
  intern: (list: readonly string[]) => readonly string[],
): { item: Item; described: Described } {
  const { metadata } = product
  const item = itemOf(product, intern)
  const described: Described = {
    path: item.path,
    brand: item.brand,
    name: product.name,
    description: product.description,
    tags: metadata.tags ?? [],
    pattern: item.pattern,
    occasions: item.occasions,
    seasons: item.seasons,
    fabric: metadata.fabric,
    palette: metadata.palette ?? product.colours.map(({ hex }) => hex),
    amount: product.priceAmount,
    look,
  }
  return { item, described }
}
