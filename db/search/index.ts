/** A value of a facet, and how it reads; `hex` is a colour's. */
export type FacetTerm = { value: string; label: string; hex?: string | undefined }

/** One product as it is searched. The driver analyses the texts; nothing of them comes back. */
export type SearchDocument = {
  /** The product's UUID. */
  id: string
  /** In falling weight: name, then tags and brand, then attributes (pattern, occasion, season, fabric, colours, categories), then description. */
  texts: { name: string; brand: string; tags: string; attributes: string; description: string }
  brand: FacetTerm
  /** From the root to its own. */
  categories: readonly FacetTerm[]
  variants: readonly { colour: FacetTerm; size: string; inStock: boolean }[]
  /** The lowest price of a variant, minor units. */
  priceAmount: number
  /** Mean of the reviews, 1 to 5, kept to a thousandth; 0 where there are none. */
  rating: number
  /** How much it is wanted lately; any scale from 0. */
  popularity: number
  /** Milliseconds since 1970. */
  listedAt: number
}

export const SEARCH_SORTS = ['relevance', 'newest', 'price', '-price', 'rating', 'popularity'] as const
export type SearchSort = (typeof SEARCH_SORTS)[number]

/** All that are given must hold, each by any of its values. Colour, size and stock must hold of one and the same variant. */
export type SearchFilter = {
  /** A slug; what lies under it counts too. */
  category?: string | undefined
  brands?: readonly string[] | undefined
  colours?: readonly string[] | undefined
  sizes?: readonly string[] | undefined
  /** Minor units, inclusive. */
  minPrice?: number | undefined
  maxPrice?: number | undefined
  minRating?: number | undefined
  inStock?: boolean | undefined
  ids?: readonly string[] | undefined
  notIds?: readonly string[] | undefined
  notBrands?: readonly string[] | undefined
  notCategories?: readonly string[] | undefined
}

/** Multiplies the relevance of what it names, by any of the three; below 1 it buries. */
export type SearchBoost = {
  ids?: readonly string[] | undefined
  brands?: readonly string[] | undefined
  categories?: readonly string[] | undefined
  factor: number
}

export type FacetField = 'category' | 'brand' | 'colour' | 'size'

export type SearchQuery = {
  /**
   * As typed; empty matches all. `"..."` is a phrase: looked for in all texts but the description. The last word may be the
   * beginning of one, unless a space follows.
   */
  text: string
  filter?: SearchFilter | undefined
  sort?: SearchSort | undefined
  limit: number
  /** `next` of the page before; a foreign or mangled one throws `AppError('invalid')`. */
  after?: string | undefined
  facets?: boolean | undefined
  /** Only the facet values whose label has a word that begins so. */
  facetText?: { field: FacetField; text: string } | undefined
  boosts?: readonly SearchBoost[] | undefined
  /** The words must be found as they stand: no correction, no relaxing to any of them. */
  exactly?: boolean | undefined
}

/** What re-ranking needs of a product without asking anybody else. */
export type SearchHit = {
  id: string
  /** Of the text, boosts included; 0 where there is no text. Comparable within one answer. */
  score: number
  brand: string
  /** Slugs from the root to its own. */
  categories: readonly string[]
  colours: readonly string[]
  /** Sizes that are in stock, in any colour that the filter lets through. */
  sizesInStock: readonly string[]
  priceAmount: number
  rating: number
  popularity: number
  listedAt: number
}

type Counted<T = unknown> = T & { count: number }

/**
 * Exact, over all that matches. A field's own filter does not narrow its own values, so that another can be added: that
 * holds of the price, the rating and the stock, too. Of brands, colours and sizes there are the hundred most frequent, and
 * those that the filter names.
 */
export type SearchFacets = {
  categories: Counted<FacetTerm>[]
  brands: Counted<FacetTerm>[]
  colours: Counted<FacetTerm>[]
  sizes: Counted<{ value: string }>[]
  /** Minor units; null when nothing matches. `ranges` are consecutive, at most eight, from round bounds; both ends are in. */
  price: { min: number; max: number; ranges: Counted<{ from: number; to: number }>[] } | null
  /** How many have at least so many stars. */
  ratings: Counted<{ from: 4 | 3 | 2 | 1 }>[]
  inStock: number
}

export type SearchAnswer = {
  total: number
  hits: SearchHit[]
  facets?: SearchFacets | undefined
  /** What was searched instead, when a word as typed is in no product, or is a rare one that is in none with the others. */
  correctedText?: string | undefined
  /** True when nothing had all the words, so that any of them was enough. */
  relaxed: boolean
  /** The words that were matched, for `mark` of `createAnalyzer`; `shir*` stands for all that begin so. */
  terms: readonly string[]
  next: string | null
  generation: string
}

/** Built beside the one that serves, from any number of calls of `add`; readers keep the old one until `commit` resolves. */
export type SearchGeneration = {
  /** Id of the last document of an unfinished build that this one goes on from. */
  resumeAfter: string | undefined
  /** In ascending order of their ids. A crash of this process costs half of what was added at most, and 32,768 at most. */
  add(documents: readonly SearchDocument[]): Promise<void>
  /** `position` is handed back by `status()`: how far the catalogue's changes are in it. */
  commit(position: string): Promise<void>
  /** Nothing of it stays. */
  abandon(): Promise<void>
}

/**
 * Where products are found. Loses no fact when it is lost: everything in it can be built again. One instance may be shared
 * by all requests of a process.
 */
export type SearchIndex = {
  /** Adds or replaces; found as soon as it resolves. `position` is kept with them, see `status`. */
  put(documents: readonly SearchDocument[], position?: string): Promise<void>
  /** Ids that are not there are passed over. */
  remove(ids: readonly string[], position?: string): Promise<void>
  /** Throws `AppError('conflict')` while another build is under way in another process. */
  build(options?: { resume?: boolean }): Promise<SearchGeneration>
  query(query: SearchQuery): Promise<SearchAnswer>
  /** How a query may go on: whole texts, most likely first, each of them with results. */
  complete(text: string, limit: number): Promise<string[]>
  /** Groups of words that stand for each other (`['sofa', 'couch']`), or `from` that finds `to` as well. Holds from the next query on. */
  useSynonyms(synonyms: readonly SearchSynonym[]): Promise<void>
  status(): Promise<SearchStatus>
  close(): Promise<void>
}

export type SearchSynonym = { words: readonly string[] } | { from: string; to: readonly string[] }

export type SearchStatus = {
  /** Changes whenever the answer to a query may. */
  generation: string
  documents: number
  /**
   * As `put`, `remove` or `commit` left it; undefined where there is no index yet. It goes back when this process starts
   * anew, loses its thread, or follows a generation that another one made: what changed since is to be put again.
   */
  position: string | undefined
  bytes: number
}
