import { afterAll, beforeEach, describe, expect, spyOn, test } from 'bun:test'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createAudit } from '../audit/index.ts'
import { startPaypalStandIn } from './paypal-stand-in.ts'
import { EUR, openPayments } from './testing.ts'

const infra = await openTestInfra()
const keys = { clientId: 'client', clientSecret: 'a-secret-of-ours', webhookId: '1JE4291016473214C' }
const paypal = startPaypalStandIn(keys)
afterAll(paypal.stop)
beforeEach(async () => {
  Object.assign(paypal.books, { declines: undefined, captureStatus: 'COMPLETED', refundStatus: 'COMPLETED' })
  await emptyTestInfra()
})

const open = () => openPayments(infra, { paypal: { ...keys, apiUrl: paypal.url } }, createAudit(infra))
type Shop = ReturnType<typeof open>

async function started(shop: Shop, amount = 4990) {
  const order = await shop.ordered('paypal', amount)
  const action = await shop.payments.start(order.paymentId)
  if (action.kind !== 'redirect') throw new Error('not with PayPal')
  return { ...order, url: action.url, ref: new URL(action.url).searchParams.get('token') ?? '' }
}

async function paid(shop: Shop) {
  const order = await started(shop)
  paypal.approve(order.ref)
  await shop.payments.confirm(order.paymentId)
  return order
}

const deliver = (shop: Shop, { text, headers }: ReturnType<typeof paypal.event>) =>
  shop.payments.receiveWebhook('paypal', new TextEncoder().encode(text), headers)

