import { afterAll, beforeEach, describe, expect, spyOn, test } from 'bun:test'
import { Stripe } from 'stripe'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createAudit } from '../audit/index.ts'
import { startStripeStandIn } from './stripe-stand-in.ts'
import { createStripe } from './stripe.ts'
import { EUR, openPayments } from './testing.ts'

const infra = await openTestInfra()
const secretKey = 'sk_test_standin'
const webhookSecret = 'whsec_stand_in'
const stripe = startStripeStandIn({ secretKey })
afterAll(stripe.stop)
beforeEach(emptyTestInfra)

const keys = { secretKey, publishableKey: 'pk_test_stand_in', webhookSecret, apiUrl: stripe.url }
const open = () => openPayments(infra, { stripe: keys }, createAudit(infra))

/** A payment that Stripe knows, with Stripe's name of it. */
async function started(shop: ReturnType<typeof open>, amount = 4990) {
  const order = await shop.ordered('stripe', amount)
  const action = await shop.payments.start(order.paymentId)
  if (action.kind !== 'stripe') throw new Error('not with Stripe')
  return { ...order, ref: action.clientSecret.replace(/_secret_x$/, ''), action }
}

/** Sends the text of a webhook as Stripe signs it. */
async function deliver(shop: ReturnType<typeof open>, text: string, secret = webhookSecret, timestamp?: number) {
  const signature = await new Stripe(secretKey).webhooks.generateTestHeaderStringAsync({
    payload: text,
    secret,
    ...(timestamp !== undefined && { timestamp }),
  })
  return shop.payments.receiveWebhook(
    'stripe',
    new TextEncoder().encode(text),
    new Headers({ 'stripe-signature': signature }),
  )
}

describe('a payment through Stripe', () => {
  test('is begun with our amount and can be begun again without a second one', async () => {
    const shop = open()
    const { ref, action, paymentId } = await started(shop)
    expect(action).toMatchObject({ kind: 'stripe', publishableKey: 'pk_test_stand_in' })
    expect(await shop.payments.start(paymentId)).toEqual(action)
    expect(stripe.intents.get(ref)).toMatchObject({
      amount: 4990,
      currency: 'eur',
      metadata: { payment_id: paymentId },
    })
    expect(shop.payments.providers()).toEqual([{ id: 'stripe', name: 'Card', test: true }])
  })

  test('that was made there, and of which we were cut off before we noted it, is found by the next start', async () => {
    const logged = spyOn(console, 'error').mockImplementation(() => {})
    const shop = open()
    const { paymentId } = await shop.ordered('stripe', 1200)
    const before = stripe.intents.size
    // Once for the try, once for the library's own second one.
    stripe.breakNext({ path: /payment_intents$/, method: 'POST', when: 'after', times: 2 })
    expect(await shop.payments.start(paymentId).catch((error: { code: string }) => error.code)).toBe('unavailable')
    expect(await shop.payments.start(paymentId)).toMatchObject({ kind: 'stripe' })
    expect(stripe.intents.size).toBe(before + 1)
    logged.mockRestore()
  })

  test('succeeds once when its webhook comes twice and out of order', async () => {
    const shop = open()
    const { ref } = await started(shop)
    stripe.decline(ref, 'insufficient_funds')
    const failed = stripe.event('payment_intent.payment_failed', { id: ref, object: 'payment_intent' })
    stripe.pay(ref)
    const succeeded = stripe.event('payment_intent.succeeded', { id: ref, object: 'payment_intent' })
    for (const text of [succeeded, succeeded, failed]) await deliver(shop, text)
    await shop.drain()
    await deliver(shop, failed)
    await shop.drain()
    expect(shop.heard).toEqual(['payments.succeeded 4990'])
  })

  test('that is declined says why, and succeeds with another card', async () => {
    const shop = open()
    const { ref, paymentId } = await started(shop)
    stripe.decline(ref, 'insufficient_funds')
    expect(await shop.payments.confirm(paymentId)).toMatchObject({ status: 'failed', failure: 'insufficient_funds' })
    stripe.pay(ref)
    expect(await shop.payments.confirm(paymentId)).toMatchObject({ status: 'succeeded', failure: null })
  })

  test('of another amount than the order is no success', async () => {
    const shop = open()
    const { ref, orderId } = await started(shop)
    stripe.pay(ref, 1)
    await deliver(shop, stripe.event('payment_intent.succeeded', { id: ref, object: 'payment_intent' }))
    await shop.drain()
    expect(shop.heard).toEqual(['payments.failed amount_mismatch'])
    expect(await shop.payments.ofOrder(orderId)).toMatchObject({ status: 'mismatched' })
  })

  test('that succeeded while we were down is found by asking', async () => {
    const shop = open()
    const { ref } = await started(shop)
    stripe.pay(ref)
    shop.passes(3 * 60_000)
    await shop.payments.jobs['payments.reconcile']()
    await shop.drain()
    expect(shop.heard).toEqual(['payments.succeeded 4990'])
  })

  test('that Stripe does not answer for is asked about again until it does', async () => {
    const logged = spyOn(console, 'error').mockImplementation(() => {})
    const shop = open()
    const { ref } = await started(shop)
    stripe.pay(ref)
    await deliver(shop, stripe.event('payment_intent.succeeded', { id: ref, object: 'payment_intent' }))
    stripe.breakNext({ path: new RegExp(ref), times: 4 })
    await shop.drain({ mayFail: true })
    expect(shop.heard).toEqual([])
    await shop.drain({ mayFail: true, ahead: true })
    expect(shop.heard).toEqual(['payments.succeeded 4990'])
    expect(logged.mock.calls.flat().map(String).join()).not.toContain(secretKey)
    logged.mockRestore()
  })

  test('is cancelled there with its order; one that was paid just before is told', async () => {
    const shop = open()
    const [unpaid, quick] = [await started(shop), await started(shop, 777)]
    stripe.pay(quick.ref)
    for (const { orderId } of [unpaid, quick])
      await infra.sql.transaction().execute((tx) => shop.payments.cancel(orderId, tx))
    await shop.drain()
    expect(stripe.intents.get(unpaid.ref)?.status).toBe('canceled')
    expect(shop.heard).toEqual(['payments.succeeded 777'])
  })
})

