import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { createHmac } from 'node:crypto'
import { drainJobs, emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createModules } from '../index.ts'
import type { Actor } from '../kernel/access.ts'
import { publish } from '../kernel/events.ts'
import { createNotify } from './index.ts'
import type { Resolve } from './post-outside.ts'
import { RETRY_SECONDS } from './pure/webhook.ts'
import { signatureHeaders } from './webhook-signature.ts'

const infra = await openTestInfra()
const { vault, audit, identity, orders } = createModules(infra)
let clock = new Date()
const now = () => clock
const loopback: Resolve = async () => [{ address: '127.0.0.1', family: 4 }]

/** A shop whose clock the test moves, and that may call the test's own server. */
function shopWith(change: { webhooksAllowPrivate?: boolean; resolve?: Resolve } = {}) {
  const needs = { ...infra, vault, audit, identity, orders, now, webhooksAllowPrivate: true, ...change }
  const notify = createNotify(needs)
  const handlers = {
    'orders.placed': {
      webhooks: (payload: { orderId: string }) => notify.announce('orders.placed', payload),
    },
  }
  const jobs = { 'notify.deliver_webhook': notify.deliver }
  return { ...notify, drain: (ahead = false) => drainJobs({ infra, handlers, jobs, schedules: {} }, { ahead }) }
}
const shop = shopWith()

type Call = { path: string; headers: Headers; body: string }
let calls: Call[] = []
let answer: (call: Call) => Response | Promise<Response> = () => new Response('ok')
const receiver = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: async (request) => {
    const call = { path: new URL(request.url).pathname, headers: request.headers, body: await request.text() }
    calls.push(call)
    return answer(call)
  },
})
const url = `http://127.0.0.1:${receiver.port}/hook`
const admin: Actor = { userId: infra.newId(), role: 'admin', sessionId: infra.newId() }

const create = async (change: { url?: string; events?: ('orders.placed' | 'orders.paid')[] } = {}) => {
  const created = await shop.createEndpoint(admin, { url, events: ['orders.placed'], description: '', ...change })
  if (!created.ok) throw new Error(created.reason)
  return { ...created.endpoint, secret: created.secret }
}
const placed = async (orderId = infra.newId()) => {
  await infra.sql.transaction().execute((tx) => publish('orders.placed', { orderId }, tx))
  return orderId
}
const log = async (endpointId: string) => (await shop.listDeliveries(endpointId, { limit: 50 })).items
const signedBy = ({ headers, body }: Call, secret: string) => {
  const text = `${headers.get('webhook-id')}.${headers.get('webhook-timestamp')}.${body}`
  const key = Buffer.from(secret.slice('whsec_'.length), 'base64')
  return `v1,${createHmac('sha256', key).update(text).digest('base64')}`
}
const signatures = ({ headers }: Call) => headers.get('webhook-signature')?.split(' ') ?? []

beforeEach(async () => {
  await emptyTestInfra()
  calls = []
  clock = new Date()
  answer = () => new Response('ok')
})
afterEach(() => {
  answer = () => new Response('ok')
})

test('a signature is the one that the specification gives as its example', () => {
  const headers = signatureHeaders(
    { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: new Date(1614265330_000), body: '{"test": 2432232314}' },
    ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  )
  expect(headers).toEqual({
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  })
})

