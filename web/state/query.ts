/** In what order; the first of each list is meant when the address names none. */
const RELEVANCE = { value: 'relevance', label: 'Best match' } as const
const NEWEST = { value: 'newest', label: 'Newest' } as const
const OTHERS = [
  { value: 'popularity', label: 'Most wanted' },
  { value: 'price', label: 'Price, low to high' },
  { value: '-price', label: 'Price, high to low' },
  { value: 'rating', label: 'Best rated' },
] as const

export const SEARCH_SORTS = [RELEVANCE, NEWEST, ...OTHERS] as const
export const CATEGORY_SORTS = [NEWEST, ...OTHERS] as const

export type Sort = (typeof SEARCH_SORTS)[number]['value']

/** What a shopper asked of a listing. Prices are in whole units of the currency, as typed in the form. */
export type ListingQuery = {
  /** The words of a search. */
  q?: string | undefined
  /** The words as they stand, where the shop would rather search for others. */
  exact?: boolean | undefined
  category?: string | undefined
  brand: string[]
  colour: string[]
  size: string[]
  minPrice?: number | undefined
  maxPrice?: number | undefined
  /** So many stars or more. */
  minRating?: number | undefined
  inStock?: boolean | undefined
  /** Narrows nothing: which brands there are to choose from, by how a word of them begins. */
  findBrand?: string | undefined
  sort?: Sort | undefined
  cursor?: string | undefined
}

const price = (text: string | null): number | undefined => {
  const value = Number(text)
  return text && Number.isFinite(value) && value >= 0 ? value : undefined
}

const stars = (text: string | null) => [1, 2, 3, 4].find((value) => text === String(value))

/** As long as a search may be; what is beyond it is left out. */
const MOST = 120
const words = (text: string | null): string | undefined => text?.trim().slice(0, MOST).trim() || undefined

/** Reads a listing's address. What makes no sense is dropped rather than refused: a mistyped price must not end in an error page. */
export function readListingQuery(params: URLSearchParams): ListingQuery {
  const all = (name: string) => [...new Set(params.getAll(name).filter((value) => value !== ''))]
  return {
    q: words(params.get('q')),
    exact: params.get('exact') === 'true' || undefined,
    category: params.get('category') || undefined,
    brand: all('brand'),
    colour: all('colour'),
    size: all('size'),
    minPrice: price(params.get('minPrice')),
    maxPrice: price(params.get('maxPrice')),
    minRating: stars(params.get('minRating')),
    inStock: params.get('inStock') === 'true' || undefined,
    findBrand: words(params.get('findBrand')),
    sort: SEARCH_SORTS.find(({ value }) => value === params.get('sort'))?.value,
    cursor: params.get('cursor') || undefined,
  }
}

/** The address of a listing that asks exactly this, in one canonical order. */
export function writeListingQuery(query: ListingQuery): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    for (const one of [value].flat()) if (one !== undefined && one !== '') params.append(name, String(one))
  const text = params.toString()
  return text && `?${text}`
}

/** The same words with no filter, in the same order. */
export const unfiltered = ({ q, exact, sort }: ListingQuery): ListingQuery => ({
  ...(q && { q }),
  ...(exact && { exact }),
  brand: [],
  colour: [],
  size: [],
  sort,
})

/** How many filters are on, sorting and paging aside. */
export const countFilters = ({ category, brand, colour, size, minPrice, maxPrice, ...rest }: ListingQuery): number =>
  [category, minPrice, maxPrice, rest.minRating, rest.inStock].filter((value) => value !== undefined).length +
  brand.length +
  colour.length +
  size.length
