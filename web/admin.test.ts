import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { drainJobs, emptyTestInfra } from '../db/testing.ts'
import { signInAs } from '../modules/identity/testing.ts'
import { createNotify } from '../modules/notify/index.ts'
import { openTestShop, storePicture, until } from './testing.ts'

setDefaultTimeout(240_000)
const shop = await openTestShop()
const { infra, modules, app, at, visit, faultsOf } = shop

type Person = Awaited<ReturnType<typeof signInAs>>
const ADDRESS = { name: 'Ada Byron', line1: 'Rosenweg 7', postalCode: '10115', city: 'Berlin', country: 'DE' }
const PASSWORD = 'correct horse battery'
let [admin, retailer, customer]: Person[] = []
let variantId: string
let productId: string

beforeAll(async () => {
  await emptyTestInfra()
  ;[admin, retailer, customer] = await Promise.all(
    (['admin', 'retailer', 'customer'] as const).map((role) => signInAs(modules.identity, role)),
  )
  const image = { ...(await storePicture(modules, '#1b2a41')), alt: 'The tee, laid flat', colour: 'Navy' }
  const saved = await modules.catalog.saveProduct({
    handle: 'tee',
    name: 'Plain tee',
    description: '',
    brand: 'Norr',
    category: ['Women', 'Tops'],
    price: { amount: 2000, currency: 'EUR' },
    colours: [{ name: 'Navy', hex: '#1b2a41' }],
    variants: [{ sku: 'TEE-S', colour: 'Navy', size: 'S', stock: 100 }],
    images: [image],
    sizeChart: null,
    metadata: {},
  })
  if (!saved.ok) throw new Error(saved.reason)
  productId = saved.productId
  variantId = (await modules.catalog.getProduct(productId)).variants[0]!.id
  await infra.jobs.enqueue('parcels.weigh', { orderId: infra.newId() })
  await drainJobs(modules, { ahead: true, mayFail: true })
  shop.startWork()
})
afterAll(() => shop.close())

/** Opens a page as somebody who is signed in already. */
async function openAs(person: Person | undefined, path: string, options: Parameters<typeof visit>[1] = {}) {
  const visited = await visit('/privacy-of-photos', options)
  const { accessToken: value } = person!.grant
  await visited.context.addCookies([{ name: 'access', value, url: at('/'), httpOnly: true, sameSite: 'Lax' }])
  await visited.page.goto(at(path))
  return visited
}

/** An order of so many tees at €20 that waits to be paid; delivery costs €4.90. */
async function placedOrder(quantity = 1, actor?: Person['actor']) {
  const { id: cartId } = await modules.cart.createCart(actor)
  await modules.cart.addItem(cartId, actor, { variantId, quantity })
  const parcel = { email: 'ada@example.com', shippingAddress: ADDRESS, shippingOption: 'standard' }
  const wanted = { cartId, ...parcel, payment: { provider: 'test' } }
  return (await modules.orders.checkout(wanted, { actor, idempotencyKey: undefined })).order
}

async function paidOrder(quantity = 1, actor?: Person['actor']) {
  const { id, payment } = await placedOrder(quantity, actor)
  await modules.payments.confirm(payment.paymentId ?? '', 'success')
  return until(async () => {
    const now = await modules.orders.getOrder(id)
    return now.status === 'paid' && now
  })
}

