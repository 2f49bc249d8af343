import { beforeEach, describe, expect, test } from 'bun:test'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { customer, openTestShop, type Problem, product, retailer } from '../../edge/testing-shop.ts'
import type { Cart, ShippingOptions } from './index.ts'

const shop = openTestShop(await openTestInfra())
const { modules, call } = shop
beforeEach(emptyTestInfra)

const newCart = async () => (await call<Cart>('POST', '/v1/carts')).body.id
const add = (id: string, variantId: string, quantity = 1) =>
  call<Cart & Problem>('POST', `/v1/carts/${id}/items`, { variantId, quantity })

describe('a cart', () => {
  test('adds up what is put in, with the prices of now, for nobody else to keep', async () => {
    const [s = '', m = ''] = await shop.sell(product('tee'))
    const id = await newCart()
    await add(id, s)
    await add(id, m, 2)
    const { status, body, headers } = await add(id, s)
    expect(status).toBe(201)
    expect(headers.get('cache-control')).toBe('private, no-store')
    expect(body.items.map(({ quantity, total }) => [quantity, total.amount])).toEqual([
      [2, 4000],
      [2, 4000],
    ])
    expect(body.totals.total).toEqual({ amount: 8000, currency: 'EUR' })
    expect(body).toMatchObject({ pieces: 4, ready: true, priceChanged: false, currency: 'EUR' })
    expect(body.items[0]).toMatchObject({
      name: 'The tee',
      product: { slug: 'tee', brand: 'Norr', colour: { name: 'Navy' }, size: 'S', image: { url: '/media/aa.webp' } },
    })
    expect((await call<Cart>('GET', `/v1/carts/${id}`)).body).toEqual(body)
  })

  test('changes and loses items', async () => {
    const [s = '', m = ''] = await shop.sell(product('tee'))
    const id = await newCart()
    await add(id, s)
    const item = (await add(id, m)).body.items[0]!
    const changed = await call<Cart>('PATCH', `/v1/carts/${id}/items/${item.id}`, { quantity: 4 })
    expect([changed.status, changed.body.items[0]?.quantity]).toEqual([200, 4])
    for (let twice = 0; twice < 2; twice++) {
      const removed = await call<Cart>('DELETE', `/v1/carts/${id}/items/${item.id}`)
      expect([removed.status, removed.body.items.length, removed.body.pieces]).toEqual([200, 1, 1])
    }
    expect((await call('PATCH', `/v1/carts/${id}/items/${item.id}`, { quantity: 4 })).status).toBe(404)
  })

  test('has exactly as many as twenty adds at once put in, and the total of them', async () => {
    const [s = '', m = ''] = await shop.sell(product('tee'))
    const id = await newCart()
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => add(id, i % 2 ? s : m, 1 + (i % 3))))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201))
    const { items, totals, pieces } = (await call<Cart>('GET', `/v1/carts/${id}`)).body
    const wanted = Array.from({ length: 20 }, (_, i) => 1 + (i % 3)).reduce((sum, one) => sum + one, 0)
    expect([items.length, pieces, totals.total.amount]).toEqual([2, wanted, wanted * 2000])
  })

  test('takes at most 99 of a thing, however many ask at once', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const id = await newCart()
    const answers = await Promise.all(Array.from({ length: 12 }, () => add(id, s, 9)))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(11)
    expect(answers.find(({ status }) => status !== 201)).toMatchObject({
      status: 422,
      body: { details: { reason: 'too_many' } },
    })
    expect((await shop.getCart(id)).items[0]?.quantity).toBe(99)
  })

  test('shows what the price was, until the shopper has seen the new one', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const id = await shop.cartWith({ [s]: 1 })
    await shop.sell(product('tee', { price: { amount: 2500, currency: 'EUR' } }))
    const cart = await shop.getCart(id)
    expect(cart).toMatchObject({ priceChanged: true, totals: { total: { amount: 2500 } } })
    expect(cart.items[0]).toMatchObject({ unitPrice: { amount: 2500 }, previousPrice: { amount: 2000 } })
    const seen = await call<Cart>('PATCH', `/v1/carts/${id}/items/${cart.items[0]!.id}`, { quantity: 1 })
    expect(seen.body).toMatchObject({ priceChanged: false })
  })

  test('outlives what is in it: sold out and gone things are marked, and gone ones cost nothing', async () => {
    const [s = '', m = ''] = await shop.sell(product('tee'))
    const [other = ''] = await shop.sell(product('cap', { price: { amount: 900, currency: 'EUR' } }))
    const id = await shop.cartWith({ [s]: 3, [m]: 1, [other]: 1 })
    await modules.inventory.setStock([{ variantId: s, quantity: 2 }])
    const rest = product('tee')
    await shop.sell({ ...rest, variants: [{ ...rest.variants[0]!, stock: 2 }] })
    await modules.inventory.setStock([{ variantId: other, quantity: 0 }])
    const cart = await shop.getCart(id)
    expect(cart.items.map(({ name, availability, available }) => [name, availability, available])).toEqual([
      ['The tee', 'insufficient', 2],
      ['The tee', 'gone', 0],
      ['The cap', 'sold_out', 0],
    ])
    expect(cart).toMatchObject({ ready: false, totals: { total: { amount: 6900 } } })
    const removed = await call<Cart>('DELETE', `/v1/carts/${id}/items/${cart.items[1]!.id}`)
    expect(removed.body.items).toHaveLength(2)
  })

  test('has one currency, that of what was put in first; emptied, it may have another', async () => {
    const [euro = ''] = await shop.sell(product('tee'))
    const [dollar = ''] = await shop.sell(product('cap', { price: { amount: 900, currency: 'USD' } }))
    const id = await newCart()
    const { body } = await add(id, euro)
    expect(await add(id, dollar)).toMatchObject({ status: 422, body: { details: { reason: 'other_currency' } } })
    await call('DELETE', `/v1/carts/${id}/items/${body.items[0]!.id}`)
    expect((await add(id, dollar)).body).toMatchObject({ currency: 'USD', totals: { total: { amount: 900 } } })
  })

  test.each([
    ['a variant that is not there', { variantId: crypto.randomUUID() }, 404],
    ['no variant', {}, 400],
    ['none of it', { variantId: crypto.randomUUID(), quantity: 0 }, 400],
    ['too many of it', { variantId: crypto.randomUUID(), quantity: 100 }, 400],
    ['half of it', { variantId: crypto.randomUUID(), quantity: 0.5 }, 400],
  ])('refuses %s', async (_what, body, status) => {
    expect((await call('POST', `/v1/carts/${await newCart()}/items`, body)).status).toBe(status)
  })
})

