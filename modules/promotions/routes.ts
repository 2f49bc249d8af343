import { createRoute, z } from '@hono/zod-openapi'
import { actorOf, allow } from '../kernel/access.ts'
import { createRouter, json, pageOf, problem } from '../kernel/http.ts'
import { CouponPatchSchema, CouponQuerySchema, CouponSchema, NewCouponSchema } from './schema.ts'
import type { Promotions } from './service.ts'

const shared = { ...allow('coupons.manage'), tags: ['admin'] }
const params = z.object({ id: z.uuid() })
const refusals = { 401: problem('Nobody is signed in'), 403: problem('Not a retailer or administrator') }

const list = createRoute({
  ...shared,
  method: 'get',
  path: '/admin/coupons',
  summary: 'Coupons, newest first',
  request: { query: CouponQuerySchema },
  responses: { 200: json(pageOf(CouponSchema), 'A page'), 400: problem('The cursor does not fit'), ...refusals },
})

const create = createRoute({
  ...shared,
  method: 'post',
  path: '/admin/coupons',
  summary: 'A new coupon',
  request: { body: { required: true, content: { 'application/json': { schema: NewCouponSchema } } } },
  responses: {
    201: json(CouponSchema, 'Created'),
    400: problem('The body does not match'),
    409: problem('The code is taken'),
    ...refusals,
  },
})

const get = createRoute({
  ...shared,
  method: 'get',
  path: '/admin/coupons/{id}',
  summary: 'One coupon',
  request: { params },
  responses: { 200: json(CouponSchema, 'The coupon'), 404: problem('No such coupon'), ...refusals },
})

const change = createRoute({
  ...shared,
  method: 'patch',
  path: '/admin/coupons/{id}',
  summary: 'When and how often a coupon may be used',
  request: { params, body: { required: true, content: { 'application/json': { schema: CouponPatchSchema } } } },
  responses: {
    200: json(CouponSchema, 'Changed'),
    400: problem('The body does not match'),
    404: problem('No such coupon'),
    409: problem('It has been used more often than that already'),
    ...refusals,
  },
})

export const promotionRoutes = (promotions: Promotions) =>
  createRouter()
    .openapi(list, async (c) => c.json(await promotions.listCoupons(c.req.valid('query')), 200))
    .openapi(create, async (c) => c.json(await promotions.createCoupon(c.req.valid('json'), actorOf(c)), 201))
    .openapi(get, async (c) => c.json(await promotions.getCoupon(c.req.valid('param').id), 200))
    .openapi(change, async (c) => {
      const changed = await promotions.changeCoupon(c.req.valid('param').id, c.req.valid('json'), actorOf(c))
      return c.json(changed, 200)
    })
