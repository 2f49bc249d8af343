import { compareSizes } from '../../modules/catalog/pure/size-order.ts'
import { COLOUR_FAMILIES } from '../../modules/search/pure/colour-family.ts'
import type { Client } from '../../openapi/client.ts'
import type { Found } from './found.ts'
import { countFilters, type ListingQuery } from './query.ts'
import { ShopError } from './refusal.ts'
import { cardOf, categoryOf } from './shapes.ts'
import type { Category, Facets } from './views.ts'

const LIMIT = '24'
const FAMILIES = new Set<string>(COLOUR_FAMILIES.map(({ slug }) => slug))
const minor = (price: number | undefined) => price && Math.round(price * 100)

/** What is left of a wish that the catalogue's own list can follow; the words stay, to be looked for when they can be. */
function plainOf(asked: ListingQuery): ListingQuery & { sort: 'newest' | 'price' | '-price' } {
  const { exact: _exact, minRating: _rating, inStock: _stock, findBrand: _find, sort, colour, ...rest } = asked
  return {
    ...rest,
    colour: colour.filter((one) => !FAMILIES.has(one)),
    sort: sort === 'price' || sort === '-price' ? sort : 'newest',
  }
}

/** The list that the catalogue itself keeps, for as long as there is no index to find anything in. */
export async function listPlainly(api: Client, asked: ListingQuery, within?: string): Promise<Found> {
  const plain = plainOf(asked)
  const category = plain.category ?? within
  const [list, facets, categories] = await Promise.all([
    listOf(api, plain, category),
    facetsOf(api, category),
    api.v1.categories.$get().then((answer) => answer.json()),
  ])
  return {
    searchId: '',
    plain,
    // What the filters leave is not counted.
    total: countFilters({ ...plain, category: undefined }) === 0 ? facets.total : undefined,
    correctedQuery: undefined,
    relaxed: false,
    nextCursor: list.nextCursor,
    cards: list.items.map(cardOf),
    facets: { ...facets.facets, categories: branchesOf(categories.items.map(categoryOf), within) },
  }
}

async function listOf(api: Client, plain: ReturnType<typeof plainOf>, category: string | undefined) {
  const { brand, colour, size, minPrice, maxPrice, sort, cursor } = plain
  const query = {
    brand,
    colour,
    size,
    sort,
    limit: LIMIT,
    ...(category && { category }),
    minPrice: minor(minPrice)?.toString(),
    maxPrice: minor(maxPrice)?.toString(),
  }
  const answer = await api.v1.products.$get({ query: { ...query, ...(cursor && { cursor }) } })
  // The cursor may be of a search.
  const known = answer.status === 400 && cursor ? await api.v1.products.$get({ query }) : answer
  if (!known.ok) throw new ShopError(known.status, 'The list of products')
  return known.json()
}

/** What there is to choose from in the category, uncounted: a choice is not known to leave so many. */
async function facetsOf(
  api: Client,
  category: string | undefined,
): Promise<{ total: number; facets: Omit<Facets, 'categories'> }> {
  const answer = await api.v1.products.facets.$get({ query: { ...(category && { category }) } })
  if (!answer.ok) throw new ShopError(answer.status, 'The filters')
  const { total, brands, colours, sizes, price } = await answer.json()
  return {
    total,
    facets: {
      brands: brands.map(({ slug, name }) => ({ value: slug, label: name })),
      colours: colours.map(({ slug, name, hex }) => ({ value: slug, label: name, hex })),
      sizes: sizes.map(({ size }) => ({ value: size, label: size })).toSorted((a, b) => compareSizes(a.value, b.value)),
      price: price ? { min: price.min.amount / 100, max: price.max.amount / 100, ranges: [] } : undefined,
      ratings: [],
      inStock: 0,
      currency: price?.min.currency ?? 'EUR',
    },
  }
}

const branchesOf = (categories: Category[], within: string | undefined): Facets['categories'] =>
  categories
    .filter(({ parent }) => parent === (within ?? null))
    .map(({ slug, name }) => ({ value: slug, label: name, depth: 0 }))
