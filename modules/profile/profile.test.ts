import { beforeEach, describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { sql as raw } from 'kysely'
import { memoryCache } from '../../db/cache/memory.ts'
import { drainJobs, emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createApp } from '../../edge/app.ts'
import { ADDRESS, product } from '../../edge/testing-shop.ts'
import { signInAs } from '../identity/testing.ts'
import { createModules } from '../index.ts'
import { createPictures } from '../media/index.ts'
import type { Address, Me } from './index.ts'
import { createProfile } from './index.ts'

const infra = await openTestInfra()
let ahead = 0
const now = () => new Date(Date.now() + ahead)
const shopUrl = 'https://shop.example'
const modules = createModules({ ...infra, now, webhooksAllowPrivate: true, mail: { ...infra.mail, shopUrl } })
const app = createApp(modules)
const { identity, orders, payments, cart, catalog } = modules
const drain = () => drainJobs(modules)

type Person = Awaited<ReturnType<typeof signInAs>>

async function call(who: Person | undefined, method: string, path: string, body?: object | FormData) {
  const isForm = body instanceof FormData
  const res = await app.request(path, {
    method,
    headers: { ...who?.headers, ...(body && !isForm && { 'content-type': 'application/json' }) },
    ...(body && { body: isForm ? body : JSON.stringify(body) }),
  })
  const text = await res.clone().text()
  const isJson = res.headers.get('content-type')?.includes('json')
  return { res, status: res.status, body: (isJson ? JSON.parse(text) : text) as unknown }
}

async function sell(handle: string) {
  const saved = await catalog.saveProduct(product(handle))
  if (!saved.ok) throw new Error(saved.reason)
  const { variants } = await catalog.getProduct(saved.productId)
  return { productId: saved.productId, variantId: variants[0]!.id }
}

/** An order of the person, paid. */
async function buy(who: Person, variantId: string, contact: { email: string; shippingAddress: typeof ADDRESS }) {
  const { id } = await cart.createCart(who.actor)
  await cart.addItem(id, who.actor, { variantId, quantity: 2 })
  const placed = await orders.checkout(
    { cartId: id, shippingOption: 'standard', payment: { provider: 'test' }, ...contact },
    { actor: who.actor, idempotencyKey: undefined },
  )
  await payments.confirm(placed.order.payment.paymentId ?? '', 'success')
  await drain()
  return placed.order
}

async function photo(): Promise<File> {
  const pixels = new Uint8ClampedArray(64 * 64 * 4).map((_, i) => (i % 4 === 3 ? 255 : (i * 37) % 251))
  const bytes = await createPictures().encode({ width: 64, height: 64, data: pixels }, 'png')
  return new File([new Uint8Array(bytes)], 'me.png', { type: 'image/png' })
}

async function review(who: Person, productId: string, text: string) {
  const form = new FormData()
  for (const [name, value] of Object.entries({ rating: '4', fit: 'true', text, author: 'Zora Q.' }))
    form.append(name, value)
  form.append('photos', await photo())
  const { body } = await call(who, 'POST', `/v1/products/${productId}/reviews`, form)
  return body as { id: string; photos: { key: string; url: string }[] }
}

/** Name and bytes of every file of a ZIP whose entries are stored as they are. */
function unzip(bytes: Uint8Array): Map<string, Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  const files = new Map<string, Uint8Array>()
  for (let at = 0; view.getUint32(at, true) === 0x04034b50;) {
    const [size, nameLength, extra] = [
      view.getUint32(at + 22, true),
      view.getUint16(at + 26, true),
      view.getUint16(at + 28, true),
    ]
    const name = new TextDecoder().decode(bytes.subarray(at + 30, at + 30 + nameLength))
    const start = at + 30 + nameLength + extra
    files.set(name, bytes.subarray(start, start + size))
    at = start + size
  }
  return files
}

