import type { InferResponseType } from 'hono/client'
import { compareSizes } from '../../modules/catalog/pure/size-order.ts'
import { COLOUR_FAMILIES } from '../../modules/search/pure/colour-family.ts'
import type { Client } from '../../openapi/client.ts'
import { showMoney } from './money.ts'
import type { ListingQuery } from './query.ts'
import { ShopError } from './refusal.ts'
import { cardOf, pictureOf } from './shapes.ts'
import type { Branch, Card, Facets, Money, PriceRange } from './views.ts'

type ApiPage = InferResponseType<Client['v1']['search']['$get'], 200>
type ApiItem = ApiPage['items'][number]
type ApiFacets = ApiPage['facets']
type ApiRange = NonNullable<ApiFacets['price']>['ranges'][number]

/** What is found: a page of cards, and what all that is found could be narrowed to. */
export type Found = Pick<ApiPage, 'searchId' | 'correctedQuery' | 'relaxed' | 'nextCursor'> & {
  /** Undefined where nobody has counted. */
  total: number | undefined
  /** Of what was asked that which is followed, while the search is being prepared and this is the catalogue's own list. */
  plain?: ListingQuery
  cards: Card[]
  facets: Facets
}

const LIMIT = 24

/** `within` is the category that the page itself is of: the tree begins under it. */
export async function findProducts(api: Client, asked: ListingQuery, within?: string): Promise<Found> {
  const page = await ask(api, queryOf({ ...asked, category: asked.category ?? within }))
  return {
    searchId: page.searchId,
    total: page.total,
    correctedQuery: page.correctedQuery,
    relaxed: page.relaxed,
    nextCursor: page.nextCursor,
    cards: page.items.map(foundCardOf),
    facets: facetsOf(page.facets, { within, chosen: asked.category }),
  }
}

const FAMILIES = new Set<string>(COLOUR_FAMILIES.map(({ slug }) => slug))

async function ask(api: Client, query: ReturnType<typeof queryOf>): Promise<ApiPage> {
  const response = await api.v1.search.$get({ query })
  if (!response.ok) throw new ShopError(response.status, 'The search')
  return response.json()
}

/** The API counts in minor units; a shopper types whole ones. */
const minor = (price: number | undefined) => price && Math.round(price * 100)

function queryOf(asked: ListingQuery) {
  const { q, exact, category, brand, colour, size, minPrice, maxPrice, minRating, inStock, findBrand, sort, cursor } =
    asked
  const [families, shades] = [colour.filter((one) => FAMILIES.has(one)), colour.filter((one) => !FAMILIES.has(one))]
  return {
    q,
    exact: exact ? ('true' as const) : undefined,
    category,
    brand,
    colour: shades,
    colourFamily: families,
    size,
    minPrice: minor(minPrice),
    maxPrice: minor(maxPrice),
    minRating,
    inStock: inStock ? ('true' as const) : undefined,
    ...(findBrand && { facetField: 'brand' as const, facetText: findBrand }),
    sort,
    cursor,
    limit: String(LIMIT),
  }
}

function foundCardOf(item: ApiItem): Card {
  const { highlight, matchedColour, images } = item
  const shown = images.find(({ colour }) => matchedColour !== null && colour === matchedColour)
  const isNamed = highlight.name.some(({ marked }) => marked)
  return {
    ...cardOf(item),
    ...(shown && { picture: pictureOf(shown) }),
    shownIn: matchedColour ?? undefined,
    runs: highlight.name,
    snippet: isNamed ? undefined : highlight.snippet,
  }
}

type Place = { within: string | undefined; chosen: string | undefined }

function facetsOf(
  { categories, brands, colourFamilies, sizes, price, ratings, inStock, currency }: ApiFacets,
  place: Place,
): Facets {
  return {
    categories: branchesOf(categories, place),
    brands: brands.map(({ slug, name, count }) => ({ value: slug, label: name, count })),
    colours: colourFamilies.map(({ slug, name, hex, count }) => ({ value: slug, label: name, hex, count })),
    sizes: sizes
      .map(({ size, count }) => ({ value: size, label: size, count }))
      .toSorted((a, b) => compareSizes(a.value, b.value)),
    price: price
      ? {
          min: price.min.amount / 100,
          max: price.max.amount / 100,
          ranges: price.ranges.map(rangeOf),
        }
      : undefined,
    ratings: ratings.filter(({ count }) => count > 0),
    inStock: inStock.count,
    currency: currency ?? 'EUR',
  }
}

/** Bounds lie a cent apart, which nobody wants to read. */
const showWhole = ({ amount, currency }: Money): string =>
  showMoney({ amount: Math.ceil(amount / 100) * 100, currency }).replace(/\.00$/, '')

const rangeOf = ({ from, to, count }: ApiRange): PriceRange => ({
  from: from.amount / 100,
  to: to.amount / 100,
  label: `${showWhole(from)} to ${showWhole(to)}`,
  count,
})

/** The topmost categories under `within`, and what lies under those that lead to the chosen one, or under the only one. */
function branchesOf(all: ApiFacets['categories'], { within, chosen }: Place): Branch[] {
  const path = new Set<string>()
  for (let at = chosen; at && at !== within; at = all.find(({ slug }) => slug === at)?.parent ?? undefined) path.add(at)
  const under = (parent: string | null, depth: number): Branch[] => {
    const here = all.filter((one) => one.parent === parent && (one.count > 0 || path.has(one.slug)))
    return here.flatMap(({ slug, name, count }): Branch[] => {
      const branch: Branch = { value: slug, label: name, count, depth }
      return [branch].concat(path.has(slug) || here.length === 1 ? under(slug, depth + 1) : [])
    })
  }
  return under(within ?? null, 0)
}
