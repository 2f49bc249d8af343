import { createRoute, z } from '@hono/zod-openapi'
import { actorOf, allow } from '../kernel/access.ts'
import { createRouter, json, PageQuerySchema, pageOf, problem } from '../kernel/http.ts'
import { DeadJobSchema, WaitingJobSchema } from './schema.ts'
import type { Operations } from './service.ts'

const listJobs = createRoute({
  ...allow('jobs.manage'),
  method: 'get',
  path: '/admin/jobs',
  tags: ['admin'],
  summary: 'Background work that failed for good, oldest first',
  request: { query: PageQuerySchema.extend({ cursor: z.uuid().optional() }) },
  responses: { 200: json(pageOf(DeadJobSchema), 'A page of dead jobs'), 400: problem('The cursor does not fit') },
})

const listWaiting = createRoute({
  ...allow('jobs.manage'),
  method: 'get',
  path: '/admin/jobs/waiting',
  tags: ['admin'],
  summary: 'Background work that is still to be done, oldest first',
  request: { query: PageQuerySchema.extend({ cursor: z.uuid().optional() }) },
  responses: { 200: json(pageOf(WaitingJobSchema), 'A page of jobs'), 400: problem('The cursor does not fit') },
})

const retryJob = createRoute({
  ...allow('jobs.manage'),
  method: 'post',
  path: '/admin/jobs/{id}/retry',
  tags: ['admin'],
  summary: 'Put a dead job back to work, with all its attempts anew',
  request: { params: z.object({ id: z.uuid() }) },
  responses: { 204: { description: 'It waits for a worker' }, 404: problem('No such dead job') },
})

export const operationsRoutes = (operations: Operations) =>
  createRouter()
    .openapi(listJobs, async (c) => c.json(await operations.listDeadJobs(c.req.valid('query')), 200))
    .openapi(listWaiting, async (c) => c.json(await operations.listWaitingJobs(c.req.valid('query')), 200))
    .openapi(retryJob, async (c) => {
      await operations.retryDeadJob(c.req.valid('param').id, actorOf(c))
      return c.body(null, 204)
    })
