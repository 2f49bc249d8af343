import { beforeEach, describe, expect, test } from 'bun:test'
import { drainJobs, emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createApp } from '../../edge/app.ts'
import { openTestShop, product } from '../../edge/testing-shop.ts'
import { signInAs } from '../identity/testing.ts'
import type { Event } from './schema.ts'

const infra = await openTestInfra()
const shop = openTestShop(infra)
const { modules, now } = shop
const { analytics, catalog, identity } = modules
const app = createApp(modules)
const DAY_MS = 86_400_000
const ALL = ['analytics', 'personalisation']

beforeEach(emptyTestInfra)

async function sell(handle: string) {
  const [variantId = ''] = await shop.sell(product(handle))
  return { productId: (await catalog.getProduct(handle)).id, variantId }
}

const event = (kind: Event['kind'], more: Partial<Event> = {}): Event => ({
  id: crypto.randomUUID(),
  kind,
  at: now().toISOString(),
  ...more,
})

async function send(body: object, headers: Record<string, string> = {}) {
  const res = await app.request('/v1/events', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: res.status, body: (await res.json()) as Record<string, unknown> }
}

/** A guest who allows everything. */
function guest(visitor: string = crypto.randomUUID()) {
  return {
    visitor,
    subject: analytics.subjectOf({ visitor }) ?? '',
    says: (...events: Event[]) => send({ visitor, consents: ALL, events }),
  }
}

/** Somebody new, who allows these. */
async function customer(...allowed: ('analytics' | 'personalisation')[]) {
  const me = await signInAs(identity)
  for (const purpose of allowed) await modules.profile.putConsent(me.user.id, purpose, true)
  const claim = async (body: object, headers: Record<string, string> = {}) => {
    const res = await app.request('/v1/events/claim', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...me.headers, ...headers },
      body: JSON.stringify(body),
    })
    return { status: res.status, body: (await res.json()) as Record<string, unknown> }
  }
  return { ...me, subject: analytics.subjectOf({ actor: me.actor }) ?? '', claim }
}

const score = async (productId: string) => (await analytics.popularitySince(new Date(0))).get(productId)
const rows = () => infra.sql.selectFrom('analytics.event').selectAll().orderBy('at').execute()

describe('events', () => {
  test('are kept once, however often they are sent; what is of no product of ours is passed over', async () => {
    const { productId } = await sell('tee')
    const { says } = guest()
    const [view, click] = [event('view', { productId }), event('click', { productId, position: 3 })]
    const foreign = event('view', { productId: crypto.randomUUID() })
    expect(await says(view, view, foreign)).toEqual({
      status: 202,
      body: { accepted: 1, duplicates: 1, ignored: 1 },
    })
    expect((await says(view, click)).body).toEqual({ accepted: 1, duplicates: 1, ignored: 0 })
    expect((await rows()).map(({ kind }) => kind).toSorted()).toEqual(['click', 'view'])
  })

  test('of many senders at once take fewer statements than there are senders', async () => {
    const { productId } = await sell('tee')
    const bodies = Array.from({ length: 40 }, () => event('view', { productId }))
    const asking = { visitor: crypto.randomUUID(), consents: ['analytics' as const] }
    const statements = await shop.count(async () => {
      const taken = await Promise.all(bodies.map((one) => analytics.takeEvents({ events: [one, one] }, asking)))
      for (const intake of taken) expect(intake).toEqual({ accepted: 1, duplicates: 1, ignored: 0 })
    })
    expect(statements).toBeLessThanOrEqual(8)
  })

  test('must say what they are about, and come at most a hundred at a time', async () => {
    const { says } = guest()
    const searchId = crypto.randomUUID()
    for (const bad of [
      event('view'),
      event('search', { query: 'tee' }),
      event('search', { query: 'tee', searchId }),
      event('click', { productId: 'tee' }),
      event('click', { productId: crypto.randomUUID(), position: -1 }),
      event('view', { productId: crypto.randomUUID(), at: 'yesterday' }),
    ])
      expect((await says(bad)).status).toBe(400)
    expect((await says()).status).toBe(400)
    const many = Array.from({ length: 101 }, () => event('view', { productId: crypto.randomUUID() }))
    expect((await says(...many)).status).toBe(400)
    expect((await says(...many.slice(1))).body).toEqual({ accepted: 0, duplicates: 0, ignored: 100 })
  })

  test('of a clock that is wrong happened neither later than now nor longer ago than a week', async () => {
    const { productId } = await sell('tee')
    const [from, says] = [now().getTime(), guest().says]
    const at = (days: number) => new Date(from + days * DAY_MS).toISOString()
    await says(...[400, -2, -400].map((days) => event('view', { productId, at: at(days) })))
    const days = (await rows()).map((row) => Math.round((row.at.getTime() - from) / DAY_MS))
    expect(days).toEqual([-7, -2, 0])
  })

  test('name nobody: neither the visitor nor the user is in them', async () => {
    const { productId } = await sell('tee')
    const { visitor, says } = guest()
    const me = await signInAs(identity)
    await modules.profile.putConsent(me.user.id, 'analytics', true)
    await says(event('view', { productId }))
    await send({ visitor, events: [event('view', { productId })] }, me.headers)
    const dump = JSON.stringify(await rows())
    expect(dump).not.toContain(visitor)
    expect(dump).not.toContain(me.user.id)
    expect(new Set((await rows()).map(({ subject }) => subject)).size).toBe(2)
  })
})

