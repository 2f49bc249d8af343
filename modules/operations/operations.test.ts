import { beforeEach, expect, test } from 'bun:test'
import { drainJobs, emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createAudit } from '../audit/index.ts'
import type { Actor, AppEnv } from '../kernel/access.ts'
import { createRouter } from '../kernel/http.ts'
import { operationsRoutes } from './routes.ts'
import { createOperations } from './service.ts'

const infra = await openTestInfra()
beforeEach(async () => {
  await emptyTestInfra()
  done.length = 0
})

const admin: Actor = { userId: infra.newId(), role: 'admin', sessionId: infra.newId() }
const operations = createOperations({ ...infra, audit: createAudit(infra) })
const app = createRouter()
app.use(async (c, next) => {
  c.set('actor', admin satisfies AppEnv['Variables']['actor'])
  await next()
})
app.route('/v1', operationsRoutes(operations))

let broken = true
const done: string[] = []
const jobs = {
  'mail.send': async ({ to }: { to: string }) => {
    if (broken) throw new Error('the server hangs up')
    done.push(to)
  },
}
const shop = { infra, handlers: {}, jobs, schedules: {} }

const list = async (query = '') =>
  (await (await app.request(`/v1/admin/jobs${query}`)).json()) as { items: { id: string }[]; nextCursor: string | null }

test('a job that failed as often as it may is shown with its error, and is done when it is retried', async () => {
  broken = true
  await infra.jobs.enqueue('mail.send', { to: 'order 1' })
  await drainJobs(shop, { mayFail: true, ahead: true })
  const { items, nextCursor } = await list()
  const job = { name: 'mail.send', payload: { to: 'order 1' }, attempts: 13, error: 'Error: the server hangs up' }
  expect([items, nextCursor]).toEqual([[expect.objectContaining(job)], null])

  broken = false
  const retry = () => app.request(`/v1/admin/jobs/${items[0]?.id}/retry`, { method: 'POST' })
  expect((await retry()).status).toBe(204)
  await drainJobs(shop)
  expect(done).toEqual(['order 1'])
  expect((await list()).items).toEqual([])
  expect(operations.retryDeadJob(items[0]?.id ?? '', admin)).rejects.toMatchObject({ code: 'not_found' })
})

test('a job that waits is listed with what failed so far, until it is done', async () => {
  broken = true
  await infra.jobs.enqueue('mail.send', { to: 'order 3' })
  const job = { name: 'mail.send', payload: { to: 'order 3' } }
  expect((await list('/waiting')).items).toEqual([expect.objectContaining({ ...job, failures: 0 })])
  await drainJobs(shop, { mayFail: true })
  expect((await list('/waiting')).items).toEqual([expect.objectContaining({ ...job, failures: 1 })])
  broken = false
  await drainJobs(shop, { ahead: true })
  expect((await list('/waiting')).items).toEqual([])
})

test('many are read page by page', async () => {
  broken = true
  for (let i = 0; i < 3; i++) await infra.jobs.enqueue('mail.send', { to: String(i) })
  await drainJobs(shop, { mayFail: true, ahead: true })
  const first = await list('?limit=2')
  const second = await list(`?limit=2&cursor=${first.nextCursor}`)
  expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null])
  expect(operations.listDeadJobs({ limit: 2, cursor: infra.newId() })).rejects.toMatchObject({ code: 'invalid' })
  expect(new Set([...first.items, ...second.items].map(({ id }) => id)).size).toBe(3)
})
