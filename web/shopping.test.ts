import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { emptyTestInfra } from '../db/testing.ts'
import { signInAs } from '../modules/identity/testing.ts'
import { openTestShop, storePicture, until } from './testing.ts'

setDefaultTimeout(120_000)
const shop = await openTestShop()
const { modules, app, at, visit, faultsOf } = shop

const PASSWORD = 'correct horse battery'
const PIECES = 20
/** What is stored of the tee in S, by which it is bought everywhere below. */
let tee: { productId: string; variantId: string }
let staff: { authorization: string }

async function saveTee(handle: string, price: number, images: Awaited<ReturnType<typeof storePicture>>[] = []) {
  const saved = await modules.catalog.saveProduct({
    handle,
    name: `Tee ${handle}`,
    description: 'A plain tee in washed cotton.',
    brand: 'Maren',
    category: ['Women', 'Tops', 'T-shirts'],
    price: { amount: price, currency: 'EUR' },
    colours: [{ name: 'Navy', hex: '#1b2a41' }],
    variants: ['S', 'M', 'L'].map((size) => ({
      sku: `${handle}-${size}`,
      colour: 'Navy',
      size,
      stock: size === 'L' ? 0 : PIECES,
    })),
    images: images.map((image) => ({ ...image, alt: `Tee ${handle}, laid flat`, colour: 'Navy' })),
    sizeChart: null,
    metadata: {},
  })
  if (!saved.ok) throw new Error(saved.reason)
  const { variants } = await modules.catalog.getProduct(saved.productId)
  return { productId: saved.productId, variantId: variants.find(({ size }) => size === 'S')!.id }
}

beforeAll(async () => {
  await emptyTestInfra()
  const picture = await storePicture(modules, '#1b2a41')
  tee = await saveTee('plain', 2500, [picture])
  await saveTee('other', 4000, [picture])
  staff = (await signInAs(modules.identity, 'admin')).headers
  const coupon = { code: 'SPRING20', kind: 'percent', percent: 20, perUserLimit: 1 }
  expect((await asStaff('coupons', coupon)).status).toBe(201)
  shop.startWork()
})
afterAll(() => shop.close())

