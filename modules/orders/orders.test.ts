import { beforeEach, describe, expect, test } from 'bun:test'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { ADDRESS, customer, openTestShop, type Problem, product, retailer } from '../../edge/testing-shop.ts'
import type { Order } from './index.ts'

const infra = await openTestInfra()
const shop = openTestShop(infra)
const { modules, call } = shop
const { orders } = modules
beforeEach(emptyTestInfra)

const HOUR_MS = 3600_000
const staff = retailer()

const coupon = (code: string, change: object = {}) =>
  modules.promotions.createCoupon(
    {
      code,
      kind: 'percent',
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
    },
    staff,
  )
const couponUses = async (code: string) => (await modules.promotions.listCoupons({ code, limit: 1 })).items[0]?.used

/** Everything that could be left behind, by table. */
async function traces() {
  const tables = ['orders.order', 'orders.line', 'orders.entry', 'inventory.reservation', 'payments.payment'] as const
  const more = ['promotions.redemption', 'promotions.claim', 'kernel.outbox', 'vault.data_key'] as const
  const counts = [...tables, ...more].map(async (table) => {
    const { n } = await infra.sql
      .selectFrom(table as 'orders.order')
      .select((eb) => eb.fn.countAll<number>().as('n'))
      .executeTakeFirstOrThrow()
    return [table, Number(n)] as const
  })
  return Object.fromEntries(await Promise.all(counts))
}

describe('statements', () => {
  test('an add to a cart takes at most six, the first one and with a coupon too', async () => {
    const [s = '', m = ''] = await shop.sell(product('tee'))
    const { id } = await modules.cart.createCart(undefined)
    const add = (variantId: string) => () => call('POST', `/v1/carts/${id}/items`, { variantId })
    const counts = [await shop.count(add(s)), await shop.count(add(m)), await shop.count(add(m))]
    await coupon('TEN')
    await modules.cart.addCoupon(id, undefined, 'TEN')
    counts.push(await shop.count(add(m)))
    expect(Math.min(...counts)).toBeGreaterThan(2)
    expect(Math.max(...counts)).toBeLessThanOrEqual(6)
  })

  test('a checkout takes at most fifteen, with two lines, a coupon and an idempotency key too', async () => {
    const [s = '', m = ''] = await shop.sell(product('tee'))
    await coupon('TEN')
    const plain = await shop.cartWith({ [s]: 1, [m]: 2 })
    const full = await shop.cartWith({ [s]: 1, [m]: 2 })
    await modules.cart.addCoupon(full, undefined, 'TEN')
    const counts = [
      await shop.count(() => shop.checkout(plain)),
      await shop.count(() => shop.checkout(full, {}, { 'idempotency-key': 'key-12345' })),
    ]
    expect(Math.min(...counts)).toBeGreaterThan(8)
    expect(Math.max(...counts)).toBeLessThanOrEqual(15)
  })
})

