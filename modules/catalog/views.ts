import type { ProductRow, StoredCard } from './card-store.ts'
import { compareSizes } from './pure/size-order.ts'
import type { Category, DescribedVariant, Facets, Metadata, Product, ProductCard, ProductImage } from './schema.ts'
import type { FacetRow, listCategories, StoredImage, TaxonomyRow } from './store.ts'
import type { VariantRow } from './variant-store.ts'

const imageOf = ({ key, width, height, alt, colour }: StoredImage): ProductImage => ({
  key,
  url: `/media/${key}`,
  width,
  height,
  alt,
  colour,
})

/** A card shows each colour once: its first picture, in the order of the pictures. */
function firstOfEachColour(images: StoredImage[]): ProductImage[] {
  const seen = new Set<string | null>()
  const firsts: ProductImage[] = []
  for (const image of images) {
    if (seen.has(image.colour)) continue
    seen.add(image.colour)
    firsts.push(imageOf(image))
  }
  return firsts
}

export const cardOf = ({ card }: { card: StoredCard }): ProductCard => ({
  ...card,
  images: firstOfEachColour(card.images),
})

export const productOf = (
  { product }: ProductRow,
  stock: ReadonlyMap<string, number>,
  metadata: Metadata,
): Product => ({
  ...product,
  images: product.images.map(imageOf),
  variants: product.variants.map(({ id, sku, colour, size, amount }) => ({
    id,
    sku,
    colour,
    size,
    price: { amount, currency: product.price.currency },
    stock: stock.get(id) ?? 0,
  })),
  metadata,
})

export const describedOf = ({ amount, currency, image, ...row }: VariantRow): DescribedVariant => ({
  ...row,
  price: { amount, currency },
  image: image ? imageOf(image) : null,
})

export function treeOf(rows: Awaited<ReturnType<typeof listCategories>>): Category[] {
  const slugs = new Map(rows.map(({ id, slug }) => [id, slug]))
  const places = new Map(rows.map(({ id }, place) => [id, String(place).padStart(6, '0')]))
  const order = (lineage: string[]) => lineage.map((id) => places.get(id)).join('/')
  return rows
    .map(({ id, slug, name, lineage }) => {
      const path = lineage.map((ancestor) => slugs.get(ancestor) ?? '')
      return { order: order(lineage), category: { id, slug, name, parent: path.at(-2) ?? null, path } }
    })
    .toSorted((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ category }) => category)
}

/** `currency` is what the shop sells in: that of its newest product, null before the first. */
export const taxonomyOf = ({ categories, brands, currency }: TaxonomyRow) => ({
  categories: treeOf(categories),
  brands,
  currency,
})

export function facetsOf(rows: FacetRow[]): Facets {
  const of = (kind: FacetRow['kind']) => rows.filter((row) => row.kind === kind).toSorted((a, b) => b.count - a.count)
  const price = rows.find(({ kind }) => kind === 'price')
  const brands = of('brand').map(({ slug, name, count }) => ({ slug, name, count }))
  return {
    total: brands.reduce((sum, { count }) => sum + count, 0),
    brands,
    colours: of('colour').map(({ slug, name, hex, count }) => ({ slug, name, hex, count })),
    sizes: of('size')
      .map(({ slug, count }) => ({ size: slug, count }))
      .toSorted((a, b) => compareSizes(a.size, b.size)),
    price: price
      ? { min: { amount: price.count, currency: price.slug }, max: { amount: price.max, currency: price.slug } }
      : null,
  }
}