const asStaff = (path: string, body: object = {}) =>
  app.request(`/v1/admin/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { ...staff, 'content-type': 'application/json' },
  })

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
const stockOf = async (variantId: string) => (await modules.inventory.stockOf([variantId])).get(variantId)
const headline = (page: Page) => page.locator('h1').textContent()

/** Puts the tee in S into the bag from its page, and goes there. */
async function fillBag(page: Page, slug = 'plain') {
  await page.goto(at(`/p/${slug}`))
  await page.getByRole('radio', { name: 'S', exact: true }).check()
  await button(page, 'Add to bag').click()
  await page.getByText('It is in your bag.').first().waitFor()
  await page.goto(at('/cart'))
}

const ADDRESS = {
  Email: 'grace@example.com',
  'Full name': 'Grace Hopper',
  'Street and number': 'Unter den Linden 1',
  Postcode: '10117',
  Town: 'Berlin',
}

async function fillAddress(page: Page, email = ADDRESS.Email) {
  for (const [label, text] of Object.entries({ ...ADDRESS, Email: email }))
    await page.getByLabel(label, { exact: true }).fill(text)
  await button(page, 'Go on to delivery').click()
  await page.waitForURL('**/checkout/delivery')
}

async function placeOrder(page: Page) {
  await page.getByRole('link', { name: 'To checkout' }).click()
  await fillAddress(page)
  await button(page, 'Place the order and pay').click()
  await page.waitForURL('**/orders/*/pay**')
}

async function payBy(page: Page, method: RegExp) {
  await page.getByRole('radio', { name: method }).check()
  await button(page, /^Pay/).click()
}

/** The last letter to an address, once the worker has written it. */
async function letterTo(email: string, subject: RegExp): Promise<string> {
  const found = await until(async () => {
    const { items } = await modules.notify.listEmails({ limit: 50 })
    return items.find((one) => one.to === email && one.status === 'sent' && subject.test(one.subject ?? ''))
  })
  return (await modules.notify.getEmail(found.id)).text ?? ''
}

/** The path that a link of a letter leads to; its host is the one that the shop is told to have. */
const linkIn = (text: string, path: string) =>
  new RegExp(`https?://[^/\\s]+(${path}[^\\s)>\\]]*)`).exec(text)?.[1] ?? ''

async function signIn(page: Page, email: string, next = '/account') {
  await page.goto(at(`/login?next=${encodeURIComponent(next)}`))
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
  await button(page, 'Sign in').click()
  await page.waitForURL(at(next))
}

async function newUser() {
  const email = `ada-${crypto.randomUUID()}@example.com`
  const user = await modules.identity.createUser({ email, password: PASSWORD }, { system: 'test' })
  return { email, userId: user.id }
}

const orderIdOf = (page: Page) => new URL(page.url()).pathname.split('/')[2]!

describe('a guest', () => {
  test.each([true, false])(
    'buys, with JavaScript %p, and follows the order by the link of the letter',
    async (javaScriptEnabled) => {
      const before = await stockOf(tee.variantId)
      const { page, context, complaints } = await visit('/p/plain', { javaScriptEnabled, width: 360 })
      await page.getByRole('radio', { name: 'S', exact: true }).check()
      await button(page, 'Add to bag').click()
      await page.getByText('It is in your bag.').waitFor()
      await page.goto(at('/cart'))
      await button(page, /^One more/).click()
      expect(await page.getByText('€50').count()).toBeGreaterThan(0)
      await placeOrder(page)
      expect(await page.getByText('Test payment.').isVisible()).toBe(true)
      await payBy(page, /A card that pays/)
      await page.getByRole('heading', { name: 'Thank you, it is paid' }).waitFor()
      expect(await stockOf(tee.variantId)).toBe(before! - 2)
      await page.goto(at('/cart'))
      expect(await page.getByText('There is nothing in it yet.').count()).toBe(1)

      const path = linkIn(await letterTo(ADDRESS.Email, /payment/), '/orders/')
      const elsewhere = await visit(path)
      expect(await headline(elsewhere.page)).toBe('Thank you, it is paid')
      expect(await elsewhere.page.getByText('Grace Hopper').count()).toBe(1)
      const stranger = await app.request(new URL(path, at('/')).pathname, { headers: { accept: 'text/html' } })
      expect(stranger.status).toBe(404)
      expect(complaints).toEqual([])
      await Promise.all([context.close(), elsewhere.context.close()])
    },
  )

  test('sees how much is in the bag on pages that are the same for everyone', async () => {
    const { page, context } = await visit('/cart')
    await fillBag(page)
    const answer = await page.goto(at('/women'))
    expect(await page.getByRole('link', { name: 'Bag' }).textContent()).toContain('1')
    expect([answer?.headers()['cache-control'], answer?.headers()['set-cookie']]).toEqual(['no-cache', undefined])
    const anybody = await (await app.request('/women', { headers: { accept: 'text/html' } })).text()
    expect((await answer?.text())?.replaceAll(at('/'), '/')).toBe(anybody.replaceAll(at('/'), '/'))
    await context.close()
  })

  test('is told beside each field what is missing, keeps what was typed, and stands at the summary', async () => {
    const { page, context } = await visit('/cart', { javaScriptEnabled: false })
    await fillBag(page)
    await page.getByRole('link', { name: 'To checkout' }).click()
    await page.getByLabel('Full name').fill('Grace Hopper')
    await page.getByLabel('Email').fill('grace')
    await button(page, 'Go on to delivery').click()
    const email = page.getByLabel('Email')
    expect([await email.inputValue(), await email.getAttribute('aria-invalid')]).toEqual(['grace', 'true'])
    const described = (await email.getAttribute('aria-describedby'))!.split(' ')
    expect(await page.locator(`#${described.at(-1)}`).textContent()).toBe(
      'Enter an email address, like name@example.com.',
    )
    expect(await page.getByLabel('Full name').inputValue()).toBe('Grace Hopper')
    await page.getByRole('link', { name: 'Town: Enter the town.' }).click()
    expect(new URL(page.url()).hash).toBe('#city')
    await context.close()

    const alive = await visit('/cart')
    await fillBag(alive.page)
    await alive.page.goto(at('/checkout'))
    await button(alive.page, 'Go on to delivery').click()
    await alive.page.locator('#trouble').waitFor()
    expect(await alive.page.evaluate(() => document.activeElement?.id)).toBe('trouble')
    await alive.context.close()
  })

  test('is asked for a size, and told that one is sold out, with script and without', async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { page, context } = await visit('/p/plain', { javaScriptEnabled })
      await button(page, 'Add to bag').click()
      await page.getByText('Choose a size first.').waitFor()
      await page.getByRole('radio', { name: /^L/ }).check()
      await button(page, 'Add to bag').click()
      await page.getByText('This size is sold out.').waitFor()
      await context.close()
    }
  })

  test('whose card is declined has bag and stock as they were, and pays with another', async () => {
    const before = await stockOf(tee.variantId)
    const { page, context } = await visit('/cart', { javaScriptEnabled: false })
    await fillBag(page)
    await placeOrder(page)
    const order = page.url()
    await payBy(page, /declined/)
    await page.getByText('The card was declined. Nothing was taken').waitFor()
    // The order hears of it a moment later.
    await until(async () => (await stockOf(tee.variantId)) === before)
    await page.goto(at('/cart'))
    expect(await page.getByRole('link', { name: 'Tee plain' }).count()).toBe(1)
    expect(await page.getByText('€25').count()).toBeGreaterThan(0)

    await page.goto(order)
    await page.getByText('The last try to pay failed: the card was declined').waitFor()
    await button(page, 'Try again').click()
    expect(await stockOf(tee.variantId)).toBe(before! - 1)
    await payBy(page, /asks back/)
    await button(page, /^Yes, pay/).click()
    await page.getByRole('heading', { name: 'Thank you, it is paid' }).waitFor()
    expect(await stockOf(tee.variantId)).toBe(before! - 1)
    await context.close()
  })

  test('waits for a bank that is slow without being asked to pay twice', async () => {
    const { page, context } = await visit('/cart')
    await fillBag(page)
    await placeOrder(page)
    await payBy(page, /bank that is slow/)
    await page.getByRole('heading', { name: 'Your bank is thinking' }).waitFor()
    expect(await page.getByRole('link', { name: /^Pay/ }).count()).toBe(0)
    await context.close()
  })

  test('sees a changed price before paying, and pays no other', async () => {
    await saveTee('moving', 3000)
    const { page, context } = await visit('/cart', { javaScriptEnabled: false })
    await fillBag(page, 'moving')
    await page.getByRole('link', { name: 'To checkout' }).click()
    await fillAddress(page)
    await saveTee('moving', 3500)
    await button(page, 'Place the order and pay').click()
    await page.getByText('it comes to €39.90 now, not €34.90').waitFor()
    await page.goto(at('/cart'))
    expect(await page.getByText('was €30.00 when you chose it').count()).toBe(1)
    await page.goto(at('/checkout/delivery'))
    await button(page, 'Place the order and pay').click()
    await page.waitForURL('**/orders/*/pay**')
    expect(await button(page, /^Pay/).textContent()).toBe('Pay €39.90 (test)')
    await context.close()
  })

  test('calls an order off, and its piece is for sale again', async () => {
    const before = await stockOf(tee.variantId)
    const { page, context } = await visit('/cart', { javaScriptEnabled: false })
    await fillBag(page)
    await placeOrder(page)
    expect(await stockOf(tee.variantId)).toBe(before! - 1)
    await page.getByRole('link', { name: 'See the order' }).click()
    await page.getByText('Call this order off').click()
    await button(page, 'Yes, call it off').click()
    expect(await headline(page)).toBe('This order is cancelled')
    expect(await stockOf(tee.variantId)).toBe(before!)
    await context.close()
  })

  test('buys by keyboard alone', async () => {
    const { page, context } = await visit('/p/plain')
    const to = async (name: RegExp) => {
      for (let step = 0; step < 80; step++) {
        await page.keyboard.press('Tab')
        const here = await page.evaluate(() => {
          const element = document.activeElement as HTMLInputElement | null
          const label = element?.labels?.[0]?.textContent
          return label || element?.getAttribute('aria-label') || element?.textContent
        })
        if (name.test(here?.trim() ?? '')) return
      }
      throw new Error(`The keyboard never reached ${name.source} on ${page.url()}`)
    }
    await to(/^S$/)
    await page.keyboard.press('Space')
    await to(/^Add to bag/)
    await page.keyboard.press('Enter')
    await page.getByText('It is in your bag.').waitFor()
    await page.locator('body').focus()
    await page.goto(at('/cart'))
    await to(/^To checkout/)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/checkout')
    for (const [label, text] of Object.entries(ADDRESS)) {
      await to(new RegExp(`^${label}`))
      await page.keyboard.type(text)
    }
    await page.keyboard.press('Enter')
    await page.waitForURL('**/checkout/delivery')
    await to(/^Standard/)
    await page.keyboard.press('ArrowDown')
    expect(await page.locator('[data-bill="express"]').isVisible()).toBe(true)
    await to(/^Place the order/)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/orders/*/pay**')
    await to(/^Pay/)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Thank you, it is paid' }).waitFor()
    await context.close()
  })
})

describe('somebody with an account', () => {
  test('registers, confirms the address, signs in with the bag they had, and buys with a coupon once', async () => {
    const email = `mary-${crypto.randomUUID()}@example.com`
    const { page, context, complaints } = await visit('/cart')
    await fillBag(page)
    await page.goto(at('/register'))
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password', { exact: true }).fill('short')
    await button(page, 'Create the account').click()
    expect(await page.getByLabel('Email').inputValue()).toBe(email)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await button(page, 'Create the account').click()
    await page.getByRole('heading', { name: 'Look in your mail' }).waitFor()
    await page.goto(at(linkIn(await letterTo(email, /Confirm/), '/verify-email')))
    await button(page, 'Confirm').click()
    await page.getByText('Your email address is confirmed.').waitFor()
    await signIn(page, email, '/cart')

    await page.getByLabel('Coupon').fill('nonsense')
    await button(page, 'Enter').click()
    await page.getByText('We do not know this code.').waitFor()
    await page.getByLabel('Coupon').fill('spring20')
    await button(page, 'Enter').click()
    await page.getByText('−€5').first().waitFor()
    await page.getByRole('link', { name: 'To checkout' }).click()
    expect(await page.getByLabel('Email').inputValue()).toBe(email)
    await fillAddress(page, email)
    await button(page, 'Place the order and pay').click()
    expect(await button(page, /^Pay/).textContent()).toBe('Pay €24.90 (test)')
    await payBy(page, /A card that pays/)
    await page.getByRole('heading', { name: 'Thank you, it is paid' }).waitFor()
    await page.goto(at('/account/orders'))
    await page.getByRole('link', { name: /^Order ES/ }).click()
    expect(await page.getByText('Discount (SPRING20)').count()).toBe(1)

    await fillBag(page)
    await page.getByLabel('Coupon').fill('SPRING20')
    await button(page, 'Enter').click()
    await page.getByRole('link', { name: 'To checkout' }).click()
    await fillAddress(page, email)
    await button(page, 'Place the order and pay').click()
    await page.getByText('The coupon SPRING20 does not hold any more.').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('sends a piece back and gets the money for it', async () => {
    const { email } = await newUser()
    const { page, context } = await visit('/cart', { javaScriptEnabled: false })
    await signIn(page, email)
    await fillBag(page)
    await placeOrder(page)
    await payBy(page, /A card that pays/)
    await page.getByRole('heading', { name: 'Thank you, it is paid' }).waitFor()
    const id = orderIdOf(page)
    for (const step of ['pack', 'ship', 'deliver']) expect((await asStaff(`orders/${id}/${step}`)).status).toBe(200)
    await page.reload()
    expect(await headline(page)).toBe('It has arrived')
    await page.getByText('Send pieces back').click()
    await button(page, 'Announce the return').click()
    await page.getByText('Choose at least one piece.').first().waitFor()
    await page.getByLabel('Tee plain').selectOption('1')
    await page.getByLabel('Why?').selectOption('too_small')
    await button(page, 'Announce the return').click()
    await page.getByText('Return of 1 × Tee plain (too small): announced').waitFor()
    const { returns } = await modules.orders.getOrder(id)
    expect((await asStaff(`returns/${returns[0]!.id}/receive`)).status).toBe(200)
    await until(async () => {
      await page.reload()
      return (await page.getByText('Refund of €25.00: given back').count()) === 1
    })
    await context.close()
  })

  test('signs in by a passkey added in the account, and the bag comes along', async () => {
    const { email } = await newUser()
    const { page, context, complaints } = await visit('/')
    const devtools = await context.newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
    } as const
    await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: { ...options, isUserVerified: true, automaticPresenceSimulation: true },
    })
    await signIn(page, email)
    await page.goto(at('/account/security'))
    await page.getByLabel('Name of the new passkey').fill('My laptop')
    await button(page, 'Add a passkey').click()
    await page.getByText('The passkey is added.').waitFor()
    expect(await page.getByText('My laptop').count()).toBe(1)
    await button(page, 'Sign out').first().click()
    await page.waitForURL(at('/'))
    await fillBag(page)
    await page.goto(at('/login?next=/account'))
    await button(page, 'Sign in with a passkey').click()
    await page.waitForURL(at('/account'))
    await page.goto(at('/cart'))
    expect(await page.getByRole('link', { name: 'Tee plain' }).count()).toBe(1)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('keeps addresses, and has an order sent to one without typing', async () => {
    const { email } = await newUser()
    const { page, context } = await visit('/', { javaScriptEnabled: false, width: 360 })
    await signIn(page, email, '/account/addresses')
    for (const [label, text] of Object.entries(ADDRESS))
      if (label !== 'Email') await page.getByLabel(label, { exact: true }).fill(text)
    await button(page, 'Save the address').click()
    await page.getByText('The address is saved.').waitFor()
    await fillBag(page)
    await page.getByRole('link', { name: 'To checkout' }).click()
    await button(page, 'Send it here: Grace Hopper, Unter den Linden 1').click()
    await page.waitForURL('**/checkout/delivery')
    await page.goto(at('/account/addresses'))
    await button(page, /^Remove Grace/).click()
    await page.getByText('Removed.').waitFor()
    await context.close()
  })

  test('wishes for a piece, and writes a review that is shown once it is approved', async () => {
    const { email } = await newUser()
    const { page, context } = await visit('/p/other')
    await button(page, 'Save for later').click()
    await page.waitForURL('**/login?**')
    await signIn(page, email, '/p/other')
    await button(page, 'Save for later').click()
    await button(page, 'On your wishlist: take it off').waitFor()
    await page.getByText('Write a review').click()
    await button(page, 'Send the review').click()
    await page.getByText('Choose one to five stars.').first().waitFor()
    await page.getByRole('radio', { name: /^5/ }).check()
    await page.getByRole('radio', { name: 'True to size' }).check()
    await page.getByLabel('What would you tell a friend?').fill('Has pockets.')
    await button(page, 'Send the review').click()
    await page.getByText('Thank you. Your review is being looked at').waitFor()
    const { items } = await modules.reviews.listQueue({ status: 'pending', limit: 10 })
    const id = items.find(({ text }) => text === 'Has pockets.')!.id
    const approval = await app.request(`/v1/admin/reviews/${id}/approve`, { method: 'POST', headers: staff })
    expect(approval.status).toBe(204)
    await until(async () => {
      await page.goto(at('/p/other'))
      return (await page.getByText('from one review').count()) === 1
    })
    expect(await page.locator(`#review-${id}`).textContent()).toContain('Has pockets.')
    await page.goto(at('/account/wishlist'))
    await button(page, 'Remove Tee other').click()
    await page.getByText('Nothing on it.').waitFor()
    await context.close()
  })

  test('who lost the password sets a new one by mail, and the old one is good no more', async () => {
    const { email } = await newUser()
    const { page, context } = await visit('/forgot-password', { javaScriptEnabled: false })
    await page.getByLabel('Email').fill(email)
    await button(page, 'Send me the link').click()
    const path = linkIn(await letterTo(email, /password/i), '/reset-password')
    await page.goto(at(path))
    await page.getByLabel('New password').fill('a wholly new secret')
    await button(page, 'Set the new password').click()
    await page.getByText('Your new password is set.').waitFor()
    await page.goto(at('/login'))
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await button(page, 'Sign in').click()
    await page.getByText('The email or the password is not right').waitFor()
    await page.getByLabel('Password', { exact: true }).fill('a wholly new secret')
    await button(page, 'Sign in').click()
    await page.waitForURL(at('/account'))
    await page.goto(at(path))
    await page.getByLabel('New password').fill('yet another secret')
    await button(page, 'Set the new password').click()
    await page.getByText('This link is not good any more.').waitFor()
    await context.close()
  })

  test('says what they allow, takes everything along, and is forgotten', async () => {
    const { email } = await newUser()
    const { page, context } = await visit('/', { javaScriptEnabled: false })
    await signIn(page, email, '/account/privacy')
    await page.getByRole('checkbox', { name: /News by mail/ }).check()
    await button(page, 'Save').click()
    expect(await page.getByRole('checkbox', { name: /News by mail/ }).isChecked()).toBe(true)
    const download = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Download my data' }).click()
    expect((await download).suggestedFilename()).toMatch(/\.(zip|json|tar\.gz)$/)
    await page.getByText('I want my account erased').click()
    await button(page, 'Erase my account').click()
    await page.getByText('tick the box').waitFor()
    await page.getByText('I want my account erased').click()
    await page.getByLabel('Yes, erase everything').check()
    await button(page, 'Erase my account').click()
    await page.getByRole('heading', { name: 'You are forgotten' }).waitFor()
    await page.goto(at('/account'))
    await page.waitForURL('**/login?**')
    expect(await modules.identity.findUserByEmail(email)).toBeUndefined()
    await context.close()
  })

  test('ends a session elsewhere, which then is at its end', async () => {
    const { email } = await newUser()
    const [here, there] = [await visit('/'), await visit('/')]
    await signIn(there.page, email)
    await signIn(here.page, email, '/account/security')
    await button(here.page, 'Sign out everywhere else').click()
    await here.page.getByText('Signed out there.').waitFor()
    await there.page.goto(at('/account'))
    await there.page.waitForURL('**/login?**')
    await Promise.all([here.context.close(), there.context.close()])
  })
})