describe('a checkout', () => {
  test('makes an order that waits to be paid and holds its pieces, and leaves the cart as it is', async () => {
    const [s = '', m = ''] = await shop.sell(product('tee'))
    const cartId = await shop.cartWith({ [s]: 1, [m]: 2 })
    const before = await shop.getCart(cartId)
    const { status, body, headers } = await shop.checkout(cartId)
    expect([status, headers.get('cache-control')]).toEqual([201, 'private, no-store'])
    expect(body.payment).toEqual({ kind: 'test', paymentId: body.order.payment.paymentId! })
    expect(body.order).toMatchObject({
      status: 'pending',
      email: 'ada@example.com',
      shippingAddress: ADDRESS,
      totals: { items: { amount: 6000 }, shipping: { amount: 490 }, tax: { amount: 1036 }, total: { amount: 6490 } },
      canCancel: true,
      canReturn: false,
    })
    expect(body.order.number).toMatch(/^ES\d+$/)
    expect([await shop.stockOf(s), await shop.stockOf(m)]).toEqual([4, 3])
    expect((await shop.getCart(cartId)).items.map(({ quantity }) => quantity)).toEqual(
      before.items.map(({ quantity }) => quantity),
    )
    expect(await orders.getOrder(body.order.id)).toEqual(body.order)
  })

  test('that is refused leaves stock, orders, payments, coupons, keys and outbox as they were', async () => {
    const [s = '', m = ''] = await shop.sell(product('tee'))
    await coupon('TEN')
    const cartId = await shop.cartWith({ [s]: 2, [m]: 2 })
    await modules.cart.addCoupon(cartId, undefined, 'TEN')
    await modules.inventory.setStock([{ variantId: m, quantity: 1 }])
    const before = await traces()
    const { status, body } = await shop.checkout(cartId)
    expect([status, body.details]).toEqual([
      409,
      { reason: 'insufficient_stock', variantId: m, available: 1, name: 'The tee' },
    ])
    expect(await traces()).toEqual(before)
    expect([await shop.stockOf(s), await shop.stockOf(m), await couponUses('TEN')]).toEqual([5, 1, 0])
  })

  test('keeps nothing readable of who ordered', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    await shop.checkout(await shop.cartWith({ [s]: 1 }), {}, { 'idempotency-key': 'a-key-of-ours' })
    for (const table of ['orders.order', 'orders.entry', 'kernel.idempotency', 'kernel.outbox', 'promotions.claim']) {
      const rows = await infra.sql
        .selectFrom(table as 'orders.order')
        .selectAll()
        .execute()
      const text = JSON.stringify(rows)
      expect(rows.length > 0 || table === 'promotions.claim').toBe(true)
      for (const secret of ['ada@example.com', 'Byron', 'Rosenweg', 'a-key-of-ours']) expect(text).not.toContain(secret)
    }
  })

  test('shows a changed price before anything is paid, and takes the total that the shopper has seen', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const cartId = await shop.cartWith({ [s]: 1 })
    await shop.sell(product('tee', { price: { amount: 2500, currency: 'EUR' } }))
    const refused = await shop.checkout(cartId)
    expect([refused.status, refused.body.details.reason, refused.body.details['prices']]).toEqual([
      409,
      'price_changed',
      [{ itemId: expect.any(String), name: 'The tee', shown: 2000, now: 2500 }],
    ])
    const old = await shop.checkout(cartId, { expectedTotal: { amount: 2490, currency: 'EUR' } })
    expect([old.status, old.body.details.reason]).toEqual([409, 'price_changed'])
    const seen = await shop.checkout(cartId, { expectedTotal: { amount: 2990, currency: 'EUR' } })
    expect([seen.status, seen.body.order.totals.total.amount]).toEqual([201, 2990])
  })

  test.each([
    ['an empty cart', {}, {}, 409, 'cart_empty'],
    [
      'a country that is not served',
      { tee: 1 },
      { shippingAddress: { ...ADDRESS, country: 'ZZ' } },
      422,
      'country_not_served',
    ],
    ['a way that nothing is sent', { tee: 1 }, { shippingOption: 'pigeon' }, 422, 'shipping_option'],
  ])('refuses %s', async (...[, lines, change, status, reason]) => {
    const [s = ''] = await shop.sell(product('tee'))
    const cartId = await shop.cartWith('tee' in lines ? { [s]: 1 } : {})
    expect(await shop.checkout(cartId, change)).toMatchObject({ status, body: { details: { reason } } })
  })

  test('of more than one order may come to is refused, also where a coupon brings it down again', async () => {
    const [s = ''] = await shop.sell(product('tee', { price: { amount: 1_500_000_000, currency: 'EUR' } }))
    await coupon('MOST', { percent: 90 })
    const cartId = await shop.cartWith({ [s]: 4 })
    await modules.cart.addCoupon(cartId, undefined, 'MOST')
    const { status, body } = await shop.checkout(cartId)
    expect([status, body.details.reason]).toEqual([422, 'too_much'])
  })

  test('refuses what is not a checkout, or is paid in no way that we know', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const cartId = await shop.cartWith({ [s]: 1 })
    for (const change of [{ email: 'nobody' }, { shippingAddress: { ...ADDRESS, city: '' } }, { cartId: 7 }])
      expect((await shop.checkout(cartId, change)).status).toBe(400)
    expect((await shop.checkout(cartId, { payment: { provider: 'beads' } })).status).toBe(422)
    expect((await shop.checkout('nothing')).status).toBe(404)
    expect(await shop.stockOf(s)).toBe(5)
  })

  test('of a user is that user’s, found among their orders and nobody else’s', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const user = customer()
    const placed = await shop.order({ [s]: 1 }, user)
    const { items } = await orders.listOrdersOf(user.userId, { limit: 10 })
    expect(items).toMatchObject([{ id: placed.order.id, pieces: 1, names: ['The tee'], total: { amount: 2490 } }])
    expect((await orders.listOrdersOf(crypto.randomUUID(), { limit: 10 })).items).toEqual([])
    expect(orders.getOrderFor(placed.order.id, { actor: customer() })).rejects.toMatchObject({ code: 'not_found' })
    expect((await orders.getOrderFor(placed.order.id, { actor: user })).email).toBe('ada@example.com')
    expect((await orders.getOrderFor(placed.order.id, { actor: staff })).id).toBe(placed.order.id)
  })

  test('of a guest is found by its signed link alone', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const { order, orderToken } = await shop.order({ [s]: 1 })
    const path = `/v1/orders/${order.id}`
    const other = await shop.order({ [s]: 1 })
    expect((await call('GET', path)).status).toBe(404)
    expect((await call('GET', `${path}?token=${other.orderToken}`)).status).toBe(404)
    expect((await call<Order>('GET', `${path}?token=${orderToken}`)).body.id).toBe(order.id)
    expect((await call<Order>('GET', path, undefined, { 'x-order-token': orderToken })).status).toBe(200)
  })

  test('that costs nothing is paid at once', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    await coupon('ALL', { percent: 100 })
    await coupon('FREE', { kind: 'free_shipping', percent: null })
    const cartId = await shop.cartWith({ [s]: 1 })
    for (const code of ['ALL', 'FREE']) await modules.cart.addCoupon(cartId, undefined, code)
    const { body } = await shop.checkout(cartId)
    expect([body.order.status, body.payment, body.order.totals.total.amount]).toEqual(['paid', { kind: 'none' }, 0])
    expect((await shop.getCart(cartId)).items).toEqual([])
    expect(await shop.stockOf(s)).toBe(4)
  })
})