describe('an event', () => {
  test('reaches those that listen, signed, with ids and nothing of people', async () => {
    const endpoint = await create()
    await create({ events: ['orders.paid'], url: `${url}/paid` })
    const orderId = await placed()
    await shop.drain()
    expect(calls).toHaveLength(1)
    const [call] = calls
    expect(JSON.parse(call!.body)).toEqual({ type: 'orders.placed', timestamp: expect.any(String), data: { orderId } })
    expect(signatures(call!)).toEqual([signedBy(call!, endpoint.secret)])
    expect(call!.headers.get('content-type')).toBe('application/json')
    const [delivery] = await log(endpoint.id)
    expect(delivery).toMatchObject({ status: 'delivered', attempts: 1, messageId: call!.headers.get('webhook-id') })
    expect((await shop.getDelivery(endpoint.id, delivery!.id)).log).toMatchObject([{ status: 200, error: null }])
  })

  test('that is heard twice is sent once', async () => {
    await create()
    const orderId = await placed()
    await shop.drain()
    await placed(orderId)
    await shop.drain()
    expect(calls).toHaveLength(1)
  })

  test('that is not taken is tried again, ever later, with the same id and body, until it is', async () => {
    const endpoint = await create()
    answer = () => new Response('', { status: calls.length < 3 ? 503 : 204 })
    await placed()
    await shop.drain()
    const [waiting] = await log(endpoint.id)
    expect(waiting).toMatchObject({ status: 'waiting', attempts: 1 })
    const wait = Date.parse(waiting!.nextAt ?? '') - clock.getTime()
    expect(wait).toBe(RETRY_SECONDS[0] * 1000)
    await shop.drain(true)
    expect(calls.map(({ headers }) => headers.get('webhook-id'))).toEqual(Array(3).fill(waiting!.messageId))
    expect(new Set(calls.map(({ body }) => body)).size).toBe(1)
    expect(await log(endpoint.id)).toMatchObject([{ status: 'delivered', attempts: 3 }])
    expect((await shop.getEndpoint(endpoint.id)).failingSince).toBeNull()
  })

  test('that is never taken has failed after ten tries, and can be sent again by hand', async () => {
    const endpoint = await create()
    answer = () => new Response('', { status: 500 })
    await placed()
    await shop.drain(true)
    expect(calls).toHaveLength(RETRY_SECONDS.length + 1)
    const [failed] = await log(endpoint.id)
    expect(failed).toMatchObject({ status: 'failed', nextAt: null })
    answer = () => new Response('')
    await shop.redeliver(endpoint.id, failed!.id)
    await shop.drain()
    expect((await log(endpoint.id))[0]).toMatchObject({ status: 'delivered' })
    expect(calls.at(-1)!.headers.get('webhook-id')).toBe(failed!.messageId)
  })

  test('follows no redirect', async () => {
    const endpoint = await create()
    answer = ({ path }) =>
      path === '/hook' ? new Response('', { status: 302, headers: { location: '/inside' } }) : new Response('secret')
    await placed()
    await shop.drain()
    expect(calls.map(({ path }) => path)).toEqual(['/hook'])
    expect((await log(endpoint.id))[0]).toMatchObject({ status: 'waiting' })
  })
})