describe('the id of a cart', () => {
  test('is worth nothing without its signature', async () => {
    const id = await newCart()
    const forged = `${crypto.randomUUID()}.${id.split('.')[1]}`
    for (const bad of [forged, id.slice(0, -1), `${id}x`, 'nothing', crypto.randomUUID()]) {
      expect((await call('GET', `/v1/carts/${bad}`)).status).toBe(404)
      expect((await call('POST', `/v1/carts/${bad}/items`, { variantId: crypto.randomUUID() })).status).toBe(404)
    }
  })

  test("of a user's cart opens it for that user alone", async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const owner = customer()
    const id = await shop.cartWith({ [s]: 1 }, owner)
    expect((await call('GET', `/v1/carts/${id}`)).status).toBe(404)
    expect((await add(id, s)).status).toBe(404)
    expect(modules.cart.getCart(id, customer())).rejects.toMatchObject({ code: 'not_found' })
    expect((await modules.cart.createCart(owner)).id).toBe(id)
  })
})

describe('signing in', () => {
  test('brings what was put in as a guest, adds quantities up, and happens once', async () => {
    const [s = '', m = ''] = await shop.sell(product('tee'))
    const user = customer()
    const own = await shop.cartWith({ [s]: 98 }, user)
    const guest = await shop.cartWith({ [s]: 3, [m]: 2 })
    await modules.promotions.createCoupon(coupon('TEN'), retailer())
    await modules.cart.addCoupon(guest, undefined, 'TEN')
    const merged = await Promise.all([1, 2, 3].map(() => modules.cart.mergeCarts(guest, user)))
    for (const cart of merged) expect(cart.id).toBe(own)
    const cart = await modules.cart.getCart(own, user)
    expect(cart.items.map(({ variantId, quantity }) => [variantId, quantity])).toEqual([
      [s, 99],
      [m, 2],
    ])
    expect(cart.coupons.map(({ code }) => code)).toEqual(['TEN'])
    expect((await call('GET', `/v1/carts/${guest}`)).status).toBe(404)
  })

  test("never takes another user's cart", async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const [victim, thief] = [customer(), customer()]
    const id = await shop.cartWith({ [s]: 1 }, victim)
    expect((await modules.cart.mergeCarts(id, thief)).items).toEqual([])
    expect((await modules.cart.getCart(id, victim)).items).toHaveLength(1)
  })

  test('gives one cart, however many ask at once', async () => {
    const user = customer()
    const carts = await Promise.all(Array.from({ length: 8 }, () => modules.cart.createCart(user)))
    expect(new Set(carts.map(({ id }) => id)).size).toBe(1)
  })
})

