import type { SearchFilter } from '../../db/search/index.ts'
import type { Asking } from '../analytics/pure/asking.ts'
import type { Catalog } from '../catalog/index.ts'
import { type Cursor, digestOf, readCursor, writeCursor } from './cursor.ts'
import { familyColour } from './families.ts'
import type { Criteria, Finder, Found } from './finder.ts'
import { type createOrdering, RANKED, type Slice } from './ordering.ts'
import { type createPresenter, facetsOf } from './presenting.ts'
import { withoutFillers } from './pure/filler-words.ts'
import { type PricedText, readPriceWords } from './pure/price-words.ts'
import type { SearchItem, SearchPage, SearchQueryParams } from './schema.ts'
import type { Taxonomy } from './taxonomy.ts'

type Needs = {
  finder: Finder
  order: ReturnType<typeof createOrdering>
  presenter: ReturnType<typeof createPresenter>
  taxonomy: Taxonomy
  catalog: Pick<Catalog, 'findFoundCards'>
}

const isRanked = ({ sort }: SearchQueryParams) => sort === 'relevance'

const some = (values: readonly string[] | undefined) =>
  values && values.length > 0 ? [...new Set(values)].toSorted() : undefined

/** A limit that was chosen counts, not the one that is in the words. */
const filterOf = (query: SearchQueryParams, said: PricedText): SearchFilter => ({
  category: query.category,
  brands: some(query.brand),
  colours: some([...(query.colour ?? []), ...(query.color ?? []), ...(query.colourFamily ?? []).map(familyColour)]),
  sizes: some(query.size),
  minPrice: query.minPrice ?? said.minPrice,
  maxPrice: query.maxPrice ?? said.maxPrice,
  minRating: query.minRating || undefined,
  inStock: query.inStock || undefined,
})

/** Spaces say nothing, nor do signs that cannot be seen. */
const tidied = (text: string) =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()

/** Every other order is the index's own, page after page. */
const sliceOf = ({ answer, id }: Found): Slice => ({
  searchId: id,
  ids: answer.hits.map((hit) => hit.id),
  pinned: new Set(),
  explanations: new Map(),
  next: answer.next === null ? null : { next: answer.next },
  personal: false,
})

/** What is asked, and the name under which its pages know each other. */
function criteriaOf(query: SearchQueryParams, path: readonly string[]) {
  const { facetField: field, facetText: text, sort, limit } = query
  const typed = tidied(query.q)
  const said: PricedText = query.exact ? { text: typed } : readPriceWords(typed)
  const basic = {
    text: query.exact ? typed : withoutFillers(said.text),
    path,
    filter: filterOf(query, said),
    sort,
    exactly: query.exact,
  }
  const name = digestOf(basic)
  const cursor: Cursor | undefined = query.cursor === undefined ? undefined : readCursor(name, query.cursor)
  const page = isRanked(query) ? { limit: RANKED } : { limit, after: cursor?.next }
  const criteria: Criteria = { ...basic, facetText: field && text ? { field, text } : undefined, ...page }
  return { criteria, name, cursor, price: said.words }
}

/** One page of a search: one statement for the cards, and one more where a category, or the first of them, is new. */
export function createSearching({ finder, order, presenter, taxonomy, catalog }: Needs) {
  async function itemsOf(found: Found, slice: Slice, query: SearchQueryParams): Promise<SearchItem[]> {
    const cards = await catalog.findFoundCards(slice.ids)
    const matched = {
      // Words that are in nothing but their beginning mark nothing.
      terms: found.text === '' ? [] : found.answer.terms,
      colours: [...(query.colour ?? []), ...(query.color ?? [])],
      families: query.colourFamily ?? [],
    }
    return slice.ids.flatMap((id) => {
      const card = cards.get(id)
      if (!card) return []
      const { description, ...rest } = card
      const explanation = query.explain ? slice.explanations.get(id) : undefined
      const item = { ...presenter.item(rest, description, matched), pinned: slice.pinned.has(id) }
      return [explanation ? { ...item, explanation } : item]
    })
  }

  return async (query: SearchQueryParams, asking: Asking): Promise<{ page: SearchPage; personal: boolean }> => {
    const path = await taxonomy.resolve(query.category, query.brand ?? [])
    const { criteria, name, cursor, price } = criteriaOf(query, path)
    const found = await finder.find(criteria)
    const slice = isRanked(query)
      ? await order(found, { criteria, limit: query.limit, cursor, asking })
      : sliceOf(found)
    const items = await itemsOf(found, slice, query)
    const slugs = (found.answer.facets?.categories ?? []).map(({ value }) => value)
    const { correctedText } = found.answer
    const page: SearchPage = {
      searchId: slice.searchId,
      items,
      facets: facetsOf(found.answer.facets, await taxonomy.around(slugs)),
      total: found.answer.total + found.extra,
      ...(correctedText === undefined ? {} : { correctedQuery: [correctedText, price].filter(Boolean).join(' ') }),
      relaxed: found.answer.relaxed,
      nextCursor: slice.next && writeCursor(name, slice.next),
    }
    return { page, personal: slice.personal }
  }
}