/** The orders that the same request is told of, sent twice. */
async function orderedTwice(cartId: string): Promise<string[]> {
  const made = () => orders.checkout(shop.bodyOf(cartId), { actor: undefined, idempotencyKey: 'the-same' })
  return [(await made()).order.id, (await made()).order.id]
}

describe('the same checkout again after its answer was lost', () => {
  test('gives its order, though it emptied the cart', async () => {
    const [s = ''] = await shop.sell(product('tee', { price: { amount: 0, currency: 'EUR' } }))
    await coupon('SHIP', { kind: 'free_shipping', percent: null })
    const [first, second] = await orderedTwice(await withCoupon('SHIP', s))
    expect(second).toBe(first!)
  })

  test('gives its order, though it took the last use of its coupon', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    await coupon('LAST', { totalLimit: 1 })
    const [first, second] = await orderedTwice(await withCoupon('LAST', s))
    expect(second).toBe(first!)
    expect(await couponUses('LAST')).toBe(1)
  })
})

describe('paying', () => {
  test('sells the pieces, empties the cart of what was bought, and tells everybody once', async () => {
    const [s = '', m = ''] = await shop.sell(product('tee'))
    const cartId = await shop.cartWith({ [s]: 2 })
    const { body } = await shop.checkout(cartId)
    await call('POST', `/v1/carts/${cartId}/items`, { variantId: s })
    await call('POST', `/v1/carts/${cartId}/items`, { variantId: m })
    const paid = await shop.pay(body)
    expect(paid).toMatchObject({ status: 'paid', payment: { payUntil: null } })
    expect(paid.timeline.map(({ kind }) => kind)).toEqual(['placed', 'paid'])
    expect((await shop.getCart(cartId)).items.map(({ variantId, quantity }) => [variantId, quantity])).toEqual([
      [s, 1],
      [m, 1],
    ])
    const event = { paymentId: body.order.payment.paymentId!, orderId: body.order.id, amount: 4490, currency: 'EUR' }
    await Promise.all([orders.onPaid(event), orders.onPaid(event)])
    expect((await orders.getOrder(body.order.id)).timeline).toHaveLength(2)
    expect([await shop.stockOf(s), (await shop.getCart(cartId)).pieces]).toEqual([3, 2])
  })

  test('declined leaves cart and stock as they were; the order waits for another try', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const cartId = await shop.cartWith({ [s]: 2 })
    const { body } = await shop.checkout(cartId)
    const declined = await shop.pay(body, 'decline')
    expect(declined).toMatchObject({ status: 'pending', payment: { failure: 'declined' } })
    expect([await shop.stockOf(s), (await shop.getCart(cartId)).pieces]).toEqual([5, 2])
    const again = await call<typeof body>('POST', `/v1/orders/${body.order.id}/pay?token=${body.orderToken}`)
    expect([again.status, again.body.payment.kind, await shop.stockOf(s)]).toEqual([200, 'test', 3])
    expect(await shop.pay(body)).toMatchObject({ status: 'paid' })
  })

  test('again is refused once others have the pieces', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const { order } = await shop.order({ [s]: 5 })
    await shop.pay({ order } as never, 'decline')
    await shop.order({ [s]: 1 })
    expect(orders.pay(order.id, undefined)).rejects.toMatchObject({
      code: 'conflict',
      details: { reason: 'insufficient_stock' },
    })
    expect(await shop.stockOf(s)).toBe(4)
  })

  test('after a decline takes the pieces anew where there are any, and goes back where there are none', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const [first, second] = [await shop.order({ [s]: 3 }), await shop.order({ [s]: 2 })]
    for (const one of [first, second]) await shop.pay(one, 'decline')
    await shop.order({ [s]: 3 })
    expect(await shop.pay(second)).toMatchObject({ status: 'paid' })
    const lost = await shop.pay(first)
    expect(lost).toMatchObject({ status: 'refunded', cancelReason: 'sold_out', refunded: { amount: 6490 } })
    expect(await shop.stockOf(s)).toBe(0)
  })
})

