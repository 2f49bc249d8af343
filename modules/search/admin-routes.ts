import { createRoute, z } from '@hono/zod-openapi'
import { actorOf, allow } from '../kernel/access.ts'
import { createRouter, json, pageOf, problem } from '../kernel/http.ts'
import { NewRuleSchema, RulePatchSchema, RuleQuerySchema, RuleSchema } from './rule-schema.ts'
import type { Search } from './service.ts'

const shared = { ...allow('search.manage'), tags: ['admin'] }
const params = z.object({ id: z.uuid() })
const refusals = { 401: problem('Nobody is signed in'), 403: problem('Not a retailer or administrator') }

const list = createRoute({
  ...shared,
  method: 'get',
  path: '/admin/search/rules',
  summary: 'Rules of merchandising, newest first',
  request: { query: RuleQuerySchema },
  responses: { 200: json(pageOf(RuleSchema), 'A page'), 400: problem('The cursor does not fit'), ...refusals },
})

const get = createRoute({
  ...shared,
  method: 'get',
  path: '/admin/search/rules/{id}',
  summary: 'One rule',
  request: { params },
  responses: { 200: json(RuleSchema, 'The rule'), 404: problem('No such rule'), ...refusals },
})

const create = createRoute({
  ...shared,
  method: 'post',
  path: '/admin/search/rules',
  summary: 'A new rule; searches follow it at once',
  request: { body: { required: true, content: { 'application/json': { schema: NewRuleSchema } } } },
  responses: { 201: json(RuleSchema, 'Created'), 400: problem('The body does not match'), ...refusals },
})

const change = createRoute({
  ...shared,
  method: 'patch',
  path: '/admin/search/rules/{id}',
  summary: 'Change a rule, or switch it off',
  request: { params, body: { required: true, content: { 'application/json': { schema: RulePatchSchema } } } },
  responses: {
    200: json(RuleSchema, 'Changed'),
    400: problem('The body does not match, or leaves a rule that says nothing'),
    404: problem('No such rule'),
    ...refusals,
  },
})

const remove = createRoute({
  ...shared,
  method: 'delete',
  path: '/admin/search/rules/{id}',
  summary: 'Remove a rule',
  request: { params },
  responses: { 204: { description: 'Gone' }, 404: problem('No such rule'), ...refusals },
})

export const searchAdminRoutes = ({ rules }: Pick<Search, 'rules'>) =>
  createRouter()
    .openapi(list, async (c) => c.json(await rules.listRules(c.req.valid('query')), 200))
    .openapi(get, async (c) => c.json(await rules.getRule(c.req.valid('param').id), 200))
    .openapi(create, async (c) => c.json(await rules.createRule(c.req.valid('json'), actorOf(c)), 201))
    .openapi(change, async (c) =>
      c.json(await rules.changeRule(c.req.valid('param').id, c.req.valid('json'), actorOf(c)), 200),
    )
    .openapi(remove, async (c) => {
      await rules.removeRule(c.req.valid('param').id, actorOf(c))
      return c.body(null, 204)
    })