async function deliveredOrder(quantity: number, actor?: Person['actor']) {
  const { id } = await paidOrder(quantity, actor)
  await modules.orders.pack(id, retailer!.actor)
  await modules.orders.ship(id, retailer!.actor, { carrier: 'DHL', code: '0034' })
  await modules.orders.deliver(id, retailer!.actor)
  return modules.orders.getOrder(id)
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
const link = (page: Page, name: string) => page.getByRole('link', { name, exact: true })
const headline = (page: Page) => page.locator('h1').textContent()
const news = (page: Page) => page.locator('main [role=status]').textContent()
const sections = (page: Page) => page.locator('#sections li').allTextContents()

describe('who may come in', () => {
  test('a guest signs in first and comes back to where they wanted to be', async () => {
    const email = `retailer-${crypto.randomUUID()}@example.com`
    await modules.identity.createUser({ email, role: 'retailer', password: PASSWORD }, { system: 'test' })
    const { page, context } = await visit('/admin/coupons', { javaScriptEnabled: false })
    expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/login?next=%2Fadmin%2Fcoupons')
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await button(page, 'Sign in').click()
    expect(await headline(page)).toBe('Coupons')
    await button(page, 'Sign out').click()
    await page.goto(at('/admin'))
    expect(new URL(page.url()).pathname).toBe('/login')
    await context.close()
  })

  test('a customer is kept out of every page and every act, with a plain page that says so', async () => {
    const { id } = await paidOrder()
    const { page, context } = await openAs(customer, '/admin')
    expect(await headline(page)).toBe('This is not for this account')
    expect((await page.reload())?.status()).toBe(403)
    expect(await faultsOf(page)).toEqual([])
    const cookie = `access=${customer!.grant.accessToken}`
    for (const path of [`/admin/orders/${id}`, '/admin/users', '/admin/nothing'])
      expect([path, (await app.request(path, { headers: { cookie } })).status]).toEqual([path, 403])
    const headers = { cookie, 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' }
    const pack = await app.request(`/admin/orders/${id}/pack`, { method: 'POST', headers })
    expect(pack.status).toBe(403)
    expect((await modules.orders.getOrder(id)).status).toBe('paid')
    await context.close()
  })

  test('a retailer finds the way to what retailers do, and to nothing else', async () => {
    const { page, context } = await openAs(retailer, '/admin')
    expect(await sections(page)).toEqual(['Overview', 'Orders', 'Returns', 'Coupons', 'Search', 'Reviews'])
    for (const path of ['/admin/users', '/admin/mail', '/admin/webhooks/new', '/admin/jobs', '/admin/audit'])
      expect([path, (await page.goto(at(path)))?.status()]).toEqual([path, 403])
    await page.goto(at('/admin/orders/nonsense'))
    expect(await headline(page)).toBe('This page is not here')
    await context.close()
  })

  test('what another site sends is refused, whoever is signed in', async () => {
    const { id } = await paidOrder()
    const headers = {
      cookie: `access=${admin!.grant.accessToken}`,
      'sec-fetch-site': 'cross-site',
      'content-type': 'application/x-www-form-urlencoded',
    }
    for (const path of [`/admin/orders/${id}/pack`, `/admin/users/${customer!.user.id}/role`, '/admin/audit'])
      expect((await app.request(path, { method: 'POST', headers, body: 'role=admin' })).status).toBe(403)
    expect((await modules.orders.getOrder(id)).status).toBe('paid')
    expect((await modules.identity.getUser(customer!.user.id)).role).toBe('customer')
  })
})

describe('orders', () => {
  test('a retailer finds a paid order, packs it, ships it with its tracking and sees it arrive, without script', async () => {
    const order = await paidOrder(2)
    const { page, context } = await openAs(retailer, '/admin/orders', { javaScriptEnabled: false })
    await page.getByLabel('Number or email').fill(order.number)
    await button(page, 'Find').click()
    await link(page, order.number).click()
    expect(await headline(page)).toBe(`Order ${order.number}`)
    await button(page, 'It is packed').click()
    expect(await news(page)).toBe('It is packed. Next it goes to the carrier.')

    await link(page, 'Ship it').click()
    await page.getByLabel('Carrier').fill('DHL')
    await button(page, 'It has left').click()
    expect(await page.locator('#code-error').textContent()).toBe('Enter the number on the label.')
    expect(await page.getByLabel('Carrier').inputValue()).toBe('DHL')
    await page.getByLabel('Tracking number').fill('00340434161094042557')
    await button(page, 'It has left').click()
    expect(await news(page)).toBe('It is on its way, and the shopper is told so.')
    const now = await modules.orders.getOrder(order.id)
    expect([now.status, now.shipping.tracking]).toEqual(['shipped', { carrier: 'DHL', code: '00340434161094042557' }])
    await until(async () => {
      const { items } = await modules.notify.listEmails({ limit: 100 })
      return items.some(({ subject }) => subject?.includes(`${order.number} is on its way`))
    })

    await button(page, 'It has arrived').click()
    expect(await page.locator('#timeline ~ ol li p:first-child').allTextContents()).toEqual([
      'Placed',
      expect.stringMatching(/^Paid/),
      'Packed',
      'Shipped',
      'Delivered',
    ])
    await context.close()
  })

  test('an act that came too late is refused with the reason, and the page offers the way back', async () => {
    const order = await paidOrder()
    const { page, context } = await openAs(retailer, `/admin/orders/${order.id}`)
    await modules.orders.pack(order.id, retailer!.actor)
    await button(page, 'It is packed').click()
    expect(await page.locator('#trouble').textContent()).toContain('An order that is packed cannot become packed')
    await link(page, 'No, leave it as it is').click()
    expect(await link(page, 'Ship it').count()).toBe(1)
    await context.close()
  })

  test('an order is called off only after it was asked for once more, and the money goes back', async () => {
    const order = await paidOrder()
    const { page, context } = await openAs(retailer, `/admin/orders/${order.id}`)
    await link(page, 'Cancel the order').click()
    expect(await page.locator('main').textContent()).toContain('The shopper gets €24.90 back')
    expect((await modules.orders.getOrder(order.id)).status).toBe('paid')
    await button(page, 'Yes, cancel the order').click()
    expect(await news(page)).toBe('The order is cancelled. What was paid goes back.')
    await until(async () => (await modules.orders.getOrder(order.id)).refunded.amount === 2490)
    await context.close()
  })

  test('an administrator gives a part back and then the rest, and no press gives anything twice', async () => {
    const order = await paidOrder(2)
    const { page, context } = await openAs(admin, `/admin/orders/${order.id}/refund`)
    expect(await page.getByLabel('Amount in EUR').inputValue()).toBe('44.90')
    await page.getByLabel('Amount in EUR').fill('45')
    await page.getByLabel('Reason').fill('A seam was loose')
    await button(page, 'Go on').click()
    expect(await page.locator('#amount-error').textContent()).toContain('at most €44.90')
    expect(await faultsOf(page)).toEqual([])
    await page.getByLabel('Amount in EUR').fill('12,5')
    await button(page, 'Go on').click()
    expect(await headline(page)).toBe('Give €12.50 back?')
    expect(await faultsOf(page)).toEqual([])
    expect((await modules.orders.getOrder(order.id)).refunds).toEqual([])

    // Pressed, gone back, and pressed again: the form carries the key of its answer.
    const sent = await page
      .locator('form[action$="/refund"]')
      .evaluate((form: HTMLFormElement) =>
        new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)])).toString(),
      )
    const press = () =>
      app.request(`/admin/orders/${order.id}/refund`, {
        method: 'POST',
        body: sent,
        headers: {
          cookie: `access=${admin!.grant.accessToken}`,
          'sec-fetch-site': 'same-origin',
          'content-type': 'application/x-www-form-urlencoded',
        },
      })
    expect([(await press()).status, (await press()).status]).toEqual([303, 303])
    await button(page, 'Yes, give €12.50 back').click()
    expect(await news(page)).toContain('The refund is on its way')
    const part = await until(async () => {
      const now = await modules.orders.getOrder(order.id)
      return now.refunded.amount === 1250 && now
    })
    expect([part.refunds.length, part.refundable.amount]).toEqual([1, 3240])

    await page.goto(at(`/admin/orders/${order.id}/refund`))
    await page.getByLabel('Reason').fill('It was the wrong parcel')
    await button(page, 'Go on').click()
    await button(page, 'Yes, give €32.40 back').click()
    await until(async () => (await modules.orders.getOrder(order.id)).status === 'refunded')
    await page.goto(at(`/admin/orders/${order.id}/refund`))
    expect(await page.locator('main').textContent()).toContain('There is nothing to give back')
    await context.close()
  })

  test('for what was never paid no money can be given back', async () => {
    const { id } = await placedOrder()
    await modules.orders.cancel(id, retailer!.actor)
    const { page, context } = await openAs(retailer, `/admin/orders/${id}`)
    expect(await link(page, 'Refund').count()).toBe(0)
    await page.goto(at(`/admin/orders/${id}/refund`))
    expect(await page.locator('main').textContent()).toContain('There is nothing to give back')
    await context.close()
  })

  test('a return is received: what it cost goes back, and the pieces are sold again', async () => {
    const order = await deliveredOrder(3, customer!.actor)
    const sending = { lines: [{ lineId: 0, quantity: 2 }], reason: 'too_small' as const, comment: 'Tight.' }
    await modules.orders.requestReturn(order.id, sending, customer!.actor)
    const before = (await modules.inventory.stockOf([variantId])).get(variantId)!
    const { page, context } = await openAs(retailer, '/admin/returns?status=requested')
    await link(page, order.number).click()
    expect(await page.locator('main').textContent()).toContain('“Tight.”')
    await button(page, 'The pieces are back').click()
    expect(await page.locator('main').textContent()).toContain('what they cost back, and they go back on sale')
    await button(page, 'Yes, refund them').click()
    expect(await news(page)).toBe('The return is received, and the refund is on its way.')
    const now = await until(async () => {
      const seen = await modules.orders.getOrder(order.id)
      return seen.refunded.amount > 0 && seen
    })
    expect([now.refunded.amount, now.returns[0]!.status]).toEqual([4000, 'received'])
    expect((await modules.inventory.stockOf([variantId])).get(variantId)).toBe(before + 2)
    await context.close()
  })

  test('can be worked by keyboard alone on a phone: through the menu to an order, pack it, ship it', async () => {
    const order = await paidOrder()
    const { page, context, complaints } = await openAs(retailer, '/admin/coupons', { width: 360 })
    const to = async (name: string) => {
      for (let step = 0; step < 60; step++) {
        await page.keyboard.press('Tab')
        const here = await page.evaluate(() => {
          const element = document.activeElement as HTMLInputElement | null
          return element?.labels?.[0]?.textContent || element?.textContent
        })
        if (here?.trim().startsWith(name)) return
      }
      throw new Error(`The keyboard never reached ${name}`)
    }
    const open = async (name: string, url: string) => {
      await to(name)
      await page.keyboard.press('Enter')
      await page.waitForURL(url)
    }
    await to('Menu')
    await page.keyboard.press('Enter')
    await open('Orders', '**/admin/orders')
    await open(order.number, `**/admin/orders/${order.id}`)
    await open('It is packed', '**?said=packed')
    await open('Ship it', '**/ship')
    await to('Carrier')
    await page.keyboard.type('DHL')
    await to('Tracking number')
    await page.keyboard.type('4711')
    await page.keyboard.press('Enter')
    await page.waitForURL('**?said=shipped')
    expect((await modules.orders.getOrder(order.id)).status).toBe('shipped')
    expect(complaints).toEqual([])
    await context.close()
  })
})

