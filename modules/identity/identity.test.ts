import { beforeEach, describe, expect, test } from 'bun:test'
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import { memoryCache } from '../../db/cache/memory.ts'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createApp } from '../../edge/app.ts'
import { createModules } from '../index.ts'
import { delaySeconds } from './lockout.ts'
import { signInAs } from './testing.ts'

const infra = await openTestInfra()
let time = Date.now()
const later = (seconds: number) => {
  time += seconds * 1000
}
const now = () => new Date(time)

/** A shop that has just started, on an empty database, with its counters on our clock. */
function start() {
  const cache = memoryCache({ now: () => time })
  const modules = createModules({ ...infra, cache, now })
  return { cache, modules, identity: modules.identity, app: createApp(modules) }
}
let { cache, modules, identity, app } = start()
beforeEach(async () => {
  await emptyTestInfra()
  ;({ cache, modules, identity, app } = start())
})

const ada = { email: 'ada@example.com', password: 'correct horse battery' }
const OWN = { 'sec-fetch-site': 'same-origin' }

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  app.request(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
  })

/** What a caller can tell one answer from another by. */
async function answerOf(answer: Response | Promise<Response>) {
  const response = await answer
  const { requestId: _, ...body } = (await response.json()) as Record<string, unknown>
  return { status: response.status, headers: [...response.headers.keys()].toSorted(), body }
}

/** The request that the last mail is about. */
async function lastRequest() {
  const { name, payload } = await infra.sql
    .selectFrom('kernel.outbox')
    .select(['name', 'payload'])
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
  return { name, ...(payload as { userId: string; requestId: string }) }
}

async function register(account = ada) {
  expect((await post('/v1/auth/register', account)).status).toBe(202)
  const { requestId, userId } = await lastRequest()
  return { userId, token: identity.verificationLinkToken(requestId) }
}

async function registered(account = ada) {
  const { userId, token } = await register(account)
  expect((await post('/v1/auth/verify-email', { token })).status).toBe(200)
  return userId
}

const cookiesOf = (response: Response) =>
  Object.fromEntries(response.headers.getSetCookie().map((line) => line.split(';')[0]!.split(/=(.*)/s).slice(0, 2)))
const cookieHeader = (cookies: Record<string, string>) => ({
  cookie: Object.entries(cookies)
    .map(([name, value]) => `${name}=${value}`)
    .join('; '),
})

async function login(account = ada) {
  const response = await post('/v1/auth/login', account)
  expect(response.status).toBe(200)
  const { accessToken } = (await response.clone().json()) as { accessToken: string }
  return { response, accessToken, cookies: cookiesOf(response), bearer: { authorization: `Bearer ${accessToken}` } }
}

const refresh = (token: string) => post('/v1/auth/refresh', {}, { ...OWN, cookie: `refresh=${token}` })