describe('a webhook', () => {
  test('is refused when its signature is of another secret, of other bytes, or old', async () => {
    const shop = open()
    const text = stripe.event('payment_intent.succeeded', { id: 'pi_1', object: 'payment_intent' })
    expect(deliver(shop, text, 'whsec_other')).rejects.toMatchObject({ code: 'invalid' })
    expect(deliver(shop, text, webhookSecret, 1_700_000_000)).rejects.toMatchObject({ code: 'invalid' })
    const bytes = new TextEncoder().encode(text)
    expect(shop.payments.receiveWebhook('stripe', bytes, new Headers())).rejects.toMatchObject({ code: 'invalid' })
    expect(await infra.sql.selectFrom('payments.webhook_event').select('event_id').execute()).toEqual([])
  })

  test('of a kind that we do not know is kept, and one of a stranger does nothing', async () => {
    const shop = open()
    await deliver(shop, stripe.event('invoice.created', { id: 'in_1', object: 'invoice' }))
    await deliver(shop, stripe.event('payment_intent.succeeded', { id: 'pi_other', object: 'payment_intent' }))
    await shop.drain()
    const kept = await infra.sql
      .selectFrom('payments.webhook_event')
      .select(['type', 'outcome'])
      .orderBy('type')
      .execute()
    expect(kept).toEqual([
      { type: 'invoice.created', outcome: 'kept' },
      { type: 'payment_intent.succeeded', outcome: 'of no payment of ours' },
    ])
  })

  test('of a dispute is recorded; an older word of it that comes late changes nothing', async () => {
    const shop = open()
    const { ref, paymentId } = await started(shop)
    stripe.pay(ref)
    await shop.payments.confirm(paymentId)
    const charge = stripe.intents.get(ref)?.latest_charge
    const dispute = { id: 'dp_1', object: 'dispute', charge, amount: 4990, currency: 'eur', created: 1_700_000_000 }
    const say = (status: string, at: number) =>
      deliver(shop, stripe.event('charge.dispute.updated', { ...dispute, status, reason: 'fraudulent' }, at))
    await say('needs_response', 1_700_000_001)
    await say('lost', 1_700_000_009)
    await say('under_review', 1_700_000_005)
    await shop.drain()
    expect(shop.heard.toSorted()).toEqual(['payments.disputed fraudulent', 'payments.succeeded 4990'])
    expect((await shop.payments.historyOf(paymentId)).disputes).toEqual([
      { ref: 'dp_1', status: 'lost', reason: 'fraudulent', amount: 4990, currency: 'EUR' },
    ])
  })
})

