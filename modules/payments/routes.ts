import { createRoute, z } from '@hono/zod-openapi'
import type { Actor } from '../kernel/access.ts'
import { allow } from '../kernel/access.ts'
import { createRouter, json, problem } from '../kernel/http.ts'
import { ClientActionSchema, ConfirmSchema, PaymentHistorySchema, PaymentSchema, ProviderSchema } from './schema.ts'
import type { Payments } from './service.ts'

const IdSchema = z.object({ paymentId: z.uuid() })
const TokenSchema = z.object({ token: z.string().max(400).optional() })
const HeadersSchema = z.object({ 'x-order-token': z.string().max(400).optional() })
const NOBODY = problem('Not an order of yours, or no such payment')

const listProviders = createRoute({
  ...allow('public'),
  method: 'get',
  path: '/payments/providers',
  tags: ['payments'],
  summary: 'How an order can be paid',
  responses: { 200: json(z.object({ items: z.array(ProviderSchema) }), 'Those that this shop takes') },
})

const startPayment = createRoute({
  ...allow('public'),
  method: 'post',
  path: '/payments/{paymentId}/start',
  tags: ['payments'],
  summary: 'What the client does to pay, again',
  description: 'For who may see the order: its user, staff, or by its token.',
  request: { params: IdSchema, query: TokenSchema, headers: HeadersSchema },
  responses: {
    200: json(ClientActionSchema, 'The next step'),
    404: NOBODY,
    409: problem('Paid or cancelled'),
    503: problem('The provider does not answer'),
  },
})

const confirmPayment = createRoute({
  ...allow('public'),
  method: 'post',
  path: '/payments/{paymentId}/confirm',
  tags: ['payments'],
  summary: 'The shopper has done their part: how does the payment stand?',
  description: 'For who may see the order: its user, staff, or by its token. The provider is asked.',
  request: {
    params: IdSchema,
    query: TokenSchema,
    headers: HeadersSchema,
    body: { required: true, content: { 'application/json': { schema: ConfirmSchema } } },
  },
  responses: {
    200: json(PaymentSchema, 'The payment'),
    404: NOBODY,
    422: problem('A method without the test provider'),
  },
})

const getHistory = createRoute({
  ...allow('orders.manage'),
  method: 'get',
  path: '/admin/payments/{paymentId}',
  tags: ['admin'],
  summary: 'A payment with what was paid back and what is disputed',
  request: { params: IdSchema },
  responses: { 200: json(PaymentHistorySchema, 'The payment'), 404: problem('No such payment') },
})

const returnFromProvider = createRoute({
  ...allow('public'),
  method: 'get',
  path: '/payments/{paymentId}/return',
  tags: ['payments'],
  summary: 'Where a provider sends the shopper back to',
  request: { params: IdSchema, query: z.object({ signature: z.string().max(100) }) },
  responses: { 303: { description: 'To the order' }, 404: NOBODY },
})

/** Described, and not validated: nothing may read the body before its signature is checked over the bytes as they came. */
const webhook = (provider: 'stripe' | 'paypal') => {
  const { middleware: _, ...permission } = allow('public')
  return {
    ...permission,
    method: 'post' as const,
    path: `/webhooks/${provider}`,
    tags: ['payments'],
    summary: `What ${provider} tells us; its signature is over the very bytes`,
    request: {
      body: { required: true, content: { 'application/json': { schema: z.object({ id: z.string() }).loose() } } },
    },
    responses: {
      200: json(z.object({ received: z.literal(true) }), 'Kept; the work follows'),
      400: problem('The signature does not fit'),
      404: problem('This shop does not take that provider'),
      503: problem('The signature could not be checked; send it again'),
    },
  }
}

type Needs = {
  payments: Payments
  /** Throws `not_found` for who may not see the order. */
  authorise(orderId: string, by: { actor: Actor | undefined; token: string | undefined }): Promise<void>
  /** The page of an order, with what shows it to a guest. */
  orderUrl(orderId: string): string
}

export function paymentRoutes({ payments, authorise, orderUrl }: Needs) {
  const router = createRouter()
  for (const provider of ['stripe', 'paypal'] as const) {
    router.openAPIRegistry.registerPath(webhook(provider))
    router.post(`/webhooks/${provider}`, async (c) => {
      const raw = new Uint8Array(await c.req.arrayBuffer())
      await payments.receiveWebhook(provider, raw, c.req.raw.headers)
      return c.json({ received: true } as const, 200)
    })
  }
  return router
    .openapi(listProviders, (c) => c.json({ items: payments.providers() }, 200))
    .openapi(startPayment, async (c) => {
      const { paymentId } = c.req.valid('param')
      const token = c.req.valid('query').token ?? c.req.valid('header')['x-order-token']
      await authorise((await payments.getPayment(paymentId)).orderId, { actor: c.get('actor'), token })
      return c.json(await payments.start(paymentId), 200)
    })
    .openapi(confirmPayment, async (c) => {
      const { paymentId } = c.req.valid('param')
      const token = c.req.valid('query').token ?? c.req.valid('header')['x-order-token']
      await authorise((await payments.getPayment(paymentId)).orderId, { actor: c.get('actor'), token })
      return c.json(await payments.confirm(paymentId, c.req.valid('json').method), 200)
    })
    .openapi(getHistory, async (c) => c.json(await payments.historyOf(c.req.valid('param').paymentId), 200))
    .openapi(returnFromProvider, async (c) => {
      const { paymentId } = c.req.valid('param')
      payments.verifyReturn(paymentId, c.req.valid('query').signature)
      // A provider that does not answer now is asked again later; the shopper sees their order all the same.
      const payment = await payments.settle(paymentId).catch(() => payments.getPayment(paymentId))
      return c.redirect(orderUrl(payment.orderId), 303)
    })
}