describe('an account', () => {
  test('is asked for, proved by mail, and opened by its password, however its address is typed', async () => {
    const { userId, token } = await register({ ...ada, email: ' Ada@Example.COM ' })
    expect((await post('/v1/auth/login', ada)).status).toBe(401)
    expect((await post('/v1/auth/verify-email', { token })).status).toBe(200)
    const { accessToken, response } = await login()
    expect(await identity.authenticate(accessToken)).toMatchObject({ userId, role: 'customer' })
    expect(response.headers.get('cache-control')).toBe('no-store')
  })

  test('is proved only by the whole link, once, in time, and by the last one that was sent', async () => {
    const first = await register()
    const { token } = await register()
    for (const wrong of [first.token, `${token}x`, token.split('.')[0], 'x', '..'])
      expect((await post('/v1/auth/verify-email', { token: wrong })).status).toBe(422)
    const reset = identity.resetLinkToken((await lastRequest()).requestId)
    expect((await post('/v1/auth/verify-email', { token: reset })).status).toBe(422)
    later(24 * 3600)
    expect((await post('/v1/auth/verify-email', { token })).status).toBe(422)
    const fresh = await register()
    expect((await post('/v1/auth/verify-email', { token: fresh.token })).status).toBe(200)
    expect((await post('/v1/auth/verify-email', { token: fresh.token })).status).toBe(422)
  })

  test.each([
    ['before', [{ ...ada, password: 'of somebody else' }, ada]],
    ['after', [ada, { ...ada, password: 'of somebody else' }]],
  ])('that somebody else asked for %s its owner opens to who gets the mail alone', async (_when, askers) => {
    const links: string[] = []
    for (const asker of askers) links.push((await register(asker)).token)
    const asked = await lastRequest()
    expect((await identity.findMailRequest(asked.requestId))?.kind).toBe('known')
    for (const token of links) expect((await post('/v1/auth/verify-email', { token })).status).toBe(422)
    const chosen = { token: identity.resetLinkToken(asked.requestId), password: 'chosen by who has the mail' }
    expect((await post('/v1/auth/reset-password', chosen)).status).toBe(200)
    for (const asker of askers) expect((await post('/v1/auth/login', asker)).status).toBe(401)
    await login({ ...ada, password: chosen.password })
  })

  test('needs a password that is long enough, and an address', async () => {
    for (const wrong of [
      { ...ada, password: 'short' },
      { ...ada, email: 'ada' },
    ])
      expect((await post('/v1/auth/register', wrong)).status).toBe(400)
  })

  test('lies in the database with nothing that tells whose it is', async () => {
    await registered()
    await login()
    await post('/v1/auth/forgot-password', { email: ada.email })
    const tables = (await infra.sql.introspection.getTables()).filter(({ schema }) => schema === 'identity')
    expect(tables.length).toBeGreaterThan(5)
    for (const { schema, name } of tables) {
      const rows = await infra.sql
        .selectFrom(`${schema}.${name}` as 'identity.account')
        .selectAll()
        .execute()
      expect(JSON.stringify(rows)).not.toMatch(/ada|example\.com|correct horse/i)
    }
  })

  test('that is erased leaves nothing that works, and its address is free', async () => {
    const userId = await registered()
    const { accessToken, cookies } = await login()
    await infra.sql.transaction().execute((tx) => identity.eraseUser(userId, tx))
    expect(await identity.authenticate(accessToken)).toBeUndefined()
    expect((await refresh(cookies['refresh'] ?? '')).status).toBe(401)
    expect((await post('/v1/auth/login', ada)).status).toBe(401)
    expect(await lastRequest()).toMatchObject({ name: 'identity.user_erased', userId })
    expect(await registered()).not.toBe(userId)
  })
})

describe('a stranger learns nothing of who has an account', () => {
  const unknown = { ...ada, email: 'nobody@example.com' }
  const unproved = { ...ada, email: 'unproved@example.com' }

  test('by signing in: an unknown address, a wrong password and an unproved address are one', async () => {
    await registered()
    await register(unproved)
    const wrong = await answerOf(post('/v1/auth/login', { ...ada, password: 'wrong' }))
    expect(wrong.status).toBe(401)
    expect(await answerOf(post('/v1/auth/login', unknown))).toEqual(wrong)
    expect(await answerOf(post('/v1/auth/login', unproved))).toEqual(wrong)
  })

  test('by registering, though the owner is told', async () => {
    await registered()
    const known = await answerOf(post('/v1/auth/register', { ...ada, password: 'another password' }))
    const { name, requestId } = await lastRequest()
    expect([name, (await identity.findMailRequest(requestId))?.kind]).toEqual(['identity.reset_requested', 'known'])
    expect(await answerOf(post('/v1/auth/register', unknown))).toEqual(known)
    await login()
  })

  test('by asking for a new password', async () => {
    await registered()
    const known = await answerOf(post('/v1/auth/forgot-password', { email: ada.email }))
    expect([known.status, (await lastRequest()).name]).toEqual([202, 'identity.reset_requested'])
    expect(await answerOf(post('/v1/auth/forgot-password', { email: unknown.email }))).toEqual(known)
  })

  test('by guessing until it is locked', async () => {
    await registered()
    for (const email of [ada.email, unknown.email]) {
      const statuses: number[] = []
      for (let i = 0; i < 8; i++) statuses.push((await post('/v1/auth/login', { email, password: 'wrong' })).status)
      expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429, 429])
    }
  })
})