describe('consent', () => {
  test('of a guest is in the body or in the cookie, and without it nothing is kept', async () => {
    const { productId } = await sell('tee')
    const visitor = crypto.randomUUID()
    const one = () => ({ events: [event('view', { productId })] })
    const ours = { 'sec-fetch-site': 'same-origin' }
    expect((await send({ ...one(), visitor })).body).toEqual({
      accepted: 0,
      duplicates: 0,
      ignored: 1,
      reason: 'no_consent',
    })
    expect((await send({ ...one(), visitor, consents: ['personalisation'] })).body).toMatchObject({ accepted: 0 })
    expect((await send({ ...one(), consents: ALL })).body).toMatchObject({ accepted: 0, reason: 'no_visitor' })
    expect(await rows()).toEqual([])
    const cookie = `visitor=${visitor}; consent=analytics`
    expect((await send(one(), { ...ours, cookie })).body).toMatchObject({ accepted: 1 })
    // A foreign page cannot speak for the visitor of a browser.
    expect((await send(one(), { 'sec-fetch-site': 'cross-site', cookie })).body).toMatchObject({ accepted: 0 })
    await send({ ...one(), consents: ALL }, { 'x-visitor-id': visitor })
    expect(await rows()).toMatchObject([{ personal: false }, { personal: true }])
    expect(await analytics.historyOf(analytics.subjectOf({ visitor }) ?? '', 10)).toHaveLength(1)
  })

  test('of a signed-in user is what the account says, whatever a request says', async () => {
    const { productId } = await sell('tee')
    const me = await signInAs(identity)
    const say = () => send({ consents: ALL, events: [event('view', { productId })] }, me.headers)
    expect((await say()).body).toMatchObject({ accepted: 0, reason: 'no_consent' })
    await modules.profile.putConsent(me.user.id, 'analytics', true)
    expect((await say()).body).toMatchObject({ accepted: 1 })
    const subject = analytics.subjectOf({ actor: { userId: me.user.id } }) ?? ''
    expect(await analytics.historyOf(subject, 10)).toEqual([])
    await modules.profile.putConsent(me.user.id, 'personalisation', true)
    await say()
    expect(await analytics.historyOf(subject, 10)).toMatchObject([{ productId, kind: 'view' }])
  })

  test('that is taken back counts for what was kept before', async () => {
    const { productId } = await sell('tee')
    const me = await signInAs(identity)
    const subject = analytics.subjectOf({ actor: { userId: me.user.id } }) ?? ''
    for (const purpose of ['analytics', 'personalisation'] as const)
      await modules.profile.putConsent(me.user.id, purpose, true)
    await send({ events: [event('view', { productId })] }, me.headers)
    await modules.profile.putConsent(me.user.id, 'personalisation', false)
    await shop.drain()
    expect([await analytics.historyOf(subject, 10), await rows()]).toMatchObject([[], [{ subject }]])
    await modules.profile.putConsent(me.user.id, 'analytics', false)
    await shop.drain()
    expect(await rows()).toEqual([])
  })

  test('a visitor can have everything forgotten, and nobody else is', async () => {
    const { productId } = await sell('tee')
    const [mine, other] = [guest(), guest()]
    for (const { says } of [mine, other]) await says(event('view', { productId }))
    const res = await app.request('/v1/events', { method: 'DELETE', headers: { 'x-visitor-id': mine.visitor } })
    expect(res.status).toBe(204)
    expect((await rows()).map(({ subject }) => subject)).toEqual([other.subject])
  })
})

