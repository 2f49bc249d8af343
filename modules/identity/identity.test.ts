import { beforeEach, expect, test } from 'bun:test'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createApp } from '../../edge/app.ts'
import { createModules } from '../index.ts'

const infra = await openTestInfra()
const modules = createModules(infra)
const app = createApp(modules)
beforeEach(emptyTestInfra)

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  app.request(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })

test('register, verify, login', async () => {
  const ada = { email: ' Ada@Example.com', password: 'correct horse battery' }
  expect((await post('/v1/auth/register', ada)).status).toBe(202)
  expect((await post('/v1/auth/login', ada)).status).toBe(401)
  const event = await infra.sql.selectFrom('kernel.outbox').selectAll().executeTakeFirstOrThrow()
  const { requestId } = event.payload as { requestId: string }
  const token = modules.identity.verificationLinkToken(requestId)
  expect((await post('/v1/auth/verify-email', { token })).status).toBe(200)
  expect((await post('/v1/auth/verify-email', { token })).status).toBe(422)
  const res = await post('/v1/auth/login', ada)
  const { accessToken, user } = (await res.json()) as { accessToken: string; user: { id: string; email: string } }
  expect(user.email).toBe('ada@example.com')
  expect(await modules.identity.authenticate(accessToken)).toMatchObject({ userId: user.id, role: 'customer' })
  const me = await app.request('/v1/me/sessions', { headers: { authorization: `Bearer ${accessToken}` } })
  expect([me.status, await me.json()]).toMatchObject([200, { items: [{ current: true }] }])
})

test('a test may sign in somebody of any role', async () => {
  const { signInAs } = await import('./testing.ts')
  const admin = await signInAs(modules.identity, 'admin')
  const { user } = await signInAs(modules.identity)
  const change = (headers: Record<string, string>) =>
    app.request(`/v1/admin/users/${user.id}`, {
      method: 'PATCH',
      body: JSON.stringify({ role: 'retailer' }),
      headers: { 'content-type': 'application/json', ...headers },
    })
  expect((await change({})).status).toBe(401)
  const res = await change(admin.headers)
  expect([res.status, await res.json()]).toMatchObject([200, { role: 'retailer' }])
  const log = await app.request('/v1/admin/audit', { headers: admin.headers })
  expect(await log.json()).toMatchObject({ items: [{ action: 'identity.role_changed' }, {}, {}] })
  expect(await modules.audit.verify()).toMatchObject({ entries: 3, faults: [] })
})
