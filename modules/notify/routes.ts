import { createRoute, z } from '@hono/zod-openapi'
import { actorOf, allow } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import { createRouter, json, problem } from '../kernel/http.ts'
import {
  DeliveryPageSchema,
  DeliveryQuerySchema,
  DeliverySchema,
  EmailPageSchema,
  EmailQuerySchema,
  EndpointChangeSchema,
  EndpointPageSchema,
  EndpointQuerySchema,
  EndpointSchema,
  EndpointWithSecretSchema,
  NewEndpointSchema,
  WholeDeliverySchema,
  WholeEmailSchema,
} from './schema.ts'
import type { Notify } from './service.ts'

const IdSchema = z.object({ id: z.uuid() })
const DeliveryIdSchema = IdSchema.extend({ deliveryId: z.uuid() })
const tags = ['admin']
const body = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { 'application/json': { schema } } },
})
const badTarget = problem('The shop may not post there; `details.reason` says why')
const noWebhook = problem('No such webhook')

const listEmails = createRoute({
  ...allow('mail.read'),
  method: 'get',
  path: '/admin/emails',
  tags,
  summary: 'Mail that was sent or waits, the newest first',
  request: { query: EmailQuerySchema },
  responses: { 200: json(EmailPageSchema, 'A page of it'), 400: problem('A filter or cursor does not fit') },
})

const getEmail = createRoute({
  ...allow('mail.read'),
  method: 'get',
  path: '/admin/emails/{id}',
  tags,
  summary: 'One mail, whole where no mail server is set',
  request: { params: IdSchema },
  responses: { 200: json(WholeEmailSchema, 'The mail'), 404: problem('No such mail') },
})

const listWebhooks = createRoute({
  ...allow('webhooks.manage'),
  method: 'get',
  path: '/admin/webhooks',
  tags,
  summary: 'Who is told of what happens',
  request: { query: EndpointQuerySchema },
  responses: { 200: json(EndpointPageSchema, 'The newest first'), 400: problem('The cursor does not fit') },
})

const createWebhook = createRoute({
  ...allow('webhooks.manage'),
  method: 'post',
  path: '/admin/webhooks',
  tags,
  summary: 'Have an address told of events',
  description:
    'Messages are signed as Standard Webhooks 1.0.0 says (`webhook-id`, `webhook-timestamp`, `webhook-signature`), come at ' +
    'least once and in any order, and are tried for about three days.',
  request: body(NewEndpointSchema),
  responses: {
    201: json(EndpointWithSecretSchema, 'Created; the secret is shown this once'),
    400: problem('A field does not fit'),
    422: badTarget,
  },
})

const getWebhook = createRoute({
  ...allow('webhooks.manage'),
  method: 'get',
  path: '/admin/webhooks/{id}',
  tags,
  summary: 'One webhook',
  request: { params: IdSchema },
  responses: { 200: json(EndpointSchema, 'The webhook'), 404: noWebhook },
})

const changeWebhook = createRoute({
  ...allow('webhooks.manage'),
  method: 'patch',
  path: '/admin/webhooks/{id}',
  tags,
  summary: 'Change, disable or enable a webhook',
  request: { params: IdSchema, ...body(EndpointChangeSchema) },
  responses: {
    200: json(EndpointSchema, 'As it is now'),
    400: problem('A field does not fit'),
    404: noWebhook,
    422: badTarget,
  },
})

const removeWebhook = createRoute({
  ...allow('webhooks.manage'),
  method: 'delete',
  path: '/admin/webhooks/{id}',
  tags,
  summary: 'Remove a webhook and its log',
  request: { params: IdSchema },
  responses: { 204: { description: 'Removed' }, 404: noWebhook },
})

const rotateSecret = createRoute({
  ...allow('webhooks.manage'),
  method: 'post',
  path: '/admin/webhooks/{id}/rotate',
  tags,
  summary: 'Exchange the secret; for a day messages carry both signatures',
  request: { params: IdSchema },
  responses: { 200: json(z.object({ secret: z.string() }), 'Shown this once'), 404: noWebhook },
})

