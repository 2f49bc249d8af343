import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedSearch } from '../db/search/embedded/index.ts'
import { emptyTestInfra } from '../db/testing.ts'
import { openTestShop, storePicture } from './testing.ts'

setDefaultTimeout(120_000)
const dir = mkdtempSync(join(tmpdir(), 'preparing-'))
const search = embeddedSearch({ dir })
const shop = await openTestShop({ search })
const { modules, app, visit, faultsOf } = shop
const PIECES = 30

beforeAll(async () => {
  await emptyTestInfra()
  const picture = await storePicture(modules, '#1b2a41')
  for (let place = 1; place <= PIECES; place++) {
    const saved = await modules.catalog.saveProduct({
      handle: `shirt-${place}`,
      name: `Shirt ${place}`,
      description: '',
      brand: place % 3 ? 'Norr' : 'Alba',
      category: ['Women', 'Shirts'],
      price: { amount: 1000 * place, currency: 'EUR' },
      colours: [{ name: 'Navy', hex: '#1b2a41' }],
      variants: [{ sku: `shirt-${place}`, colour: 'Navy', size: 'M', stock: 5 }],
      images: [{ ...picture, alt: `Shirt ${place}`, colour: 'Navy' }],
      sizeChart: null,
      metadata: {},
    })
    if (!saved.ok) throw new Error(saved.reason)
  }
})
afterAll(async () => {
  await shop.close()
  await search.close()
  rmSync(dir, { recursive: true, force: true })
})

test('until the first index is built the shop lists what it has and says why, and then it searches', async () => {
  const refused = await app.request('/v1/search?q=shirt')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5'])
  expect(await refused.json()).toMatchObject({ code: 'unavailable' })

  const { page, context, complaints } = await visit('/women?sort=price', { javaScriptEnabled: false })
  const names = () => page.locator('#results article h3').allTextContents()
  expect((await names()).slice(0, 2)).toEqual(['Shirt 1', 'Shirt 2'])
  expect(await page.locator('#count').textContent()).toBe(`${PIECES} products`)
  expect(await page.getByText('Search is being prepared').count()).toBe(1)
  await page.getByRole('link', { name: 'Next page' }).click()
  expect((await names())[0]).toBe('Shirt 25')
  await page.getByLabel('Alba').check()
  await page.locator('#filters [name=maxPrice]').fill('9')
  await page.getByRole('button', { name: 'Show products' }).click()
  expect(await names()).toEqual([])
  await page.locator('#filters [name=maxPrice]').fill('90')
  await page.getByRole('button', { name: 'Show products' }).click()
  expect(await names()).toEqual(['Shirt 3', 'Shirt 6', 'Shirt 9'])

  await page.goto(shop.at('/search?q=nothing&brand=norr'))
  expect(await page.locator('h1').textContent()).toBe('Norr')
  expect(await page.locator('#search').inputValue()).toBe('nothing')
  expect(await names()).toHaveLength(20)
  expect(await page.getByText('Search is being prepared').count()).toBe(1)

  for (const width of [360, 1280]) {
    const seen = await visit('/search?q=shirt', { width })
    expect([width, ...(await faultsOf(seen.page)), ...seen.complaints]).toEqual([width])
    await seen.context.close()
  }

  await modules.search.build()
  await page.reload()
  expect(await page.getByText('Search is being prepared').count()).toBe(0)
  expect(await page.locator('h1').textContent()).toBe('“nothing”')
  expect(complaints).toEqual([])
  await context.close()
})
