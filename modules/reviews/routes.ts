import { createRoute, z } from '@hono/zod-openapi'
import { actorOf, allow } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import { createRouter, json, problem } from '../kernel/http.ts'
import {
  OwnReviewSchema,
  QueuePageSchema,
  QueueQuerySchema,
  RejectionSchema,
  ReviewFormSchema,
  ReviewPageSchema,
  ReviewQuerySchema,
} from './schema.ts'
import type { Reviews } from './service.ts'

const IdSchema = z.object({ id: z.uuid() })
const CACHED = { 'cache-control': 'public, max-age=10, stale-while-revalidate=60, stale-if-error=86400' }
const nothing = { description: 'Done' }

const listReviews = createRoute({
  ...allow('public'),
  method: 'get',
  path: '/products/{id}/reviews',
  tags: ['reviews'],
  summary: 'What people say of a product',
  request: { params: IdSchema, query: ReviewQuerySchema },
  responses: {
    200: json(ReviewPageSchema, 'Approved reviews; the summary is on the product itself'),
    400: problem('A filter or cursor does not fit'),
    404: problem('No such product'),
  },
})

const writeReview = createRoute({
  ...allow('account'),
  method: 'post',
  path: '/products/{id}/reviews',
  tags: ['reviews'],
  summary: 'Review a product, or write your review of it anew',
  description:
    'One review a person and product. It is shown once a moderator has approved it, and again after each change.',
  request: {
    params: IdSchema,
    body: { required: true, content: { 'multipart/form-data': { schema: ReviewFormSchema } } },
  },
  responses: {
    200: json(OwnReviewSchema, 'Written anew'),
    201: json(OwnReviewSchema, 'Written'),
    400: problem('A field does not fit'),
    404: problem('No such product'),
    409: problem('Written or removed elsewhere at the same time'),
    422: problem('A photo was refused; `details.reason` says why'),
  },
})

const getOwnReview = createRoute({
  ...allow('account'),
  method: 'get',
  path: '/products/{id}/reviews/mine',
  tags: ['reviews'],
  summary: 'Your own review of a product, with what became of it',
  request: { params: IdSchema },
  responses: { 200: json(OwnReviewSchema, 'Yours'), 404: problem('You have not reviewed it') },
})

const removeOwnReview = createRoute({
  ...allow('account'),
  method: 'delete',
  path: '/products/{id}/reviews/mine',
  tags: ['reviews'],
  summary: 'Take your review back',
  request: { params: IdSchema },
  responses: { 204: nothing, 404: problem('You have not reviewed it') },
})

const VoteSchema = z.object({ helpful: z.int(), mine: z.boolean() })
const vote = {
  ...allow('account'),
  path: '/reviews/{id}/helpful' as const,
  tags: ['reviews'],
  request: { params: IdSchema },
  responses: {
    200: json(VoteSchema, 'How many find it helpful now'),
    404: problem('No such review'),
    422: problem('Your own review'),
  },
}
const addVote = createRoute({ ...vote, method: 'post', summary: 'Say that a review helped; once counts' })
const removeVote = createRoute({ ...vote, method: 'delete', summary: 'Take that back' })

const listQueue = createRoute({
  ...allow('reviews.moderate'),
  method: 'get',
  path: '/admin/reviews',
  tags: ['admin'],
  summary: 'Reviews by what became of them, the longest waiting first',
  request: { query: QueueQuerySchema },
  responses: { 200: json(QueuePageSchema, 'A page of them'), 400: problem('A filter or cursor does not fit') },
})

const approveReview = createRoute({
  ...allow('reviews.moderate'),
  method: 'post',
  path: '/admin/reviews/{id}/approve',
  tags: ['admin'],
  summary: 'Show a review',
  request: { params: IdSchema },
  responses: { 204: nothing, 404: problem('No such review') },
})

const rejectReview = createRoute({
  ...allow('reviews.moderate'),
  method: 'post',
  path: '/admin/reviews/{id}/reject',
  tags: ['admin'],
  summary: 'Do not show a review, or no longer',
  request: { params: IdSchema, body: { required: true, content: { 'application/json': { schema: RejectionSchema } } } },
  responses: { 204: nothing, 400: problem('Give a reason'), 404: problem('No such review') },
})

export function reviewRoutes(reviews: Reviews) {
  return createRouter()
    .openapi(listReviews, async (c) =>
      c.json(await reviews.listReviews(c.req.valid('param').id, c.req.valid('query')), 200, CACHED),
    )
    .openapi(writeReview, async (c) => {
      const written = await reviews.writeReview(actorOf(c).userId, c.req.valid('param').id, c.req.valid('form'))
      if (!written.ok) throw new AppError('refused', 'A photo was refused', { reason: written.reason })
      return written.created ? c.json(written.review, 201) : c.json(written.review, 200)
    })
    .openapi(getOwnReview, async (c) => c.json(await reviews.getOwn(actorOf(c).userId, c.req.valid('param').id), 200))
    .openapi(removeOwnReview, async (c) => {
      await reviews.removeOwn(actorOf(c).userId, c.req.valid('param').id)
      return c.body(null, 204)
    })
    .openapi(addVote, async (c) => c.json(await reviews.voteHelpful(actorOf(c), c.req.valid('param').id, true), 200))
    .openapi(removeVote, async (c) =>
      c.json(await reviews.voteHelpful(actorOf(c), c.req.valid('param').id, false), 200),
    )
    .openapi(listQueue, async (c) => c.json(await reviews.listQueue(c.req.valid('query')), 200))
    .openapi(approveReview, async (c) => {
      await reviews.approve(actorOf(c), c.req.valid('param').id)
      return c.body(null, 204)
    })
    .openapi(rejectReview, async (c) => {
      await reviews.reject(actorOf(c), c.req.valid('param').id, c.req.valid('json').reason)
      return c.body(null, 204)
    })
}
