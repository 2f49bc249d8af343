import { createRoute } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { actorOf, allow, type AppEnv } from '../kernel/access.ts'
import { createRouter, json, problem } from '../kernel/http.ts'
import { isPurpose, readAsking } from './pure/asking.ts'
import { ClaimedSchema, EventBatchSchema, IntakeSchema, VisitorClaimSchema } from './schema.ts'
import type { Analytics } from './service.ts'

const tags = ['events']

const takeEvents = createRoute({
  ...allow('public'),
  method: 'post',
  path: '/events',
  tags,
  summary: 'Say what a visitor did, up to a hundred events at once',
  description:
    'Kept under a pseudonym, and only with the consent `analytics`. Safe to send again: an id counts once. ' +
    '`navigator.sendBeacon` sends it with a Blob of the type application/json.',
  request: { body: { required: true, content: { 'application/json': { schema: EventBatchSchema } } } },
  responses: { 202: json(IntakeSchema, 'What became of them'), 400: problem('An event does not fit') },
})

const forgetEvents = createRoute({
  ...allow('public'),
  method: 'delete',
  path: '/events',
  tags,
  summary: 'Forget what you did here: as a signed-in user, else as the visitor of the header or the cookie',
  responses: { 204: { description: 'Nothing of it is kept' } },
})

const claimEvents = createRoute({
  ...allow('account'),
  method: 'post',
  path: '/events/claim',
  tags,
  summary: 'Take what you did here as a visitor into your account',
  description:
    'To be said once after signing in. What the account or the visitor does not allow is not taken but forgotten. Nothing ' +
    'stays under the id of the visitor, nor what comes under it in the next minutes: make another for who comes after.',
  request: { body: { required: true, content: { 'application/json': { schema: VisitorClaimSchema } } } },
  responses: { 200: json(ClaimedSchema, 'How much it was'), 400: problem('That is no id of a visitor') },
})

const askingOf = (c: Context<AppEnv>) => readAsking((name) => c.req.header(name), c.get('actor'))

export function analyticsRoutes(analytics: Analytics) {
  return createRouter()
    .openapi(takeEvents, async (c) => c.json(await analytics.takeEvents(c.req.valid('json'), askingOf(c)), 202))
    .openapi(claimEvents, async (c) => {
      const { visitor, consents } = c.req.valid('json')
      const asking = askingOf(c)
      const claimed = await analytics.claimVisitor(actorOf(c).userId, {
        visitor: visitor ?? asking.visitor,
        consents: consents?.filter(isPurpose) ?? asking.consents,
      })
      return c.json({ claimed }, 200)
    })
    .openapi(forgetEvents, async (c) => {
      await analytics.forgetAsker(askingOf(c))
      return c.body(null, 204)
    })
}