describe('a visitor who signs in', () => {
  test('is who did it, once, and sent again it is no second time', async () => {
    const { productId } = await sell('tee')
    const { visitor, subject, says } = guest()
    const [me, other] = [await customer('analytics', 'personalisation'), guest()]
    const view = event('view', { productId })
    await says(view, event('add', { productId }))
    await other.says(event('view', { productId }))
    expect(await me.claim({ visitor, consents: ALL })).toEqual({ status: 200, body: { claimed: 2 } })
    const kinds = (await analytics.historyOf(me.subject, 10)).map(({ kind }) => kind)
    expect(kinds.toSorted()).toEqual(['add', 'view'])
    expect(await analytics.historyOf(subject, 10)).toEqual([])
    expect((await send({ events: [view] }, me.headers)).body).toMatchObject({ accepted: 0, duplicates: 1 })
    expect((await me.claim({}, { 'x-visitor-id': visitor })).body).toEqual({ claimed: 0 })
    expect(await rows()).toHaveLength(3)
  })

  test('is taken at the stricter word of the two', async () => {
    const { productId } = await sell('tee')
    for (const [visitors, accounts, left] of [
      [ALL, ['analytics'], [false]],
      [['analytics'], ALL, [false]],
      [ALL, [], undefined],
      [ALL, ['personalisation'], undefined],
      [[], ALL, undefined],
    ] as [string[], ('analytics' | 'personalisation')[], boolean[] | undefined][]) {
      const { visitor, subject, says } = guest()
      const me = await customer(...accounts)
      await says(event('view', { productId }))
      await me.claim({ visitor, consents: visitors })
      const kept = (await rows()).filter((row) => row.subject === me.subject)
      expect(kept.map(({ personal }) => personal)).toEqual(left ?? [])
      expect((await rows()).filter((row) => row.subject === subject)).toEqual([])
    }
    const { visitor, says } = guest()
    const me = await customer('analytics', 'personalisation')
    await send({ visitor, consents: ['analytics'], events: [event('view', { productId })] })
    await says(event('add', { productId }))
    await me.claim({ visitor, consents: ALL })
    // What might not be used when it was done may not be used later.
    expect((await analytics.historyOf(me.subject, 10)).map(({ kind }) => kind)).toEqual(['add'])
  })

  test('leaves nothing that erasing the account would miss, not even what arrives late', async () => {
    const { productId } = await sell('tee')
    const { visitor, says } = guest()
    const me = await customer('analytics', 'personalisation')
    await says(event('view', { productId }))
    await me.claim({ visitor, consents: ALL })
    await says(event('click', { productId }))
    await analytics.forget(me.user.id)
    await drainJobs(modules, { ahead: true })
    expect(await rows()).toEqual([])
  })

  test('must be signed in, and is asked by our own pages where a cookie says who', async () => {
    const { productId } = await sell('tee')
    const { visitor, subject, says } = guest()
    await says(event('view', { productId }))
    const me = await customer('analytics', 'personalisation')
    expect((await me.claim({ visitor }, { authorization: '' })).status).toBe(401)
    expect((await me.claim({ visitor: 'tee' })).status).toBe(400)
    expect((await me.claim({})).body).toEqual({ claimed: 0 })
    expect((await rows()).map((row) => row.subject)).toEqual([subject])
    const cookie = `visitor=${visitor}; consent=${ALL.join(',')}`
    expect((await me.claim({}, { cookie, 'sec-fetch-site': 'same-origin' })).body).toEqual({ claimed: 1 })
  })
})

describe('a sale', () => {
  test('is noted by the shop, once, and not by who says so', async () => {
    const { productId, variantId } = await sell('tee')
    const me = await signInAs(identity)
    for (const purpose of ['analytics', 'personalisation'] as const)
      await modules.profile.putConsent(me.user.id, purpose, true)
    expect((await guest().says(event('buy', { productId }))).body).toEqual({ accepted: 0, duplicates: 0, ignored: 1 })
    const { order } = await shop.order({ [variantId]: 2 }, me.actor)
    expect(await rows()).toEqual([])
    await modules.payments.confirm(order.payment.paymentId ?? '', 'success')
    await shop.drain()
    await analytics.onPaid({ orderId: order.id })
    const subject = analytics.subjectOf({ actor: me.actor }) ?? ''
    expect(await rows()).toMatchObject([{ kind: 'buy', product_id: productId, subject, personal: true }])
  })

  test('of who allowed nothing counts, and says not whose it is', async () => {
    const { productId, variantId } = await sell('tee')
    const me = await signInAs(identity)
    for (const actor of [me.actor, undefined]) {
      const placed = await shop.order({ [variantId]: 1 }, actor)
      await shop.pay(placed)
    }
    expect(await rows()).toMatchObject([{ subject: null }, { subject: null }])
    expect((await analytics.popularitySince(new Date(0))).get(productId)).toBeCloseTo(20, 1)
  })
})

