import { beforeEach, describe, expect, test } from 'bun:test'
import type { KyselyPlugin } from 'kysely'
import { jsonbDocs } from '../../db/docs/jsonb.ts'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createApp } from '../../edge/app.ts'
import { createModules } from '../index.ts'
import type { NewProduct, Product, ProductCard } from './index.ts'

const infra = await openTestInfra()

/** Sees every statement that a connection answers, whoever wrote it. */
let statements = 0
const counting: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: async ({ result }) => {
    statements += 1
    return result
  },
}
const sql = infra.sql.withPlugin(counting)
const modules = createModules({ ...infra, sql, docs: jsonbDocs(sql) })
const app = createApp(modules)

const get = async (path: string, headers: Record<string, string> = {}) => {
  const res = await app.request(path, { headers })
  return { res, status: res.status, body: res.status === 304 ? null : await res.json() }
}
const slugsAt = async (path: string) =>
  ((await get(path)).body as { items: ProductCard[] }).items.map(({ slug }) => slug)

const at = (query: string) => slugsAt(`/v1/products?sort=name&${query}`)
const listed = (day: number) => `2026-01-0${day}T00:00:00Z`
const idOf = ({ variants }: Product, sku: string) => variants.find((variant) => variant.sku === sku)?.id

const shirt = (handle: string, change: Partial<NewProduct> = {}): NewProduct => ({
  handle,
  name: handle.replaceAll('-', ' '),
  description: 'Washed linen.',
  brand: 'Norr & Sol',
  category: ['Women', 'Tops', 'Shirts'],
  price: { amount: 4900, currency: 'EUR' },
  colours: [
    { name: 'Navy', hex: '#1b2a41' },
    { name: 'Off-White', hex: '#f4f0e6' },
  ],
  variants: [
    { sku: `${handle}-w-l`, colour: 'Off-White', size: 'L', stock: 0 },
    { sku: `${handle}-n-m`, colour: 'Navy', size: 'M', stock: 3 },
    { sku: `${handle}-n-s`, colour: 'Navy', size: 'S', stock: 7 },
  ],
  images: [
    { key: 'aa.webp', width: 960, height: 1280, alt: 'Navy shirt', colour: 'Navy' },
    { key: 'ab.webp', width: 960, height: 1280, alt: 'Navy shirt, back', colour: 'Navy' },
    { key: 'ac.webp', width: 960, height: 1280, alt: 'White shirt', colour: 'Off-White' },
  ],
  sizeChart: { unit: 'cm', category: 'top', sizes: { S: { chest: 96, length: 68 }, M: { chest: 104, length: 70 } } },
  metadata: { tags: ['linen'], fabric: '100% linen', season: ['summer'], shopOwn: { shelf: 7 } },
  ...change,
})

const save = async (product: NewProduct) => {
  const saved = await modules.catalog.saveProduct(product)
  if (!saved.ok) throw new Error(`${saved.reason}: ${saved.what}`)
  return saved
}

beforeEach(emptyTestInfra)

test('a price that changes is in the log with what it was; saving the same, or a new piece, is not', async () => {
  await save(shirt('oxford'))
  await save(shirt('oxford'))
  const { productId } = await save(shirt('oxford', { price: { amount: 5900, currency: 'EUR' } }))
  const { items } = await modules.audit.listEntries({ limit: 10 })
  expect(items).toMatchObject([
    { actor: 'system:import', action: 'catalog.price_changed', subject: `product:${productId}` },
  ])
  expect(items[0]?.details).toEqual({
    prices: ['oxford-n-s', 'oxford-n-m', 'oxford-w-l'].map((sku) => ({ sku, from: 4900, to: 5900 })),
  })
})

