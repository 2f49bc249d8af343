import type { Cache, Models, Sql } from '../../db/index.ts'
import type { SearchIndex } from '../../db/search/index.ts'
import { createAnalyzer } from '../../db/search/words.ts'
import type { Analytics } from '../analytics/index.ts'
import type { Asking } from '../analytics/pure/asking.ts'
import type { Audit } from '../audit/index.ts'
import type { Catalog } from '../catalog/index.ts'
import { isAllowed, type Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import { besideFamilies } from './families.ts'
import { createFinder } from './finder.ts'
import { createFollower } from './follower.ts'
import { watchGeneration } from './generation.ts'
import { createLiveRules } from './live-rules.ts'
import { createOrdering } from './ordering.ts'
import { createPresenter } from './presenting.ts'
import { createRanker } from './ranker.ts'
import { createRankerRefresh } from './ranker-refresh.ts'
import { createRuleDesk } from './rules.ts'
import type { SearchPage, SearchQueryParams } from './schema.ts'
import { createSearching } from './searching.ts'
import { ofTodaysShape } from './shape.ts'
import { createSuggesting } from './suggesting.ts'
import { createTaxonomy } from './taxonomy.ts'

export type Search = ReturnType<typeof createSearch>

type Needs = {
  sql: Sql
  search: SearchIndex
  cache: Cache
  models: Models
  catalog: Catalog
  analytics: Pick<
    Analytics,
    'popularityOf' | 'popularQueries' | 'findAsker' | 'historyOf' | 'clickLog' | 'interactionsSince'
  >
  /** What a signed-in user said to wear, of any kind. */
  sizesOf: (userId: string) => Promise<readonly string[]>
  audit: Pick<Audit, 'record'>
  now: () => Date
  newId: () => string
}

/** Finding products: the index and what keeps it up to date, the rules of merchandising, the order of what was found. */
export function createSearch(needs: Needs) {
  const { sql, analytics, now } = needs
  const { index, generation } = watchGeneration(besideFamilies(ofTodaysShape(needs.search)), now)
  const analyzer = createAnalyzer()
  const rules = createLiveRules({ sql, index, now })
  const taxonomy = createTaxonomy(needs)
  const catalog = taxonomy.listening(needs.catalog)
  const finder = createFinder({ ...needs, index, generation, rules })
  const ranker = createRanker({ ...needs, index })
  const order = createOrdering({ ...needs, finder, ranker })
  const find = createSearching({ finder, order, presenter: createPresenter(analyzer), taxonomy, catalog })
  const refresh = createRankerRefresh({ ...needs, index }, ranker.reload)
  const follower = createFollower({ sql, index, catalog, popularityOf: analytics.popularityOf, rules })

  let hasIndex = false
  /** Until the first index is built nothing could be found: to say that there is nothing would be untrue. */
  async function demandIndex(): Promise<void> {
    hasIndex ||= await isBuilt()
    if (!hasIndex) throw new AppError('unavailable', 'The search is being prepared', { retryAfterSeconds: 5 })
  }
  async function isBuilt(): Promise<boolean> {
    const { position, documents } = await index.status()
    if (position !== undefined || documents > 0) return true
    return (await catalog.listSearchables({ after: undefined, limit: 1 })).length === 0
  }

  return {
    rules: createRuleDesk({ ...needs, onChange: rules.reload }),

    /**
     * `personal` when nobody else may be shown the page. Throws `invalid` for what is not there, `forbidden` for
     * explanations, `unavailable` until there is an index.
     */
    async search(
      query: SearchQueryParams,
      asking: Asking,
      actor?: Actor,
    ): Promise<{ page: SearchPage; personal: boolean }> {
      await demandIndex()
      if (!query.explain) return find(query, asking)
      if (!isAllowed('search.manage', actor)) throw new AppError('forbidden', 'Only staff is explained the order')
      return { ...(await find(query, asking)), personal: true }
    },

    suggest: createSuggesting({
      ...needs,
      index,
      generation,
      analyzer,
      taxonomy,
      rules,
      popularQueries: analytics.popularQueries,
    }),

    /** What the rules hide from everybody, whatever they look for and wherever. */
    async hiddenEverywhere() {
      await rules.keepUp()
      return rules.demandsOf({ text: '', path: [] }).hidden
    },

    /** A new index beside the one that serves; see `follower.ts`. */
    build: follower.build,
    catchUp: follower.catchUp,
    follow: follower.follow,
    ...refresh,
    jobs: { 'search.refresh_ranker': async () => void (await refresh.refreshRanker()) },
    schedules: { 'search.refresh_ranker': 86_400 },
  }
}