test('a coupon that was made here can be used in a bag, until it is ended', async () => {
  const { page, context } = await openAs(retailer, '/admin/coupons', { javaScriptEnabled: false })
  await link(page, 'New coupon').click()
  await page.getByLabel('Code', { exact: true }).fill('spring 20')
  await page.getByLabel('Per cent', { exact: false }).first().fill('200')
  await button(page, 'Create the coupon').click()
  expect(await page.locator('#code-error').textContent()).toContain('letters, digits and dashes')
  expect(await page.locator('#percent-error').textContent()).toContain('from 1 to 100')
  expect(await faultsOfPlain(page)).toEqual([])
  await page.getByLabel('Code', { exact: true }).fill('spring-20')
  await page.locator('#percent').fill('20')
  await page.locator('#validUntil').fill('2099-05-01T12:00')
  await page.locator('#totalLimit').fill('10')
  await button(page, 'Create the coupon').click()
  expect(await news(page)).toBe('The coupon can be used.')

  const shopper = await visit('/p/tee', { javaScriptEnabled: false })
  await shopper.page.getByRole('radio', { name: 'S', exact: true }).check()
  await button(shopper.page, 'Add to bag').click()
  await shopper.page.getByLabel('Coupon').fill('SPRING-20')
  await button(shopper.page, 'Enter').click()
  expect(await shopper.page.locator('main').textContent()).toContain('Discount (SPRING-20)−€4')

  await link(page, 'SPRING-20').click()
  expect(await page.locator('#validUntil').inputValue()).toBe('2099-05-01T12:00')
  await page.locator('#totalLimit').fill('20')
  await button(page, 'Save').click()
  expect(await news(page)).toBe('The coupon is changed.')
  await link(page, 'End it').click()
  await button(page, 'Yes, end it').click()
  expect(await news(page)).toContain('The coupon is ended')
  await shopper.page.reload()
  expect(await shopper.page.locator('main').textContent()).toContain('This code is not in use.')
  await shopper.context.close()
  await context.close()
})

