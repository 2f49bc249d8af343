import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import type { Page } from 'playwright-core'
import { emptyTestInfra } from '../db/testing.ts'
import { signInAs } from '../modules/identity/testing.ts'
import { openTestShop, storePicture } from './testing.ts'

setDefaultTimeout(120_000)
const shop = await openTestShop()
const { modules, app, at, visit, faultsOf, browser } = shop

const SHIRTS = 60
const PAGE = 24
const COLOURS = [
  { name: 'Navy', hex: '#1b2a41' },
  { name: 'Cherry', hex: '#a32a2f' },
]
type Pictures = Awaited<ReturnType<typeof storePicture>>[]
let pictures: Pictures
let retailer: Awaited<ReturnType<typeof signInAs>>

type Piece = { name: string; brand?: string; category?: string[]; price?: number; colours?: typeof COLOURS }

async function save({ name, brand = 'Norr', category = ['Women', 'Shirts'], price = 4000, colours = COLOURS }: Piece) {
  const handle = name.toLowerCase().replaceAll(' ', '-')
  const saved = await modules.catalog.saveProduct({
    handle,
    name,
    description: `${name}, made to last.`,
    brand,
    category,
    price: { amount: price, currency: 'EUR' },
    colours,
    variants: colours.flatMap((colour) =>
      ['S', 'M'].map((size) => ({ sku: `${handle}-${colour.name}-${size}`, colour: colour.name, size, stock: 5 })),
    ),
    images: colours.map((colour, index) => ({
      ...pictures[index]!,
      alt: `${name} in ${colour.name}`,
      colour: colour.name,
    })),
    sizeChart: null,
    metadata: {},
  })
  if (!saved.ok) throw new Error(saved.reason)
  return saved.productId
}

beforeAll(async () => {
  await emptyTestInfra()
  pictures = [await storePicture(modules, '#1b2a41'), await storePicture(modules, '#a32a2f')]
  for (let place = 1; place <= SHIRTS; place++)
    await save({
      name: `Linen Shirt ${place}`,
      brand: `Brand ${String.fromCodePoint(65 + (place % 12))}`,
      price: 1000 + place * 100,
      colours: place % 2 ? COLOURS : COLOURS.slice(0, 1),
    })
  await save({ name: 'Garden Dress', brand: 'Alba', category: ['Women', 'Dresses'], price: 12_000 })
  await save({ name: 'Harbour Trousers', brand: 'Alba', category: ['Men', 'Trousers'], price: 8000 })
  retailer = await signInAs(modules.identity, 'retailer')
  await modules.search.build()
})
afterAll(() => shop.close())

const box = (page: Page) => page.locator('#search')
const options = (page: Page) => page.getByRole('option')
const active = (page: Page) =>
  page.evaluate(() => {
    const id = document.querySelector('#search')?.getAttribute('aria-activedescendant')
    return id ? document.getElementById(id)?.textContent : null
  })
const names = (page: Page) => page.locator('#results article h3').allTextContents()
const headline = (page: Page) => page.locator('h1').textContent()
const chips = (page: Page) =>
  page.getByRole('list', { name: 'Filters that are on' }).getByRole('link').allTextContents()
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })

const brands = (page: Page) => page.locator('#group-brand label').allTextContents()
const cache = async (cookie: string) =>
  (await app.request('/search?q=linen', { headers: { cookie, accept: 'text/html' } })).headers.get('cache-control')
const cards = (page: Page, count: number) =>
  page.waitForFunction((wanted) => document.querySelectorAll('#results article').length === wanted, count)
const found = async (text: string): Promise<number> => (await (await app.request(`/v1/search?q=${text}`)).json()).total
/** The link to a rule, by the search that it is for: other tests have rules of the same pieces. */
const ruleFor = (page: Page, query: string) =>
  page
    .getByRole('row')
    .filter({ hasText: `“${query}”` })
    .getByRole('link')
const newWord = () => `frock${crypto.randomUUID().slice(0, 8).replaceAll(/\d/g, 'x')}`