const pingWebhook = createRoute({
  ...allow('webhooks.manage'),
  method: 'post',
  path: '/admin/webhooks/{id}/ping',
  tags,
  summary: 'Send a test message at once',
  request: { params: IdSchema },
  responses: { 200: json(WholeDeliverySchema, 'What came back'), 404: noWebhook },
})

const listDeliveries = createRoute({
  ...allow('webhooks.manage'),
  method: 'get',
  path: '/admin/webhooks/{id}/deliveries',
  tags,
  summary: 'What was sent to a webhook, the newest first',
  request: { params: IdSchema, query: DeliveryQuerySchema },
  responses: { 200: json(DeliveryPageSchema, 'A page of it'), 400: problem('A filter does not fit'), 404: noWebhook },
})

const getDelivery = createRoute({
  ...allow('webhooks.manage'),
  method: 'get',
  path: '/admin/webhooks/{id}/deliveries/{deliveryId}',
  tags,
  summary: 'One message with every attempt at it',
  request: { params: DeliveryIdSchema },
  responses: { 200: json(WholeDeliverySchema, 'The message'), 404: problem('No such message') },
})

const redeliver = createRoute({
  ...allow('webhooks.manage'),
  method: 'post',
  path: '/admin/webhooks/{id}/deliveries/{deliveryId}/redeliver',
  tags,
  summary: 'Send a message again',
  request: { params: DeliveryIdSchema },
  responses: { 202: json(DeliverySchema, 'It waits to be sent'), 404: problem('No such message') },
})

const refused = (reason: string) => new AppError('refused', 'The shop may not post to this address', { reason })

export function notifyRoutes(notify: Notify) {
  return createRouter()
    .openapi(listEmails, async (c) => c.json(await notify.listEmails(c.req.valid('query')), 200))
    .openapi(getEmail, async (c) => c.json(await notify.getEmail(c.req.valid('param').id), 200))
    .openapi(listWebhooks, async (c) => c.json(await notify.listEndpoints(c.req.valid('query')), 200))
    .openapi(createWebhook, async (c) => {
      const created = await notify.createEndpoint(actorOf(c), c.req.valid('json'))
      if (!created.ok) throw refused(created.reason)
      return c.json({ ...created.endpoint, secret: created.secret }, 201, { 'cache-control': 'no-store' })
    })
    .openapi(getWebhook, async (c) => c.json(await notify.getEndpoint(c.req.valid('param').id), 200))
    .openapi(changeWebhook, async (c) => {
      const changed = await notify.changeEndpoint(actorOf(c), c.req.valid('param').id, c.req.valid('json'))
      if (!changed.ok) throw refused(changed.reason)
      return c.json(changed.endpoint, 200)
    })
    .openapi(removeWebhook, async (c) => {
      await notify.removeEndpoint(actorOf(c), c.req.valid('param').id)
      return c.body(null, 204)
    })
    .openapi(rotateSecret, async (c) => {
      const secret = await notify.rotateSecret(actorOf(c), c.req.valid('param').id)
      return c.json({ secret }, 200, { 'cache-control': 'no-store' })
    })
    .openapi(pingWebhook, async (c) => c.json(await notify.ping(c.req.valid('param').id), 200))
    .openapi(listDeliveries, async (c) =>
      c.json(await notify.listDeliveries(c.req.valid('param').id, c.req.valid('query')), 200),
    )
    .openapi(getDelivery, async (c) => {
      const { id, deliveryId } = c.req.valid('param')
      return c.json(await notify.getDelivery(id, deliveryId), 200)
    })
    .openapi(redeliver, async (c) => {
      const { id, deliveryId } = c.req.valid('param')
      return c.json(await notify.redeliver(id, deliveryId), 202)
    })
}
