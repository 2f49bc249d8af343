import { createRoute, z } from '@hono/zod-openapi'
import { actorOf, allow } from '../kernel/access.ts'
import { createRouter, json, problem } from '../kernel/http.ts'
import {
  CartIdSchema,
  CartSchema,
  ItemPatchSchema,
  NewCartCouponSchema,
  NewItemSchema,
  ShippingOptionsSchema,
  ShippingQuerySchema,
} from './schema.ts'
import type { Carts } from './service.ts'

/** A cart is one person's, and changes by the second. */
const PRIVATE = { 'cache-control': 'private, no-store' }

const shared = { ...allow('public'), tags: ['cart'] }
const params = z.object({ id: CartIdSchema })
const itemParams = params.extend({ itemId: z.uuid() })
const body = <T extends z.ZodType>(schema: T) => ({ required: true, content: { 'application/json': { schema } } })
const missing = problem('No such cart, or not yours')

const createCart = createRoute({
  ...shared,
  method: 'post',
  path: '/carts',
  summary: 'A cart: a new one for a guest, the one they have for a user',
  responses: { 201: json(CartSchema, 'The cart; keep its id') },
})

const getCart = createRoute({
  ...shared,
  method: 'get',
  path: '/carts/{id}',
  summary: 'A cart with the prices, discounts and stock of now',
  request: { params },
  responses: { 200: json(CartSchema, 'The cart'), 404: missing },
})

const addItem = createRoute({
  ...shared,
  method: 'post',
  path: '/carts/{id}/items',
  summary: 'Put something in; of what is in already, so many more',
  request: { params, body: body(NewItemSchema) },
  responses: {
    201: json(CartSchema, 'The cart with it'),
    400: problem('The body does not match'),
    404: problem('No such cart or variant'),
    422: problem('Too many, or in another currency: see `details.reason`'),
  },
})

const changeItem = createRoute({
  ...shared,
  method: 'patch',
  path: '/carts/{id}/items/{itemId}',
  summary: 'How many of it',
  request: { params: itemParams, body: body(ItemPatchSchema) },
  responses: {
    200: json(CartSchema, 'The cart'),
    400: problem('The body does not match'),
    404: problem('No such cart or item'),
  },
})

const removeItem = createRoute({
  ...shared,
  method: 'delete',
  path: '/carts/{id}/items/{itemId}',
  summary: 'Take it out',
  request: { params: itemParams },
  responses: { 200: json(CartSchema, 'The cart without it'), 404: missing },
})

const addCoupon = createRoute({
  ...shared,
  method: 'post',
  path: '/carts/{id}/coupons',
  summary: 'Enter a coupon',
  request: { params, body: body(NewCartCouponSchema) },
  responses: {
    201: json(CartSchema, 'The cart with it'),
    400: problem('Not a code'),
    404: missing,
    422: problem('It cannot be used: see `details.reason`'),
  },
})

const removeCoupon = createRoute({
  ...shared,
  method: 'delete',
  path: '/carts/{id}/coupons/{code}',
  summary: 'Take a coupon back',
  request: { params: params.extend({ code: NewCartCouponSchema.shape.code }) },
  responses: { 200: json(CartSchema, 'The cart without it'), 400: problem('Not a code'), 404: missing },
})

const listShippingOptions = createRoute({
  ...shared,
  method: 'get',
  path: '/carts/{id}/shipping-options',
  summary: 'Ways to have it sent to a country, each with the whole bill',
  request: { params, query: ShippingQuerySchema },
  responses: {
    200: json(ShippingOptionsSchema, 'Cheapest first; none when the parcel is too heavy'),
    400: problem('Not a country'),
    404: missing,
    422: problem('Not a country that we deliver to; `details.countries` are'),
  },
})

const merge = createRoute({
  ...allow('account'),
  method: 'post',
  path: '/carts/{id}/merge',
  tags: ['cart'],
  summary: "After signing in: what was put in as a guest moves to the user's cart",
  request: { params },
  responses: { 200: json(CartSchema, "The user's cart"), 401: problem('Nobody is signed in'), 404: missing },
})

export const cartRoutes = (cart: Carts) =>
  createRouter()
    .openapi(createCart, async (c) => c.json(await cart.createCart(c.get('actor')), 201, PRIVATE))
    .openapi(getCart, async (c) => c.json(await cart.getCart(c.req.valid('param').id, c.get('actor')), 200, PRIVATE))
    .openapi(addItem, async (c) => {
      const { id } = c.req.valid('param')
      return c.json(await cart.addItem(id, c.get('actor'), c.req.valid('json')), 201, PRIVATE)
    })
    .openapi(changeItem, async (c) => {
      const { id, itemId } = c.req.valid('param')
      const change = { itemId, quantity: c.req.valid('json').quantity }
      return c.json(await cart.changeItem(id, c.get('actor'), change), 200, PRIVATE)
    })
    .openapi(removeItem, async (c) => {
      const { id, itemId } = c.req.valid('param')
      return c.json(await cart.removeItem(id, c.get('actor'), itemId), 200, PRIVATE)
    })
    .openapi(addCoupon, async (c) => {
      const { id } = c.req.valid('param')
      return c.json(await cart.addCoupon(id, c.get('actor'), c.req.valid('json').code), 201, PRIVATE)
    })
    .openapi(removeCoupon, async (c) => {
      const { id, code } = c.req.valid('param')
      return c.json(await cart.removeCoupon(id, c.get('actor'), code), 200, PRIVATE)
    })
    .openapi(listShippingOptions, async (c) => {
      const { country } = c.req.valid('query')
      return c.json(await cart.listShippingOptions(c.req.valid('param').id, c.get('actor'), country), 200, PRIVATE)
    })
    .openapi(merge, async (c) => c.json(await cart.mergeCarts(c.req.valid('param').id, actorOf(c)), 200, PRIVATE))