describe('a payment through PayPal', () => {
  test('is approved there, and taken when the shopper is back', async () => {
    const shop = open()
    const { paymentId, ref, url } = await started(shop)
    expect(await shop.payments.start(paymentId)).toEqual({ kind: 'redirect', url })
    expect(paypal.order(ref).purchase_units[0]).toMatchObject({
      amount: { currency_code: 'EUR', value: '49.90' },
      custom_id: paymentId,
    })
    expect(await shop.payments.confirm(paymentId)).toMatchObject({ status: 'started' })
    paypal.approve(ref)
    expect(await shop.payments.confirm(paymentId)).toMatchObject({ status: 'succeeded' })
    await shop.drain()
    expect(shop.heard).toEqual(['payments.succeeded 4990'])
  })

  test('is taken once when the shopper and the webhooks come at the same time', async () => {
    const shop = open()
    const { paymentId, ref } = await started(shop)
    paypal.approve(ref)
    const approved = paypal.event('CHECKOUT.ORDER.APPROVED', { id: ref })
    await Promise.all([deliver(shop, approved), deliver(shop, approved), shop.payments.confirm(paymentId)])
    await shop.drain()
    const captured = { id: 'capture', supplementary_data: { related_ids: { order_id: ref } } }
    await deliver(shop, paypal.event('PAYMENT.CAPTURE.COMPLETED', captured))
    await shop.drain()
    expect(shop.heard).toEqual(['payments.succeeded 4990'])
  })

  test('that was taken before we were cut off is not taken again', async () => {
    const logged = spyOn(console, 'error').mockImplementation(() => {})
    const shop = open()
    const { paymentId, ref } = await started(shop)
    paypal.approve(ref)
    paypal.breakNext({ path: /capture$/, when: 'after' })
    expect(shop.payments.confirm(paymentId)).rejects.toThrow('status 503')
    await shop.payments.confirm(paymentId)
    await shop.drain()
    expect(shop.heard).toEqual(['payments.succeeded 4990'])
    logged.mockRestore()
  })

  test('that is declined may be approved again with other funds', async () => {
    const shop = open()
    const { paymentId, ref, url } = await started(shop)
    paypal.approve(ref)
    paypal.books.declines = 'INSTRUMENT_DECLINED'
    expect(await shop.payments.confirm(paymentId)).toMatchObject({ status: 'failed', failure: 'instrument_declined' })
    expect(await shop.payments.start(paymentId)).toEqual({ kind: 'redirect', url })
    paypal.books.declines = undefined
    paypal.approve(ref)
    expect(await shop.payments.confirm(paymentId)).toMatchObject({ status: 'succeeded' })
  })

  test('of another amount than the order is not taken', async () => {
    const shop = open()
    const { paymentId, ref } = await started(shop)
    Object.assign(paypal.order(ref).purchase_units[0]!, { amount: { currency_code: 'EUR', value: '1.00' } })
    paypal.approve(ref)
    expect(await shop.payments.confirm(paymentId)).toMatchObject({ status: 'failed', failure: 'amount_mismatch' })
    expect(paypal.order(ref).status).toBe('APPROVED')
  })

  test('that PayPal looks into is neither paid nor failed until it says so', async () => {
    const shop = open()
    paypal.books.captureStatus = 'PENDING'
    const { paymentId, ref } = await paid(shop)
    expect((await shop.payments.getPayment(paymentId)).status).toBe('processing')
    Object.assign(paypal.order(ref).purchase_units[0]!.payments!.captures[0]!, { status: 'COMPLETED' })
    shop.passes(3 * 60_000)
    await shop.payments.jobs['payments.reconcile']()
    await shop.drain()
    expect(shop.heard).toEqual(['payments.succeeded 4990'])
  })

  test('that nobody approved in its time is over, and can be begun anew', async () => {
    const shop = open()
    const { paymentId, ref } = await started(shop)
    paypal.expire(ref)
    const again = await shop.payments.start(paymentId)
    expect(again).toMatchObject({ kind: 'redirect', url: expect.not.stringContaining(ref) })
  })

  test('of a cancelled order is not taken, even when it was approved', async () => {
    const shop = open()
    const { orderId, paymentId, ref } = await started(shop)
    await shop.inTransaction((tx) => shop.payments.cancel(orderId, tx))
    paypal.approve(ref)
    await deliver(shop, paypal.event('CHECKOUT.ORDER.APPROVED', { id: ref }))
    await shop.drain()
    expect((await shop.payments.confirm(paymentId)).status).toBe('cancelled')
    expect(paypal.order(ref).status).toBe('APPROVED')
    expect(shop.heard).toEqual([])
  })

  test('that was being taken while its order was called off is told, though PayPal sends no word', async () => {
    const shop = open()
    const { orderId, ref } = await started(shop)
    paypal.approve(ref)
    await shop.inTransaction((tx) => shop.payments.cancel(orderId, tx))
    await shop.drain()
    const order = paypal.order(ref)
    const [unit] = order.purchase_units
    unit!.payments = { captures: [{ id: 'TAKEN', status: 'COMPLETED', amount: unit!.amount, custom_id: 'x' }] }
    order.status = 'COMPLETED'
    shop.passes(3 * 60_000)
    await shop.payments.jobs['payments.reconcile']()
    await shop.drain()
    expect(shop.heard).toEqual(['payments.succeeded 4990'])
  })

  test('does not begin without an answer, says so, and tells nobody our secret', async () => {
    const logged = spyOn(console, 'error').mockImplementation(() => {})
    const shop = open()
    const { paymentId } = await shop.ordered('paypal', 100)
    paypal.breakNext({ path: /orders$/ })
    expect(await shop.payments.start(paymentId).catch((error: { code: string }) => error.code)).toBe('unavailable')
    expect(Bun.inspect(logged.mock.calls, { depth: 9 })).not.toMatch(/a-secret-of-ours|A21AA|Bearer/)
    logged.mockRestore()
  })
})