describe('an order that nobody pays', () => {
  test('and cannot be cancelled does not hold up those behind it', async () => {
    const [s = '', m = ''] = await shop.sell(product('tee'))
    const [stuck, other] = [await shop.order({ [s]: 1 }), await shop.order({ [m]: 1 })]
    await infra.sql.updateTable('inventory.stock').set({ reserved: 0 }).where('variant_id', '=', s).execute()
    shop.passes(HOUR_MS)
    await orders.expirePending().catch((error: AggregateError) => expect(error.errors).toHaveLength(1))
    const left = [stuck, other].map(({ order }) => orders.getOrder(order.id))
    expect((await Promise.all(left)).map(({ status }) => status)).toEqual(['pending', 'cancelled'])
  })

  test('is cancelled in time, and its pieces and coupon uses are free again', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    await coupon('ONE', { totalLimit: 1 })
    const cartId = await shop.cartWith({ [s]: 2 })
    await modules.cart.addCoupon(cartId, undefined, 'ONE')
    const { body } = await shop.checkout(cartId)
    expect([await orders.expirePending(), await couponUses('ONE')]).toEqual([0, 1])
    shop.passes(HOUR_MS)
    expect(await orders.expirePending()).toBe(1)
    expect(await orders.getOrder(body.order.id)).toMatchObject({ status: 'cancelled', cancelReason: 'expired' })
    expect([await shop.stockOf(s), await couponUses('ONE'), await orders.expirePending()]).toEqual([5, 0, 0])
    expect((await shop.getCart(cartId)).pieces).toBe(2)
  })

  test('and is paid after all gets its pieces where there are any, else the money goes back, once', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const [early, late] = [await shop.order({ [s]: 3 }), await shop.order({ [s]: 2 })]
    for (const one of [early, late]) await modules.payments.confirm(one.order.payment.paymentId!, 'timeout')
    shop.passes(HOUR_MS)
    expect(await orders.expirePending()).toBe(2)
    await shop.order({ [s]: 3 })
    const paidLate = async (one: typeof early) => {
      const { paymentId } = one.order.payment
      const event = {
        paymentId: paymentId!,
        orderId: one.order.id,
        amount: one.order.totals.total.amount,
        currency: 'EUR',
      }
      await modules.payments.settle(paymentId!)
      await shop.drain()
      await Promise.all([orders.onPaid(event), orders.onPaid(event)])
      await shop.drain()
      return orders.getOrder(one.order.id)
    }
    expect(await paidLate(late)).toMatchObject({ status: 'paid', cancelReason: null })
    const back = await paidLate(early)
    expect(back).toMatchObject({ status: 'refunded', refunded: { amount: 6490 } })
    expect(back.refunds).toHaveLength(1)
    expect(await shop.stockOf(s)).toBe(0)
  })
})

