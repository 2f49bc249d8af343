import type { SearchDocument } from '../../db/search/index.ts'
import type { Searchable } from '../catalog/index.ts'
import { withFamilies } from './families.ts'
import { colourNames } from './pure/colour-names.ts'

const textOf = (...parts: (string | readonly string[] | undefined)[]) => parts.flat().filter(Boolean).join(' · ')

const KNOWN = new Set(['tags', 'palette', 'pattern', 'occasion', 'season', 'fabric', 'care'])
const A_FEW_WORDS = 60

/** Whatever a retailer keeps beside what we know, when it is words: `gender`, `fit`, `neckline`. */
const otherWords = (metadata: Searchable['metadata']): string[] =>
  Object.entries(metadata).flatMap(([name, value]) =>
    !KNOWN.has(name) && typeof value === 'string' && value.length <= A_FEW_WORDS ? [value] : [],
  )

/**
 * What of a product is searched; whoever changes that raises `SHAPE` in `shape.ts`. Sizes are among its words as far as they
 * can be bought.
 */
export function documentOf(product: Searchable, popularity: number): SearchDocument {
  const { metadata, variants, colours } = product
  const named = new Map(colours.map(({ slug, name, hex }) => [slug, { value: slug, label: name, hex }]))
  const sizes = [...new Set(variants.filter(({ inStock }) => inStock).map(({ size }) => size))]
  const plainNames = new Set(colours.flatMap(({ hex }) => colourNames(hex)))
  return {
    id: product.id,
    texts: {
      name: product.name,
      brand: product.brand.name,
      tags: textOf(metadata.tags),
      attributes: textOf(
        product.categories.map(({ name }) => name),
        colours.map(({ name }) => name),
        [...plainNames],
        metadata.pattern,
        metadata.occasion,
        metadata.season,
        metadata.fabric,
        otherWords(metadata),
        sizes,
      ),
      description: product.description,
    },
    brand: { value: product.brand.slug, label: product.brand.name },
    categories: product.categories.map(({ slug, name }) => ({ value: slug, label: name })),
    variants: withFamilies(
      variants.map(({ colour, size, inStock }) => ({
        colour: named.get(colour) ?? { value: colour, label: colour },
        size,
        inStock,
      })),
    ),
    priceAmount: product.priceAmount,
    rating: product.rating ?? 0,
    popularity,
    listedAt: product.listedAt,
  }
}