describe('one product', () => {
  test('comes back whole by slug and by id, with stock, pictures, size chart and metadata', async () => {
    const { productId } = await save(shirt('linen-shirt'))
    const { status, body } = await get('/v1/products/linen-shirt')
    expect(status).toBe(200)
    const product = body as Product
    expect(product).toMatchObject({
      id: productId,
      slug: 'linen-shirt',
      brand: { slug: 'norr-sol', name: 'Norr & Sol' },
      category: { slug: 'women-tops-shirts', name: 'Shirts' },
      breadcrumbs: [
        { slug: 'women', name: 'Women' },
        { slug: 'women-tops', name: 'Tops' },
        { slug: 'women-tops-shirts', name: 'Shirts' },
      ],
      price: { amount: 4900, currency: 'EUR' },
      sizes: ['S', 'M', 'L'],
      sizeChart: {
        unit: 'cm',
        category: 'top',
        sizes: { S: { chest: 96, length: 68 }, M: { chest: 104, length: 70 } },
      },
      metadata: { tags: ['linen'], fabric: '100% linen', season: ['summer'], shopOwn: { shelf: 7 } },
    })
    expect(product.variants.map(({ colour, size, stock }) => [colour, size, stock])).toEqual([
      ['navy', 'S', 7],
      ['navy', 'M', 3],
      ['off-white', 'L', 0],
    ])
    expect(product.images.map(({ url, colour }) => [url, colour])).toEqual([
      ['/media/aa.webp', 'navy'],
      ['/media/ab.webp', 'navy'],
      ['/media/ac.webp', 'off-white'],
    ])
    expect((await get(`/v1/products/${productId}`)).body).toEqual(body)
    const variant = product.variants[1]!
    expect(await modules.catalog.getProductOfVariant(variant.id)).toEqual(product)
  })

  test('that is not there is a 404 problem, by slug, id and variant', async () => {
    for (const name of ['nope', crypto.randomUUID(), 'x'.repeat(120), '%27', 'a%2Fb']) {
      const { status, body } = await get(`/v1/products/${name}`)
      expect([status, (body as { code: string }).code]).toEqual([404, 'not_found'])
    }
    expect(modules.catalog.getProductOfVariant('no-uuid')).rejects.toThrow('No variant')
  })

  test('takes three statements', async () => {
    await save(shirt('linen-shirt'))
    statements = 0
    await get('/v1/products/linen-shirt')
    expect(statements).toBeLessThanOrEqual(3)
    expect(statements).toBeGreaterThan(0)
  })

  test('answers 304 to who has it already, and 200 again once its stock has changed', async () => {
    await save(shirt('linen-shirt'))
    const { res } = await get('/v1/products/linen-shirt')
    const tag = res.headers.get('etag') ?? ''
    expect(res.headers.get('cache-control')).toContain('max-age')
    expect((await get('/v1/products/linen-shirt', { 'if-none-match': tag })).status).toBe(304)
    const [variant] = ((await get('/v1/products/linen-shirt')).body as Product).variants
    await modules.inventory.setStock([{ variantId: variant!.id, quantity: 1 }])
    const again = await get('/v1/products/linen-shirt', { 'if-none-match': tag })
    expect([again.status, again.res.headers.get('etag') === tag]).toEqual([200, false])
  })
})