describe('a webhook of PayPal', () => {
  test('is refused when PayPal did not say these very bytes', async () => {
    const shop = open()
    const { text, headers } = paypal.event('CHECKOUT.ORDER.APPROVED', { id: 'x' })
    for (const forged of [text.replace('"x"', '"y"'), `${text} `, 'not json', '1', `${text},"webhook_id":"other"`])
      expect(deliver(shop, { text: forged, headers })).rejects.toMatchObject({ code: 'invalid' })
    expect(deliver(shop, { text, headers: new Headers() })).rejects.toMatchObject({ code: 'invalid' })
  })

  test('that cannot be verified now is to be sent again', async () => {
    const logged = spyOn(console, 'error').mockImplementation(() => {})
    const shop = open()
    paypal.breakNext({ path: /verify-webhook-signature/ })
    const approved = paypal.event('CHECKOUT.ORDER.APPROVED', { id: 'x' })
    expect(await deliver(shop, approved).catch((error: { code: string }) => error.code)).toBe('unavailable')
    await deliver(shop, approved)
    logged.mockRestore()
  })

  test('of a dispute is recorded', async () => {
    const shop = open()
    const { paymentId, ref } = await paid(shop)
    const dispute = {
      dispute_id: 'PP-D-1',
      status: 'WAITING_FOR_SELLER_RESPONSE',
      reason: 'MERCHANDISE_OR_SERVICE_NOT_RECEIVED',
      dispute_amount: { currency_code: 'EUR', value: '49.90' },
      disputed_transactions: [
        { seller_transaction_id: paypal.order(ref).purchase_units[0]?.payments?.captures[0]?.id },
      ],
      create_time: '2026-01-01T00:00:00Z',
    }
    await deliver(shop, paypal.event('CUSTOMER.DISPUTE.CREATED', dispute))
    await shop.drain()
    expect(shop.heard).toContain('payments.disputed merchandise_or_service_not_received')
    const { disputes } = await shop.payments.historyOf(paymentId)
    expect(disputes).toEqual([
      {
        ref: 'PP-D-1',
        status: 'waiting_for_seller_response',
        reason: 'merchandise_or_service_not_received',
        amount: 4990,
        currency: 'EUR',
      },
    ])
  })
})

describe('money back through PayPal', () => {
  test('goes back in parts, each once', async () => {
    const shop = open()
    const { orderId } = await paid(shop)
    const refund = { orderId, refundId: infra.newId(), amount: EUR(1000), reason: 'returned' }
    for (let i = 0; i < 2; i++) await shop.refund(refund)
    await shop.refund({ ...refund, refundId: infra.newId(), amount: EUR(3990) })
    await shop.drain()
    expect(shop.heard.toSorted()).toEqual([
      'payments.refunded 1000',
      'payments.refunded 3990',
      'payments.succeeded 4990',
    ])
    expect(await shop.payments.ofOrder(orderId)).toMatchObject({ refunded: EUR(4990) })
  })

  test('that was made before we were cut off is not made again', async () => {
    const logged = spyOn(console, 'error').mockImplementation(() => {})
    const shop = open()
    const { orderId } = await paid(shop)
    const before = paypal.books.refunds.size
    await shop.refund({ orderId, refundId: infra.newId(), amount: EUR(1000), reason: 'returned' })
    paypal.breakNext({ path: /refund$/, when: 'after' })
    await shop.drain({ mayFail: true })
    await shop.drain({ mayFail: true, ahead: true })
    expect(paypal.books.refunds.size).toBe(before + 1)
    expect(shop.heard).toContain('payments.refunded 1000')
    logged.mockRestore()
  })

  test('that takes its time is told by its webhook', async () => {
    const shop = open()
    const { orderId } = await paid(shop)
    paypal.books.refundStatus = 'PENDING'
    const refundId = infra.newId()
    await shop.refund({ orderId, refundId, amount: EUR(4990), reason: 'returned' })
    await shop.drain()
    expect(shop.heard).toEqual(['payments.succeeded 4990'])
    const made = [...paypal.books.refunds.values()].at(-1)
    Object.assign(made ?? {}, { status: 'COMPLETED' })
    await deliver(shop, paypal.event('PAYMENT.CAPTURE.REFUNDED', { id: made?.id, custom_id: refundId }))
    await shop.drain()
    expect(shop.heard.at(-1)).toBe('payments.refunded 4990')
  })

  test('that PayPal refuses is told as failed', async () => {
    const shop = open()
    const { orderId, ref } = await paid(shop)
    Object.assign(paypal.order(ref).purchase_units[0]!.payments!.captures[0]!, { status: 'PENDING' })
    await shop.refund({ orderId, refundId: infra.newId(), amount: EUR(4990), reason: 'returned' })
    await shop.drain()
    expect(shop.heard).toContain('payments.refund_failed pending_capture')
  })
})
