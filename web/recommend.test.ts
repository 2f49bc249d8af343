import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { BrowserContext, Page, Request } from 'playwright-core'
import { emptyTestInfra } from '../db/testing.ts'
import { openTestShop, storePicture, until } from './testing.ts'

setDefaultTimeout(120_000)
const shop = await openTestShop()
const { modules, at, visit, faultsOf } = shop

const PASSWORD = 'correct horse battery'
const CLOTHES = [
  { slug: 'shirt', category: ['Women', 'Shirts'], occasion: ['work'], pattern: 'plain' },
  { slug: 'dress', category: ['Women', 'Dresses'], occasion: ['party', 'wedding'], pattern: 'floral' },
  { slug: 'jumper', category: ['Women', 'Knitwear'], occasion: ['casual'], pattern: 'cable' },
  { slug: 'trousers', category: ['Men', 'Trousers'], occasion: ['work'], pattern: 'plain' },
]
const COLOURS = [
  { name: 'Navy', hex: '#1b2a41' },
  { name: 'Cherry', hex: '#a32a2f' },
  { name: 'Ecru', hex: '#e8e0cf' },
  { name: 'Moss', hex: '#4a5a35' },
  { name: 'Sky', hex: '#a9c4e6' },
  { name: 'Coal', hex: '#1b1b1b' },
  { name: 'Rose', hex: '#e0a3ad' },
  { name: 'Stone', hex: '#8d8f92' },
]
/** By slug. */
const ids = new Map<string, string>()
const idOf = (slug: string): string => ids.get(slug) ?? ''

beforeAll(async () => {
  await emptyTestInfra()
  for (const colour of COLOURS) {
    const picture = await storePicture(modules, colour.hex)
    for (const { slug, category, occasion, pattern } of CLOTHES) {
      const handle = `${colour.name.toLowerCase()}-${slug}`
      const saved = await modules.catalog.saveProduct({
        handle,
        name: `${colour.name} ${slug}`,
        description: `A ${pattern} ${slug}.`,
        brand: slug === 'dress' ? 'Maren' : 'Norr & Sol',
        category,
        price: { amount: 4000 + 500 * ids.size, currency: 'EUR' },
        colours: [colour],
        variants: ['S', 'M', 'L'].map((size) => ({ sku: `${handle}-${size}`, colour: colour.name, size, stock: 9 })),
        images: [{ ...picture, alt: `${colour.name} ${slug}, laid flat`, colour: colour.name }],
        sizeChart: null,
        metadata: { occasion, pattern, season: ['summer', 'winter', 'spring', 'autumn'] },
      })
      if (!saved.ok) throw new Error(saved.reason)
      ids.set(handle, saved.productId)
    }
  }
  await modules.search.build()
  shop.startWork()
  await modules.recommend.publishVectors()
})
afterAll(() => shop.close())

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })

type Sent = { id: string; kind: string; productId?: string; position?: number; searchId?: string; shown?: string[] }
const isEvents = (request: Request): boolean => new URL(request.url()).pathname === '/v1/events'
const eventsOf = (request: Request): Sent[] => (JSON.parse(request.postData() ?? '{}') as { events: Sent[] }).events

/** Every event that leaves this visitor's browser, as it leaves. */
function listen(context: BrowserContext): Sent[] {
  const sent: Sent[] = []
  context.on('request', (request) => {
    if (isEvents(request)) sent.push(...eventsOf(request))
  })
  return sent
}

const told = (sent: Sent[], kind: string) => until(async () => sent.find((event) => event.kind === kind))
const cookie = async (context: BrowserContext, name: string) =>
  (await context.cookies()).find((one) => one.name === name)?.value

async function sayYes(page: Page): Promise<void> {
  await button(page, 'Yes').click()
  await page.waitForFunction(() => document.cookie.includes('consent='))
}

/** Only the shop's own cookie of a guest is known to us, so the subject is looked up by it. */
async function historyOf(context: BrowserContext) {
  const subject = modules.analytics.subjectOf({ visitor: await cookie(context, 'visitor') })
  return subject ? modules.analytics.historyOf(subject, 20) : []
}