/** Where scripts do not run, axe does not: the same page is drawn anew where they do. */
async function faultsOfPlain(page: Page): Promise<string[]> {
  const drawn = await openAs(retailer, '/admin/coupons/new')
  await drawn.page.setContent(await page.content())
  const faults = await faultsOf(drawn.page)
  await drawn.context.close()
  return faults
}

test('a review is shown once it was approved, and its author reads why another is not', async () => {
  const [kind, rude] = await Promise.all([signInAs(modules.identity), signInAs(modules.identity)])
  const form = { fit: undefined, author: undefined, keep: [], photos: [] }
  await modules.reviews.writeReview(kind.user.id, productId, { ...form, rating: 5, text: 'Soft and strong.' })
  await modules.reviews.writeReview(rude.user.id, productId, { ...form, rating: 1, text: 'Buy elsewhere!' })
  const { page, context } = await openAs(retailer, '/admin/reviews')
  const card = (text: string) => page.getByRole('article').filter({ hasText: text })
  await card('Soft and strong.').getByRole('button', { name: 'Show it: Plain tee' }).click()
  expect(await news(page)).toBe('The review is shown beside the product.')
  await card('Buy elsewhere!').getByRole('link', { name: 'Do not show it: Plain tee' }).click()
  await button(page, 'Do not show it').click()
  expect(await page.locator('#reason-error').textContent()).toContain('Say why')
  await page.getByLabel('Why it is not shown').fill('It advertises another shop.')
  await button(page, 'Do not show it').click()
  expect(await news(page)).toContain('The review is not shown')
  expect(await card('Soft and strong.').or(card('Buy elsewhere!')).count()).toBe(0)
  const shown = await modules.reviews.listReviews(productId, { limit: 10, sort: 'newest' })
  expect(shown.items.map(({ text }) => text)).toEqual(['Soft and strong.'])
  expect((await modules.reviews.getOwn(rude.user.id, productId)).reason).toBe('It advertises another shop.')
  await context.close()
})