/** Every row of every table of every schema, pg-boss's too, as text. */
async function dumpTables(): Promise<string> {
  const tables = await raw<{ schema: string; name: string }>`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`.execute(infra.sql)
  let dump = ''
  for (const { schema, name } of tables.rows) {
    const { rows } = await raw<{ row: string }>`select t::text as row from ${raw.table(`${schema}.${name}`)} t`.execute(
      infra.sql,
    )
    dump += `${schema}.${name}\n${rows.map(({ row }) => row).join('\n')}\n`
  }
  return dump
}

const BLOBS = join(dirname(infra.modelsDir), 'blobs')

/** Every blob by its path, `.eml` too. */
function blobs(): Map<string, Buffer> {
  const files = readdirSync(BLOBS, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  return new Map(
    files.map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name))]),
  )
}

beforeEach(async () => {
  await emptyTestInfra()
  rmSync(BLOBS, { recursive: true, force: true })
  ahead = 0
})

describe('what a person says of themselves', () => {
  test('is theirs to read and change, and sealed at rest', async () => {
    const me = await signInAs(identity)
    const { body } = await call(me, 'PATCH', '/v1/me', { name: 'Zora', phone: '+49 151 23', locale: 'de' })
    expect(body).toMatchObject({ id: me.user.id, email: me.email, name: 'Zora', phone: '+49 151 23', locale: 'de' })
    await call(me, 'PATCH', '/v1/me', { phone: null })
    expect((await call(me, 'GET', '/v1/me')).body as Me).toMatchObject({ name: 'Zora', phone: null })
    expect(await dumpTables()).not.toContain('Zora')
    for (const bad of [{ name: '' }, { phone: 'call me' }, { locale: 'german' }])
      expect((await call(me, 'PATCH', '/v1/me', bad)).status).toBe(400)
    expect((await call(undefined, 'GET', '/v1/me')).status).toBe(401)
  })

  test('keeps one default among the addresses', async () => {
    const me = await signInAs(identity)
    const add = async (city: string, isDefault = false) =>
      (await call(me, 'POST', '/v1/me/addresses', { ...ADDRESS, city, isDefault })).body as Address
    const [first, second] = [await add('Berlin'), await add('Köln')]
    expect([first.isDefault, second.isDefault]).toEqual([true, false])
    const third = await add('Ulm', true)
    const cities = async () => {
      const { body } = await call(me, 'GET', '/v1/me/addresses')
      return (body as { items: Address[] }).items.map(({ city, isDefault }) => [city, isDefault])
    }
    expect(await cities()).toEqual([
      ['Ulm', true],
      ['Berlin', false],
      ['Köln', false],
    ])
    await call(me, 'DELETE', `/v1/me/addresses/${third.id}`)
    await call(me, 'PUT', `/v1/me/addresses/${second.id}`, { ...ADDRESS, city: 'Bonn' })
    expect(await cities()).toEqual([
      ['Berlin', true],
      ['Bonn', false],
    ])
    const stranger = await signInAs(identity)
    expect((await call(stranger, 'DELETE', `/v1/me/addresses/${first.id}`)).status).toBe(404)
    expect((await call(stranger, 'PUT', `/v1/me/addresses/${first.id}`, ADDRESS)).status).toBe(404)
  })

  test('keeps its default when many are added at once', async () => {
    const me = await signInAs(identity)
    await Promise.all(
      Array.from({ length: 25 }, () => call(me, 'POST', '/v1/me/addresses', { ...ADDRESS, isDefault: true })),
    )
    const { items } = (await call(me, 'GET', '/v1/me/addresses')).body as { items: Address[] }
    expect([items.length, items.filter(({ isDefault }) => isDefault).length]).toEqual([20, 1])
  })

  test('holds sizes, taste and consents, with every answer kept', async () => {
    const me = await signInAs(identity)
    expect((await call(me, 'GET', '/v1/me/preferences')).body).toMatchObject({ fit: null, colours: [] })
    await call(me, 'PUT', '/v1/me/preferences', { fit: 'loose', sizes: { top: 'M' }, colours: ['navy'] })
    expect((await call(me, 'GET', '/v1/me/preferences')).body).toMatchObject({
      fit: 'loose',
      sizes: { top: 'M', dress: null },
    })
    const answers = async () => ((await call(me, 'GET', '/v1/me/consents')).body as { items: object[] }).items
    expect(await answers()).toContainEqual({ purpose: 'analytics', granted: false, at: null })
    for (const granted of [true, true, false]) await call(me, 'PUT', '/v1/me/consents/analytics', { granted })
    expect(await answers()).toContainEqual({ purpose: 'analytics', granted: false, at: expect.any(String) })
    const history = await modules.profile.consentHistory(me.user.id)
    expect(history.map(({ granted }) => granted)).toEqual([true, false])
    expect((await call(me, 'PUT', '/v1/me/consents/everything', { granted: true })).status).toBe(400)
  })

  test('holds wishes, each once, the latest first', async () => {
    const me = await signInAs(identity)
    const [a, b] = [await sell('tee'), await sell('coat')]
    for (const { productId } of [a, b, a]) {
      ahead += 1000
      expect((await call(me, 'PUT', `/v1/me/wishlist/${productId}`)).status).toBe(204)
    }
    type Wishes = { items: { product: { slug: string } }[]; nextCursor: string | null }
    const first = (await call(me, 'GET', '/v1/me/wishlist?limit=1')).body as Wishes
    const rest = (await call(me, 'GET', `/v1/me/wishlist?limit=1&cursor=${first.nextCursor}`)).body as Wishes
    expect([...first.items, ...rest.items].map(({ product: { slug } }) => slug)).toEqual(['coat', 'tee'])
    expect(rest.nextCursor).toBeNull()
    await call(me, 'DELETE', `/v1/me/wishlist/${b.productId}`)
    expect(((await call(me, 'GET', '/v1/me/wishlist')).body as Wishes).items).toHaveLength(1)
    expect((await call(me, 'PUT', `/v1/me/wishlist/${infra.newId()}`)).status).toBe(404)
  })
})

