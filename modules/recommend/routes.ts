import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { readAsking } from '../analytics/pure/asking.ts'
import type { Who } from './asker.ts'
import { actorOf, allow, type AppEnv } from '../kernel/access.ts'
import { createRouter, json, problem } from '../kernel/http.ts'
import {
  LimitQuerySchema,
  QuizAnswerSchema,
  QuizQuerySchema,
  QuizSchema,
  RecommendationsQuerySchema,
  RecommendationsSchema,
  VectorsSchema,
} from './schema.ts'
import type { Recommend } from './service.ts'

const CACHED = { 'cache-control': 'public, max-age=10, stale-while-revalidate=60, stale-if-error=86400' }
const PRIVATE = { 'cache-control': 'private, no-store', vary: 'cookie' }
const FOREVER = { 'cache-control': 'public, max-age=31536000, immutable' }

const shared = { ...allow('public'), method: 'get' as const, tags: ['recommend'] }
const IdSchema = z.object({ id: z.uuid() })
const badQuery = { 400: problem('A parameter does not fit') }
const noProduct = { 404: problem('No such product') }

const listForYou = createRoute({
  ...shared,
  path: '/recommendations',
  summary: 'What may suit you, each with its reason',
  description:
    'Of what you looked at and bought here, as far as you allow personalisation, of what the style quiz was told, and of ' +
    'the season and what others like. Nothing that is sold out, nothing you bought or have in the cart.',
  request: { query: RecommendationsQuerySchema },
  responses: { 200: json(RecommendationsSchema, 'The best first'), ...badQuery, 404: problem('No such cart') },
})

const listSimilar = createRoute({
  ...shared,
  path: '/products/{id}/similar',
  summary: 'Products like this one',
  request: { params: IdSchema, query: LimitQuerySchema },
  responses: { 200: json(RecommendationsSchema, 'The most alike first'), ...badQuery, ...noProduct },
})

const listComplementary = createRoute({
  ...shared,
  path: '/products/{id}/complementary',
  summary: 'What completes the look: one product for each other part of an outfit',
  request: { params: IdSchema, query: LimitQuerySchema },
  responses: { 200: json(RecommendationsSchema, 'The best match first'), ...badQuery, ...noProduct },
})

const listTrending = createRoute({
  ...shared,
  path: '/trending',
  summary: 'What many look at and buy these days',
  request: { query: LimitQuerySchema },
  responses: {
    200: json(RecommendationsSchema, 'Where too little happened, what is new, and the reason says so'),
    ...badQuery,
  },
})

const listFeatured = createRoute({
  ...shared,
  path: '/featured',
  summary: 'What the shop puts forward',
  request: { query: LimitQuerySchema },
  responses: { 200: json(RecommendationsSchema, 'Products tagged `featured`, then what is rated best'), ...badQuery },
})

const listRecentlyViewed = createRoute({
  ...shared,
  path: '/recently-viewed',
  summary: 'What you looked at, the latest first',
  request: { query: LimitQuerySchema },
  responses: { 200: json(RecommendationsSchema, 'Empty unless you allow personalisation'), ...badQuery },
})

const getQuiz = createRoute({
  ...shared,
  path: '/quiz',
  summary: 'The next question of the style quiz',
  description: 'Of who is signed in the answers are kept in the preferences; of others the caller keeps `answers`.',
  request: { query: QuizQuerySchema },
  responses: { 200: json(QuizSchema, 'The question that tells most, after what was answered'), ...badQuery },
})

const answerQuiz = createRoute({
  ...shared,
  method: 'post',
  path: '/quiz/answers',
  summary: 'Answer a question of the style quiz, or answer it anew',
  request: { body: { required: true, content: { 'application/json': { schema: QuizAnswerSchema } } } },
  responses: { 200: json(QuizSchema, 'The next question'), 400: problem('No such question or option') },
})

const forgetAnswers = createRoute({
  ...allow('account'),
  method: 'delete',
  path: '/quiz/answers',
  tags: ['recommend'],
  summary: 'Forget what the style quiz was told',
  responses: { 204: { description: 'Forgotten' } },
})

const currentVectors = createRoute({
  ...shared,
  path: '/recommendations/vectors/current',
  summary: 'Where the vectors of the products are, for ranking on the device',
  responses: { 200: json(VectorsSchema, 'The address of the newest ones'), 404: problem('There are none yet') },
})

const FileSchema = z.object({ file: z.string().regex(/^[\w-]{1,60}\.bin$/, 'A version and `.bin`') })
const readVectors = createRoute({
  ...shared,
  path: '/recommendations/vectors/{file}',
  summary: 'The vectors of one version',
  description: 'Header, ids of 16 bytes, vectors of one signed byte a dimension: modules/recommend/pure/vectors.ts.',
  request: { params: FileSchema },
  responses: {
    200: {
      description: 'The file',
      content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } },
    },
    ...badQuery,
    404: problem('No such version'),
  },
})

/** Countries south of the equator, as a language tag names them. */
const SOUTHERN = /-(AU|NZ|ZA|AR|CL|UY|BR|PE|BO|PY|NA|BW|MZ|ZW|ZM|MG|MU)\b/

const whoAsks = (c: Context<AppEnv>): Who => {
  const actor = c.get('actor')
  const first = c.req.header('accept-language')?.split(',')[0] ?? ''
  return { ...readAsking((name) => c.req.header(name), actor), actor, southern: SOUTHERN.test(first) }
}

export function recommendRoutes(recommend: Recommend) {
  return createRouter()
    .openapi(listForYou, async (c) => c.json(await recommend.forYou(whoAsks(c), c.req.valid('query')), 200, PRIVATE))
    .openapi(listSimilar, async (c) =>
      c.json(await recommend.similarTo(c.req.valid('param').id, c.req.valid('query').limit), 200, CACHED),
    )
    .openapi(listComplementary, async (c) =>
      c.json(await recommend.complete(c.req.valid('param').id, c.req.valid('query').limit), 200, CACHED),
    )
    .openapi(listTrending, async (c) => c.json(await recommend.trending(c.req.valid('query').limit), 200, CACHED))
    .openapi(listFeatured, async (c) => c.json(await recommend.featured(c.req.valid('query').limit), 200, CACHED))
    .openapi(listRecentlyViewed, async (c) =>
      c.json(await recommend.recentlyViewed(whoAsks(c), c.req.valid('query').limit), 200, PRIVATE),
    )
    .openapi(getQuiz, async (c) => c.json(await recommend.quiz(whoAsks(c), c.req.valid('query')), 200, PRIVATE))
    .openapi(answerQuiz, async (c) => c.json(await recommend.answer(whoAsks(c), c.req.valid('json')), 200, PRIVATE))
    .openapi(forgetAnswers, async (c) => {
      await recommend.forgetAnswers(actorOf(c))
      return c.body(null, 204)
    })
    .openapi(currentVectors, async (c) => c.json(await recommend.currentVectors(), 200, CACHED))
    .openapi(readVectors, async (c) => {
      const bytes = await recommend.readVectors(c.req.valid('param').file.slice(0, -'.bin'.length))
      return c.body(new Uint8Array(bytes), 200, { ...FOREVER, 'content-type': 'application/octet-stream' })
    })
}
