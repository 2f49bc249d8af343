import { beforeEach, describe, expect, test } from 'bun:test'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createAudit } from '../audit/index.ts'
import { EUR, openPayments } from './testing.ts'

const infra = await openTestInfra()
beforeEach(emptyTestInfra)

const MINUTE_MS = 60_000
const open = () => openPayments(infra, { test: true }, createAudit(infra))

describe('with the test provider', () => {
  test('a payment that succeeds is told once, however often it is confirmed', async () => {
    const shop = open()
    const { orderId, paymentId } = await shop.ordered('test', 4990)
    expect(await shop.payments.start(paymentId)).toEqual({ kind: 'test', paymentId })
    const both = await Promise.all([1, 2].map(() => shop.payments.confirm(paymentId, 'success')))
    expect(both.map(({ status }) => status)).toEqual(['succeeded', 'succeeded'])
    await shop.drain()
    expect(shop.heard).toEqual(['payments.succeeded 4990'])
    expect(await shop.payments.ofOrder(orderId)).toMatchObject({ status: 'succeeded', amount: EUR(4990) })
  })

  test('a declined payment may be tried again', async () => {
    const shop = open()
    const { paymentId } = await shop.ordered('test', 4990)
    expect(await shop.payments.confirm(paymentId, 'decline')).toMatchObject({ status: 'failed', failure: 'declined' })
    expect(await shop.payments.confirm(paymentId, 'success')).toMatchObject({ status: 'succeeded', failure: null })
    await shop.drain()
    expect(shop.heard.toSorted()).toEqual(['payments.failed declined', 'payments.succeeded 4990'])
  })

  test('a payment that wants a second step is paid by it', async () => {
    const shop = open()
    const { paymentId } = await shop.ordered('test', 4990)
    expect((await shop.payments.confirm(paymentId, 'confirm')).status).toBe('started')
    expect((await shop.payments.confirm(paymentId, 'confirm')).status).toBe('succeeded')
  })

  test('a payment of which the provider said nothing is found by asking', async () => {
    const shop = open()
    const { paymentId } = await shop.ordered('test', 4990)
    expect((await shop.payments.confirm(paymentId, 'timeout')).status).toBe('processing')
    await shop.payments.jobs['payments.reconcile']()
    await shop.drain()
    expect(shop.heard).toEqual([])
    shop.passes(3 * MINUTE_MS)
    await shop.payments.jobs['payments.reconcile']()
    await shop.drain()
    expect(shop.heard).toEqual(['payments.succeeded 4990'])
  })

  test('a cancelled payment can be neither started nor paid', async () => {
    const shop = open()
    const { orderId, paymentId } = await shop.ordered('test', 4990)
    await shop.payments.start(paymentId)
    await shop.inTransaction((tx) => shop.payments.cancel(orderId, tx))
    await shop.drain()
    expect((await shop.payments.confirm(paymentId, 'success')).status).toBe('cancelled')
    expect(shop.payments.start(paymentId)).rejects.toMatchObject({ code: 'conflict' })
    expect(shop.heard).toEqual([])
  })

  test('what was paid while the order was cancelled is told all the same', async () => {
    const shop = open()
    const { orderId, paymentId } = await shop.ordered('test', 4990)
    await shop.payments.confirm(paymentId, 'timeout')
    await shop.inTransaction((tx) => shop.payments.cancel(orderId, tx))
    shop.passes(3 * MINUTE_MS)
    await shop.drain()
    expect(shop.heard).toEqual(['payments.succeeded 4990'])
  })

  test('a cancelled payment is asked about until its provider says that it is over', async () => {
    const shop = open()
    const { orderId, paymentId } = await shop.ordered('test', 4990)
    const checkAt = async () => {
      const rows = infra.sql.selectFrom('payments.payment').select('check_at').where('id', '=', paymentId)
      return (await rows.executeTakeFirstOrThrow()).check_at
    }
    await shop.payments.start(paymentId)
    await shop.inTransaction((tx) => shop.payments.cancel(orderId, tx))
    expect(await checkAt()).toBeInstanceOf(Date)
    await shop.drain()
    expect(await checkAt()).toBeNull()
  })

  test('an order that was rolled back leaves no payment', async () => {
    const { payments, inTransaction } = open()
    const orderId = infra.newId()
    const order = { orderId, provider: 'test', amount: EUR(100) }
    const broken = inTransaction(async (tx) => {
      await payments.prepare(order, tx)
      throw new Error('no stock')
    })
    expect(broken).rejects.toThrow('no stock')
    await broken.catch(() => {})
    expect(await payments.ofOrder(orderId)).toBeUndefined()
  })

  test('a provider that this shop does not have is refused', async () => {
    const { payments, inTransaction } = open()
    const order = { orderId: infra.newId(), provider: 'stripe', amount: EUR(100) }
    expect(inTransaction((tx) => payments.prepare(order, tx))).rejects.toMatchObject({ code: 'refused' })
    expect(payments.providers()).toEqual([{ id: 'test', name: 'Test payment', test: true }])
  })
})