describe('an endpoint', () => {
  test('that has taken nothing for five days is asked no more, and is told why', async () => {
    const endpoint = await create()
    answer = () => new Response('', { status: 500 })
    await placed()
    await shop.drain()
    clock = new Date(clock.getTime() + 5 * 86_400_000)
    await placed()
    await shop.drain()
    expect(await shop.getEndpoint(endpoint.id)).toMatchObject({
      enabled: false,
      disabledReason: 'It has taken nothing for five days',
    })
    calls = []
    await placed()
    await shop.drain(true)
    expect(calls).toEqual([])
    await shop.changeEndpoint(admin, endpoint.id, { enabled: true })
    expect(await shop.getEndpoint(endpoint.id)).toMatchObject({ enabled: true, disabledReason: null })
  })

  test('that says it is gone is asked no more at once', async () => {
    const endpoint = await create()
    answer = () => new Response('', { status: 410 })
    await placed()
    await shop.drain(true)
    expect(calls).toHaveLength(1)
    expect((await shop.getEndpoint(endpoint.id)).enabled).toBe(false)
  })

  test('gets both signatures for a day after its secret was exchanged', async () => {
    const endpoint = await create()
    const secret = await shop.rotateSecret(admin, endpoint.id)
    await shop.ping(endpoint.id)
    expect(signatures(calls[0]!)).toEqual([signedBy(calls[0]!, secret), signedBy(calls[0]!, endpoint.secret)])
    clock = new Date(clock.getTime() + 86_400_001)
    await shop.ping(endpoint.id)
    expect(signatures(calls[1]!)).toEqual([signedBy(calls[1]!, secret)])
  })

  test('shows its secret once; at rest it is sealed, and gone with the endpoint', async () => {
    const endpoint = await create()
    expect(endpoint.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(JSON.stringify(await shop.listEndpoints({ limit: 10 }))).not.toContain('whsec_')
    const dump = JSON.stringify(await infra.sql.selectFrom('notify.endpoint').selectAll().execute())
    expect(dump).not.toContain(endpoint.secret.slice(6))
    await shop.removeEndpoint(admin, endpoint.id)
    const keys = await infra.sql.selectFrom('vault.data_key').select('subject_id').execute()
    expect(keys.map(({ subject_id }) => subject_id)).not.toContain(endpoint.id)
    await expect(shop.getEndpoint(endpoint.id)).rejects.toThrow('No webhook')
    const actions = await infra.sql.selectFrom('audit.entry').select('action').orderBy('id').execute()
    expect(actions.map(({ action }) => action)).toEqual(['webhooks.create', 'webhooks.delete'])
  })

  test('can be tried by a ping, which tells what came back', async () => {
    const endpoint = await create()
    answer = () => new Response('', { status: 418 })
    expect(await shop.ping(endpoint.id)).toMatchObject({
      event: 'webhook.ping',
      status: 'failed',
      log: [{ status: 418, error: null }],
    })
    await create({ url: 'http://127.0.0.1:1/nobody' })
    const [{ id } = { id: '' }] = (await shop.listEndpoints({ limit: 1 })).items
    expect(await shop.ping(id)).toMatchObject({ status: 'failed', log: [{ status: null, error: 'econnrefused' }] })
  })
})

const mixed: Resolve = async () => [
  { address: '8.8.8.8', family: 4 },
  { address: 'fe80::1', family: 6 },
]

describe('a target inside', () => {
  const strict = shopWith({ webhooksAllowPrivate: false })
  const ask = async (target: string, resolve?: Resolve) => {
    const one = resolve ? shopWith({ webhooksAllowPrivate: false, resolve }) : strict
    const made = await one.createEndpoint(admin, { url: target, events: ['orders.placed'], description: '' })
    return made.ok ? 'taken' : made.reason
  }

  test.each([
    ['http://example.com/', 'not_https'],
    ['https://user:word@example.com/', 'has_credentials'],
    ['https://127.0.0.1/', 'not_public'],
    ['https://2130706433/', 'not_public'],
    ['https://0x7f.1/', 'not_public'],
    ['https://localhost/', 'not_public'],
    ['https://10.1.2.3:8443/', 'not_public'],
    ['https://169.254.169.254/latest/meta-data', 'not_public'],
    ['https://[::1]/', 'not_public'],
    ['https://[fd00:ec2::254]/', 'not_public'],
    ['https://[::ffff:192.168.0.1]/', 'not_public'],
  ])('%s is refused as %s', async (target, reason) => {
    expect(await ask(target)).toBe(reason)
  })

  test('is refused by name too, when any of its addresses is inside or it has none', async () => {
    expect(await ask('https://hook.example/', loopback)).toBe('not_public')
    expect(await ask('https://hook.example/', mixed)).toBe('not_public')
    expect(await ask('https://hook.example/', async () => [])).toBe('not_resolvable')
    expect(await ask('https://hook.example/', async () => [{ address: '8.8.8.8', family: 4 }])).toBe('taken')
  })

  test('is not reached by a name that was public when it was created and is not when it is called', async () => {
    let asked = 0
    const rebinding: Resolve = async () => [{ address: asked++ === 0 ? '8.8.8.8' : '127.0.0.1', family: 4 }]
    const one = shopWith({ webhooksAllowPrivate: false, resolve: rebinding })
    const target = `https://hook.example:${receiver.port}/hook`
    const made = await one.createEndpoint(admin, { url: target, events: ['orders.placed'], description: '' })
    if (!made.ok) throw new Error(made.reason)
    expect(await one.ping(made.endpoint.id)).toMatchObject({ log: [{ status: null, error: 'not_public' }] })
    expect([calls, asked]).toEqual([[], 2])
  })

  test('is not reached by an endpoint that was created when such targets were allowed', async () => {
    const endpoint = await create()
    expect(await strict.ping(endpoint.id)).toMatchObject({ log: [{ status: null, error: 'not_public' }] })
    const named = shopWith({ resolve: loopback })
    const made = await named.createEndpoint(admin, {
      url: 'http://hook.example/',
      events: ['orders.placed'],
      description: '',
    })
    if (!made.ok) throw new Error(made.reason)
    expect(await strict.ping(made.endpoint.id)).toMatchObject({ log: [{ status: null, error: 'not_https' }] })
    expect(calls).toEqual([])
  })
})