const NEEDLES = ['Quillfeather', 'quillfeather', 'Kastanienallee', '2345678', 'unmistakable', 'Zora', 'BrowserOfMine']

/** Somebody with a trace in every module. */
async function busyPerson() {
  const user = await identity.createUser(
    { email: 'zora.quillfeather@example.com', password: 'a long enough one' },
    { system: 'test' },
  )
  const grant = await identity.startSession({ userId: user.id, role: 'customer', client: 'BrowserOfMine 1.0' })
  const actor = { userId: user.id, role: 'customer' as const, sessionId: grant.sessionId }
  const me: Person = {
    user,
    email: user.email,
    grant,
    actor,
    headers: { authorization: `Bearer ${grant.accessToken}` },
  }
  const [tee, coat] = [await sell('tee'), await sell('coat')]
  const shippingAddress = {
    ...ADDRESS,
    name: 'Zora Quillfeather',
    line1: 'Kastanienallee 117',
    phone: '+49 151 2345678',
  }
  await call(me, 'PATCH', '/v1/me', { name: 'Zora Quillfeather', phone: '+49 151 2345678' })
  await call(me, 'POST', '/v1/me/addresses', shippingAddress)
  await call(me, 'PUT', '/v1/me/preferences', { styles: ['unmistakable'] })
  await call(me, 'PUT', `/v1/me/wishlist/${coat.productId}`)
  await call(me, 'PUT', '/v1/me/consents/analytics', { granted: true })
  const searched = { query: 'Zora Quillfeather', searchId: infra.newId(), shown: [tee.productId] }
  const events = [{ id: infra.newId(), kind: 'search', at: now().toISOString(), ...searched }]
  await call(me, 'POST', '/v1/events', { events })
  await modules.notify.createEndpoint(
    { ...actor, role: 'admin' },
    {
      url: `http://127.0.0.1:${receiver.port}/`,
      events: ['orders.placed', 'orders.paid', 'orders.shipped', 'orders.return_requested'],
      description: 'Books',
    },
  )
  const order = await buy(me, tee.variantId, { email: user.email, shippingAddress })
  const staff = await signInAs(identity, 'retailer')
  for (const step of ['pack', 'ship', 'deliver']) await call(staff, 'POST', `/v1/admin/orders/${order.id}/${step}`, {})
  const lines = [{ lineId: 0, quantity: 1 }]
  await call(me, 'POST', `/v1/orders/${order.id}/returns`, {
    lines,
    reason: 'other',
    comment: 'unmistakable, says Zora',
  })
  const shown = await review(me, tee.productId, 'An unmistakable shirt')
  await call(staff, 'POST', `/v1/admin/reviews/${shown.id}/approve`)
  for (const { url } of shown.photos) await app.request(`${url}/160.webp`)
  const hidden = await review(me, coat.productId, 'An unmistakable coat')
  const { id: cartId } = await cart.createCart(actor)
  await cart.addItem(cartId, actor, { variantId: coat.variantId, quantity: 1 })
  await identity.forgotPassword(user.email)
  await drain()
  return { me, order, shown, hidden, tee, shippingAddress, staff }
}