/** Calls it off or lets it go, and hears of its money after. */
async function hearsTwice(orderId: string, again = () => Promise.resolve()) {
  const { payment, totals } = await orders.getOrder(orderId)
  const event = { paymentId: payment.paymentId!, orderId, ...totals.total }
  await modules.payments.settle(event.paymentId)
  await orders.onPaid(event)
  await again()
  await orders.onPaid(event)
  await shop.drain()
  return orders.getOrder(orderId)
}

describe('money that came too late', () => {
  test('and is on its way back buys nothing, though the pieces are there again when it is heard of twice', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const { order } = await shop.order({ [s]: 1 })
    await modules.payments.confirm(order.payment.paymentId!, 'timeout')
    shop.passes(HOUR_MS)
    await orders.expirePending()
    await modules.inventory.setStock([{ variantId: s, quantity: 0 }])
    const after = await hearsTwice(order.id, () => modules.inventory.setStock([{ variantId: s, quantity: 5 }]))
    expect(after).toMatchObject({ status: 'refunded', refunded: order.totals.total })
    expect([after.refunds.length, await shop.stockOf(s)]).toEqual([1, 5])
  })

  test('for an order that was paid and called off is given back once, and hearing of it twice is no failure', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const placed = await shop.order({ [s]: 1 })
    await shop.pay(placed)
    await orders.cancel(placed.order.id, undefined)
    const after = await hearsTwice(placed.order.id)
    expect([after.status, after.refunds.length]).toEqual(['refunded', 1])
  })

  test('after the order was called off, with no word of the provider, is found by asking and given back', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const { order } = await shop.order({ [s]: 1 })
    await modules.payments.confirm(order.payment.paymentId!, 'timeout')
    await orders.cancel(order.id, undefined)
    await shop.drain()
    shop.passes(HOUR_MS)
    await modules.jobs['payments.reconcile']?.(undefined as never)
    await shop.drain()
    expect(await orders.getOrder(order.id)).toMatchObject({ status: 'refunded', refunded: order.totals.total })
  })
})

const withCoupon = async (code: string, s: string, actor?: ReturnType<typeof customer>) => {
  const cartId = await shop.cartWith({ [s]: 1 }, actor)
  await modules.cart.addCoupon(cartId, actor, code)
  return cartId
}

describe('coupons at the till', () => {
  test('have their last use once, however many want it', async () => {
    const [s = ''] = await shop.sell(product('tee', { variants: [{ sku: 'x', colour: 'Navy', size: 'S', stock: 50 }] }))
    await coupon('LAST', { totalLimit: 2 })
    const carts = await Promise.all(Array.from({ length: 10 }, () => withCoupon('LAST', s)))
    const answers = await Promise.all(carts.map((id, i) => shop.checkout(id, { email: `buyer${i}@example.com` })))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2)
    for (const { status, body } of answers)
      if (status !== 201) expect([status, body.details.reason]).toEqual([409, 'coupon_refused'])
    expect([await couponUses('LAST'), await shop.stockOf(s)]).toEqual([2, 48])
  })

  test('are counted for each buyer, guests by their mail and users by themselves', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    await coupon('ONCE', { perUserLimit: 1 })
    const first = await Promise.all([1, 2, 3].map(() => withCoupon('ONCE', s)))
    const answers = await Promise.all(first.map((id) => shop.checkout(id, { email: 'Ada@Example.com ' })))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409])
    const user = customer()
    const other = { email: 'other@example.com', idempotencyKey: undefined, actor: user }
    const place = async (email: string) => {
      const body = shop.bodyOf(await withCoupon('ONCE', s, user), { email }) as Parameters<typeof orders.checkout>[0]
      const placed = await orders.checkout(body, other)
      await shop.pay(placed)
    }
    await place('other@example.com')
    expect(place('third@example.com')).rejects.toMatchObject({
      details: { reason: 'coupon_refused', why: 'used_by_you' },
    })
  })
})

