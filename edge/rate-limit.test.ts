import { beforeEach, describe, expect, test } from 'bun:test'
import { emptyTestInfra, openTestInfra } from '../db/testing.ts'
import { signInAs } from '../modules/identity/testing.ts'
import { createModules } from '../modules/index.ts'
import { createApp } from './app.ts'
import { memoryCache } from '../db/cache/memory.ts'

const infra = await openTestInfra()
const modules = createModules(infra)
beforeEach(emptyTestInfra)

/** A shop with empty counters, called from `address`. */
function shop(limits: { perMinute: number; trustedProxies: number }) {
  const own = { ...infra, cache: memoryCache({ now: Date.now }) }
  const app = createApp({ ...modules, infra: own }, undefined, limits)
  return (path: string, address: string | undefined, init: RequestInit = {}) =>
    app.request(path, init, address ? { requestIP: () => ({ address }) } : undefined)
}

const spoof = (address: string) => ({ headers: { 'x-forwarded-for': `6.6.6.6, ${address}` } })
const LIMITS = { perMinute: 3, trustedProxies: 0 }

describe('a caller', () => {
  test('has so many requests a minute on each route, and is told how many are left', async () => {
    const ask = shop(LIMITS)
    const left: (string | null)[] = []
    for (let i = 0; i < 3; i++)
      left.push((await ask(`/v1/products/no-${i}`, '10.0.0.1')).headers.get('ratelimit-remaining'))
    expect(left).toEqual(['2', '1', '0'])
    const refused = await ask('/v1/products/no-4', '10.0.0.1')
    expect([refused.status, (await refused.json()) as object]).toMatchObject([429, { code: 'rate_limited' }])
    expect(refused.headers.get('ratelimit-limit')).toBe('3')
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await ask('/v1/categories', '10.0.0.1')).status).toBe(200)
    expect((await ask('/v1/products/no-5', '10.0.0.2')).status).toBe(404)
  })

  test('who is signed in is counted by user, wherever the requests come from', async () => {
    const ask = shop(LIMITS)
    const [ada, bob] = [await signInAs(modules.identity), await signInAs(modules.identity)]
    const sessions = (who: typeof ada, address: string) => ask('/v1/me/sessions', address, { headers: who.headers })
    for (let i = 0; i < 3; i++) expect((await sessions(ada, `10.0.0.${i}`)).status).toBe(200)
    expect((await sessions(ada, '10.0.0.9')).status).toBe(429)
    expect((await sessions(bob, '10.0.0.9')).status).toBe(200)
  })

  test('has one count on all of sign-in, by address, whatever the token says', async () => {
    const ask = shop({ perMinute: 1000, trustedProxies: 0 })
    const forgot = (address: string, headers = {}) =>
      ask('/v1/auth/reset-password', address, { method: 'POST', headers })
    const { headers } = await signInAs(modules.identity)
    for (let i = 0; i < 30; i++) expect((await forgot('10.0.0.1', i % 2 ? headers : {})).status).not.toBe(429)
    expect((await forgot('10.0.0.1')).status).toBe(429)
    expect((await ask('/v1/auth/login', '10.0.0.1', { method: 'POST' })).status).toBe(429)
    expect((await forgot('10.0.0.2')).status).not.toBe(429)
  })

  test('with a network of IPv6 addresses is one caller', async () => {
    const ask = shop(LIMITS)
    for (let i = 0; i < 3; i++) await ask('/v1/categories', `2001:db8:0:1::${i}`)
    expect((await ask('/v1/categories', '2001:db8:0:1::99')).status).toBe(429)
    expect((await ask('/v1/categories', '2001:db8:0:2::99')).status).toBe(200)
    // The same network in short and in long: `::` may stand for a part of it.
    for (const address of ['2001:db8::1', '2001:db8::a:0:0:2', '2001:db8:0:0:b::3'])
      await ask('/v1/categories', address)
    expect((await ask('/v1/categories', '2001:db8::c:4')).status).toBe(429)
    expect((await ask('/v1/categories', '::1')).status).toBe(200)
  })

  test('cannot name another address, unless it stands behind a proxy of ours', async () => {
    const open = shop(LIMITS)
    for (let i = 0; i < 3; i++) await open('/v1/categories', '10.0.0.1', spoof(`7.0.0.${i}`))
    expect((await open('/v1/categories', '10.0.0.1', spoof('7.0.0.9'))).status).toBe(429)
    const proxied = shop({ ...LIMITS, trustedProxies: 1 })
    for (let i = 0; i < 4; i++)
      expect((await proxied('/v1/categories', '10.0.0.1', spoof(`7.0.0.${i}`))).status).toBe(200)
  })
})

test('our own pages in process, and a shop without a limit, count nothing', async () => {
  const inside = shop(LIMITS)
  const unlimited = shop({ ...LIMITS, perMinute: 0 })
  for (let i = 0; i < 5; i++) {
    const answers = [await inside('/v1/categories', undefined), await unlimited('/v1/categories', '10.0.0.1')]
    for (const { status, headers } of answers) expect([status, headers.has('ratelimit-limit')]).toEqual([200, false])
  }
})