const received: string[] = []
const receiver = Bun.serve({
  port: 0,
  hostname: '127.0.0.1',
  fetch: async (request) => {
    received.push(await request.text())
    return new Response('')
  },
})

describe('export', () => {
  test('is one archive with all that any module keeps of the person, and their photos', async () => {
    const { me, order, shown } = await busyPerson()
    const { res } = await call(me, 'GET', '/v1/me/export')
    expect(res.headers.get('content-type')).toBe('application/zip')
    const files = unzip(new Uint8Array(await res.arrayBuffer()))
    const json = (name: string) => JSON.parse(new TextDecoder().decode(files.get(`${name}.json`))) as unknown
    expect(json('account')).toMatchObject({ email: me.email, name: 'Zora Quillfeather', phone: '+49 151 2345678' })
    expect(json('sessions')).toMatchObject([{ client: 'BrowserOfMine 1.0' }])
    expect(json('addresses')).toMatchObject([{ line1: 'Kastanienallee 117' }])
    expect(json('preferences')).toMatchObject({ styles: ['unmistakable'] })
    expect(json('consents')).toMatchObject([{ purpose: 'analytics', granted: true }])
    expect(json('wishlist')).toMatchObject([{ name: 'The coat' }])
    expect(json('cart')).toMatchObject({ items: [{ name: 'The coat' }] })
    expect(json('orders')).toMatchObject([{ id: order.id, shippingAddress: { name: 'Zora Quillfeather' } }])
    expect(json('reviews')).toMatchObject([{ text: 'An unmistakable shirt' }, { text: 'An unmistakable coat' }])
    expect(json('events')).toMatchObject([{ kind: 'search', query: 'zora quillfeather' }, { kind: 'buy' }])
    expect((json('mail') as { template: string }[]).map(({ template }) => template)).toContain('order_shipped')
    expect((json('log') as { action: string }[]).length).toBeGreaterThan(0)
    const kept = await modules.media.findOriginal(shown.photos[0]!.key)
    expect(Buffer.from(files.get(`photos/${shown.photos[0]!.key}`)!).equals(Buffer.from(kept!.bytes))).toBe(true)
    const { items } = await modules.audit.listEntries({ action: 'profile.export', limit: 5 })
    expect(items).toMatchObject([{ actor: `user:${me.user.id}` }])
  }, 60_000)
})