describe('guessing', () => {
  test('is slowed down more and more, and forgotten after the right password', async () => {
    await registered()
    for (let i = 0; i < 6; i++) await post('/v1/auth/login', { ...ada, password: 'wrong' })
    const locked = await post('/v1/auth/login', ada)
    expect([locked.status, locked.headers.get('retry-after')]).toEqual([429, '2'])
    later(2)
    await login()
    expect((await post('/v1/auth/login', { ...ada, password: 'wrong' })).status).toBe(401)
    expect([1, 5, 6, 7, 10, 40].map(delaySeconds)).toEqual([0, 0, 1, 2, 16, 900])
  })

  test('many times at once is as many attempts', async () => {
    await registered()
    const guesses = Array.from({ length: 12 }, (_, i) => post('/v1/auth/login', { ...ada, password: `wrong ${i}` }))
    const statuses = (await Promise.all(guesses)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(6)
  })
})

const remove = (path: string, headers: Record<string, string>) => app.request(path, { method: 'DELETE', headers })

describe('a session', () => {
  test('goes on with a new token each time; the old one is good for ten seconds more, for requests sent together', async () => {
    await registered()
    const { cookies } = await login()
    const first = await refresh(cookies['refresh'] ?? '')
    expect(first.status).toBe(200)
    const again = await Promise.all([refresh(cookies['refresh'] ?? ''), refresh(cookies['refresh'] ?? '')])
    expect(again.map(({ status }) => status)).toEqual([200, 200])
    later(11)
    expect((await refresh(cookiesOf(first)['refresh'] ?? '')).status).toBe(200)
  })

  test('ends with all its tokens when an old one comes again: somebody has stolen it', async () => {
    await registered()
    const { cookies } = await login()
    const next = cookiesOf(await refresh(cookies['refresh'] ?? ''))
    const other = await login()
    later(11)
    const stolen = await refresh(cookies['refresh'] ?? '')
    expect([stolen.status, cookiesOf(stolen)]).toEqual([401, { access: '', refresh: '' }])
    expect((await refresh(next['refresh'] ?? '')).status).toBe(401)
    expect(await identity.authenticate(next['access'] ?? '')).toBeUndefined()
    expect((await refresh(other.cookies['refresh'] ?? '')).status).toBe(200)
    expect((await modules.audit.listEntries({ limit: 9 })).items[0]?.action).toBe('identity.token_reused')
  })

  test('ends a month after it was used last', async () => {
    await registered()
    const { cookies } = await login()
    later(29 * 24 * 3600)
    const next = cookiesOf(await refresh(cookies['refresh'] ?? ''))
    later(29 * 24 * 3600)
    const last = cookiesOf(await refresh(next['refresh'] ?? ''))
    later(31 * 24 * 3600)
    expect((await refresh(last['refresh'] ?? '')).status).toBe(401)
    await identity.jobs['identity.prune']()
    expect(await infra.sql.selectFrom('identity.session').selectAll().execute()).toEqual([])
  })

  test('ends at sign-out, for its access token too', async () => {
    await registered()
    const { accessToken, cookies } = await login()
    const out = await post('/v1/auth/logout', {}, { ...OWN, ...cookieHeader(cookies) })
    expect([out.status, cookiesOf(out)]).toEqual([200, { access: '', refresh: '' }])
    expect(await identity.authenticate(accessToken)).toBeUndefined()
    expect((await refresh(cookies['refresh'] ?? '')).status).toBe(401)
  })

  test('is listed with what opened it, and can be ended from another one, alone or with all', async () => {
    await registered()
    const [phone, laptop] = [await login(), await login()]
    const list = async () => {
      const res = await app.request('/v1/me/sessions', { headers: laptop.bearer })
      return ((await res.json()) as { items: { id: string; current: boolean }[] }).items
    }
    const away = (await list()).find(({ current }) => !current)!
    const stranger = await signInAs(identity)
    expect((await remove(`/v1/me/sessions/${away.id}`, stranger.headers)).status).toBe(404)
    expect((await remove(`/v1/me/sessions/${away.id}`, laptop.bearer)).status).toBe(204)
    expect(await identity.authenticate(phone.accessToken)).toBeUndefined()
    const tablet = await login()
    expect((await remove('/v1/me/sessions?keepCurrent=true', laptop.bearer)).status).toBe(204)
    expect(await list()).toMatchObject([{ current: true }])
    expect((await refresh(tablet.cookies['refresh'] ?? '')).status).toBe(401)
    expect((await remove('/v1/me/sessions', laptop.bearer)).status).toBe(204)
    expect(await identity.authenticate(laptop.accessToken)).toBeUndefined()
  })
})

const sessions = (headers: Record<string, string>) => app.request('/v1/me/sessions', { headers })

describe('a browser', () => {
  test('keeps both tokens where no script can read them', async () => {
    await registered()
    const { response } = await login()
    for (const line of response.headers.getSetCookie()) expect(line).toMatch(/; Path=\/; .*HttpOnly; SameSite=Lax$/)
    const secure = createApp(createModules({ ...infra, now, publicUrl: 'https://shop.example' }))
    const headers = { 'content-type': 'application/json' }
    const res = await secure.request('/v1/auth/login', { method: 'POST', body: JSON.stringify(ada), headers })
    for (const line of res.headers.getSetCookie()) expect(line).toEndWith('; Secure')
  })

  test('is known by its cookies, and a page that is not ours cannot act with them', async () => {
    await registered()
    const { cookies } = await login()
    const cookie = cookieHeader(cookies)
    expect((await sessions(cookie)).status).toBe(200)
    const change = (headers: Record<string, string>) =>
      post('/v1/me/password', { current: 'wrong', next: 'long enough to be one' }, { ...cookie, ...headers })
    for (const ours of [OWN, { 'sec-fetch-site': 'none' }, { origin: 'http://localhost' }])
      expect((await change(ours)).status).toBe(422)
    for (const foreign of [
      {},
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.test' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site', origin: 'http://localhost' },
    ])
      expect((await change(foreign)).status).toBe(401)
    expect((await post('/v1/auth/refresh', {}, { ...cookie, origin: 'https://evil.test' })).status).toBe(401)
  })

  test('that comes back after its access token has expired goes on unasked, and no cache keeps its cookies', async () => {
    await registered()
    const { cookies } = await login()
    later(601)
    const res = await sessions(cookieHeader(cookies))
    expect([res.status, Object.keys(cookiesOf(res))]).toEqual([200, ['access', 'refresh']])
    const open = await app.request('/v1/categories', { headers: cookieHeader({ refresh: cookies['refresh'] ?? '' }) })
    expect([open.headers.get('cache-control'), open.headers.getSetCookie().length]).toEqual(['private, no-store', 2])
    expect((await sessions(cookieHeader({ refresh: 'x' }))).status).toBe(401)
  })
})

