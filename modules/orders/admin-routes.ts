import { createRoute, z } from '@hono/zod-openapi'
import { actorOf, allow } from '../kernel/access.ts'
import { createRouter, json, pageOf, problem } from '../kernel/http.ts'
import { IDEMPOTENT, PRIVATE } from './routes.ts'
import {
  NewRefundSchema,
  OrderQuerySchema,
  OrderSchema,
  OrderSummarySchema,
  ReceiveReturnSchema,
  ReturnQuerySchema,
  ReturnSchema,
  ShipSchema,
} from './schema.ts'
import type { Orders } from './service.ts'

const params = z.object({ id: z.uuid() })
const body = <T extends z.ZodType>(schema: T) => ({ required: true, content: { 'application/json': { schema } } })
const manages = { ...allow('orders.manage'), tags: ['admin'] }
const refunds = { ...allow('orders.refund'), ...IDEMPOTENT, tags: ['admin'] }
const nobody = { 401: problem('Nobody is signed in'), 403: problem('Not a retailer or administrator') }
const moved = {
  200: json(OrderSchema, 'The order now'),
  404: problem('No such order'),
  409: problem('Not from where it stands'),
  ...nobody,
}

const listOrders = createRoute({
  ...manages,
  method: 'get',
  path: '/admin/orders',
  summary: 'Orders, newest first',
  request: { query: OrderQuerySchema },
  responses: { 200: json(pageOf(OrderSummarySchema), 'A page'), 400: problem('The cursor does not fit'), ...nobody },
})

const move = <P extends 'pack' | 'deliver'>(name: P, summary: string) =>
  createRoute({
    ...manages,
    method: 'post',
    path: `/admin/orders/{id}/${name}`,
    summary,
    request: { params },
    responses: moved,
  })
const pack = move('pack', 'It is packed')
const deliver = move('deliver', 'It has arrived')

const ship = createRoute({
  ...manages,
  method: 'post',
  path: '/admin/orders/{id}/ship',
  summary: 'It has left',
  request: { params, body: body(ShipSchema) },
  responses: { ...moved, 400: problem('The body does not match') },
})

const refund = createRoute({
  ...refunds,
  method: 'post',
  path: '/admin/orders/{id}/refund',
  summary: 'Give money back: all that is left, or a part',
  request: { params, body: body(NewRefundSchema) },
  responses: {
    ...moved,
    400: problem('The body does not match'),
    409: problem('More than is left'),
    422: problem('Not such money'),
  },
})

const listReturns = createRoute({
  ...manages,
  method: 'get',
  path: '/admin/returns',
  summary: 'Returns, newest first',
  request: { query: ReturnQuerySchema },
  responses: { 200: json(pageOf(ReturnSchema), 'A page'), 400: problem('The cursor does not fit'), ...nobody },
})

const receiveReturn = createRoute({
  ...refunds,
  method: 'post',
  path: '/admin/returns/{id}/receive',
  summary: 'The pieces are back: pay for them, and sell them again',
  request: { params, body: body(ReceiveReturnSchema) },
  responses: {
    ...moved,
    400: problem('The body does not match'),
    404: problem('No such return'),
    409: problem('Answered already, or more than is left'),
  },
})

const refuseReturn = createRoute({
  ...manages,
  method: 'post',
  path: '/admin/returns/{id}/refuse',
  summary: 'The pieces stay with the shopper',
  request: { params },
  responses: { ...moved, 404: problem('No such return'), 409: problem('Answered already') },
})

export const orderAdminRoutes = (orders: Orders) =>
  createRouter()
    .openapi(listOrders, async (c) => c.json(await orders.listOrders(c.req.valid('query')), 200, PRIVATE))
    .openapi(pack, async (c) => {
      const { id } = c.req.valid('param')
      await orders.pack(id, actorOf(c))
      return c.json(await orders.getOrder(id), 200, PRIVATE)
    })
    .openapi(ship, async (c) => {
      const { id } = c.req.valid('param')
      await orders.ship(id, actorOf(c), c.req.valid('json').tracking)
      return c.json(await orders.getOrder(id), 200, PRIVATE)
    })
    .openapi(deliver, async (c) => {
      const { id } = c.req.valid('param')
      await orders.deliver(id, actorOf(c))
      return c.json(await orders.getOrder(id), 200, PRIVATE)
    })
    .openapi(refund, async (c) => {
      const { id } = c.req.valid('param')
      await orders.refund(id, { ...c.req.valid('json'), key: c.get('idempotencyKey') }, actorOf(c))
      return c.json(await orders.getOrder(id), 200, PRIVATE)
    })
    .openapi(listReturns, async (c) => c.json(await orders.listReturns(c.req.valid('query')), 200, PRIVATE))
    .openapi(receiveReturn, async (c) => {
      const orderId = await orders.receiveReturn(c.req.valid('param').id, c.req.valid('json'), actorOf(c))
      return c.json(await orders.getOrder(orderId), 200, PRIVATE)
    })
    .openapi(refuseReturn, async (c) => {
      const orderId = await orders.refuseReturn(c.req.valid('param').id, actorOf(c))
      return c.json(await orders.getOrder(orderId), 200, PRIVATE)
    })
