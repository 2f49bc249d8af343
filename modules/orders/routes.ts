import { createRoute, z } from '@hono/zod-openapi'
import { allow } from '../kernel/access.ts'
import { createRouter, json, problem } from '../kernel/http.ts'
import { CheckoutAnswerSchema, CheckoutSchema, NewReturnSchema, OrderSchema } from './schema.ts'
import type { Orders } from './service.ts'

/** An order is one person's. */
export const PRIVATE = { 'cache-control': 'private, no-store' }

/** Described, and read by the edge: who sends it twice gets the first answer again. */
export const IDEMPOTENT = {
  parameters: [
    {
      name: 'Idempotency-Key',
      in: 'header' as const,
      required: false,
      description:
        'Kept for 24 hours: the same key with the same body gets the same answer, marked `Idempotent-Replayed`',
      schema: { type: 'string' as const, minLength: 8, maxLength: 200 },
    },
  ],
}

const shared = { ...allow('public'), tags: ['orders'] }
const request = {
  params: z.object({ id: z.uuid() }),
  query: z.object({ token: z.string().max(200).optional().openapi({ description: 'From the link to the order' }) }),
}
const body = <T extends z.ZodType>(schema: T) => ({ required: true, content: { 'application/json': { schema } } })
const missing = problem('No such order, or it is not yours')

const checkout = createRoute({
  ...shared,
  ...IDEMPOTENT,
  method: 'post',
  path: '/checkout',
  summary: 'An order from a cart, and what the client needs to pay it',
  request: { body: body(CheckoutSchema) },
  responses: {
    201: json(CheckoutAnswerSchema, 'The order waits to be paid; its pieces are held for half an hour'),
    400: problem('The body does not match'),
    404: problem('No such cart, or not yours'),
    409: problem(
      'Not as it is. `details.reason`: cart_empty, not_available, price_changed, coupon_refused, insufficient_stock, busy',
    ),
    422: problem('`details.reason`: country_not_served, shipping_option, too_much; or no such payment provider'),
  },
})

const pay = createRoute({
  ...shared,
  ...IDEMPOTENT,
  method: 'post',
  path: '/orders/{id}/pay',
  summary: 'Another try to pay an order that waits',
  request,
  responses: {
    200: json(CheckoutAnswerSchema, 'What the client needs to pay'),
    404: missing,
    409: problem('It does not wait to be paid, or is sold out now'),
  },
})

const getOrder = createRoute({
  ...shared,
  method: 'get',
  path: '/orders/{id}',
  summary: 'An order: for its user, staff, and whoever has its link',
  request,
  responses: { 200: json(OrderSchema, 'The order'), 404: missing },
})

const cancel = createRoute({
  ...shared,
  ...IDEMPOTENT,
  method: 'post',
  path: '/orders/{id}/cancel',
  summary: 'Call an order off; what was paid goes back',
  request,
  responses: { 200: json(OrderSchema, 'Cancelled'), 404: missing, 409: problem('It is too late') },
})

const requestReturn = createRoute({
  ...shared,
  ...IDEMPOTENT,
  method: 'post',
  path: '/orders/{id}/returns',
  summary: 'Send pieces back, within 30 days of delivery',
  request: { ...request, body: body(NewReturnSchema) },
  responses: {
    201: json(OrderSchema, 'The order with the return'),
    400: problem('The body does not match'),
    404: missing,
    409: problem('It was not delivered, is too late, or has an open return'),
    422: problem('More pieces than there are'),
  },
})

export function orderRoutes(orders: Orders) {
  return createRouter()
    .openapi(checkout, async (c) => {
      const who = { actor: c.get('actor'), idempotencyKey: c.get('idempotencyKey') }
      return c.json(await orders.checkout(c.req.valid('json'), who), 201, PRIVATE)
    })
    .openapi(pay, async (c) => {
      const { id } = c.req.valid('param')
      const asking = { actor: c.get('actor'), token: c.req.valid('query').token ?? c.req.header('x-order-token') }
      await orders.authorise(id, asking)
      return c.json(await orders.pay(id, asking.actor), 200, PRIVATE)
    })
    .openapi(getOrder, async (c) => {
      const asking = { actor: c.get('actor'), token: c.req.valid('query').token ?? c.req.header('x-order-token') }
      return c.json(await orders.getOrderFor(c.req.valid('param').id, asking), 200, PRIVATE)
    })
    .openapi(cancel, async (c) => {
      const { id } = c.req.valid('param')
      const asking = { actor: c.get('actor'), token: c.req.valid('query').token ?? c.req.header('x-order-token') }
      await orders.authorise(id, asking)
      await orders.cancel(id, asking.actor)
      return c.json(await orders.getOrder(id), 200, PRIVATE)
    })
    .openapi(requestReturn, async (c) => {
      const { id } = c.req.valid('param')
      const asking = { actor: c.get('actor'), token: c.req.valid('query').token ?? c.req.header('x-order-token') }
      await orders.authorise(id, asking)
      await orders.requestReturn(id, c.req.valid('json'), asking.actor)
      return c.json(await orders.getOrder(id), 201, PRIVATE)
    })
}