describe('the pages of one person', () => {
  test('are kept by no cache, and those of everyone else stay theirs', async () => {
    const { email } = await newUser()
    const { page, context } = await visit('/')
    await signIn(page, email)
    for (const path of ['/account', '/cart', '/p/plain'])
      expect((await page.goto(at(path)))?.headers()['cache-control']).toBe('private, no-store')
    expect((await page.goto(at('/women')))?.headers()['cache-control']).toBe('no-cache')
    expect((await app.request('/p/plain')).headers.get('vary')).toContain('cookie')
    await context.close()
  })

  test('keep a session that was renewed on the way to a page that is not there', async () => {
    const { email } = await newUser()
    const { page, context } = await visit('/')
    await signIn(page, email)
    const refresh = (await context.cookies()).find(({ name }) => name === 'refresh')
    const headers = { cookie: `refresh=${refresh?.value}`, accept: 'text/html', 'sec-fetch-site': 'none' }
    const answer = await app.request(`/orders/${crypto.randomUUID()}`, { headers })
    expect(answer.status).toBe(404)
    const renewed = answer.headers.getSetCookie().map((line) => line.split('=')[0])
    expect(renewed.toSorted()).toEqual(['access', 'refresh'])
    expect(answer.headers.get('cache-control')).toBe('private, no-store')
    await context.close()
  })

  test('take no form that another site has sent', async () => {
    const { email, userId } = await newUser()
    const { page, context } = await visit('/')
    await signIn(page, email)
    const cookie = (await context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ')
    const forms = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
      { origin: 'https://evil.example' },
      {},
    ]
    for (const from of forms) {
      const body = new URLSearchParams({ productId: tee.productId })
      const headers = { cookie, accept: 'text/html', ...(from as Record<string, string>) }
      const answer = await app.request('/account/wishlist/add', { method: 'POST', body, headers })
      expect(answer.status).toBe(403)
    }
    expect((await modules.profile.listWishes(userId, { limit: 10 })).items).toEqual([])
    await context.close()
  })

  test('lead on to no other site', async () => {
    for (const next of ['https://evil.example/', '//evil.example', '/\\evil.example', 'javascript:alert(1)']) {
      const html = await (await app.request(`/login?next=${encodeURIComponent(next)}`)).text()
      expect(html).toContain('name="next" value="/account"')
    }
  })
})