async function openAs(person: typeof retailer, path: string, how: Parameters<typeof visit>[1] = {}) {
  const visited = await visit('/privacy-of-photos', how)
  const { accessToken: value } = person.grant
  await visited.context.addCookies([{ name: 'access', value, url: at('/'), httpOnly: true, sameSite: 'Lax' }])
  await visited.page.goto(at(path))
  return visited
}

async function typeInto(page: Page, text: string) {
  await box(page).pressSequentially(text)
  await options(page).first().waitFor()
}

describe('the search box', () => {
  test('is a combobox: suggestions come while typing, are counted aloud and gone through by keyboard', async () => {
    const { page, context, complaints } = await visit('/')
    await typeInto(page, 'garden')
    expect(await box(page).getAttribute('role')).toBe('combobox')
    expect([await box(page).getAttribute('aria-expanded'), await box(page).getAttribute('aria-controls')]).toEqual([
      'true',
      'suggestions',
    ])
    const texts = await options(page).allTextContents()
    expect(texts).toContain('AlbaGarden Dress€120.00')
    await page.waitForFunction(
      (count) => document.querySelector('#suggested')?.textContent === `${count} suggestion${count === 1 ? '' : 's'}`,
      texts.length,
    )
    expect(await active(page)).toBeNull()
    await page.keyboard.press('ArrowDown')
    expect(await active(page)).toBe(texts[0]!)
    await page.keyboard.press('End')
    expect(await active(page)).toBe(texts.at(-1)!)
    await page.keyboard.press('ArrowDown')
    expect(await active(page)).toBeNull()
    await page.keyboard.press('ArrowUp')
    expect(await active(page)).toBe(texts.at(-1)!)
    await page.keyboard.press('Home')
    expect(await active(page)).toBe(texts[0]!)
    expect(await page.getByRole('option', { selected: true }).count()).toBe(1)
    await page.keyboard.press('Escape')
    expect(await page.getByRole('listbox').isVisible()).toBe(false)
    expect([await box(page).inputValue(), await box(page).getAttribute('aria-expanded')]).toEqual(['garden', 'false'])
    await page.keyboard.press('ArrowDown')
    expect(await active(page)).toBe(texts[0]!)
    const place = texts.indexOf('AlbaGarden Dress€120.00')
    for (let step = 0; step < place; step++) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/p/garden-dress')
    expect(complaints).toEqual([])
    await context.close()
  })

  test('searches for what was typed when nothing is chosen, with script and without', async () => {
    for (const javaScriptEnabled of [true, false]) {
      const { page, context } = await visit('/', { javaScriptEnabled, width: 360 })
      await box(page).fill('garden dress')
      await box(page).press('Enter')
      await page.waitForURL('**/search?q=garden+dress')
      expect(await headline(page)).toBe('“garden dress”')
      expect(await box(page).inputValue()).toBe('garden dress')
      await context.close()
    }
  })

  test('takes a tap of a finger, and closes when the focus leaves', async () => {
    const context = await browser.newContext({ viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true })
    const page = await context.newPage()
    await page.goto(at('/'))
    await box(page).tap()
    await typeInto(page, 'garden')
    const before = await page.locator('main').boundingBox()
    await box(page).blur()
    await page.getByRole('listbox').waitFor({ state: 'hidden' })
    expect(await page.locator('main').boundingBox()).toEqual(before)
    await box(page).tap()
    await box(page).press('ArrowDown')
    await page.getByRole('option', { name: 'Garden Dress' }).tap()
    await page.waitForURL('**/p/garden-dress')
    await context.close()
  })

  test('asks a few times for ten letters typed fast, and shows what belongs to the last', async () => {
    const { page, context } = await visit('/')
    const asked: string[] = []
    page.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url())
      if (pathname === '/v1/search/suggest') asked.push(searchParams.get('q') ?? '')
    })
    await box(page).focus()
    await box(page).evaluate((field: HTMLInputElement) => {
      // Ten letters with nothing between them but the turns of the browser, as a machine that lags hands them over.
      for (let end = 1; end <= 'garden dre'.length; end++)
        setTimeout(() => {
          field.value = 'garden dre'.slice(0, end)
          field.dispatchEvent(new InputEvent('input', { bubbles: true }))
        })
    })
    await page.getByRole('option', { name: 'Alba Garden Dress' }).waitFor()
    expect(await box(page).inputValue()).toBe('garden dre')
    expect(asked.at(-1)).toBe('garden dre')
    expect(asked.length).toBeLessThanOrEqual(3)
    const stale = (await options(page).allTextContents()).filter((text) => /shirt|trousers/i.test(text))
    expect(stale).toEqual([])
    await page.keyboard.press('Escape')
    await box(page).fill('harbour')
    await page.getByRole('option', { name: 'Harbour Trousers' }).waitFor()
    expect(await page.getByRole('option', { name: 'Alba Garden Dress' }).count()).toBe(0)
    await context.close()
  })

  test('shows no answer to what stands there no more, and does without one', async () => {
    const { page, context } = await visit('/')
    const called = Promise.withResolvers<void>()
    const late = Promise.withResolvers<void>()
    await page.route('**/v1/search/suggest*', async (route) => {
      const text = new URL(route.request().url()).searchParams.get('q')
      if (text === 'linen') {
        called.resolve()
        await late.promise
      }
      await (text === 'linens' ? route.abort() : route.continue()).catch(() => {})
    })
    await box(page).fill('linen')
    await called.promise
    await box(page).fill('garden')
    await page.getByRole('option', { name: 'Garden Dress' }).waitFor()
    late.resolve()
    await box(page).fill('linens')
    await box(page).press('Enter')
    await page.waitForURL('**/search?q=linens')
    await context.close()
  })
})

