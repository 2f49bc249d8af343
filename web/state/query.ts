export const SORTS = [
  { value: 'newest', label: 'Newest' },
  { value: 'price', label: 'Price, low to high' },
  { value: '-price', label: 'Price, high to low' },
  { value: 'name', label: 'Name' },
] as const

export type Sort = (typeof SORTS)[number]['value']

/** What a shopper asked of a listing. Prices are in whole units of the currency, as typed in the form. */
export type ListingQuery = {
  category?: string | undefined
  brand: string[]
  colour: string[]
  size: string[]
  minPrice?: number | undefined
  maxPrice?: number | undefined
  sort?: Sort | undefined
  cursor?: string | undefined
}

const price = (text: string | null): number | undefined => {
  const value = Number(text)
  return text && Number.isFinite(value) && value >= 0 ? value : undefined
}

/** Reads a listing's address. What makes no sense is dropped rather than refused: a mistyped price must not end in an error page. */
export function readListingQuery(params: URLSearchParams): ListingQuery {
  const all = (name: string) => [...new Set(params.getAll(name).filter((value) => value !== ''))]
  return {
    category: params.get('category') || undefined,
    brand: all('brand'),
    colour: all('colour'),
    size: all('size'),
    minPrice: price(params.get('minPrice')),
    maxPrice: price(params.get('maxPrice')),
    sort: SORTS.find(({ value }) => value === params.get('sort'))?.value,
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

/** How many filters are on, sorting and paging aside. */
export const countFilters = ({ category, brand, colour, size, minPrice, maxPrice }: ListingQuery): number =>
  [category, minPrice, maxPrice].filter((value) => value !== undefined).length +
  brand.length +
  colour.length +
  size.length
