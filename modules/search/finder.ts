import type {
  FacetField,
  SearchAnswer,
  SearchFilter,
  SearchHit,
  SearchIndex,
  SearchQuery,
  SearchSort,
} from '../../db/search/index.ts'
import type { Demands, LiveRules } from './live-rules.ts'

/** A search, written the same way whoever asks for the same. */
export type Criteria = {
  text: string
  /** Slugs from the root to the category that is asked for. */
  path: readonly string[]
  filter: SearchFilter
  sort: SearchSort
  /** Neither corrected nor relaxed. */
  exactly?: boolean | undefined
  limit: number
  after?: string | undefined
  facetText?: { field: FacetField; text: string } | undefined
}

/** What was found; shared by all who ask for the same, so nobody may change it. */
export type Found = {
  /** Changes with whatever the answer depends on. */
  key: string
  id: string
  answer: SearchAnswer
  /** As it was searched. */
  text: string
  /** Pins that may be shown, with their places; and how many of them the words alone would not have found. */
  pins: readonly (Demands['pins'][number] & { hit: SearchHit })[]
  extra: number
  demands: Demands
}

/** A few hundred answers of two hundred hits each are some ten megabytes. */
const MOST_KEPT = 300

type Needs = {
  index: Pick<SearchIndex, 'query'>
  generation: () => Promise<string>
  rules: Pick<LiveRules, 'keepUp' | 'demandsOf'>
  newId: () => string
}

const joined = (a: readonly string[] | undefined, b: readonly string[]) => (b.length === 0 ? a : [...(a ?? []), ...b])

const withoutHidden = (filter: SearchFilter, { hidden }: Demands): SearchFilter => ({
  ...filter,
  notIds: joined(filter.notIds, hidden.ids),
  notBrands: joined(filter.notBrands, hidden.brands),
  notCategories: joined(filter.notCategories, hidden.categories),
})

const queryOf = (criteria: Criteria, demands: Demands): SearchQuery => ({
  text: criteria.text,
  filter: withoutHidden(criteria.filter, demands),
  sort: criteria.sort,
  limit: criteria.limit,
  after: criteria.after,
  facetText: criteria.facetText,
  exactly: criteria.exactly,
  facets: true,
  boosts: demands.boosts,
})

/** Asks the index, under the rules of merchandising. */
export function createFinder({ index, generation, rules, newId }: Needs) {
  const kept = new Map<string, Promise<Found>>()

  /** Pins keep to the filters; those that the words do not find come on top of what they do. */
  async function pinsOf(criteria: Criteria, demands: Demands, answer: SearchAnswer) {
    const { sort, filter } = criteria
    const ids = demands.pins.map(({ id }) => id)
    if (ids.length === 0 || sort !== 'relevance') return { pins: [], extra: 0 }
    const narrowed = { ...withoutHidden(filter, demands), ids }
    const { hits } = await index.query({ text: '', filter: narrowed, limit: ids.length })
    const shown = new Map(hits.map((hit) => [hit.id, hit]))
    const pins = demands.pins.flatMap((pin) => {
      const hit = shown.get(pin.id)
      return hit ? [{ ...pin, hit }] : []
    })
    const among = new Set(answer.hits.map(({ id }) => id))
    if (pins.every(({ id }) => among.has(id))) return { pins, extra: 0 }
    const { text, exactly } = criteria
    const matching = await index.query({ text, exactly, filter: narrowed, limit: ids.length })
    return { pins, extra: pins.length - matching.total }
  }

  async function run(criteria: Criteria, key: string, demands: Demands): Promise<Found> {
    const answer = await index.query(queryOf(criteria, demands))
    const { correctedText: corrected } = answer
    const text = corrected ?? criteria.text
    // What was meant may have rules of its own.
    const meant = corrected === undefined ? demands : rules.demandsOf({ text, path: criteria.path })
    const final = meant.key === demands.key ? answer : await index.query(queryOf(criteria, meant))
    const pins = await pinsOf(criteria, meant, final)
    return { key, id: newId(), answer: final, text, demands: meant, ...pins }
  }

  return {
    /** Those who ask for the same at the same time share one run, and so do those who come later as long as nothing changed. */
    async find(criteria: Criteria): Promise<Found> {
      await rules.keepUp()
      const demands = rules.demandsOf(criteria)
      const key = JSON.stringify([await generation(), demands.key, criteria])
      const known = kept.get(key)
      kept.delete(key)
      const found = known ?? run(criteria, key, demands)
      kept.set(key, found)
      found.catch(() => kept.delete(key))
      for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest)
      return found
    },

    /** The hits after those of `find`, under the same demands. */
    goOn: (criteria: Criteria, demands: Demands): Promise<SearchAnswer> =>
      index.query({ ...queryOf(criteria, demands), facets: false }),
  }
}

export type Finder = ReturnType<typeof createFinder>