const forgot = async () => {
  await post('/v1/auth/forgot-password', { email: ada.email })
  return identity.resetLinkToken((await lastRequest()).requestId)
}

describe('a forgotten password', () => {
  test('is set anew by the link of a mail, once and within an hour, and ends every session', async () => {
    await registered()
    const { accessToken, cookies } = await login()
    const stale = await forgot()
    later(3600)
    const body = { password: 'a new and better one' }
    expect((await post('/v1/auth/reset-password', { ...body, token: stale })).status).toBe(422)
    const token = await forgot()
    expect((await post('/v1/auth/reset-password', { ...body, token })).status).toBe(200)
    expect((await post('/v1/auth/reset-password', { ...body, token })).status).toBe(422)
    expect(await identity.authenticate(accessToken)).toBeUndefined()
    expect((await refresh(cookies['refresh'] ?? '')).status).toBe(401)
    expect((await post('/v1/auth/login', ada)).status).toBe(401)
    await login({ ...ada, ...body })
  })

  test('lets in an owner whom guesses have locked out', async () => {
    await registered()
    for (let i = 0; i < 9; i++) await post('/v1/auth/login', { ...ada, password: 'wrong' })
    const body = { password: 'a new and better one', token: await forgot() }
    expect((await post('/v1/auth/reset-password', body)).status).toBe(200)
    await login({ ...ada, password: body.password })
  })
})

/** A link to another address, asked for by somebody who knows the password. */
async function askForOther(email: string) {
  const { bearer } = await login()
  expect((await post('/v1/me/email', { ...ada, email }, bearer)).status).toBe(202)
  const { requestId } = await lastRequest()
  return { bearer, follow: () => post('/v1/auth/verify-email', { token: identity.verificationLinkToken(requestId) }) }
}