/** Answers what stands there, by the first option that is named in `wishes`, else by the first of all. */
async function answer(page: Page, wishes: string[]): Promise<void> {
  const labels = await page.locator('.option').allInnerTexts()
  const wish = labels.findIndex((label) => wishes.includes(label.trim()))
  await page.locator('.option input').nth(Math.max(0, wish)).check()
  await button(page, 'Next').click()
}

/** Looks at these, one after another. */
async function lookAt(page: Page, slugs: string[]): Promise<void> {
  for (const slug of slugs) await page.goto(at(`/p/${slug}`))
}

describe('consent', () => {
  test('nothing is sent before an answer, nor after a no, which is remembered', async () => {
    const { page, context, complaints } = await visit('/p/navy-shirt')
    const sent = listen(context)
    await page.goto(at('/women'))
    await page.locator('#results h3 a').first().click()
    await page.waitForURL('**/p/*')
    await button(page, 'No').click()
    await page.waitForFunction(() => document.cookie.includes('consent=none'))
    expect(await button(page, 'Yes').isVisible()).toBe(false)
    await page.getByRole('radio', { name: 'M', exact: true }).check()
    await button(page, 'Add to bag').click()
    await page.getByText('It is in your bag.').first().waitFor()
    await page.goto(at('/'))
    expect(await button(page, 'Yes').count()).toBe(0)
    expect(sent).toEqual([])
    expect(await cookie(context, 'visitor')).toBeUndefined()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('is given and taken back without script, and leaves no visitor behind', async () => {
    const { page, context } = await visit('/women', { javaScriptEnabled: false })
    await button(page, 'Yes').click()
    expect(new URL(page.url()).pathname).toBe('/women')
    expect(await button(page, 'Yes').count()).toBe(0)
    expect(await cookie(context, 'consent')).toBe('analytics,personalisation')
    expect(await cookie(context, 'visitor')).toMatch(/^[0-9a-f-]{36}$/)
    await page.getByRole('link', { name: 'Your data' }).click()
    await page.getByLabel('Picks for you').uncheck()
    await button(page, 'Save').click()
    expect(await cookie(context, 'consent')).toBe('analytics')
    await page.getByLabel('Improving the shop').uncheck()
    await button(page, 'Save').click()
    expect([await cookie(context, 'consent'), await cookie(context, 'visitor')]).toEqual(['none', undefined])
    await context.close()
  })

  test('taken back takes with it what was noted before', async () => {
    const { page, context } = await visit('/women')
    const sent = listen(context)
    await sayYes(page)
    const visitor = await cookie(context, 'visitor')
    const noted = () => modules.analytics.historyOf(modules.analytics.subjectOf({ visitor }) ?? '', 20)
    await page.goto(at('/p/navy-shirt'))
    await told(sent, 'view')
    await until(async () => (await noted()).length > 0 || undefined)
    await page.goto(at('/your-data'))
    for (const label of ['Picks for you', 'Improving the shop']) await page.getByLabel(label).uncheck()
    await button(page, 'Save').click()
    await page.getByText('Saved. It holds from now on.').waitFor()
    expect(await noted()).toEqual([])
    await context.close()
  })

  test('of a browser that asks not to be tracked is not asked for, and one given before does not count', async () => {
    const context = await shop.browser.newContext({ extraHTTPHeaders: { 'sec-gpc': '1' } })
    await context.addInitScript(() => Object.defineProperty(navigator, 'globalPrivacyControl', { value: true }))
    await context.addCookies([{ name: 'consent', value: 'analytics,personalisation', url: at('/') }])
    const sent = listen(context)
    const page = await context.newPage()
    await page.goto(at('/p/navy-shirt'))
    expect(await button(page, 'Yes').count()).toBe(0)
    await page.goto(at('/your-data'))
    await page.getByText('Global Privacy Control').waitFor()
    expect(sent).toEqual([])
    await context.close()
  })

  test('of a guest becomes that of the account at sign-in, and signing out asks anew', async () => {
    const email = 'consenting@example.com'
    await modules.identity.createUser({ email, password: PASSWORD, role: 'customer' }, { system: 'test' })
    const { page, context } = await visit('/women')
    await sayYes(page)
    await page.goto(at('/login?next=/account/privacy'))
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await button(page, 'Sign in').click()
    await page.waitForURL(at('/account/privacy'))
    expect(await page.getByLabel('Picks for you').isChecked()).toBe(true)
    await page.getByLabel('Improving the shop').uncheck()
    await button(page, 'Save').click()
    await page.getByText('Saved.').waitFor()
    expect(await cookie(context, 'consent')).toBe('personalisation')
    await button(page, 'Sign out').click()
    await button(page, 'Yes').waitFor()
    expect(await cookie(context, 'visitor')).toBeUndefined()
    await context.close()
  })
})

describe('events', () => {
  test('say once what was shown, clicked where, looked at, tried and put into the bag', async () => {
    const { page, context, complaints } = await visit('/women')
    const sent = listen(context)
    await sayYes(page)
    const search = await told(sent, 'search')
    const onPage = await page
      .locator('#results [data-product-id]')
      .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset['productId']))
    expect(search.shown).toEqual(onPage as string[])
    await page.locator('#results h3 a').nth(2).click()
    await page.waitForURL('**/p/*')
    const click = await told(sent, 'click')
    expect(click).toMatchObject({ productId: onPage[2], position: 2, searchId: search.searchId })
    expect(await told(sent, 'view')).toMatchObject({ productId: onPage[2] })
    await page.getByRole('radio', { name: 'M', exact: true }).check()
    await button(page, 'Add to bag').click()
    await button(page, 'Save for later').click()
    await page.waitForURL('**/login**')
    const kept = await until(async () => {
      const history = await historyOf(context)
      return history.some(({ kind }) => kind === 'wishlist') && history
    })
    expect(kept.map(({ kind }) => kind).toSorted()).toEqual(['add', 'click', 'view', 'wishlist'])
    expect(sent.filter(({ kind }) => kind === 'add' || kind === 'wishlist')).toEqual([])
    expect(new Set(sent.map(({ id }) => id)).size).toBe(sent.length)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('of forms are noted without script too, once and only for who allows it', async () => {
    const { page, context } = await visit('/p/navy-shirt', { javaScriptEnabled: false })
    const add = async () => {
      await page.goto(at('/p/navy-shirt'))
      await page.getByRole('radio', { name: 'M', exact: true }).check()
      await button(page, 'Add to bag').click()
      await page.waitForURL('**/cart?said=added')
    }
    await add()
    await button(page, 'Yes').click()
    expect(await cookie(context, 'visitor')).toBeDefined()
    expect(await historyOf(context)).toEqual([])
    await add()
    await page.goto(at('/p/cherry-dress'))
    await button(page, 'Save for later').click()
    await page.waitForURL('**/login**')
    expect((await historyOf(context)).map(({ kind }) => kind).toSorted()).toEqual(['add', 'wishlist'])
    await context.close()
  })

  test('tell that a suggestion was taken, and for which text', async () => {
    const { page, context, complaints } = await visit('/women')
    const sent = listen(context)
    await sayYes(page)
    await page.locator('#search').pressSequentially('cherry dr')
    await page.locator('#suggestions[data-suggested-for="cherry dr"] [data-product-id]').first().click()
    await page.waitForURL('**/p/*')
    const click = await told(sent, 'click')
    expect(click).toMatchObject({ query: 'cherry dr', context: 'suggestions' })
    expect(await told(sent, 'view')).toMatchObject({ productId: click.productId })
    await until(async () => (await historyOf(context)).some(({ kind }) => kind === 'click'))
    expect(complaints).toEqual([])
    await context.close()
  })

  test('that the shop could not take are sent once more under the same ids, and never a third time', async () => {
    const { page, context } = await visit('/women')
    await sayYes(page)
    const tries: string[][] = []
    await context.route('**/v1/events', (route) => {
      tries.push(eventsOf(route.request()).map(({ id }) => id))
      return route.fulfill({ status: 503 })
    })
    await page.clock.install()
    await page.goto(at('/p/cherry-dress'))
    await until(async () => {
      await page.clock.runFor(1000)
      return tries.length >= 2
    })
    await page.clock.runFor(60_000)
    expect(tries).toHaveLength(2)
    expect(tries[1]).toEqual(tries[0] ?? [])
    await context.close()
  })

  test('that wait when a page is left go with a beacon', async () => {
    const { page, context } = await visit('/women')
    await sayYes(page)
    // No timer ever goes off, so nothing is sent but by leaving.
    await context.addInitScript(() => Object.assign(globalThis, { setTimeout: () => 0 }))
    await page.goto(at('/p/moss-jumper'))
    await page.goto(at('/healthz'))
    const kept = await until(async () => {
      const history = await historyOf(context)
      return history.length > 0 && history
    })
    expect(kept).toMatchObject([{ productId: idOf('moss-jumper'), kind: 'view' }])
    await context.close()
  })

  test('of a guest count for the account from the page after signing in, and the next guest is somebody else', async () => {
    const email = 'looking@example.com'
    const { id } = await modules.identity.createUser(
      { email, password: PASSWORD, role: 'customer' },
      { system: 'test' },
    )
    const { page, context } = await visit('/women')
    await sayYes(page)
    const visitor = await cookie(context, 'visitor')
    await lookAt(page, ['moss-dress'])
    await until(async () => (await historyOf(context)).length > 0 || undefined)
    await page.goto(at('/login?next=/'))
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await button(page, 'Sign in').click()
    await page.waitForURL(at('/'))
    expect(await page.getByText('Because you looked at Moss dress').count()).toBeGreaterThan(0)
    const subject = modules.analytics.subjectOf({ actor: { userId: id } }) ?? ''
    expect(await modules.analytics.historyOf(subject, 20)).toMatchObject([{ productId: idOf('moss-dress') }])
    expect(await modules.analytics.historyOf(modules.analytics.subjectOf({ visitor }) ?? '', 20)).toEqual([])
    const next = await cookie(context, 'visitor')
    expect(next).toMatch(/^[0-9a-f-]{36}$/)
    expect(next).not.toBe(visitor)
    await context.close()
  })

  test('let the very next page know what was looked at', async () => {
    const { page, context, complaints } = await visit('/women')
    const sent = listen(context)
    await sayYes(page)
    await page.goto(at('/p/ecru-dress'))
    await told(sent, 'view')
    await until(async () => (await historyOf(context)).some(({ productId }) => productId === idOf('ecru-dress')))
    const home = await page.goto(at('/'))
    expect(home?.headers()['cache-control']).toBe('private, no-store')
    const row = page.getByRole('region', { name: 'You looked at', exact: true })
    expect(await row.locator('h3').allTextContents()).toEqual(['Ecru dress'])
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe('the style quiz', () => {
  test('works without script: forwards, back, past a question, to picks that say why, and anew', async () => {
    const { page, context } = await visit('/quiz', { javaScriptEnabled: false, width: 360 })
    expect(await page.getByText(/^Question 1 of \d$/).count()).toBe(1)
    await button(page, 'Next').click()
    await page.getByText('Choose at least one, or skip this question.').waitFor()
    await answer(page, ['Women'])
    await page.getByRole('link', { name: 'Back' }).click()
    expect(await page.locator('.option input:checked').count()).toBe(1)
    await button(page, 'Next').click()
    await button(page, 'Skip this one').click()
    for (let question = 0; question < 12 && !page.url().endsWith('/quiz/picks'); question++)
      await answer(page, ['Dresses', 'Red', 'Floral'])
    expect(await page.locator('h1').textContent()).toBe('Picked for you')
    const first = page.locator('article').first()
    expect(await first.innerText()).toContain('dress')
    expect(await first.innerText()).toMatch(/quiz|budget|size|occasion/i)

    await page.goto(at('/'))
    expect(await page.getByRole('heading', { name: 'Picked for you' }).count()).toBe(1)
    expect(await page.getByRole('heading', { name: 'Not sure where to begin?' }).count()).toBe(0)
    await page.goto(at('/quiz/picks'))
    await button(page, 'Forget my answers').click()
    expect(await page.getByText(/^Question 1 of \d$/).count()).toBe(1)
    expect(await cookie(context, 'quiz')).toBeUndefined()
    await context.close()
  })

  test('goes with a guest into the account', async () => {
    const email = 'quizzed@example.com'
    await modules.identity.createUser({ email, password: PASSWORD, role: 'customer' }, { system: 'test' })
    const { page, context } = await visit('/quiz')
    await answer(page, ['Women'])
    await page.goto(at('/login?next=/quiz/picks'))
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD)
    await button(page, 'Sign in').click()
    await page.waitForURL(at('/quiz/picks'))
    expect(await page.getByText('Your answers are kept with your account.').count()).toBe(1)
    expect(await page.locator('dd', { hasText: 'Women' }).count()).toBe(1)
    expect(await cookie(context, 'quiz')).toBeUndefined()
    await context.close()
  })
})

describe('the device', () => {
  test('shows what was looked at without telling the shop, and forgets it when asked', async () => {
    const { page, context, complaints } = await visit('/')
    const addresses: string[] = []
    context.on('request', (request) => addresses.push(`${request.url()} ${request.postData() ?? ''}`))
    await lookAt(page, ['navy-dress', 'cherry-shirt'])
    addresses.length = 0
    await page.goto(at('/'))
    const row = page.getByRole('region', { name: 'You looked at', exact: true })
    await row.waitFor({ state: 'attached' })
    expect(await row.locator('h3').allTextContents()).toEqual(['Cherry shirt', 'Navy dress'])
    await page.getByRole('region', { name: 'Close to what you looked at' }).waitFor({ state: 'attached' })
    expect(addresses.filter((sent) => sent.includes(idOf('navy-dress')) || sent.includes('navy-dress'))).toEqual([])

    await page.goto(at('/your-data'))
    await page.getByText('2 pieces.').waitFor()
    await button(page, 'Forget them').click()
    await page.getByText('Nothing.').waitFor()
    await page.getByLabel('Remember what I look at on this device').uncheck()
    await lookAt(page, ['navy-dress'])
    await page.goto(at('/your-data'))
    await page.getByText('Nothing.').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  test('orders a listing when it is asked to, keeps the address true, and goes back to the other orders', async () => {
    const { page, context, complaints } = await visit('/')
    await lookAt(page, ['navy-dress', 'cherry-dress'])
    await page.goto(at('/women'))
    const names = () => page.locator('#results h3').allTextContents()
    const before = await names()
    await page.getByLabel('Sort by').selectOption('For you')
    await page.getByText('In the order of what you looked at').waitFor({ state: 'attached' })
    const ordered = await names()
    expect(ordered.toSorted()).toEqual(before.toSorted())
    expect(ordered.slice(0, 4).every((name) => name.endsWith('dress'))).toBe(true)
    await page.reload()
    await page.waitForFunction((first) => document.querySelector('#results h3')?.textContent === first, ordered[0])
    expect(await names()).toEqual(ordered)
    await page.getByLabel('Sort by').selectOption('Newest')
    await page.waitForFunction((first) => document.querySelector('#results h3')?.textContent === first, before[0])
    expect(await names()).toEqual(before)
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe.each([360, 1280])('at %d px', (width) => {
  test('no page of these has an accessibility violation, or is wider than the screen', async () => {
    const { page, context, complaints } = await visit('/', { width })
    for (const path of [
      '/',
      '/p/navy-dress',
      '/p/navy-shirt',
      '/',
      '/women',
      '/quiz',
      '/your-data',
      '/picks',
      '/cart',
    ]) {
      await page.goto(at(path))
      if (path === '/') await page.locator('[data-device-rows]').waitFor({ state: 'attached' })
      expect([path, await faultsOf(page)]).toEqual([path, []])
    }
    await page.goto(at('/quiz'))
    const first = await page.locator('h1').textContent()
    await page.locator('.option input').first().check()
    await button(page, 'Next').click()
    await page.waitForFunction((before) => document.querySelector('h1')?.textContent !== before, first)
    expect(await faultsOf(page)).toEqual([])
    await page.goto(at('/quiz/picks'))
    expect(await faultsOf(page)).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe('weight', () => {
  test.each(['/', '/women', '/p/navy-dress'])(
    '%s loads at most 35 KB of compressed script for a newcomer',
    async (path) => {
      const context = await shop.browser.newContext()
      const page = await context.newPage()
      const sizes: Promise<number>[] = []
      page.on('requestfinished', (request) => {
        if (request.resourceType() === 'script')
          sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize))
      })
      await page.goto(at(path), { waitUntil: 'networkidle' })
      const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)
      expect(bytes).toBeGreaterThan(1000)
      expect(bytes).toBeLessThan(35_000)
      await context.close()
    },
  )
})