describe('what is learnt', () => {
  test('counts what one person did of a kind once, and less as time passes', async () => {
    const [tee, coat] = [await sell('tee'), await sell('coat')]
    const [a, b] = [guest(), guest()]
    await a.says(...Array.from({ length: 30 }, () => event('view', { productId: tee.productId })))
    await b.says(event('view', { productId: tee.productId }), event('add', { productId: coat.productId }))
    expect(await score(tee.productId)).toBeCloseTo(2, 2)
    expect(await score(coat.productId)).toBeCloseTo(4, 2)
    shop.passes(14 * DAY_MS)
    expect(await score(coat.productId)).toBeCloseTo(2, 2)
  })

  test('is summed up piece by piece, and what moved is said once', async () => {
    const [tee, coat] = [await sell('tee'), await sell('coat')]
    const ids = [tee.productId, coat.productId]
    const said = async () => {
      await analytics.refreshPopularity()
      const told = await infra.sql.selectFrom('kernel.outbox').selectAll().where('done_at', 'is', null).execute()
      await drainJobs(modules)
      return told
        .filter(({ name }) => name === 'analytics.popularity_changed')
        .flatMap(({ payload }) => (payload as { productIds: string[] }).productIds)
    }
    await shop.drain()
    await guest().says(event('view', { productId: tee.productId }), event('add', { productId: coat.productId }))
    expect(await said()).toEqual([])
    shop.passes(3_600_000)
    expect((await said()).toSorted()).toEqual(ids.toSorted())
    await guest().says(event('view', { productId: tee.productId }))
    shop.passes(3_600_000)
    expect(await said()).toEqual([tee.productId])
    expect(await said()).toEqual([])
    const [whole, sums] = [await analytics.popularitySince(new Date(0)), await analytics.popularityOf(ids)]
    for (const id of ids) expect(sums.get(id)).toBeCloseTo(whole.get(id) ?? 0, 6)
    shop.passes(10 * DAY_MS)
    expect((await said()).toSorted()).toEqual(ids.toSorted())
  })

  test('gives interactions of everybody by batches, weighted', async () => {
    const { productId } = await sell('tee')
    const [a, b] = [guest(), guest()]
    const searchId = crypto.randomUUID()
    await a.says(event('search', { query: 'tee', searchId, shown: [productId] }), event('add', { productId }))
    await b.says(event('try_on', { productId }))
    const all = []
    for await (const batch of analytics.interactionsSince(new Date(0))) all.push(...batch)
    expect(all.map(({ subject, weight }) => [subject, weight])).toEqual([
      [a.subject, 4],
      [b.subject, 3],
    ])
    for await (const batch of analytics.interactionsSince(new Date(now().getTime() + 1000))) expect(batch).toEqual([])
  })

  test('a query is suggested once three people found something with it', async () => {
    const { productId } = await sell('tee')
    const search = (query: string, shown = [productId]) =>
      event('search', { query, searchId: crypto.randomUUID(), shown })
    for (const query of ['Red  tee', 'red TEE', 'red tee ']) await guest().says(search(query), search('nothing', []))
    const lonely = guest()
    await lonely.says(search('red dress'), search('red dress'), search('red dress'))
    for (let i = 0; i < 4; i++) await guest().says(search('red%_shirt'))
    await analytics.refreshQueries()
    expect(await analytics.popularQueries('RED', 5)).toEqual(['red%_shirt', 'red tee'])
    expect(await analytics.popularQueries('red%', 5)).toEqual(['red%_shirt'])
    expect(await analytics.popularQueries('re', 1)).toEqual(['red%_shirt'])
    expect(await analytics.popularQueries('nothing', 5)).toEqual([])
  })

  test('a page of answers comes with what was clicked in it, and what came of the click', async () => {
    const [tee, coat, cap] = [await sell('tee'), await sell('coat'), await sell('cap')].map((one) => one.productId)
    const [a, b] = [guest(), guest()]
    const searchId = crypto.randomUUID()
    const [first, second] = [[tee ?? '', coat ?? ''], [cap ?? '']]
    await a.says(
      event('search', { query: 'warm', searchId, shown: first }),
      event('search', { query: 'warm', searchId, shown: second, position: 2 }),
      event('click', { productId: tee, searchId, position: 0 }),
      event('click', { productId: cap, searchId, position: 2 }),
      event('add', { productId: cap }),
    )
    await b.says(event('click', { productId: coat, searchId, position: 1 }))
    const subject = a.subject
    expect(await analytics.clickLog({ since: new Date(0), until: new Date(now().getTime() + 1000) }, 9)).toMatchObject([
      { searchId, subject, query: 'warm', first: 0, shown: first, clicks: [{ productId: tee, gain: 1 }] },
      { searchId, subject, query: 'warm', first: 2, shown: second, clicks: [{ productId: cap, gain: 2 }] },
    ])
  })

  test('is kept for some thirteen months', async () => {
    const { productId } = await sell('tee')
    await guest().says(event('view', { productId }))
    shop.passes(399 * DAY_MS)
    expect(await analytics.prune()).toBe(0)
    shop.passes(2 * DAY_MS)
    await guest().says(event('view', { productId }))
    expect(await analytics.prune()).toBe(1)
    expect(await rows()).toHaveLength(1)
  })
})