describe('a link to another address is of no use', () => {
  const next = 'a new and better one'

  test('once the password was set anew by mail', async () => {
    await registered()
    const { follow } = await askForOther('thief@example.com')
    expect((await post('/v1/auth/reset-password', { token: await forgot(), password: next })).status).toBe(200)
    expect((await follow()).status).toBe(422)
    await login({ ...ada, password: next })
  })

  test('once the password was changed, nor is a link that sets one', async () => {
    await registered()
    const reset = await forgot()
    const { bearer, follow } = await askForOther('thief@example.com')
    expect((await post('/v1/me/password', { current: ada.password, next }, bearer)).status).toBe(200)
    expect((await follow()).status).toBe(422)
    expect((await post('/v1/auth/reset-password', { token: reset, password: 'of a thief, long' })).status).toBe(422)
    await login({ ...ada, password: next })
  })

  test('once an operator has set the password', async () => {
    await registered()
    const { follow } = await askForOther('thief@example.com')
    await identity.resetUser(ada.email, { role: 'customer', password: next }, { system: 'test' })
    expect((await follow()).status).toBe(422)
  })
})

describe('who is signed in', () => {
  test('changes the password with the old one; the other sessions end', async () => {
    await registered()
    const [here, there] = [await login(), await login()]
    const change = (current: string) => post('/v1/me/password', { current, next: 'a new and better one' }, here.bearer)
    expect((await change('wrong')).status).toBe(422)
    expect((await change(ada.password)).status).toBe(200)
    expect(await identity.authenticate(here.accessToken)).toBeDefined()
    expect(await identity.authenticate(there.accessToken)).toBeUndefined()
    await login({ ...ada, password: 'a new and better one' })
  })

  test('changes the address with the password, once the new one is proved; the old one is told', async () => {
    const userId = await registered()
    const { bearer } = await login()
    const next = { ...ada, email: 'countess@example.com' }
    expect((await post('/v1/me/email', { ...next, password: 'wrong' }, bearer)).status).toBe(422)
    expect((await post('/v1/me/email', next, bearer)).status).toBe(202)
    const { requestId } = await lastRequest()
    expect(await identity.findMailRequest(requestId)).toMatchObject({ userId, kind: 'change', email: next.email })
    await login()
    const token = identity.verificationLinkToken(requestId)
    expect((await post('/v1/auth/verify-email', { token })).status).toBe(200)
    expect((await post('/v1/auth/login', ada)).status).toBe(401)
    await login(next)
    const told = await lastRequest()
    expect([told.name, (await identity.findMailRequest(told.requestId))?.email]).toEqual([
      'identity.email_changed',
      ada.email,
    ])
  })

  test('cannot take the address of another account', async () => {
    await registered()
    const other = await signInAs(identity)
    const { bearer } = await login()
    expect((await post('/v1/me/email', { ...ada, email: other.email }, bearer)).status).toBe(202)
    const token = identity.verificationLinkToken((await lastRequest()).requestId)
    expect((await post('/v1/auth/verify-email', { token })).status).toBe(422)
    expect((await identity.findUserByEmail(other.email))?.id).toBe(other.user.id)
  })
})

const changeRole = (id: string, role: string, headers: Record<string, string>) =>
  app.request(`/v1/admin/users/${id}`, {
    method: 'PATCH',
    body: JSON.stringify({ role }),
    headers: { 'content-type': 'application/json', ...headers },
  })

