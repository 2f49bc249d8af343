import { beforeEach, describe, expect, test } from 'bun:test'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { customer, openTestShop, product, retailer } from '../../edge/testing-shop.ts'
import type { Order } from './index.ts'

const infra = await openTestInfra()
const shop = openTestShop(infra)
const { modules } = shop
const { orders } = modules
beforeEach(emptyTestInfra)

const DAY_MS = 24 * 3600_000
const staff = retailer()
const eur = (amount: number) => ({ amount, currency: 'EUR' })

/** An order of three and two pieces that has got so far. */
async function orderThat(status: 'paid' | 'shipped' | 'delivered'): Promise<Order> {
  const [s = '', m = ''] = await shop.sell(product('tee', { price: { amount: 1999, currency: 'EUR' } }))
  const { order } = await shop.order({ [s]: 3, [m]: 2 })
  await shop.pay({ order } as never)
  if (status !== 'paid') {
    await orders.pack(order.id, staff)
    await orders.ship(order.id, staff, { carrier: 'DHL', code: '00340434' })
  }
  if (status === 'delivered') await orders.deliver(order.id, staff)
  return orders.getOrder(order.id)
}

/** How many pieces are for sale again when all the money of an order that has got so far goes back. */
async function backOnTheShelf(status: 'paid' | 'shipped'): Promise<number> {
  const { id, lines } = await orderThat(status)
  const before = await shop.stockOf(lines[0]!.variantId)
  await orders.refund(id, { reason: 'Cannot be made' }, staff)
  await shop.drain()
  expect(await orders.getOrder(id)).toMatchObject({ status: 'refunded' })
  return (await shop.stockOf(lines[0]!.variantId)) - before
}

const heard = async (name: string) => {
  const rows = await infra.sql.selectFrom('kernel.outbox').select('name').where('name', '=', name).execute()
  return rows.length
}
const illegal = { code: 'conflict', details: { reason: 'illegal_move' } }

describe('an order', () => {
  test('goes out step by step; each is an event, an entry and an audit row, and none can be skipped or repeated', async () => {
    const { id } = await orderThat('paid')
    expect(orders.ship(id, staff)).rejects.toMatchObject(illegal)
    expect(orders.deliver(id, staff)).rejects.toMatchObject(illegal)
    await orders.pack(id, staff)
    expect(orders.pack(id, staff)).rejects.toMatchObject(illegal)
    expect(orders.cancel(id, undefined)).rejects.toMatchObject(illegal)
    await orders.ship(id, staff, { carrier: 'DHL', code: '00340434', url: 'https://dhl.example/00340434' })
    expect(orders.cancel(id, staff)).rejects.toMatchObject(illegal)
    await orders.deliver(id, staff)
    const order = await orders.getOrder(id)
    expect(order).toMatchObject({ status: 'delivered', canReturn: true, shipping: { tracking: { carrier: 'DHL' } } })
    expect(order.timeline.map(({ kind, by }) => `${kind} ${by}`)).toEqual([
      'placed customer',
      'paid system',
      'packed staff',
      'shipped staff',
      'delivered staff',
    ])
    const { items } = await modules.audit.listEntries({ subject: `order:${id}`, limit: 20 })
    expect(items.map(({ action }) => action).toReversed()).toEqual(order.timeline.map(({ kind }) => `orders.${kind}`))
    for (const { kind } of order.timeline) expect(await heard(`orders.${kind}`)).toBe(1)
  })

  test('is packed once by two at the same moment', async () => {
    const { id } = await orderThat('paid')
    const both = await Promise.allSettled([orders.pack(id, staff), orders.pack(id, staff)])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await heard('orders.packed')).toBe(1)
  })

  test('is found by staff by status, number and mail', async () => {
    const { id, number } = await orderThat('paid')
    for (const query of [{ status: 'paid' as const }, { q: number.toLowerCase() }, { q: 'ADA@example.com' }]) {
      const { items } = await orders.listOrders({ ...query, limit: 5 })
      expect(items).toMatchObject([{ id, email: 'ada@example.com', pieces: 5 }])
    }
    for (const query of [{ status: 'packed' as const }, { q: 'ES1' }, { q: 'eve@example.com' }])
      expect((await orders.listOrders({ ...query, limit: 5 })).items).toEqual([])
  })
})

