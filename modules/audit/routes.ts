import { createRoute } from '@hono/zod-openapi'
import { allow } from '../kernel/access.ts'
import { createRouter, json, pageOf, problem } from '../kernel/http.ts'
import { AuditEntrySchema, AuditQuerySchema, VerdictSchema } from './schema.ts'
import type { Audit } from './service.ts'

const list = createRoute({
  ...allow('audit.read'),
  method: 'get',
  path: '/admin/audit',
  tags: ['admin'],
  summary: 'What was done, newest first',
  request: { query: AuditQuerySchema },
  responses: { 200: json(pageOf(AuditEntrySchema), 'A page of the log'), 400: problem('The cursor does not fit') },
})

const verify = createRoute({
  ...allow('audit.read'),
  method: 'post',
  path: '/admin/audit/verify',
  tags: ['admin'],
  summary: 'Read the whole log and say whether an entry was altered, moved or taken out',
  responses: { 200: json(VerdictSchema, 'What was found') },
})

export const auditRoutes = (audit: Audit) =>
  createRouter()
    .openapi(list, async (c) => c.json(await audit.listEntries(c.req.valid('query')), 200))
    .openapi(verify, async (c) => c.json(await audit.verify(), 200))
