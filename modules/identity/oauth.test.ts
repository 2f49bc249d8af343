import { afterAll, beforeEach, describe, expect, spyOn, test } from 'bun:test'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Claims, type Context, Provider } from 'oidc-provider'
import type { OAuthProvider } from '../../db/index.ts'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createApp } from '../../edge/app.ts'
import { createModules } from '../index.ts'
import { signInAs } from './testing.ts'

const SHOP = 'http://shop.test'
const CALLBACK = `${SHOP}/v1/auth/oauth/local/callback`

/** A real OpenID provider on a port of its own, where whoever `person` is signs in without being asked. */
async function openProvider() {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const people = new Map<string, Claims>()
  const state = { person: '', refuses: false }
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'eshotry',
        client_secret: 'a secret of the client',
        redirect_uris: [CALLBACK, CALLBACK.replace('local', 'by-form')],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    pkce: { required: () => true },
    cookies: { keys: ['a key of the provider'] },
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_: unknown, sub: string) => ({ accountId: sub, claims: () => people.get(sub) }),
    async loadExistingGrant({ oidc }: Context) {
      const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId })
      grant.addOIDCScope('openid email')
      await grant.save()
      return grant
    },
  })
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (!request.url?.startsWith('/interaction/')) return answer(request, response)
    const result = state.refuses ? { error: 'access_denied' } : { login: { accountId: state.person } }
    provider.interactionFinished(request, response, result).catch((error: unknown) => response.destroy(error as Error))
  })
  return { issuer, people, state, close: () => server.close() }
}

const provider = await openProvider()
afterAll(() => provider.close())
const infra = await openTestInfra()
const local: OAuthProvider = {
  id: 'local',
  name: 'The house next door',
  issuer: provider.issuer,
  clientId: 'eshotry',
  clientSecret: 'a secret of the client',
  scope: 'openid email',
  responseMode: 'query',
}
const away = { ...local, id: 'away', issuer: 'http://127.0.0.1:9' }
const byForm: OAuthProvider = { ...local, id: 'by-form', responseMode: 'form_post' }
const modules = createModules({ ...infra, oauthProviders: [local, away, byForm] })
const app = createApp(modules)
const { identity } = modules

beforeEach(async () => {
  await emptyTestInfra()
  provider.people.clear()
  provider.state.refuses = false
})