async function paid(shop: ReturnType<typeof open>) {
  const order = await started(shop)
  stripe.pay(order.ref)
  await shop.payments.confirm(order.paymentId)
  return order
}

describe('money back through Stripe', () => {
  beforeEach(() => stripe.setRefunds('succeeded'))

  test('goes back in parts, each once, and never more than was paid', async () => {
    const shop = open()
    const { orderId, ref } = await paid(shop)
    const refund = { orderId, refundId: infra.newId(), amount: EUR(1000), reason: 'returned' }
    for (let i = 0; i < 2; i++) await shop.refund(refund)
    await shop.refund({ ...refund, refundId: infra.newId(), amount: EUR(3990) })
    expect(shop.refund({ ...refund, refundId: infra.newId(), amount: EUR(1) })).rejects.toMatchObject({
      code: 'refused',
    })
    await shop.drain()
    expect(shop.heard.toSorted()).toEqual([
      'payments.refunded 1000',
      'payments.refunded 3990',
      'payments.succeeded 4990',
    ])
    expect([...stripe.refunds.values()].filter((one) => one.payment_intent === ref)).toHaveLength(2)
    expect(await shop.payments.ofOrder(orderId)).toMatchObject({ refunded: EUR(4990) })
  })

  test('that was made there before we were cut off is not made again, even a day later', async () => {
    const logged = spyOn(console, 'error').mockImplementation(() => {})
    const shop = open()
    const { orderId, ref } = await paid(shop)
    await shop.refund({ orderId, refundId: infra.newId(), amount: EUR(1000), reason: 'returned' })
    stripe.breakNext({ path: /refunds$/, method: 'POST', when: 'after', times: 2 })
    await shop.drain({ mayFail: true })
    stripe.forgetKeys()
    await shop.drain({ mayFail: true, ahead: true })
    logged.mockRestore()
    expect([...stripe.refunds.values()].filter((one) => one.payment_intent === ref)).toHaveLength(1)
    expect(shop.heard).toContain('payments.refunded 1000')
  })

  test('that takes its time, and fails in the end, is told as failed', async () => {
    const shop = open()
    const { orderId } = await paid(shop)
    stripe.setRefunds('pending')
    const refundId = infra.newId()
    await shop.refund({ orderId, refundId, amount: EUR(4990), reason: 'returned' })
    await shop.drain()
    expect(shop.heard).toEqual(['payments.succeeded 4990'])
    stripe.setRefunds('failed', 'expired_or_canceled_card')
    const object = { id: 'unheard of', object: 'refund', metadata: { refund_id: refundId } }
    await deliver(shop, stripe.event('refund.failed', object))
    await shop.drain()
    expect(shop.heard.at(-1)).toBe('payments.refund_failed expired_or_canceled_card')
    // The money is here still, so that it can be tried again.
    await shop.refund({ orderId, refundId: infra.newId(), amount: EUR(4990), reason: 'returned' })
  })

  test('that Stripe refuses is told as failed', async () => {
    const shop = open()
    const { orderId, ref } = await paid(shop)
    const intent = stripe.intents.get(ref)
    if (intent) intent.amount_received = 0
    await shop.refund({ orderId, refundId: infra.newId(), amount: EUR(4990), reason: 'returned' })
    await shop.drain()
    expect(shop.heard).toContain('payments.refund_failed charge_already_refunded')
  })
})

/** The official mock, where it runs: it holds what we send against Stripe's own OpenAPI, and remembers nothing. */
const mockUrl = process.env['STRIPE_MOCK_URL']
test.skipIf(!mockUrl)('every request of ours is one that the official mock accepts', async () => {
  const driver = createStripe({ ...keys, apiUrl: mockUrl })
  const charge = { paymentId: infra.newId(), orderId: infra.newId(), due: EUR(4990), ref: undefined, charge: undefined }
  const { ref, action } = await driver.start(charge)
  expect([ref, action.kind]).toEqual([expect.stringMatching(/^pi_/), 'stripe'])
  expect((await driver.settle({ ...charge, ref })).status).toBeString()
  expect((await driver.cancel({ ...charge, ref })).status).toBeString()
  const refund = { refundId: infra.newId(), ref, charge: 'ch_1', amount: EUR(100), reason: 'returned' }
  const made = await driver.refund(refund)
  expect(made.ref).toMatch(/^re_/)
  expect((await driver.findRefund(made.ref ?? '')).ref).toMatch(/^re_/)
})