describe.each([360, 1280])('at %d px no page has a fault that axe finds, nor is wider than the screen:', (width) => {
  test.each([
    '/register',
    '/login',
    '/login?failed=expired',
    '/forgot-password',
    '/reset-password?token=x',
    '/verify-email?token=x',
    '/cart',
    '/p/plain/reviews',
  ])('%s', async (path) => {
    const { page, context, complaints } = await visit(path, { width })
    expect(await faultsOf(page)).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })

  test('from the bag to the order', async () => {
    const { page, context, complaints } = await visit('/cart', { width })
    const sound = async () => expect([page.url(), ...(await faultsOf(page))]).toEqual([page.url()])
    await fillBag(page)
    await sound()
    await button(page, 'Enter').click()
    await sound()
    await page.getByRole('link', { name: 'To checkout' }).click()
    await sound()
    await button(page, 'Go on to delivery').click()
    await sound()
    await fillAddress(page)
    await sound()
    await button(page, 'Place the order and pay').click()
    await sound()
    await payBy(page, /declined/)
    await sound()
    await payBy(page, /asks back/)
    await sound()
    await button(page, /^Yes, pay/).click()
    await page.getByRole('heading', { name: 'Thank you, it is paid' }).waitFor()
    await sound()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('the account', async () => {
    const { email, userId } = await newUser()
    await modules.profile.addWish(userId, tee.productId)
    const address = { name: 'Ada', line1: 'A street 1', postalCode: '1', city: 'B', country: 'DE', isDefault: true }
    await modules.profile.addAddress(userId, address)
    const { page, context, complaints } = await visit('/', { width })
    await signIn(page, email)
    await fillBag(page)
    await page.goto(at('/checkout'))
    await button(page, /^Send it here/).click()
    await button(page, 'Place the order and pay').click()
    await payBy(page, /A card that pays/)
    await page.getByRole('heading', { name: 'Thank you, it is paid' }).waitFor()
    const places = ['', '/orders', '/wishlist', '/addresses', '/security', '/privacy'].map(
      (place) => `/account${place}`,
    )
    for (const path of [...places, '/p/plain', '/p/plain/reviews', '/checkout']) {
      await page.goto(at(path))
      expect([path, ...(await faultsOf(page))]).toEqual([path])
    }
    expect(complaints).toEqual([])
    await context.close()
  })
})