describe('the results', () => {
  test('narrow without script: by ticks, by a range of prices, by chips that go away', async () => {
    const { page, context } = await visit('/search?q=linen', { javaScriptEnabled: false })
    expect(await page.locator('#count').textContent()).toBe(`${SHIRTS} products`)
    await page.getByLabel('Red').check()
    await page.getByRole('checkbox', { name: /^Brand B/ }).check()
    await button(page, 'Show products').click()
    expect(await page.locator('#count').textContent()).toBe('5 products')
    expect(await chips(page)).toEqual(['Take away the filter Red', 'Take away the filter Brand B', 'Clear all'])
    expect(await page.getByRole('checkbox', { name: /^Brand B/ }).isChecked()).toBe(true)
    await page.getByRole('link', { name: 'Take away the filter Brand B' }).click()
    expect(await page.locator('#count').textContent()).toBe('30 products')
    const range = page.locator('#group-price a').first()
    const count = Number(/ (\d+) products?$/.exec((await range.textContent())!)![1])
    await range.click()
    expect(await page.locator('#count').textContent()).toBe(`${count} products`)
    await page.getByRole('list', { name: 'Filters that are on' }).getByRole('link', { name: 'Clear all' }).click()
    expect(new URL(page.url()).search).toBe('?q=linen&sort=relevance')
    expect(await page.locator('#count').textContent()).toBe(`${SHIRTS} products`)
    await context.close()
  })

  test('let a brand be looked for among many, without script and while typing with it', async () => {
    const plain = await visit('/search?q=linen', { javaScriptEnabled: false })
    expect(await brands(plain.page)).toHaveLength(12)
    await plain.page.getByLabel('Find a brand').fill('c')
    await button(plain.page, 'Find').click()
    expect(await brands(plain.page)).toEqual(['Brand C 5 products'])
    expect(await plain.page.locator('#count').textContent()).toBe(`${SHIRTS} products`)
    await plain.context.close()

    const { page, context } = await visit('/search?q=linen')
    await page.getByLabel('Find a brand').pressSequentially('d')
    await page.waitForFunction(() => document.querySelectorAll('#group-brand label').length === 1)
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('findBrand')
    await page.getByRole('checkbox', { name: /^Brand D/ }).check()
    await page.waitForFunction(() => document.querySelector('#count')?.textContent === '5 products')
    expect(await chips(page)).toEqual(['Take away the filter Brand D'])
    await context.close()
  })

  test('say what was searched instead, and search for the words as they stand when told to', async () => {
    const { page, context } = await visit('/search?q=gardn+dress')
    expect(await headline(page)).toBe('“garden dress”')
    expect(await page.getByText('Showing results for garden dress').count()).toBe(1)
    expect(await names(page)).toEqual(['Garden Dress'])
    await page.getByRole('link', { name: 'gardn dress' }).click()
    expect(await headline(page)).toBe('“gardn dress”')
    expect(await page.getByRole('heading', { name: 'We found nothing for that' }).count()).toBe(1)
    await page.getByRole('link', { name: 'Dresses, women' }).click()
    expect(await names(page)).toEqual(['Garden Dress'])
    await page.goto(at('/search?q=garden+trousers'))
    expect(await page.getByText('Nothing has all of these words.').count()).toBe(1)
    expect((await names(page)).toSorted()).toEqual(['Garden Dress', 'Harbour Trousers'])
    await context.close()
  })

  test('mark the words, and show a piece in the colour that was asked for', async () => {
    const { page, context } = await visit('/search?q=cherry+dress')
    expect(await page.locator('#results mark').allTextContents()).toEqual(['Dress'])
    const card = page.locator('#results article').first()
    const link = await card.getByRole('link', { name: 'Garden Dress', exact: true }).getAttribute('href')
    expect(link).toBe('/p/garden-dress?colour=cherry')
    expect(await card.locator('img').getAttribute('src')).toContain(pictures[1]!.key)
    await card.getByRole('link', { name: 'Garden Dress in Navy' }).click()
    await page.waitForURL('**/p/garden-dress?colour=navy')
    await context.close()
  })

  test('are kept from search engines, named after the words, and nobody else’s where they are ranked for somebody', async () => {
    const { page, context } = await visit('/search?q=linen&colour=red&sort=price')
    expect(await page.title()).toBe('“linen” · EshoTry')
    expect(await page.locator('meta[name=robots]').getAttribute('content')).toBe('noindex')
    expect(await page.locator('link[rel=canonical]').getAttribute('href')).toBe('/search?q=linen')
    expect(await page.locator('#results [data-search-id]').getAttribute('data-query')).toBe('linen')
    await page.goto(at('/women?colour=red'))
    expect(await page.locator('link[rel=canonical]').getAttribute('href')).toBe('/women')
    await context.close()
    expect(await cache('')).toBe('no-cache')
    expect(await cache(`visitor=${crypto.randomUUID()}`)).toBe('private, no-cache')
  })

  test('forgive an address that makes no sense', async () => {
    const { page, context } = await visit('/search?q=garden&cursor=nonsense&minRating=9&size=&sort=magic')
    expect(await names(page)).toEqual(['Garden Dress'])
    await page.goto(at('/search'))
    expect(await names(page)).toHaveLength(PAGE)
    await context.close()
  })
})

