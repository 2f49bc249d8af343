import { beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { emptyTestInfra, openTestInfra } from '../db/testing.ts'
import { createModules } from '../modules/index.ts'
import { slugOf } from '../modules/catalog/pure/slug.ts'
import { categoryOrder, demoProducts } from './draw/catalogue/index.ts'
import { seedCatalogue } from './seed.ts'

// Drawing takes seconds on a busy machine.
setDefaultTimeout(120_000)
const infra = await openTestInfra()
const shop = createModules(infra)
const seeding = { shop, docs: infra.docs, out: { progress: () => ({ step() {}, end() {} }) } }
const [first, second] = demoProducts()
if (!first || !second) throw new Error('The demo catalogue is empty')
const catalogue = [first, second]

beforeEach(emptyTestInfra)

test('a seeded product is whole: pictures that can be fetched, stock, chart, and each colour ready to be tried on', async () => {
  expect(await seedCatalogue(seeding, catalogue)).toBe(2)
  const product = await shop.catalog.getProduct(first.handle)
  expect(product).toMatchObject({
    name: first.name,
    sizeChart: first.sizeChart,
    metadata: first.metadata,
    price: first.price,
  })
  expect(product.variants.map(({ sku, stock }) => [sku, stock]).toSorted()).toEqual(
    first.variants.map(({ sku, stock }) => [sku, stock] as [string, number]).toSorted(),
  )
  expect(product.images.filter(({ colour }) => colour === product.colours[0]?.slug)).toHaveLength(2)
  for (const { key, width, height } of product.images) {
    const blob = await shop.media.findOriginal(key)
    const read = await shop.media.read(blob?.bytes ?? new Uint8Array())
    expect(read.ok && [read.picture.width, read.picture.height]).toEqual([width, height])
  }
  expect((await shop.tryOn.triableColours(product.id)).toSorted()).toEqual(
    product.colours.map(({ slug }) => slug).toSorted(),
  )
  for (const { slug } of product.colours)
    expect(await shop.tryOn.loadGarment(product.id, slug)).toMatchObject({
      confidence: 1,
      category: product.sizeChart?.category,
    })
})

test('the shop lists the demo catalogue in its own order', async () => {
  await seedCatalogue(seeding, catalogue)
  const { items } = await shop.catalog.listProducts({ sort: 'newest', limit: 10 })
  expect(items.map(({ slug }) => slug)).toEqual([first.handle, second.handle])
})

test('categories come as a shopper expects them, women before men and dresses after tops', async () => {
  const all = demoProducts()
  const below = ['men-tops', 'women-dresses', 'women-tops'].map((slug) => {
    const found = all.find(({ category }) => slug === slugOf(category.slice(0, 2).join(' ')))
    if (!found) throw new Error(`The demo catalogue has no ${slug}`)
    return found
  })
  await seedCatalogue(seeding, below)
  const upper = (await shop.catalog.listCategories()).filter(({ path }) => path.length <= 2)
  expect(upper.map(({ slug }) => slug)).toEqual(['women', 'women-tops', 'women-dresses', 'men', 'men-tops'])
  const known = new Set(all.map(({ category }) => slugOf(category.slice(0, 2).join(' '))))
  expect(categoryOrder()).toEqual(expect.arrayContaining([...known]))
})

test('seeding again draws nothing, and one cut short goes on where it was', async () => {
  expect(await seedCatalogue(seeding, [first])).toBe(1)
  const before = await shop.catalog.getProduct(first.handle)
  expect(await seedCatalogue(seeding, catalogue)).toBe(1)
  expect(await seedCatalogue(seeding, catalogue)).toBe(0)
  expect(await shop.catalog.getProduct(first.handle)).toEqual(before)
})