describe('erasure', () => {
  test('needs the password, or a sign-in of the last ten minutes', async () => {
    const user = await identity.createUser(
      { email: 'a@example.com', password: 'a long enough one' },
      { system: 'test' },
    )
    const grant = await identity.startSession({ userId: user.id, role: 'customer', client: '' })
    const actor = { userId: user.id, role: 'customer' as const, sessionId: grant.sessionId }
    await expect(modules.profile.eraseMe(actor, 'a wrong one')).rejects.toThrow('wrong')
    ahead = 11 * 60_000
    await expect(modules.profile.eraseMe(actor, undefined)).rejects.toThrow('sign in anew')
    await modules.profile.eraseMe(actor, 'a long enough one')
    await expect(identity.getUser(user.id)).rejects.toThrow('No user')
  })

  test('leaves the shop its last administrator', async () => {
    const [boss, second] = [await signInAs(identity, 'admin'), await signInAs(identity, 'admin')]
    expect((await call(second, 'DELETE', '/v1/me')).status).toBe(202)
    expect((await call(boss, 'DELETE', '/v1/me')).status).toBe(409)
    expect((await call(boss, 'GET', '/v1/me')).status).toBe(200)
  })

  test('leaves nothing of the person in any table, document, blob or mail; their orders stay with their sums', async () => {
    const { me, order, shown, hidden, tee, shippingAddress, staff } = await busyPerson()
    const photos = [...shown.photos, ...hidden.photos]
    const pictures = await Promise.all(photos.map(({ key }) => modules.media.findOriginal(key)))
    const other = await buy(staff, tee.variantId, { email: 'other@example.com', shippingAddress: ADDRESS })
    const emlBefore = [...blobs().entries()].filter(([path]) => path.endsWith('.eml'))
    expect(emlBefore.some(([, bytes]) => bytes.includes('Quillfeather'))).toBe(true)
    expect(received.length).toBeGreaterThan(2)
    const before = await orders.getOrder(order.id)
    expect(before.email).toBe(me.email)

    const { status, res } = await call(me, 'DELETE', '/v1/me')
    expect([status, res.headers.getSetCookie().length]).toEqual([202, 2])
    expect((await call(me, 'GET', '/v1/me')).status).toBe(401)
    await drain()

    const dump = await dumpTables()
    const files = [...blobs().entries()]
    for (const needle of NEEDLES) {
      expect([needle, dump.split('\n').find((line) => line.includes(needle))]).toEqual([needle, undefined])
      expect([needle, files.find(([, bytes]) => bytes.includes(needle))?.[0]]).toEqual([needle, undefined])
      expect([needle, received.find((text) => text.includes(needle))]).toEqual([needle, undefined])
    }
    for (const { key, url } of photos) {
      expect([(await app.request(url)).status, (await app.request(`${url}/160.webp`)).status]).toEqual([404, 404])
      expect(files.some(([path]) => path.includes(key))).toBe(false)
    }
    for (const picture of pictures)
      expect(files.some(([, bytes]) => bytes.equals(Buffer.from(picture!.bytes)))).toBe(false)

    const after = await orders.getOrder(order.id)
    expect(after).toMatchObject({ email: null, shippingAddress: null, status: before.status })
    expect([after.totals, after.lines, after.number]).toEqual([before.totals, before.lines, before.number])
    expect(
      ((await call(undefined, 'GET', `/v1/products/${tee.productId}`)).body as { reviews: object }).reviews,
    ).toMatchObject({ count: 1 })
    expect((await orders.getOrder(other.id)).email).toBe('other@example.com')
    expect(shippingAddress.name).toBe('Zora Quillfeather')
    const { entries, faults } = await modules.audit.verify()
    expect([entries > 0, faults]).toEqual([true, []])
  }, 60_000)

  test('takes along the orders that were placed for a proved address without signing in, and only then', async () => {
    const { variantId } = await sell('tee')
    const shippingAddress = { ...ADDRESS, name: 'Zora Quillfeather' }
    const asGuest = async (email: string) => {
      const { id } = await cart.createCart(undefined)
      await cart.addItem(id, undefined, { variantId, quantity: 1 })
      const placed = await orders.checkout(
        { cartId: id, shippingOption: 'standard', payment: { provider: 'test' }, email, shippingAddress },
        { actor: undefined, idempotencyKey: undefined },
      )
      await drain()
      return placed.order.id
    }
    const [proved, claimed, guest] = ['quillfeather@example.com', 'claimed@example.com', 'guest@example.com'] as const
    const orderIds = [await asGuest(proved), await asGuest(claimed), await asGuest(guest)] as const
    const user = await identity.createUser({ email: proved }, { system: 'test' })
    await identity.register({ email: claimed, password: 'a long enough one' })
    const other = await identity.findUserByEmail(claimed)
    for (const id of [user.id, other!.id]) await modules.profile.requestErasure(id, { system: 'test' })
    await drain()
    const emails = async () => Promise.all(orderIds.map(async (id) => (await orders.getOrder(id)).email))
    expect(await emails()).toEqual([null, claimed, guest])
    expect(await modules.profile.requestGuestErasure(guest, { system: 'test' })).toBeString()
    expect(await modules.profile.requestGuestErasure('nobody@example.com', { system: 'test' })).toBeUndefined()
    await drain()
    expect(await emails()).toEqual([null, claimed, null])
    const mailed = await modules.notify.exportMails([...orderIds])
    expect(mailed.map(({ to }) => to)).toEqual([claimed])
  }, 60_000)

  test('that dies half way ends when it is tried again, and no step that is done is done anew', async () => {
    const { me } = await busyPerson()
    let deaths = 2
    let carts = 0
    const dying = createProfile({
      ...infra,
      ...modules,
      jobs: infra.jobs,
      cart: { ...cart, eraseUser: (userId, tx) => (carts++, cart.eraseUser(userId, tx)) },
      notify: {
        ...modules.notify,
        eraseMails: async (ids) => {
          if (deaths-- > 0) throw new Error('killed')
          await modules.notify.eraseMails(ids)
        },
      },
    })
    await dying.requestErasure(me.user.id, me.actor)
    const work = { ...modules, jobs: { ...modules.jobs, 'profile.erase': dying.eraseUser } }
    await drainJobs(work, { mayFail: true })
    expect(blobs().size).toBeGreaterThan(0)
    await drainJobs(work, { mayFail: true, ahead: true })
    expect([carts, deaths < 0]).toEqual([1, true])
    const dump = await dumpTables()
    for (const needle of NEEDLES) expect([needle, dump.includes(needle)]).toEqual([needle, false])
    const rows = await infra.sql.selectFrom('profile.erasure').selectAll().execute()
    expect(rows).toMatchObject([{ user_id: me.user.id, finished_at: expect.any(Date) }])
  }, 60_000)

  test('takes along what was still written by who was signed in at another process', async () => {
    const me = await signInAs(identity)
    // As the command line, which has counters of its own: the shop has not heard that the session ended.
    const aside = createModules({ ...infra, now, cache: memoryCache({ now: Date.now }) })
    await aside.profile.requestErasure(me.user.id, { system: 'test' })
    await aside.profile.eraseUser({ userId: me.user.id })
    expect((await call(me, 'POST', '/v1/me/addresses', ADDRESS)).status).toBe(201)
    const { variantId } = await sell('late-tee')
    const { id } = await buy(me, variantId, { email: 'late@example.com', shippingAddress: ADDRESS })
    await drainJobs(modules, { ahead: true })
    expect(await infra.sql.selectFrom('profile.address').selectAll().execute()).toEqual([])
    expect((await orders.getOrder(id)).email).toBeNull()
  }, 60_000)

  test('makes what was sealed unreadable at once, before the job has run, in every copy', async () => {
    const { me } = await busyPerson()
    const [row] = await infra.sql.selectFrom('profile.address').selectAll().execute()
    await modules.profile.requestErasure(me.user.id, me.actor)
    expect(await modules.vault.open(row!.user_id, row!.sealed)).toBeUndefined()
  }, 60_000)
})