describe('a refund', () => {
  test('of a part leaves the order where it is; of the rest ends it', async () => {
    const { id, totals } = await orderThat('shipped')
    await orders.refund(id, { amount: eur(1000), reason: 'A scratch' }, staff)
    expect(await orders.getOrder(id)).toMatchObject({ refunded: eur(0), refundable: eur(totals.total.amount - 1000) })
    await shop.drain()
    expect(await orders.getOrder(id)).toMatchObject({ status: 'shipped', refunded: eur(1000) })
    await orders.refund(id, { reason: 'Lost on the way' }, staff)
    await shop.drain()
    const order = await orders.getOrder(id)
    expect(order).toMatchObject({ status: 'refunded', refunded: totals.total, refundable: eur(0) })
    expect(order.refunds.map(({ status, amount }) => [status, amount.amount])).toEqual([
      ['done', 1000],
      ['done', totals.total.amount - 1000],
    ])
    expect(await heard('orders.refunded')).toBe(2)
    expect(orders.refund(id, { reason: 'again' }, staff)).rejects.toMatchObject({ details: { reason: 'nothing_left' } })
  })

  test('of all that has not left puts its pieces back on the shelf; of what has left it does not', async () => {
    expect(await backOnTheShelf('paid')).toBe(3)
    expect(await backOnTheShelf('shipped')).toBe(0)
  })

  test('asked for twice at the same moment never gives back more than was paid', async () => {
    const { id, totals } = await orderThat('paid')
    const amount = eur(totals.total.amount - 100)
    const ended = await Promise.allSettled(
      Array.from({ length: 4 }, () => orders.refund(id, { amount, reason: 'x' }, staff)),
    )
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    await shop.drain()
    expect((await orders.getOrder(id)).refunded).toEqual(amount)
    expect((await modules.payments.ofOrder(id))?.refunded).toEqual(amount)
  })

  test('with the same key gives money back once', async () => {
    const { id } = await orderThat('paid')
    for (let twice = 0; twice < 2; twice++) await orders.refund(id, { amount: eur(500), reason: 'x', key: 'k' }, staff)
    await shop.drain()
    expect((await orders.getOrder(id)).refunded).toEqual(eur(500))
    // When nothing is left the second one is told the same as the first.
    for (let twice = 0; twice < 2; twice++) await orders.refund(id, { reason: 'x', key: 'all' }, staff)
    await shop.drain()
    expect(await orders.getOrder(id)).toMatchObject({ status: 'refunded', refundable: eur(0) })
  })

  test('that the provider cannot give is free to be asked for again', async () => {
    const { id } = await orderThat('paid')
    await orders.refund(id, { amount: eur(500), reason: 'x' }, staff)
    const { refunds, refundable } = await orders.getOrder(id)
    const failed = { refundId: refunds[0]!.id, orderId: id, reason: 'account closed' }
    for (let twice = 0; twice < 2; twice++) await orders.onRefundFailed(failed)
    const order = await orders.getOrder(id)
    expect(order).toMatchObject({ refunded: eur(0), refundable: eur(refundable.amount + 500) })
    expect(order.refunds[0]?.status).toBe('failed')
  })

  test('of another currency, of nothing or of an order that is not paid is refused', async () => {
    const { id } = await orderThat('paid')
    const refund = (amount: object) => orders.refund(id, { amount: amount as never, reason: 'x' }, staff)
    expect(refund({ amount: 100, currency: 'USD' })).rejects.toMatchObject({ code: 'refused' })
    expect(refund(eur(0))).rejects.toMatchObject({ code: 'refused' })
    expect(refund(eur(999_999))).rejects.toMatchObject({ details: { reason: 'too_much' } })
    const [s = ''] = await shop.sell(product('cap'))
    const { order } = await shop.order({ [s]: 1 })
    expect(orders.refund(order.id, { reason: 'x' }, staff)).rejects.toMatchObject({ code: 'conflict' })
  })
})