describe('calling off', () => {
  test('before it is paid frees everything, and no payment is taken any more', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const placed = await shop.order({ [s]: 2 })
    const path = `/v1/orders/${placed.order.id}/cancel?token=${placed.orderToken}`
    expect((await call<Order>('POST', path)).body).toMatchObject({ status: 'cancelled', cancelReason: 'by_customer' })
    expect((await call<Problem>('POST', path)).status).toBe(409)
    expect(await shop.stockOf(s)).toBe(5)
    await shop.drain()
    expect((await modules.payments.confirm(placed.order.payment.paymentId!, 'success')).status).toBe('cancelled')
  })

  test('after it is paid gives the money back and puts the pieces on the shelf', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const placed = await shop.order({ [s]: 2 })
    await shop.pay(placed)
    await orders.cancel(placed.order.id, undefined)
    await shop.drain()
    const order = await orders.getOrder(placed.order.id)
    expect(order).toMatchObject({ status: 'refunded', refunded: { amount: 4490 }, refundable: { amount: 0 } })
    expect(order.timeline.map(({ kind }) => kind)).toEqual([
      'placed',
      'paid',
      'refund_requested',
      'cancelled',
      'refunded',
    ])
    expect(await shop.stockOf(s)).toBe(5)
  })

  test('and paying at the same moment end in one of two ways, with money and pieces to match', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    for (let round = 0; round < 6; round++) {
      const placed = await shop.order({ [s]: 1 })
      const ended = await Promise.allSettled([
        modules.payments.confirm(placed.order.payment.paymentId!, 'success').then(() => shop.drain()),
        Bun.sleep(round * 2).then(() => orders.cancel(placed.order.id, undefined)),
      ])
      expect(ended[1].status).toBe('fulfilled')
      await shop.drain()
      const order = await orders.getOrder(placed.order.id)
      const payment = await modules.payments.ofOrder(placed.order.id)
      const paid = payment?.status === 'succeeded' ? 2490 : 0
      expect([order.refunded.amount, ['cancelled', 'refunded'].includes(order.status)]).toEqual([paid, true])
      expect(await shop.stockOf(s)).toBe(5)
    }
  })

  test('and expiry at the same moment give pieces and coupon back once', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const placed = await shop.order({ [s]: 3 })
    shop.passes(HOUR_MS)
    await Promise.allSettled([
      orders.expirePending(),
      orders.cancel(placed.order.id, undefined),
      orders.expirePending(),
    ])
    expect([await shop.stockOf(s), (await orders.getOrder(placed.order.id)).status]).toEqual([5, 'cancelled'])
  })
})

describe('one cart ordered twice', () => {
  test('at the same moment and alike gives one order', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const cartId = await shop.cartWith({ [s]: 1 })
    const answers = await Promise.all(Array.from({ length: 6 }, () => shop.checkout(cartId)))
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 201))
    expect(new Set(answers.map(({ body }) => body.order.id)).size).toBe(1)
    expect(await shop.stockOf(s)).toBe(4)
  })

  test('differently replaces what was not paid yet, so that pieces are held once', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const cartId = await shop.cartWith({ [s]: 5 })
    const first = await shop.checkout(cartId)
    const second = await shop.checkout(cartId, { shippingOption: 'express' })
    expect(second.status).toBe(201)
    expect(await orders.getOrder(first.body.order.id)).toMatchObject({
      status: 'cancelled',
      cancelReason: 'superseded',
    })
    expect(await shop.stockOf(s)).toBe(0)
    const many = await Promise.all(
      ['standard', 'express', 'standard'].map((shippingOption) => shop.checkout(cartId, { shippingOption })),
    )
    for (const { status } of many) expect([201, 409]).toContain(status)
    const { items } = await orders.listOrders({ status: 'pending', limit: 10 })
    expect([items.length, await shop.stockOf(s)]).toEqual([1, 0])
  })

  test('after it was paid is refused, since nothing is left in it', async () => {
    const [s = ''] = await shop.sell(product('tee'))
    const cartId = await shop.cartWith({ [s]: 1 })
    await shop.pay((await shop.checkout(cartId)).body)
    expect(await shop.checkout(cartId)).toMatchObject({ status: 409, body: { details: { reason: 'cart_empty' } } })
  })

  test('while things are put in has what it had, and the rest stays in the cart', async () => {
    const [s = ''] = await shop.sell(product('tee', { variants: [{ sku: 'x', colour: 'Navy', size: 'S', stock: 60 }] }))
    const cartId = await shop.cartWith({ [s]: 1 })
    const add = () => call('POST', `/v1/carts/${cartId}/items`, { variantId: s })
    const [placed] = await Promise.all([shop.checkout(cartId), ...Array.from({ length: 10 }, add)])
    const bought = placed.body.order.lines[0]!.quantity
    await shop.pay(placed.body)
    expect((await shop.getCart(cartId)).pieces).toBe(11 - bought)
    expect(await shop.stockOf(s)).toBe(60 - bought)
  })
})