describe('the list', () => {
  test('of 24 with prices takes one statement, two with a category and a brand', async () => {
    for (let i = 0; i < 26; i++) await save(shirt(`shirt-${i}`))
    statements = 0
    const plain = await get('/v1/products')
    expect(statements).toBe(1)
    expect((plain.body as { items: ProductCard[] }).items).toHaveLength(24)
    statements = 0
    await get('/v1/products?category=women&brand=norr-sol&colour=navy&size=M&minPrice=1&maxPrice=9000&sort=price')
    expect(statements).toBeLessThanOrEqual(2)
  })

  test('shows price, sizes and the first picture of each colour', async () => {
    await save(shirt('linen-shirt'))
    const { items } = (await get('/v1/products')).body as { items: ProductCard[] }
    expect(items[0]).toMatchObject({ price: { amount: 4900, currency: 'EUR' }, sizes: ['S', 'M', 'L'] })
    expect(items[0]!.images.map(({ key }) => key)).toEqual(['aa.webp', 'ac.webp'])
    expect(items[0]!.colours).toEqual([
      { slug: 'navy', name: 'Navy', hex: '#1b2a41' },
      { slug: 'off-white', name: 'Off-White', hex: '#f4f0e6' },
    ])
  })

  test('filters by category with what is below it, brand, colour, size and price', async () => {
    await save(shirt('a'))
    await save(shirt('b', { category: ['Women', 'Dresses'], brand: 'Other', price: { amount: 9900, currency: 'EUR' } }))
    await save(
      shirt('c', {
        category: ['Men', 'Tops'],
        colours: [{ name: 'Red', hex: '#cc0000' }],
        images: [],
        variants: [{ sku: 'c1', colour: 'Red', size: 'M', stock: 1 }],
      }),
    )
    expect(await at('category=women')).toEqual(['a', 'b'])
    expect(await at('category=women-tops')).toEqual(['a'])
    expect(await at('brand=other')).toEqual(['b'])
    expect(await at('brand=other,norr-sol')).toEqual(['a', 'b', 'c'])
    expect(await at('colour=red')).toEqual(['c'])
    expect(await at('colour=red&colour=navy')).toEqual(['a', 'b', 'c'])
    expect(await at('size=L')).toEqual(['a', 'b'])
    expect(await at('colour=navy&size=L')).toEqual([])
    expect(await at('minPrice=5000')).toEqual(['b'])
    expect(await at('maxPrice=4900')).toEqual(['a', 'c'])
    expect(await at('colour=&size=')).toEqual(['a', 'b', 'c'])
  })

  test('orders by newest, price up and down, and name without regard to case and accents', async () => {
    await save(shirt('one', { name: 'Zebra', price: { amount: 200, currency: 'EUR' }, listedAt: listed(2) }))
    await save(shirt('two', { name: 'Éclair', price: { amount: 300, currency: 'EUR' }, listedAt: listed(3) }))
    await save(shirt('three', { name: 'apple', price: { amount: 100, currency: 'EUR' }, listedAt: listed(1) }))
    expect(await slugsAt('/v1/products')).toEqual(['two', 'one', 'three'])
    expect(await slugsAt('/v1/products?sort=price')).toEqual(['three', 'one', 'two'])
    expect(await slugsAt('/v1/products?sort=-price')).toEqual(['two', 'one', 'three'])
    expect(await slugsAt('/v1/products?sort=name')).toEqual(['three', 'two', 'one'])
  })

  test.each(['newest', 'price', '-price', 'name'])(
    'by %s gives each product once, even when some are added meanwhile',
    async (sort) => {
      for (let i = 0; i < 11; i++)
        await save(
          shirt(`p-${i}`, {
            name: 'Same',
            price: { amount: 100 + (i % 2), currency: 'EUR' },
            listedAt: '2026-01-01T00:00:00.123Z',
          }),
        )
      const seen: string[] = []
      let cursor = ''
      for (let page = 0; page < 10; page++) {
        const { body } = await get(`/v1/products?limit=3&sort=${sort}${cursor}`)
        const { items, nextCursor } = body as { items: ProductCard[]; nextCursor: string | null }
        seen.push(...items.map(({ slug }) => slug).filter((slug) => slug.startsWith('p-')))
        if (nextCursor === null) break
        cursor = `&cursor=${nextCursor}`
        if (page === 0) await save(shirt('late', { name: 'AAA', price: { amount: 1, currency: 'EUR' } }))
      }
      expect(seen.toSorted()).toEqual(Array.from({ length: 11 }, (_, i) => `p-${i}`).toSorted())
    },
  )

  test.each([
    'cursor=nonsense',
    `cursor=${Buffer.from('[0,"x","y"]').toString('base64url')}`,
    `cursor=${Buffer.from('[0,9e99,"019a0000-0000-7000-8000-000000000000"]').toString('base64url')}`,
    `cursor=${Buffer.from('[1,5,"019a0000-0000-7000-8000-000000000000"]').toString('base64url')}`,
    `cursor=${Buffer.from('[9,5,"019a0000-0000-7000-8000-000000000000"]').toString('base64url')}`,
    `cursor=${Buffer.from('null').toString('base64url')}`,
    'limit=0',
    'limit=101',
    'limit=x',
    'sort=random',
    'minPrice=-1',
    'minPrice=1.5',
    'maxPrice=99999999999',
    'category=nowhere',
    'brand=nobody',
    `colour=${Array.from({ length: 201 }, (_, i) => i).join()}`,
  ])('refuses ?%s with a 400 that names the field', async (query) => {
    const { status, body } = await get(`/v1/products?${query}`)
    const problem = body as { code: string; details: { issues: { path: string }[] } }
    expect([status, problem.code]).toEqual([400, 'invalid'])
    expect(problem.details.issues[0]!.path).toBe(query.split('=')[0]!)
  })

  test('a price cursor made for integers does not overflow the column', async () => {
    await save(shirt('a'))
    const cursor = Buffer.from('[1,8640000000000,"019a0000-0000-7000-8000-000000000000"]').toString('base64url')
    expect((await get(`/v1/products?sort=price&cursor=${cursor}`)).status).toBe(400)
  })
})