test('an administrator makes a customer a retailer, who may come in at once; the last administrator stays one', async () => {
  const person = await signInAs(modules.identity)
  const { page, context } = await openAs(admin, `/admin/users?email=${encodeURIComponent(person.email)}`)
  await link(page, person.email).click()
  await link(page, 'Make retailer').click()
  expect(await headline(page)).toBe(`Make ${person.email} retailer?`)
  await button(page, 'Yes, change the role').click()
  expect(await news(page)).toContain('The role is changed.')
  expect((await modules.identity.getUser(person.user.id)).role).toBe('retailer')
  const signedIn = await modules.identity.startSession({ userId: person.user.id, role: 'retailer', client: 'a test' })
  const theirs = await openAs({ ...person, grant: signedIn }, '/admin')
  expect(await sections(theirs.page)).toContain('Orders')
  await theirs.context.close()

  await page.goto(at(`/admin/users/${admin!.user.id}`))
  await link(page, 'Make customer').click()
  expect(await page.locator('main').textContent()).toContain('That is you')
  await button(page, 'Yes, change the role').click()
  expect(await page.locator('#trouble').textContent()).toContain('This is the only administrator.')
  await context.close()
})

describe('behind the scenes', () => {
  test('a mail is read in a frame that runs, sends and fetches nothing', async () => {
    const order = await paidOrder()
    const mail = await until(async () => {
      const { items } = await modules.notify.listEmails({ limit: 100 })
      return items.find(({ subject, status }) => status === 'sent' && subject?.includes(order.number))
    })
    const { page, context, complaints } = await openAs(admin, `/admin/mail/${mail.id}`)
    const frame = page.frameLocator('iframe[title="The mail"]')
    await frame.getByText('Plain tee').first().waitFor()
    const cookie = `access=${admin!.grant.accessToken}`
    const { headers } = await app.request(`/admin/mail/${mail.id}/html`, { headers: { cookie } })
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toStartWith("sandbox; default-src 'none'")
    expect([policy.includes('allow'), headers.get('x-frame-options')]).toEqual([false, 'SAMEORIGIN'])
    expect((await app.request(`/admin/mail/${mail.id}/html`)).status).toBe(303)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('a webhook that would reach inside is refused beside its field; one that may be is tested and told again', async () => {
    const { page, context } = await openAs(admin, '/admin/webhooks/new')
    await page.getByLabel('Address').fill('https://127.0.0.1/hook')
    await button(page, 'Create the webhook').click()
    expect(await page.locator('#events-error').textContent()).toBe('Choose at least one event.')
    await page.getByLabel('orders.placed').check()
    await button(page, 'Create the webhook').click()
    expect(await page.locator('#url-error').textContent()).toContain('The shop may not post there')
    expect(await page.getByLabel('orders.placed').isChecked()).toBe(true)
    expect(await faultsOf(page)).toEqual([])

    const id = await outsideWebhook()
    await page.goto(at(`/admin/webhooks/${id}`))
    await button(page, 'Send a test message').click()
    expect(await news(page)).toContain('A test message was sent.')
    await button(page, 'Send it again').click()
    expect(await news(page)).toContain('It waits to be sent again')
    await page.goto(at(`/admin/webhooks/${id}/rotate`))
    await button(page, 'Yes, exchange it').click()
    expect(await page.getByRole('region', { name: 'The secret' }).textContent()).toStartWith('whsec_')
    expect(await faultsOf(page)).toEqual([])
    await link(page, 'I have kept it').click()
    await button(page, 'Switch off').click()
    expect(await news(page)).toContain('It is told of nothing')
    await link(page, 'Remove it').click()
    await button(page, 'Yes, remove it').click()
    expect(await news(page)).toBe('The webhook and its log are gone.')
    await context.close()
  })

  test('work that was given up is put back, and the chain of the log is checked', async () => {
    const { page, context } = await openAs(admin, '/admin/jobs')
    await button(page, 'Try again: parcels.weigh').click()
    expect(await news(page)).toBe('It is put back to work.')
    const waiting = page.getByRole('table', { name: 'Waiting' }).getByText('parcels.weigh')
    await until(async () => (await page.reload()) && (await waiting.count()) === 1)

    await page.goto(at('/admin/audit?action=jobs.retried'))
    const rows = page.getByRole('table', { name: 'Entries' }).locator('tbody').getByRole('row')
    expect(await rows.count()).toBe(1)
    await button(page, 'Check the chain').click()
    expect(await news(page)).toContain('every one is as it was written')
    expect(await faultsOf(page)).toEqual([])
    await context.close()
  })
})

/** As if its address were outside: the tests reach no other machine. */
async function outsideWebhook(): Promise<string> {
  const notify = createNotify({ ...modules, ...infra, webhooksAllowPrivate: true })
  const wanted = { url: 'http://127.0.0.1:9/hook', events: ['orders.placed' as const], description: 'The books' }
  const created = await notify.createEndpoint(admin!.actor, wanted)
  if (!created.ok) throw new Error(created.reason)
  return created.endpoint.id
}

/** One of everything, so that no page below is empty. */
async function everyPage(): Promise<string[]> {
  const paid = await paidOrder(2)
  const packed = await paidOrder()
  await modules.orders.pack(packed.id, retailer!.actor)
  const back = await deliveredOrder(2, customer!.actor)
  const sending = { lines: [{ lineId: 0, quantity: 1 }], reason: 'faulty' as const }
  await modules.orders.requestReturn(back.id, sending, customer!.actor)
  const { returns } = await modules.orders.getOrder(back.id)
  const limits = {
    validFrom: null,
    validUntil: null,
    totalLimit: 5,
    perUserLimit: null,
    stackable: false,
    active: true,
  }
  const worth = { kind: 'amount' as const, percent: null, amount: 500, currency: 'EUR', minimumAmount: 2000 }
  const coupon = await modules.promotions.createCoupon({ code: `AXE-${Date.now()}`, ...worth, ...limits }, admin!.actor)
  const writer = await signInAs(modules.identity)
  const said = { rating: 4, fit: 'true' as const, text: 'Soft.', author: 'Ada', keep: [], photos: [] }
  const { review } = (await modules.reviews.writeReview(writer.user.id, productId, said)) as { review: { id: string } }
  const hook = await outsideWebhook()
  const ping = await modules.notify.ping(hook)
  const mail = await until(async () => (await modules.notify.listEmails({ limit: 1, status: 'sent' })).items[0])
  const order = `/admin/orders/${paid.id}`
  const sent = `/admin/orders/${back.id}/returns/${returns[0]!.id}`
  const hooks = `/admin/webhooks/${hook}`
  return [
    '/admin',
    '/admin/orders',
    '/admin/orders?status=cancelled&q=nobody@example.com',
    order,
    `${order}/pack`,
    `${order}/cancel`,
    `${order}/refund`,
    `/admin/orders/${packed.id}/ship`,
    `/admin/orders/${back.id}`,
    sent,
    `${sent}/refuse`,
    '/admin/returns',
    '/admin/coupons',
    '/admin/coupons/new',
    `/admin/coupons/${coupon.id}`,
    `/admin/coupons/${coupon.id}/end`,
    '/admin/reviews',
    `/admin/reviews/${review.id}/reject`,
    '/admin/users',
    `/admin/users/${writer.user.id}`,
    `/admin/users/${writer.user.id}/role?role=retailer`,
    '/admin/mail',
    `/admin/mail/${mail.id}`,
    '/admin/webhooks',
    '/admin/webhooks/new',
    hooks,
    `${hooks}/edit`,
    `${hooks}/rotate`,
    `${hooks}/remove`,
    `${hooks}/deliveries/${ping.id}`,
    '/admin/jobs',
    '/admin/audit',
  ]
}

test('no page breaks a rule of accessibility or is wider than its screen, on a phone and on a desk', async () => {
  const paths = await everyPage()
  for (const width of [360, 1280]) {
    const { page, context, complaints } = await openAs(admin, '/admin', { width })
    for (const path of paths) {
      expect([path, (await page.goto(at(path)))?.status()]).toEqual([path, 200])
      expect([path, width, await faultsOf(page)]).toEqual([path, width, []])
    }
    expect(complaints).toEqual([])
    await context.close()
  }
})
