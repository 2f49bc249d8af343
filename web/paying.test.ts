import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { emptyTestInfra } from '../db/testing.ts'
import { startPaypalStandIn } from '../modules/payments/paypal-stand-in.ts'
import { startStripeStandIn } from '../modules/payments/stripe-stand-in.ts'
import { openTestShop, storePicture, until } from './testing.ts'

setDefaultTimeout(120_000)
const card = { secretKey: 'sk_test_standin', publishableKey: 'pk_test_stand_in', webhookSecret: 'whsec_stand_in' }
const wallet = { clientId: 'client', clientSecret: 'a-secret-of-ours', webhookId: '1JE4291016473214C' }
const [stripe, paypal] = [startStripeStandIn({ secretKey: card.secretKey }), startPaypalStandIn(wallet)]
const shop = await openTestShop({
  keys: { stripe: { ...card, apiUrl: stripe.url }, paypal: { ...wallet, apiUrl: paypal.url } },
})
const { modules, at, visit, faultsOf } = shop

beforeAll(async () => {
  await emptyTestInfra()
  const picture = await storePicture(modules, '#1b2a41')
  const saved = await modules.catalog.saveProduct({
    handle: 'plain',
    name: 'Tee plain',
    description: 'A plain tee in washed cotton.',
    brand: 'Maren',
    category: ['Women', 'Tops'],
    price: { amount: 2500, currency: 'EUR' },
    colours: [{ name: 'Navy', hex: '#1b2a41' }],
    variants: [{ sku: 'plain-S', colour: 'Navy', size: 'S', stock: 9 }],
    images: [{ ...picture, alt: 'Tee plain, laid flat', colour: 'Navy' }],
    sizeChart: null,
    metadata: {},
  })
  if (!saved.ok) throw new Error(saved.reason)
  shop.startWork()
})
afterAll(async () => {
  await shop.close()
  await Promise.all([stripe.stop(), paypal.stop()])
})

const policy = async (path: string) => (await shop.app.request(path)).headers.get('content-security-policy') ?? ''
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })

/** As far as the page to pay at. */
async function orderBy(page: Page, provider: string) {
  await page.getByRole('radio', { name: 'S', exact: true }).check()
  await button(page, 'Add to bag').click()
  await page.getByText('It is in your bag.').first().waitFor()
  await page.goto(at('/checkout'))
  const fields = { Email: 'grace@example.com', 'Full name': 'Grace Hopper', 'Street and number': 'A street 1' }
  for (const [label, text] of Object.entries({ ...fields, Postcode: '10117', Town: 'Berlin' }))
    await page.getByLabel(label, { exact: true }).fill(text)
  await button(page, 'Go on to delivery').click()
  await page.getByRole('radio', { name: provider }).check()
  await button(page, 'Place the order and pay').click()
  await page.waitForURL('**/orders/*/pay**')
}

/** What Stripe's script does for a page, as far as ours goes; `payAtStripe` is the card's answer, undefined for yes. */
const STRIPE_JS = `window.Stripe = (key) => ({
  elements: ({ clientSecret }) => ({
    create: () => ({
      mount: (place) => { place.textContent = 'Card fields of ' + key },
      on: (event, then) => then(),
    }),
    clientSecret,
  }),
  confirmPayment: async ({ elements, confirmParams }) => {
    const message = await window.payAtStripe(elements.clientSecret)
    if (message) return { error: { message } }
    location.assign(confirmParams.return_url)
    return new Promise(() => {})
  },
})`

test('a card is paid in fields of the provider, which no other page of the shop may embed', async () => {
  const { page, context, complaints } = await visit('/p/plain')
  await context.route('https://js.stripe.com/**', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: STRIPE_JS }),
  )
  let declines = true
  await page.exposeFunction('payAtStripe', (secret: string) => {
    const id = secret.replace(/_secret_.*$/, '')
    if (declines) stripe.decline(id, 'insufficient_funds')
    else stripe.pay(id)
    return declines ? 'Your card has insufficient funds.' : undefined
  })
  await orderBy(page, 'Card')
  await page.getByText('Card fields of pk_test_stand_in').waitFor()
  expect(await faultsOf(page)).toEqual([])
  await button(page, 'Pay €29.90').click()
  await page.getByText('Your card has insufficient funds.').waitFor()
  declines = false
  await button(page, 'Pay €29.90').click()
  await page.getByRole('heading', { name: 'Thank you, it is paid' }).waitFor()
  expect(await policy('/orders/0198c0de-0000-7000-8000-000000000000/pay')).toContain('https://js.stripe.com')
  expect(await policy('/checkout')).not.toContain('stripe')
  expect(complaints).toEqual([])
  await context.close()
})

test('without JavaScript the page says what paying by card needs, and keeps the order', async () => {
  const { page, context } = await visit('/p/plain', { javaScriptEnabled: false, width: 360 })
  await orderBy(page, 'Card')
  await page.getByText('Paying by card needs JavaScript').waitFor()
  expect(await page.getByText('its pieces are kept for you until').count()).toBe(1)
  await context.close()
})

test('a wallet is paid at its own site, without JavaScript here, and the order knows it when the shopper is back', async () => {
  const { page, context } = await visit('/p/plain', { javaScriptEnabled: false, width: 360 })
  await context.route(`${paypal.url}/checkoutnow**`, (route) =>
    route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Wallet</title>' }),
  )
  await orderBy(page, 'PayPal')
  const order = page.url().replace('/pay', '')
  await page.getByRole('link', { name: 'Continue and pay €29.90' }).click()
  await page.waitForURL('**/checkoutnow**')
  paypal.approve(new URL(page.url()).searchParams.get('token')!)
  await page.goto(order)
  expect(await page.locator('h1').textContent()).toBe('Thank you, it is paid')
  await context.close()
})

test('a provider that does not answer costs nothing, and can be asked again', async () => {
  const { page, context } = await visit('/p/plain', { javaScriptEnabled: false })
  stripe.breakNext({ path: /payment_intents/, times: 4 })
  await orderBy(page, 'Card')
  await page.getByText('The payment provider does not answer. Nothing was taken').waitFor()
  await until(async () => {
    await button(page, 'Try again').click()
    return (await page.getByText('Paying by card needs JavaScript').count()) === 1
  })
  await context.close()
})