const coupon = (code: string, change: object = {}) => ({
  code,
  kind: 'percent' as const,
  percent: 10,
  amount: null,
  currency: null,
  minimumAmount: null,
  validFrom: null,
  validUntil: null,
  totalLimit: null,
  perUserLimit: null,
  stackable: true,
  active: true,
  ...change,
})

describe('coupons', () => {
  test('are entered in any case, applied, and taken back', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    await modules.promotions.createCoupon(coupon('TEN'), retailer())
    const id = await shop.cartWith({ [s]: 1 })
    const { status, body } = await call<Cart>('POST', `/v1/carts/${id}/coupons`, { code: ' ten ' })
    expect([status, body.totals.discount.amount, body.totals.total.amount]).toEqual([201, 200, 1800])
    expect(body.coupons).toEqual([
      { code: 'TEN', applied: true, reason: null, discount: { amount: 200, currency: 'EUR' }, freeShipping: false },
    ])
    const without = await call<Cart>('DELETE', `/v1/carts/${id}/coupons/ten`)
    expect([without.status, without.body.coupons, without.body.totals.total.amount]).toEqual([200, [], 2000])
  })

  test('that cannot be used say why; one below its minimum waits for more', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const id = await shop.cartWith({ [s]: 1 })
    await modules.promotions.createCoupon(coupon('OLD', { validUntil: '2020-01-01T00:00:00Z' }), retailer())
    await modules.promotions.createCoupon(coupon('MIN', { minimumAmount: 3000, currency: 'EUR' }), retailer())
    const enter = (code: string) => call<Cart & Problem>('POST', `/v1/carts/${id}/coupons`, { code })
    expect(await enter('NONE')).toMatchObject({ status: 422, body: { details: { reason: 'unknown' } } })
    expect(await enter('OLD')).toMatchObject({ status: 422, body: { details: { reason: 'expired' } } })
    const below = await enter('MIN')
    expect(below.body.coupons[0]).toMatchObject({ applied: false, reason: 'below_minimum' })
    expect((await add(id, s)).body.coupons[0]).toMatchObject({ applied: true, discount: { amount: 400 } })
  })

  test('pay for the cheapest way to send it', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    await modules.promotions.createCoupon(coupon('FREE', { kind: 'free_shipping', percent: null }), retailer())
    const id = await shop.cartWith({ [s]: 1 })
    await modules.cart.addCoupon(id, undefined, 'FREE')
    const { body } = await call<ShippingOptions>('GET', `/v1/carts/${id}/shipping-options?country=de`)
    expect(body.items.map(({ price, totals }) => [price.amount, totals.shipping.amount, totals.total.amount])).toEqual([
      [490, 0, 2000],
      [1290, 800, 2800],
    ])
  })
})

test('shipping goes by the weight that variants say they have', async () => {
  const heavy = product('coat')
  const [s = ''] = await shop.sell({ ...heavy, variants: [{ ...heavy.variants[0]!, weightGrams: 1500 }] })
  const id = await shop.cartWith({ [s]: 2 })
  const { body } = await call<ShippingOptions>('GET', `/v1/carts/${id}/shipping-options?country=DE`)
  expect(body.items[0]?.price.amount).toBe(690)
  expect(await call<Problem>('GET', `/v1/carts/${id}/shipping-options?country=ZZ`)).toMatchObject({
    status: 422,
    body: { details: { reason: 'country_not_served' } },
  })
  expect((await call('GET', `/v1/carts/${id}/shipping-options?country=Germany`)).status).toBe(400)
})

test("forgotten guests' carts are swept, and no others", async () => {
  const [s = ''] = await shop.sell(product('tee'))
  const [old, user] = [await shop.cartWith({ [s]: 1 }), customer()]
  const own = await shop.cartWith({ [s]: 1 }, user)
  const empty = await newCart()
  shop.passes(91 * 24 * 3600_000)
  const fresh = await shop.cartWith({ [s]: 1 })
  expect(await modules.cart.sweep()).toBe(2)
  for (const gone of [old, empty]) expect((await call('GET', `/v1/carts/${gone}`)).status).toBe(404)
  expect((await shop.getCart(fresh)).items).toHaveLength(1)
  expect((await modules.cart.getCart(own, user)).items).toHaveLength(1)
})