describe('a long list', () => {
  test('has real pages behind it', async () => {
    const { page, context } = await visit('/search?q=linen&sort=price', { javaScriptEnabled: false })
    expect((await names(page))[0]).toBe('Linen Shirt 1')
    await page.getByRole('link', { name: 'Next page' }).click()
    expect((await names(page))[0]).toBe('Linen Shirt 25')
    await page.getByRole('link', { name: 'Next page' }).click()
    expect(await names(page)).toHaveLength(SHIRTS - 2 * PAGE)
    expect(await page.getByRole('link', { name: 'Next page' }).count()).toBe(0)
    await context.close()
  })

  test('goes on by itself as its end comes near, and is as long and at the same place on the way back', async () => {
    const { page, context, complaints } = await visit('/search?q=linen&sort=price')
    for (const count of [2 * PAGE, SHIRTS]) {
      await page.locator('footer').scrollIntoViewIfNeeded()
      await cards(page, count)
    }
    expect(await page.locator('#more-status').textContent()).toBe('12 more, 60 shown. That is all.')
    expect((await names(page))[40]).toBe('Linen Shirt 41')
    const positions = await page
      .locator('#results [data-position]')
      .evaluateAll((all) => all.map((one) => Number((one as HTMLElement).dataset['position'])))
    expect(positions).toEqual(Array.from({ length: SHIRTS }, (_, index) => index))
    const piece = page.getByRole('link', { name: 'Linen Shirt 58', exact: true })
    await piece.scrollIntoViewIfNeeded()
    const place = await page.evaluate(() => Math.round(scrollY))
    await piece.click()
    await page.waitForURL('**/p/linen-shirt-58')
    await page.goBack()
    await cards(page, SHIRTS)
    await page.waitForFunction((y) => Math.abs(scrollY - y) < 50, place)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('waits for whoever goes through it by keyboard to ask for more, and goes on from there', async () => {
    const { page, context } = await visit('/women?sort=price')
    await page.locator('#sort').focus()
    await page.keyboard.press('Tab')
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Linen Shirt 1')
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight))
    const more = page.getByRole('link', { name: 'Load more' })
    await more.focus()
    expect(await names(page)).toHaveLength(PAGE)
    await page.keyboard.press('Enter')
    await cards(page, 2 * PAGE)
    await page.waitForFunction(() => document.activeElement?.textContent === 'Linen Shirt 25')
    await context.close()
  })
})

