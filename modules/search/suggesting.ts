import type { SearchIndex } from '../../db/search/index.ts'
import type { Analyzer } from '../../db/search/words.ts'
import type { Catalog } from '../catalog/index.ts'
import type { LiveRules } from './live-rules.ts'
import type { Suggestions, SuggestQuery } from './schema.ts'
import type { Taxonomy } from './taxonomy.ts'

const MOST_KEPT = 500

type Needs = {
  index: Pick<SearchIndex, 'query' | 'complete'>
  generation: () => Promise<string>
  catalog: Pick<Catalog, 'findCards'>
  analyzer: Analyzer
  taxonomy: Pick<Taxonomy, 'around'>
  rules: Pick<LiveRules, 'keepUp' | 'demandsOf'>
  popularQueries: (prefix: string, limit: number) => Promise<string[]>
}

const NOTHING: Suggestions = { queries: [], products: [], categories: [], brands: [] }

/** What a half-typed text may become. One statement, and none for what was asked since the last change. */
export function createSuggesting({ index, generation, catalog, analyzer, taxonomy, rules, popularQueries }: Needs) {
  const kept = new Map<string, Promise<Suggestions>>()

  /** Values whose name has words among `terms`: those with the most first, then the more frequent. */
  function closest<T extends { label: string; count: number }>(values: readonly T[], terms: readonly string[]): T[] {
    const [known, beginnings] = [new Set(terms), terms.filter((term) => term.endsWith('*'))]
    const fits = (word: string, term: string) =>
      known.has(term) || beginnings.some((beginning) => word.startsWith(beginning.slice(0, -1)))
    return values
      .map((value) => {
        const words = analyzer.tokens(value.label).filter(({ parts, stop }) => parts === 0 && !stop)
        const fitting = words.filter(({ word, term }) => fits(word, term)).length
        return { value, fitting, share: fitting / Math.max(words.length, 1) }
      })
      .filter(({ fitting }) => fitting > 0)
      .toSorted((a, b) => b.fitting - a.fitting || b.share - a.share || b.value.count - a.value.count)
      .map(({ value }) => value)
  }

  async function run({ q: text, limit }: SuggestQuery): Promise<Suggestions> {
    const { hidden, boosts } = rules.demandsOf({ text, path: [] })
    const filter = { notIds: hidden.ids, notBrands: hidden.brands, notCategories: hidden.categories }
    const [completed, popular, found] = await Promise.all([
      index.complete(text, limit),
      popularQueries(text, limit),
      index.query({ text, filter, boosts, limit, facets: true }),
    ])
    const cards = await catalog.findCards(found.hits.map(({ id }) => id))
    const categories = closest(found.facets?.categories ?? [], found.terms).slice(0, limit)
    const { categories: tree } = await taxonomy.around(categories.map(({ value }) => value))
    const brands = closest(found.facets?.brands ?? [], found.terms).slice(0, limit)
    const queries = [...new Set([...popular, ...completed].map((query) => query.toLowerCase()))]
    return {
      queries: queries.slice(0, limit).map((query) => ({ text: query })),
      products: found.hits.flatMap(({ id }) => {
        const card = cards.get(id)
        if (!card) return []
        const { slug, name, brand, price, images } = card
        return [{ id, slug, name, brand, price, image: images[0] ?? null }]
      }),
      categories: categories.map(({ value, label }) => ({
        slug: value,
        name: label,
        path: (tree.get(value)?.path ?? [value]).map((slug) => tree.get(slug)?.name ?? slug),
      })),
      brands: brands.map(({ value, label }) => ({ slug: value, name: label })),
    }
  }

  return async (asked: SuggestQuery): Promise<Suggestions> => {
    const q = asked.q.replaceAll(/\s+/g, ' ').trimStart().toLowerCase()
    if (q === '') return NOTHING
    await rules.keepUp()
    const key = JSON.stringify([await generation(), rules.demandsOf({ text: q, path: [] }).key, q, asked.limit])
    const known = kept.get(key)
    kept.delete(key)
    const suggestions = known ?? run({ ...asked, q })
    kept.set(key, suggestions)
    suggestions.catch(() => kept.delete(key))
    for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest)
    return suggestions
  }
}