describe('a return', () => {
  const lines = [{ lineId: 0, quantity: 2 }]
  const ask = (id: string, change: object = {}) =>
    orders.requestReturn(id, { lines, reason: 'too_small', comment: 'Pinches Ada', ...change }, undefined)

  test('is received, put on the shelf, and paid for with what the pieces cost', async () => {
    const { id, lines: bought } = await orderThat('delivered')
    const variantId = bought[0]!.variantId
    const before = await shop.stockOf(variantId)
    await ask(id)
    const asked = await orders.getOrder(id)
    expect(asked).toMatchObject({ status: 'return_requested', canReturn: false })
    expect(asked.returns).toMatchObject([{ status: 'requested', reason: 'too_small', comment: 'Pinches Ada', lines }])
    const both = await Promise.allSettled(
      [1, 2].map(() => orders.receiveReturn(asked.returns[0]!.id, { restock: true }, staff)),
    )
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    await shop.drain()
    const order = await orders.getOrder(id)
    expect(order).toMatchObject({ status: 'refunded', refunded: eur(3998) })
    expect([order.lines[0]?.returned, await shop.stockOf(variantId)]).toEqual([2, before + 2])
    await ask(id, {
      lines: [
        { lineId: 0, quantity: 1 },
        { lineId: 1, quantity: 2 },
      ],
    })
    const again = (await orders.getOrder(id)).returns.find(({ status }) => status === 'requested')!
    await orders.receiveReturn(again.id, { restock: false }, staff)
    await shop.drain()
    expect(await orders.getOrder(id)).toMatchObject({ status: 'refunded', refunded: eur(9995), canReturn: false })
    expect(await shop.stockOf(variantId)).toBe(before + 2)
  })

  test('refused leaves the pieces with the shopper', async () => {
    const { id } = await orderThat('delivered')
    await ask(id)
    const { items } = await orders.listReturns({ status: 'requested', limit: 5 })
    expect(items).toMatchObject([{ orderId: id, comment: 'Pinches Ada' }])
    await orders.refuseReturn(items[0]!.id, staff)
    expect(await orders.getOrder(id)).toMatchObject({ status: 'delivered', refunded: eur(0), canReturn: true })
    expect(orders.refuseReturn(items[0]!.id, staff)).rejects.toMatchObject({ code: 'conflict' })
    expect(await heard('orders.return_refused')).toBe(1)
  })

  test('that is open when all the money goes back is answered all the same, and the order ends there', async () => {
    for (const answer of ['receive', 'refuse'] as const) {
      const { id } = await orderThat('delivered')
      await ask(id)
      await orders.refund(id, { reason: 'goodwill' }, staff)
      await shop.drain()
      const { status, returns, totals } = await orders.getOrder(id)
      expect(status).toBe('return_requested')
      if (answer === 'receive') await orders.receiveReturn(returns[0]!.id, { restock: true }, staff)
      else await orders.refuseReturn(returns[0]!.id, staff)
      await shop.drain()
      expect(await orders.getOrder(id)).toMatchObject({ status: 'refunded', refunded: totals.total })
    }
  })

  test('is of what was bought and not sent back yet, in time, one at a time', async () => {
    const { id } = await orderThat('delivered')
    for (const wrong of [[{ lineId: 0, quantity: 4 }], [{ lineId: 9, quantity: 1 }], [...lines, ...lines]])
      expect(ask(id, { lines: wrong })).rejects.toMatchObject({ code: 'refused', details: { reason: 'too_many' } })
    const both = await Promise.allSettled([ask(id), ask(id)])
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    const shipped = await orderThat('shipped').catch(() => undefined)
    if (shipped) expect(ask(shipped.id)).rejects.toMatchObject(illegal)
  })

  test('too late is refused', async () => {
    const { id } = await orderThat('delivered')
    shop.passes(31 * DAY_MS)
    expect(ask(id)).rejects.toMatchObject(illegal)
    expect((await orders.getOrder(id)).canReturn).toBe(false)
  })
})

test('who has paid for a product has bought it, until they call it off', async () => {
  const [s = ''] = await shop.sell(product('tee'))
  const { id: productId } = await modules.catalog.getProduct('tee')
  const user = customer()
  const placed = await shop.order({ [s]: 1 }, user)
  expect(await orders.hasBought(user.userId, productId)).toBe(false)
  await shop.pay(placed)
  expect(await orders.hasBought(user.userId, productId)).toBe(true)
  expect(await orders.hasBought(customer().userId, productId)).toBe(false)
})

test('an erased user leaves orders for the books that tell nobody whose they were', async () => {
  const [s = ''] = await shop.sell(product('tee'))
  const user = customer()
  const placed = await shop.order({ [s]: 1 }, user)
  await shop.pay(placed)
  await infra.sql.transaction().execute((tx) => orders.anonymiseUser(user.userId, tx))
  const order = await orders.getOrder(placed.order.id)
  expect(order).toMatchObject({ status: 'paid', email: null, shippingAddress: null, totals: { total: eur(2490) } })
  expect((await orders.listOrdersOf(user.userId, { limit: 5 })).items).toEqual([])
  const rows = await infra.sql.selectFrom('orders.order').selectAll().execute()
  expect(JSON.stringify(rows)).not.toContain(user.userId)
})