describe('categories, brands and facets', () => {
  test('the tree lists each category after the one above it', async () => {
    await save(shirt('a'))
    await save(shirt('b', { category: ['Men', 'Tops'] }))
    await save(shirt('c', { category: ['Women', 'Dresses'] }))
    const { items } = (await get('/v1/categories')).body as {
      items: { slug: string; parent: string | null; path: string[] }[]
    }
    expect(items.map(({ slug, parent }) => [slug, parent])).toEqual([
      ['men', null],
      ['men-tops', 'men'],
      ['women', null],
      ['women-dresses', 'women'],
      ['women-tops', 'women'],
      ['women-tops-shirts', 'women-tops'],
    ])
    expect(items.at(-1)!.path).toEqual(['women', 'women-tops', 'women-tops-shirts'])
  })

  test('categories that were put in an order come in it, before the others beside them', async () => {
    await save(shirt('a', { category: ['Women', 'Bags'] }))
    await save(shirt('b', { category: ['Women', 'Tops'] }))
    await save(shirt('c', { category: ['Women', 'Dresses'] }))
    await save(shirt('d', { category: ['Men'] }))
    await modules.catalog.arrangeCategories(['women', 'women-tops', 'women-dresses', 'nowhere'])
    await save(shirt('e', { category: ['Women', 'Accessories'] }))
    await save(shirt('b', { name: 'Again', category: ['Women', 'Tops'] }))
    const { items } = (await get('/v1/categories')).body as { items: { slug: string }[] }
    const below = ['women-tops', 'women-dresses', 'women-accessories', 'women-bags']
    expect(items.map(({ slug }) => slug)).toEqual(['women', ...below, 'men'])
  })

  test('brands come by name', async () => {
    await save(shirt('a', { brand: 'Zeta' }))
    await save(shirt('b', { brand: 'Alpha' }))
    const { items } = (await get('/v1/brands')).body as { items: { slug: string }[] }
    expect(items.map(({ slug }) => slug)).toEqual(['alpha', 'zeta'])
  })

  test('facets count products within the category', async () => {
    await save(shirt('a'))
    await save(shirt('b', { brand: 'Other', price: { amount: 100, currency: 'EUR' } }))
    await save(shirt('c', { category: ['Men'] }))
    const { body } = await get('/v1/products/facets?category=women')
    expect(body).toEqual({
      total: 2,
      brands: [
        { slug: 'norr-sol', name: 'Norr & Sol', count: 1 },
        { slug: 'other', name: 'Other', count: 1 },
      ],
      colours: [
        { slug: 'navy', name: 'Navy', hex: '#1b2a41', count: 2 },
        { slug: 'off-white', name: 'Off-White', hex: '#f4f0e6', count: 2 },
      ],
      sizes: [
        { size: 'S', count: 2 },
        { size: 'M', count: 2 },
        { size: 'L', count: 2 },
      ],
      price: { min: { amount: 100, currency: 'EUR' }, max: { amount: 4900, currency: 'EUR' } },
    })
    expect((await get('/v1/products/facets')).body).toMatchObject({ total: 3 })
    expect((await get('/v1/products/facets?category=nope')).status).toBe(400)
  })

  test('an empty shop answers empty lists', async () => {
    expect((await get('/v1/products')).body).toEqual({ items: [], nextCursor: null })
    expect((await get('/v1/products/facets')).body).toEqual({
      total: 0,
      brands: [],
      colours: [],
      sizes: [],
      price: null,
    })
    expect((await get('/v1/categories')).body).toEqual({ items: [] })
  })
})