/** A browser, as far as it matters here: cookies by host, and no redirect followed unasked. */
function browser() {
  const jars = new Map<string, Map<string, string>>()
  return {
    async get(url: string): Promise<Response> {
      const { host, origin } = new URL(url)
      const jar = jars.get(host) ?? new Map<string, string>()
      jars.set(host, jar)
      const headers = { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '), accept: 'text/html' }
      const init = { headers, redirect: 'manual' } as const
      const response = await (origin === SHOP ? app.request(url, init) : fetch(url, init))
      for (const line of response.headers.getSetCookie()) {
        const [pair = '', ...attributes] = line.split('; ')
        const [name = '', value = ''] = pair.split(/=(.*)/s)
        if (value === '' || attributes.includes('Max-Age=0')) jar.delete(name)
        else jar.set(name, value)
      }
      return response
    },
    cookie: (name: string) => jars.get(new URL(SHOP).host)?.get(name),
  }
}

type Browser = ReturnType<typeof browser>

/** Follows redirects until one leads to `stop`, which is not opened; returns where it leads. */
async function follow(visitor: Browser, from: string, stop: (url: URL) => boolean): Promise<URL> {
  let url = new URL(from)
  for (let hop = 0; hop < 12; hop++) {
    if (stop(url)) return url
    const response = await visitor.get(url.href)
    const location = response.headers.get('location')
    if (!location) throw new Error(`${url.href} answers ${response.status} ${await response.text()}`)
    url = new URL(location, url)
  }
  throw new Error('It goes round in circles')
}

const START = `${SHOP}/v1/auth/oauth/local/start`
const isCallback = (url: URL) => url.href.startsWith(CALLBACK)
const isPage = (url: URL) => url.origin === SHOP && !url.pathname.startsWith('/v1/')

/** All the way there and back as `person`; where one ends, and who one is then. */
async function signIn(person: Claims, visitor = browser(), start = START) {
  provider.people.set(person.sub, person)
  provider.state.person = person.sub
  const end = await follow(visitor, start, isPage)
  const actor = await identity.authenticate(visitor.cookie('access') ?? '')
  return { end: end.pathname + end.search, actor }
}

describe('sign-in at a provider', () => {
  test('makes an account of the verified mail, and finds it again by the person there, whatever their mail is then', async () => {
    const first = await signIn({ sub: 'ada', email: 'Ada@Example.com', email_verified: true })
    expect([first.end, first.actor?.role]).toEqual(['/account', 'customer'])
    expect(await identity.getUser(first.actor?.userId ?? '')).toMatchObject({
      email: 'Ada@Example.com',
      emailVerified: true,
    })
    const again = await signIn({ sub: 'ada', email: 'countess@example.com', email_verified: true })
    expect(again.actor?.userId).toBe(first.actor!.userId)
    expect((await modules.audit.verify()).entries).toBe(1)
  })

  test('opens the account that has proved the same mail', async () => {
    const { user, email } = await signInAs(identity)
    const { actor } = await signIn({ sub: 'ada', email, email_verified: true })
    expect(actor?.userId).toBe(user.id)
  })

  test('of a mail that the provider has not verified opens nothing', async () => {
    const { email } = await signInAs(identity)
    for (const person of [{ sub: 'eve', email, email_verified: false }, { sub: 'mallory' }])
      expect(await signIn(person)).toEqual({ end: '/login?failed=mail_unverified', actor: undefined })
  })

  test('takes the account from who registered the mail without proving it: their password and sessions are gone', async () => {
    const password = 'a password of somebody else'
    await identity.register({ email: 'ada@example.com', password })
    const { actor } = await signIn({ sub: 'ada', email: 'ada@example.com', email_verified: true })
    expect(await identity.getUser(actor?.userId ?? '')).toMatchObject({ emailVerified: true })
    expect(await identity.login({ email: 'ada@example.com', password }, '')).toEqual({ ok: false, reason: 'wrong' })
  })

  test('leads back to where one came from, and never to another site', async () => {
    const ada = { sub: 'ada', email: 'ada@example.com', email_verified: true }
    for (const [returnTo, end] of [
      ['/checkout?step=2', '/checkout?step=2'],
      ['https://evil.test/', '/account'],
      ['//evil.test/', '/account'],
      ['/\\evil.test', '/account'],
    ] as const)
      expect((await signIn(ada, browser(), `${START}?returnTo=${encodeURIComponent(returnTo)}`)).end).toBe(end)
  })

  test('asks for a code with PKCE, state and nonce', async () => {
    const { searchParams } = new URL((await browser().get(START)).headers.get('location') ?? '')
    expect(searchParams.get('code_challenge_method')).toBe('S256')
    expect(['code_challenge', 'state', 'nonce'].every((name) => (searchParams.get(name) ?? '').length > 20)).toBe(true)
  })

  test('is over when the visitor refuses it there', async () => {
    const log = spyOn(console, 'error').mockImplementation(() => {})
    provider.state.refuses = true
    expect((await signIn({ sub: 'ada' })).end).toBe('/login?failed=provider')
    log.mockRestore()
  })
})

describe('an answer of a provider', () => {
  const ada = { sub: 'ada', email: 'ada@example.com', email_verified: true }

  test('counts only in the browser that went there, and once', async () => {
    provider.people.set('ada', ada)
    provider.state.person = 'ada'
    const [visitor, victim] = [browser(), browser()]
    const callback = await follow(visitor, START, isCallback)
    const stolen = await victim.get(callback.href)
    expect(stolen.headers.get('location')).toBe('/login?failed=expired')
    expect((await visitor.get(callback.href)).headers.get('location')).toBe('/account')
    expect((await visitor.get(callback.href)).headers.get('location')).toBe('/login?failed=expired')
  })

  test('with a code that the provider did not give opens nothing', async () => {
    const log = spyOn(console, 'error').mockImplementation(() => {})
    provider.people.set('ada', ada)
    provider.state.person = 'ada'
    const visitor = browser()
    const callback = await follow(visitor, START, isCallback)
    callback.searchParams.set('code', 'made-up')
    expect((await visitor.get(callback.href)).headers.get('location')).toBe('/login?failed=provider')
    expect(visitor.cookie('access')).toBeUndefined()
    log.mockRestore()
  })
})

test('an answer may come as a form that the page of the provider sends, as Apple does', async () => {
  provider.people.set('ada', { sub: 'ada', email: 'ada@example.com', email_verified: true })
  provider.state.person = 'ada'
  const visitor = browser()
  const start = await visitor.get(START.replace('local', 'by-form'))
  const state = visitor.cookie('oauth')
  let page = await visitor.get(start.headers.get('location') ?? '')
  while (page.headers.has('location'))
    page = await visitor.get(new URL(page.headers.get('location') ?? '', provider.issuer).href)
  const fields = [...(await page.text()).matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)]
  const form = new URLSearchParams(fields.map(([, name = '', value = '']) => [name, value]))
  const send = (cookie: string) =>
    app.request(CALLBACK.replace('local', 'by-form'), {
      method: 'POST',
      body: form,
      headers: { cookie, 'sec-fetch-site': 'cross-site', origin: provider.issuer },
    })
  expect((await send('oauth=another')).headers.get('location')).toBe('/login?failed=expired')
  const arrived = await send(`oauth=${state}`)
  expect(arrived.headers.get('location')).toBe('/account')
  expect(arrived.headers.getSetCookie().some((line) => line.startsWith('access='))).toBe(true)
})

test('the providers of the shop are listed; one that is unknown or away says so', async () => {
  const log = spyOn(console, 'error').mockImplementation(() => {})
  const list = await app.request('/v1/auth/oauth')
  expect(await list.json()).toEqual({
    items: [
      { id: 'local', name: 'The house next door' },
      { id: 'away', name: 'The house next door' },
      { id: 'by-form', name: 'The house next door' },
    ],
  })
  expect((await app.request('/v1/auth/oauth/nobody/start')).status).toBe(404)
  expect((await app.request('/v1/auth/oauth/away/start')).status).toBe(503)
  log.mockRestore()
})