describe.each([360, 1280])('at %d px', (width) => {
  test.each(['/search?q=linen&colour=red&brand=brand-b', '/search?q=gardn', '/search?q=zzzz', '/search'])(
    '%s has no fault',
    async (path) => {
      const { page, context, complaints } = await visit(path, { width })
      expect(await faultsOf(page)).toEqual([])
      expect(complaints).toEqual([])
      await context.close()
    },
  )

  test('suggestions have no fault while one of them is the active one', async () => {
    const { page, context, complaints } = await visit('/women', { width })
    await typeInto(page, 'linen')
    await page.keyboard.press('ArrowDown')
    expect(await faultsOf(page)).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })
})

describe('the rules', () => {
  test('a synonym is made, changed, switched off and removed, and searches follow', async () => {
    const { page, context, complaints } = await openAs(retailer, '/admin', { javaScriptEnabled: false })
    const [word, other] = [newWord(), newWord()]
    await page.getByRole('link', { name: 'Search', exact: true }).click()
    await page.getByRole('link', { name: 'New rule' }).click()
    await page.getByRole('link', { name: /^Synonym/ }).click()
    await page.getByLabel(/^Words that stand/).fill(word)
    await button(page, 'Create the rule').click()
    expect(await page.locator('#trouble').textContent()).toContain('Give two words or more')
    await page.getByLabel(/^Words that stand/).fill(`${word}, dress`)
    await page.getByLabel(/^Note/).fill('Older customers say so.')
    await button(page, 'Create the rule').click()
    expect(await page.locator('main [role=status]').textContent()).toBe('The rule holds from the next search on.')
    expect(await found(word)).toBe(1)
    await page.getByRole('link', { name: `Synonym: ${word}, dress` }).click()
    await page.getByLabel(/^Words that stand/).fill(`${word}, ${other}, dress`)
    await button(page, 'Save').click()
    expect([await found(other), await page.getByLabel(/^Note/).inputValue()]).toEqual([1, 'Older customers say so.'])
    await button(page, 'Switch off').click()
    expect(await page.getByText('Off', { exact: true }).count()).toBe(1)
    expect(await found(word)).toBe(0)
    await button(page, 'Switch on').click()
    expect(await found(word)).toBe(1)
    await page.getByRole('link', { name: 'Remove' }).click()
    await button(page, 'Yes, remove it').click()
    expect(await found(word)).toBe(0)
    expect(await page.getByText(word).count()).toBe(0)
    expect(complaints).toEqual([])
    await context.close()
  })

  test('a pin names pieces by their addresses, and a trial shows where they stand and why the others do', async () => {
    const { page, context } = await openAs(retailer, '/admin/search/new?kind=pin')
    await page.getByLabel(/^For the search/).fill('linen')
    await page.getByLabel(/^Pieces/).fill(`${at('/p/linen-shirt-40?colour=navy')}\n3 linen-shirt-50\n/p/nothing`)
    await button(page, 'Create the rule').click()
    expect(await page.locator('#trouble').textContent()).toContain('There is no piece at /p/nothing.')
    await page.getByLabel(/^Pieces/).fill(`${at('/p/linen-shirt-40?colour=navy')}\n3 linen-shirt-50`)
    await button(page, 'Create the rule').click()
    await ruleFor(page, 'linen').click()
    expect(await page.getByLabel(/^Pieces/).inputValue()).toBe('linen-shirt-40\n3 linen-shirt-50')
    await page.getByRole('link', { name: 'Try it' }).click()
    const rows = page.getByRole('table', { name: 'Results' }).getByRole('row')
    expect(await rows.nth(1).textContent()).toContain('Linen Shirt 40')
    expect(await rows.nth(3).textContent()).toContain('Linen Shirt 50')
    expect(await rows.filter({ hasText: 'Pinned' }).count()).toBe(2)
    await rows.nth(2).locator('summary').click()
    expect(await rows.nth(2).getByRole('columnheader', { name: 'Adds' }).isVisible()).toBe(true)
    expect(await faultsOf(page)).toEqual([])
    await page.goto(at('/admin/search'))
    await ruleFor(page, 'linen').click()
    await page.getByRole('link', { name: 'Remove' }).click()
    await button(page, 'Yes, remove it').click()
    await context.close()
  })

  test('find their pieces by words, with pictures, to be ticked without script', async () => {
    const { page, context } = await openAs(retailer, '/admin/search/new?kind=pin', { javaScriptEnabled: false })
    const word = newWord()
    await page.getByLabel(/^For the search/).fill(word)
    await page.getByLabel(/^Pieces/).fill('harbour-trousers')
    await page.locator('#find').fill('garden')
    await page.locator('#find').press('Enter')
    expect(await page.locator('#matches-said').textContent()).toBe('1 for “garden”')
    expect(await page.locator('#matches img').count()).toBe(1)
    await page.getByRole('checkbox', { name: /Garden Dress/ }).check()
    await page.locator('#find').fill('no such thing zzzz')
    await button(page, 'Find').click()
    expect(await page.locator('#matches-said').textContent()).toBe('Nothing matches “no such thing zzzz”.')
    expect(await page.getByLabel(/^Pieces/).inputValue()).toBe('harbour-trousers\ngarden-dress')
    // Enter in another field keeps the rule.
    await page.getByLabel(/^For the search/).press('Enter')
    await ruleFor(page, word).click()
    expect(await page.getByLabel(/^Pieces/).inputValue()).toBe('harbour-trousers\ngarden-dress')
    await page.getByRole('link', { name: 'Remove' }).click()
    await button(page, 'Yes, remove it').click()
    await context.close()
  })

  test('find their pieces while typing, and name each as it is ticked', async () => {
    const { page, context, complaints } = await openAs(retailer, '/admin/search/new?kind=boost')
    await page.locator('#find').pressSequentially('linen')
    await page.locator('#matches li').nth(11).waitFor()
    expect(await page.locator('#matches-said').textContent()).toBe('The first 12 for “linen”')
    await page.locator('#find').fill('garden')
    await page.getByRole('checkbox', { name: /Garden Dress/ }).check()
    expect(await page.getByLabel(/^Pieces/).inputValue()).toBe('garden-dress')
    await page.locator('#find').fill('alba')
    await page.getByRole('checkbox', { name: /Harbour Trousers/ }).check()
    expect(await page.getByRole('checkbox', { name: /Garden Dress/ }).isChecked()).toBe(true)
    expect(await page.getByLabel(/^Pieces/).inputValue()).toBe('garden-dress\nharbour-trousers')
    await page.getByRole('checkbox', { name: /Garden Dress/ }).uncheck()
    expect(await page.getByLabel(/^Pieces/).inputValue()).toBe('harbour-trousers')
    expect(await faultsOf(page)).toEqual([])
    expect(complaints).toEqual([])
    await context.close()
  })

  test.each([360, 1280])('have no fault at %d px', async (width) => {
    const { page, context } = await openAs(retailer, '/admin/search', { width })
    for (const path of ['', '/new', '/new?kind=boost', '/try?q=linen']) {
      await page.goto(at(`/admin/search${path}`))
      expect([path, ...(await faultsOf(page))]).toEqual([path])
    }
    await context.close()
  })

  test('are for those who work here', async () => {
    const customer = await signInAs(modules.identity, 'customer')
    const cookie = `access=${customer.grant.accessToken}`
    expect((await app.request('/admin/search', { headers: { cookie } })).status).toBe(403)
  })
})