describe('saving a product', () => {
  test('again as it was touches nothing, whatever the order of its keys', async () => {
    const first = await save(shirt('linen-shirt'))
    const before = (await get('/v1/products/linen-shirt')).body as Product
    const reordered = Object.fromEntries(Object.entries(shirt('linen-shirt')).toReversed()) as NewProduct
    expect(await save(reordered)).toEqual({ ...first, change: 'unchanged' })
    expect((await get('/v1/products/linen-shirt')).body).toEqual(before)
  })

  test('changed keeps its id, its day of listing and the ids of the SKUs that stay', async () => {
    await save(shirt('linen-shirt'))
    const before = (await get('/v1/products/linen-shirt')).body as Product
    const changed = shirt('linen-shirt', {
      name: 'Better shirt',
      variants: [
        { sku: 'linen-shirt-n-m', colour: 'Navy', size: 'S', stock: 1 },
        { sku: 'linen-shirt-n-s', colour: 'Navy', size: 'M', stock: 2 },
        { sku: 'linen-shirt-new', colour: 'Off-White', size: 'XL', stock: 3, priceAmount: 5900 },
      ],
    })
    expect((await save(changed)).change).toBe('updated')
    const after = (await get('/v1/products/linen-shirt')).body as Product
    expect([after.id, after.name, after.listedAt]).toEqual([before.id, 'Better shirt', before.listedAt])
    expect(idOf(after, 'linen-shirt-n-m')).toBe(idOf(before, 'linen-shirt-n-m')!)
    expect(after.variants.map(({ sku, size, stock, price }) => [sku, size, stock, price.amount])).toEqual([
      ['linen-shirt-n-m', 'S', 1, 4900],
      ['linen-shirt-n-s', 'M', 2, 4900],
      ['linen-shirt-new', 'XL', 3, 5900],
    ])
    const gone = idOf(before, 'linen-shirt-w-l')!
    expect(await modules.inventory.stockOf([gone])).toEqual(new Map())
  })

  test('is refused, with nothing left behind, when a SKU belongs to another product', async () => {
    await save(shirt('a'))
    const stolen = shirt('b', { variants: [{ sku: 'a-n-m', colour: 'Navy', size: 'M', stock: 1 }] })
    expect(await modules.catalog.saveProduct(stolen)).toEqual({ ok: false, reason: 'sku_taken', what: 'a-n-m' })
    expect(await slugsAt('/v1/products')).toEqual(['a'])
  })

  test('is refused when a category of that slug hangs elsewhere or a name stands for nothing', async () => {
    await save(shirt('a', { category: ['Women', 'Tops'] }))
    expect(await modules.catalog.saveProduct(shirt('b', { category: ['Women Tops'] }))).toMatchObject({
      reason: 'category_elsewhere',
    })
    expect(await modules.catalog.saveProduct(shirt('b', { brand: '!!!' }))).toMatchObject({
      reason: 'no_such_name',
      what: '!!!',
    })
    expect(await modules.catalog.saveProduct(shirt('b', { colours: [{ name: 'Red', hex: '#ff0000' }] }))).toMatchObject(
      { reason: 'no_such_name' },
    )
    expect(await slugsAt('/v1/products')).toEqual(['a'])
  })

  test('tells the rest of the shop in the same transaction', async () => {
    const { productId } = await save(shirt('a'))
    const events = await infra.sql.selectFrom('kernel.outbox').select(['name', 'payload']).execute()
    expect(events).toEqual([{ name: 'catalog.product_changed', payload: { productId } }])
  })
})