describe('an administrator', () => {
  test('gives a role, which counts at once and stands in the log', async () => {
    const boss = await signInAs(identity, 'admin')
    const user = await signInAs(identity)
    const res = await changeRole(user.user.id, 'retailer', boss.headers)
    expect([res.status, await res.json()]).toMatchObject([200, { role: 'retailer' }])
    expect(await identity.authenticate(user.grant.accessToken)).toBeUndefined()
    later(1)
    const renewed = await identity.refresh(user.grant.refreshToken)
    expect(await identity.authenticate(renewed?.accessToken ?? '')).toMatchObject({ role: 'retailer' })
    const [entry] = (await modules.audit.listEntries({ limit: 1 })).items
    expect(entry).toMatchObject({
      actor: `user:${boss.user.id}`,
      action: 'identity.role_changed',
      subject: `user:${user.user.id}`,
      details: { from: 'customer', to: 'retailer' },
    })
  })

  test('cannot leave the shop without one, even two who leave at once', async () => {
    const [a, b] = [await signInAs(identity, 'admin'), await signInAs(identity, 'admin')]
    const left = await Promise.all([a, b].map(({ user, headers }) => changeRole(user.id, 'customer', headers)))
    expect(left.map(({ status }) => status).toSorted()).toEqual([200, 409])
  })

  test('finds users by address and role, page by page', async () => {
    const boss = await signInAs(identity, 'admin')
    for (let i = 0; i < 3; i++) {
      later(1)
      await signInAs(identity)
    }
    const users = async (query: string) =>
      (await (await app.request(`/v1/admin/users?${query}`, { headers: boss.headers })).json()) as {
        items: { email: string; role: string }[]
        nextCursor: string | null
      }
    const first = await users('limit=2&role=customer')
    const second = await users(`limit=2&role=customer&cursor=${first.nextCursor}`)
    expect([first.items.length, second.items.length, second.nextCursor]).toEqual([2, 1, null])
    expect(await users(`email=${encodeURIComponent(boss.email.toUpperCase())}`)).toMatchObject({
      items: [{ role: 'admin' }],
    })
    expect(await users('email=nobody%40example.com')).toEqual({ items: [], nextCursor: null })
  })
})

const jwks = async () =>
  createLocalJWKSet((await (await app.request('/.well-known/jwks.json')).json()) as JSONWebKeySet)

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

describe('an access token', () => {
  test('is verified by anybody with the public keys, and lives ten minutes', async () => {
    const { grant, user } = await signInAs(identity, 'retailer')
    const { payload } = await jwtVerify(grant.accessToken, await jwks(), { issuer: 'eshotry', currentDate: now() })
    expect(payload).toMatchObject({ sub: user.id, role: 'retailer', exp: Number(payload.iat) + 600 })
    later(601)
    expect(await identity.authenticate(grant.accessToken)).toBeUndefined()
  })

  test('that another key has signed, that claims no signature, or that is no token, is nobody', async () => {
    const { grant } = await signInAs(identity)
    const [header = '', claims = '', signature = ''] = grant.accessToken.split('.')
    const boss = part({ ...(JSON.parse(Buffer.from(claims, 'base64url').toString()) as object), role: 'admin' })
    const none = part({
      alg: 'none',
      kid: (JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string }).kid,
    })
    for (const token of [`${header}.${boss}.${signature}`, `${none}.${boss}.`, 'x', 'a.b.c', `${header}.${claims}.`])
      expect(await identity.authenticate(token)).toBeUndefined()
  })

  test('outlives the rotation of the key that signed it, in every process', async () => {
    const { grant } = await signInAs(identity)
    const elsewhere = createModules({ ...infra, cache, now }).identity
    expect(await elsewhere.authenticate(grant.accessToken)).toBeDefined()
    later(2)
    const id = await identity.rotateSigningKey()
    const fresh = await signInAs(identity)
    expect(JSON.parse(Buffer.from(fresh.grant.accessToken.split('.')[0] ?? '', 'base64url').toString())).toMatchObject({
      kid: id,
    })
    for (const token of [grant.accessToken, fresh.grant.accessToken]) {
      expect(await elsewhere.authenticate(token)).toBeDefined()
      await jwtVerify(token, await jwks(), { currentDate: now() })
    }
    later(3600)
    await identity.jobs['identity.prune']()
    expect((await createModules({ ...infra, now }).identity.jwks()).keys.map(({ kid }) => kid)).toEqual([id])
  })
})

test('an operator makes an account without mail, and resets it', async () => {
  const cli = { system: 'cli' }
  const user = await identity.createUser({ ...ada, role: 'admin' }, cli)
  await expect(identity.createUser(ada, cli)).rejects.toThrow('account already')
  const { accessToken } = await login()
  await identity.resetUser(ada.email, { role: 'retailer', password: 'given by the operator' }, cli)
  expect(await identity.authenticate(accessToken)).toBeUndefined()
  await login({ ...ada, password: 'given by the operator' })
  expect(await identity.getUser(user.id)).toMatchObject({ role: 'retailer' })
})
