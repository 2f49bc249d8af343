import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { readAsking } from '../analytics/pure/asking.ts'
import { type AppEnv, allow } from '../kernel/access.ts'
import { createRouter, json, problem } from '../kernel/http.ts'
import { SearchPageSchema, SearchQuerySchema, SuggestionsSchema, SuggestQuerySchema } from './schema.ts'
import type { Search } from './service.ts'

/** As listings are cached; what was put in order for somebody is theirs alone. */
const CACHED = { 'cache-control': 'public, max-age=10, stale-while-revalidate=60, stale-if-error=86400' }
const PERSONAL = { 'cache-control': 'private, no-store', vary: 'cookie, x-visitor-id' }

const search = createRoute({
  ...allow('public'),
  method: 'get',
  path: '/search',
  tags: ['search'],
  summary: 'Find products by words and filters, with counts for further filters',
  request: { query: SearchQuerySchema },
  responses: {
    200: json(SearchPageSchema, 'A page of products'),
    400: problem('A filter, order or cursor does not fit'),
    403: problem('Only staff is explained the order'),
    503: problem('The first index is being built; `Retry-After` says when to ask again'),
  },
})

const suggest = createRoute({
  ...allow('public'),
  method: 'get',
  path: '/search/suggest',
  tags: ['search'],
  summary: 'What a half-typed search may become',
  request: { query: SuggestQuerySchema },
  responses: { 200: json(SuggestionsSchema, 'Queries, products, categories and brands, the likeliest first') },
})

const askingOf = (c: Context<AppEnv>) => readAsking((name) => c.req.header(name), c.get('actor'))

export const searchRoutes = (service: Search) =>
  createRouter()
    .openapi(search, async (c) => {
      const { page, personal } = await service.search(c.req.valid('query'), askingOf(c), c.get('actor'))
      return c.json(page, 200, personal ? PERSONAL : CACHED)
    })
    .openapi(suggest, async (c) => c.json(await service.suggest(c.req.valid('query')), 200, CACHED))
