import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { Stripe } from 'stripe'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createApp } from '../../edge/app.ts'
import { createAudit } from '../audit/index.ts'
import { AppError } from '../kernel/errors.ts'
import { createRouter } from '../kernel/http.ts'
import { paymentRoutes } from './routes.ts'
import { startStripeStandIn } from './stripe-stand-in.ts'
import { openPayments } from './testing.ts'

const opened = await openTestInfra()
beforeEach(emptyTestInfra)

const stripe = startStripeStandIn({ secretKey: 'sk_test_routes' })
afterAll(stripe.stop)
const webhookSecret = 'whsec_routes'
const keys = { secretKey: 'sk_test_routes', publishableKey: 'pk_test_routes', webhookSecret, apiUrl: stripe.url }
const paymentKeys = { stripe: keys, paypal: undefined, test: true, baseUrl: 'http://shop' }
const infra = { ...opened, paymentKeys }
const shop = openPayments(infra, paymentKeys, createAudit(infra))

/** As the map wires them; the token of an order is its id here. */
const authorise = async (orderId: string, { token }: { token: string | undefined }) => {
  if (token !== orderId) throw new AppError('not_found', 'No such order')
}
const orderUrl = (id: string) => `/orders/${id}?token=secret`
const routes = createRouter().route('/v1', paymentRoutes({ payments: shop.payments, authorise, orderUrl }))
const app = createApp({ infra, routes: routes as never })

async function deliver(text: string, change: (sent: string) => string = (sent) => sent) {
  const { webhooks } = new Stripe('sk_test_routes')
  const signature = await webhooks.generateTestHeaderStringAsync({ payload: text, secret: webhookSecret })
  const headers = { 'content-type': 'application/json; charset=utf-8', 'stripe-signature': signature }
  return app.request('/v1/webhooks/stripe', { method: 'POST', body: change(text), headers })
}

describe('a webhook over HTTP', () => {
  test('is verified over its bytes as they came, spaces, order and escapes and all', async () => {
    const text =
      '{ "id":"evt_1",\n\t"object" : "event", "type":"x.y", "created":1, "data":{"object":{"id":"\\u00e9\u{1f9e5}"}} }\n'
    expect((await deliver(text)).status).toBe(200)
    expect((await deliver(text, (sent) => JSON.stringify(JSON.parse(sent)))).status).toBe(400)
    expect(await opened.sql.selectFrom('payments.webhook_event').select('event_id').execute()).toEqual([
      { event_id: 'evt_1' },
    ])
  })

  test('answers before its work is done', async () => {
    const asked = stripe.asked.length
    const object = { id: 'pi_somebody', object: 'payment_intent' }
    expect(await (await deliver(stripe.event('payment_intent.succeeded', object))).json()).toEqual({ received: true })
    expect(stripe.asked).toHaveLength(asked)
    await shop.drain()
  })

  test('of a provider without keys finds nobody', async () => {
    const body = '{"id":"WH-1"}'
    const headers = { 'content-type': 'application/json' }
    expect((await app.request('/v1/webhooks/paypal', { method: 'POST', body, headers })).status).toBe(404)
  })
})

const post = (path: string, body: object) =>
  app.request(`/v1/payments/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  })

describe('paying over HTTP', () => {
  test('is for who may see the order', async () => {
    const { orderId, paymentId } = await shop.ordered('test', 500)
    expect((await post(`${paymentId}/confirm`, { method: 'success' })).status).toBe(404)
    expect((await post(`${paymentId}/start?token=${orderId}`, {})).status).toBe(200)
    const paid = await post(`${paymentId}/confirm?token=${orderId}`, { method: 'success' })
    expect(await paid.json()).toMatchObject({
      id: paymentId,
      status: 'succeeded',
      amount: { amount: 500, currency: 'EUR' },
    })
  })

  test('says which providers there are, and which of them move no money', async () => {
    expect(await (await app.request('/v1/payments/providers')).json()).toEqual({
      items: [
        { id: 'stripe', name: 'Card', test: true },
        { id: 'test', name: 'Test payment', test: true },
      ],
    })
  })

  test('ends at the order for who comes back with our signature, and for nobody else', async () => {
    const { orderId, paymentId } = await shop.ordered('test', 500)
    const signature = opened.signer.sign('payments.return', paymentId)
    const back = await app.request(`/v1/payments/${paymentId}/return?signature=${signature}`)
    expect([back.status, back.headers.get('location')]).toEqual([303, `/orders/${orderId}?token=secret`])
    expect((await app.request(`/v1/payments/${paymentId}/return?signature=x`)).status).toBe(404)
  })
})

test('only the page to pay at may embed Stripe, and only when there is Stripe', async () => {
  const policyOf = async (path: string, on = app) =>
    (await on.request(path)).headers.get('content-security-policy')?.includes('js.stripe.com')
  const without = createApp({ infra: opened, routes: routes as never })
  const page = `/orders/${opened.newId()}/pay`
  expect([await policyOf(page), await policyOf('/orders/x'), await policyOf(page, without)]).toEqual([
    true,
    false,
    false,
  ])
  const { headers } = await app.request(page)
  expect(headers.get('cross-origin-embedder-policy')).toBe('unsafe-none')
  expect((await app.request('/')).headers.get('cross-origin-embedder-policy')).toBe('require-corp')
})
