import type { Sql } from '../../db/index.ts'
import type { Actor } from '../kernel/access.ts'
import type { Audit } from '../audit/index.ts'
import type { Catalog, ProductCard } from '../catalog/index.ts'
import type { Asking } from '../analytics/pure/asking.ts'
import { createRuleDesk } from './rules.ts'
import type { SearchItem, SearchPage, SearchQueryParams, SuggestQuery, Suggestions } from './schema.ts'

export type Search = ReturnType<typeof createSearch>

type Needs = {
  sql: Sql
  catalog: Catalog
  audit: Pick<Audit, 'record'>
  now: () => Date
  newId: () => string
}

const wordsOf = (text: string) =>
  text
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)

const saysOf = (card: ProductCard) =>
  [card.name, card.brand.name, card.category.name, ...card.colours.map(({ name }) => name)].join(' ').toLowerCase()

const itemOf = (card: ProductCard): SearchItem => ({
  ...card,
  highlight: { name: [{ text: card.name, marked: false }] },
  matchedColour: null,
  pinned: false,
})

export function createSearch(needs: Needs) {
  const { catalog, newId } = needs

  async function find(query: SearchQueryParams) {
    const words = wordsOf(query.q)
    const sort = query.sort === 'price' || query.sort === '-price' ? query.sort : ('newest' as const)
    const found: ProductCard[] = []
    let cursor: string | undefined
    do {
      const page = await catalog.listProducts({ ...query, sort, limit: 100, cursor })
      found.push(...page.items.filter((card) => words.every((word) => saysOf(card).includes(word))))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined && found.length < 500)
    return found
  }

  return {
    rules: createRuleDesk({ ...needs, onChange: async () => {} }),

    async search(
      query: SearchQueryParams,
      _asking: Asking,
      _actor?: Actor,
    ): Promise<{ page: SearchPage; personal: boolean }> {
      const [found, facets, tree] = await Promise.all([
        find(query),
        catalog.getFacets(query.category),
        catalog.listCategories(),
      ])
      const from = Number(query.cursor ?? 0) || 0
      const count = (slug: string) => found.filter((card) => card.category.slug === slug).length
      const page: SearchPage = {
        searchId: newId(),
        items: found.slice(from, from + query.limit).map(itemOf),
        facets: {
          categories: tree.map(({ slug, name, parent }) => ({ slug, name, parent, count: count(slug) })),
          brands: facets.brands,
          colours: facets.colours,
          sizes: facets.sizes,
          price: facets.price && { ...facets.price, ranges: [] },
          ratings: [],
          inStock: { count: 0 },
        },
        total: found.length,
        relaxed: false,
        nextCursor: from + query.limit < found.length ? String(from + query.limit) : null,
      }
      return { page, personal: false }
    },

    async suggest({ q, limit }: SuggestQuery): Promise<Suggestions> {
      const found = await find({ q, limit, sort: 'relevance' })
      return {
        queries: [],
        products: found.slice(0, limit).map(({ id, slug, name, brand, price, images }) => ({
          id,
          slug,
          name,
          brand,
          price,
          image: images[0] ?? null,
        })),
        categories: [],
        brands: [],
      }
    },
  }
}
