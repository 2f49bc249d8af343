import { beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { retailer } from '../../edge/testing-shop.ts'
import { openTestShelf } from './testing-shelf.ts'

setDefaultTimeout(60_000)
const shelf = await openTestShelf()
const { page, names, call } = shelf

const SHELF = [
  { name: 'Harbour Shirt', brand: 'Norr', cents: 4000, colours: ['Navy', 'White'], says: 'A shirt of washed linen.' },
  { name: 'Harbour Trousers', category: ['Men', 'Trousers'], cents: 7900, stock: { M: 0, L: 2 } },
  { name: 'Wedding Dress', brand: 'Alba', category: ['Women', 'Dresses'], cents: 19900, colours: ['Red', 'White'] },
  { name: 'Garden Dress', brand: 'Alba', category: ['Women', 'Dresses'], cents: 8900, colours: ['Sky Blue', 'Navy'] },
  {
    name: 'Striped Tee',
    category: ['Men', 'Tops'],
    cents: 2500,
    stock: { M: 3, XL: 1 },
    metadata: { tags: ['sailor'], occasion: ['casual'], pattern: 'stripes' },
  },
  { name: 'Plain Tee', category: ['Men', 'Tops'], cents: 1500, stock: { M: 0 } },
]

beforeAll(() => shelf.restock(...SHELF))

describe('a search', () => {
  test('finds by name, brand, category, colour, what it is for, and the size that is to be had', async () => {
    expect(await names('q=harbour')).toHaveLength(2)
    expect((await names('q=alba')).toSorted()).toEqual(['Garden Dress', 'Wedding Dress'])
    expect(await names('q=mens trousers')).toEqual(['Harbour Trousers'])
    expect(await names('q=navy dress')).toEqual(['Garden Dress'])
    expect(await names('q=casual stripes')).toEqual(['Striped Tee'])
    expect(await names('q=tee xl')).toEqual(['Striped Tee'])
    expect(await names('q=tee size xl')).toEqual(['Striped Tee'])
    expect(await names('q=')).toHaveLength(SHELF.length)
  })

  test('finds what was half typed, and what was mistyped, and says so', async () => {
    expect((await names('q=dres')).toSorted()).toEqual(['Garden Dress', 'Wedding Dress'])
    const mistyped = await page('q=harbuor shirt')
    expect(mistyped).toMatchObject({ correctedQuery: 'harbour shirt', relaxed: false, total: 1 })
    const relaxed = await page('q=garden trousers')
    expect(relaxed.relaxed).toBe(true)
    expect(relaxed.items.map(({ name }) => name).toSorted()).toEqual(['Garden Dress', 'Harbour Trousers'])
    expect(await page('q=qqqqqqqq')).toMatchObject({ total: 0, items: [], nextCursor: null })
  })

  test('understands a price, everyday words and plain colours', async () => {
    expect(await page('q=dress under 100')).toMatchObject({
      total: 1,
      items: [{ name: 'Garden Dress' }],
      relaxed: false,
    })
    expect((await page('q=dres under 100&exact=true')).total).toBe(0)
    expect(await page('q=harbuor under €50')).toMatchObject({ total: 1, correctedQuery: 'harbour under €50' })
    expect(await names('q=dress under 100&maxPrice=50000')).toHaveLength(2)
    expect(await names('q=ladies gown')).toHaveLength(2)
    expect(await page('q=blue dress')).toMatchObject({ total: 1, items: [{ matchedColour: 'sky-blue' }] })
  })

  test('narrows by each filter, colour and size being of one variant that is in stock where that is asked', async () => {
    expect(await names('category=women-dresses&color=navy')).toEqual(['Garden Dress'])
    expect(await names('colour=white&brand=alba')).toEqual(['Wedding Dress'])
    expect(await names('size=M&category=men&inStock=true')).toEqual(['Striped Tee'])
    expect(await names('minPrice=7900&maxPrice=8900&sort=price')).toEqual(['Harbour Trousers', 'Garden Dress'])
    expect(await names('minRating=4')).toEqual([])
  })

  test('counts further filters over all that is found, a filter leaving its own facet wide', async () => {
    const { facets, total } = await page('category=women-dresses&limit=1')
    expect(total).toBe(2)
    expect(facets.categories).toEqual([
      { slug: 'men', name: 'Men', parent: null, count: 3 },
      { slug: 'men-tops', name: 'Tops', parent: 'men', count: 2 },
      { slug: 'men-trousers', name: 'Trousers', parent: 'men', count: 1 },
      { slug: 'women', name: 'Women', parent: null, count: 3 },
      { slug: 'women-dresses', name: 'Dresses', parent: 'women', count: 2 },
      { slug: 'women-tops', name: 'Tops', parent: 'women', count: 1 },
    ])
    expect(facets.brands).toEqual([{ slug: 'alba', name: 'Alba', count: 2 }])
    expect(facets.colours).toContainEqual({ slug: 'sky-blue', name: 'Sky Blue', hex: '#8fb8de', count: 1 })
    expect(facets.price).toMatchObject({ min: { amount: 8900, currency: 'EUR' }, max: { amount: 19900 } })
    expect(facets.price?.ranges.reduce((sum, { count }) => sum + count, 0)).toBe(2)
    expect(facets.inStock.count).toBe(2)
    const narrowed = await page('facetField=colour&facetText=na')
    expect(narrowed.facets.colours.map(({ slug }) => slug)).toEqual(['navy'])
  })

  test('counts a family of colours as choosing it finds, a product in two of its shades once', async () => {
    const counts = (await page('')).facets.colourFamilies
    expect(counts.map(({ slug, count }) => [slug, count])).toEqual([
      ['white', 2],
      ['blue', 5],
      ['red', 1],
    ])
    const paths = ['', 'q=dress', 'size=L', 'size=M&inStock=true', 'colour=red', 'colourFamily=white', 'maxPrice=8000']
    for (const path of paths)
      for (const { slug, count } of (await page(path)).facets.colourFamilies) {
        const own = path.replace(/colour(Family)?=\w+/, '')
        expect({ path, slug, count: (await page(`${own}&colourFamily=${slug}`)).total }).toEqual({ path, slug, count })
      }
    expect(await names('colourFamily=red')).toEqual(['Wedding Dress'])
    expect(await names('colour=red&colourFamily=white&sort=price')).toEqual(['Harbour Shirt', 'Wedding Dress'])
    expect((await page('q=garden&colourFamily=blue')).items[0]?.matchedColour).toBe('sky-blue')
    expect((await page('')).facets.colours.map(({ slug }) => slug).toSorted()).toEqual([
      'navy',
      'red',
      'sky-blue',
      'white',
    ])
  })

  test('sorts by price either way and by what is new, page after page without a gap', async () => {
    expect((await names('sort=price')).slice(0, 2)).toEqual(['Plain Tee', 'Striped Tee'])
    expect((await names('sort=-price')).slice(0, 2)).toEqual(['Wedding Dress', 'Garden Dress'])
    for (const sort of ['relevance', 'newest', 'price', '-price', 'rating', 'popularity']) {
      const whole = await names(`sort=${sort}`)
      const pieces: string[] = []
      let cursor: string | null = ''
      do {
        const next = await page(`sort=${sort}&limit=2${cursor ? `&cursor=${cursor}` : ''}`)
        pieces.push(...next.items.map(({ name }) => name))
        cursor = next.nextCursor
      } while (cursor !== null)
      expect(pieces).toEqual(whole)
    }
  })

  test('marks what was found, and shows the colour that was meant', async () => {
    const [shirt] = (await page('q=white shirt')).items
    expect(shirt?.highlight).toEqual({
      name: [
        { text: 'Harbour ', marked: false },
        { text: 'Shirt', marked: true },
      ],
      snippet: [
        { text: 'A ', marked: false },
        { text: 'shirt', marked: true },
        { text: ' of washed linen.', marked: false },
      ],
    })
    expect(shirt?.matchedColour).toBe('white')
    expect((await page('q=shirt&color=navy')).items[0]?.matchedColour).toBe('navy')
    expect((await page('q=sky blue')).items[0]?.matchedColour).toBe('sky-blue')
    const [tee] = (await page('q=tee')).items
    expect(tee?.matchedColour).toBeNull()
    expect(tee).not.toHaveProperty('explanation')
  })

  test('says what does not fit: an unknown brand or category, a cursor of another search, a foreign one', async () => {
    const { nextCursor } = await page('q=tee&limit=1')
    for (const path of [
      'brand=nobody',
      'category=nowhere',
      'sort=best',
      'cursor=nonsense',
      `cursor=${nextCursor}`,
      `q=${'x'.repeat(201)}`,
    ])
      expect(await call('GET', `/v1/search?${path}`)).toMatchObject({ status: 400, body: { code: 'invalid' } })
    expect((await call('GET', '/v1/search?explain=true')).status).toBe(403)
  })

  test('takes whatever can be typed', async () => {
    // A NUL is refused at the door, whatever route it knocks at.
    expect((await call('GET', '/v1/search?q=%00')).status).toBe(400)
    const texts = [
      '👗 👠',
      'שמלה אדומה',
      '"'.repeat(200),
      'the and of',
      '%',
      '%%_\\',
      'a'.repeat(200),
      "'",
      '"shirt',
      '-',
      '\ud800',
    ]
    for (const text of texts) {
      const q = encodeURIComponent(text.isWellFormed() ? text : '\ufffd')
      for (const path of [`search?q=${q}`, `search/suggest?q=${q}`])
        expect({ text, status: (await call('GET', `/v1/${path}`)).status }).toEqual({ text, status: 200 })
    }
  })

  test('takes one statement, and none of the catalogue when the page is empty', async () => {
    await page('q=dress')
    expect(await shelf.count(() => page('q=dress&sort=price&category=women'))).toBe(1)
    expect(await shelf.count(() => page('q=navy'))).toBe(1)
    expect(await shelf.count(() => page('q=qqqqqqqq'))).toBe(0)
    await shelf.suggest('q=dre')
    expect(await shelf.count(() => shelf.suggest('q=dres'))).toBeLessThanOrEqual(2)
  })

  test('takes two statements at most where a category is new, and when the categories are read again', async () => {
    await page('q=dress')
    shelf.passes(10 * 60_000)
    expect(await shelf.count(() => page('q=dress&category=women'))).toBeLessThanOrEqual(2)
    await shelf.stock({ name: 'Quilted Coat', brand: 'Vind', category: ['Women', 'Coats'] })
    expect(await shelf.count(() => page('q=quilted&brand=vind&category=women-coats'))).toBe(1)
    expect((await page('q=quilted')).facets.categories).toContainEqual({
      slug: 'women-coats',
      name: 'Coats',
      parent: 'women',
      count: 1,
    })
    shelf.passes(2000)
    expect(await shelf.count(() => call('GET', '/v1/search?brand=nobody'))).toBe(1)
    await shelf.restock(...SHELF)
  })

  test('says the currency where nothing is found, too', async () => {
    const { items, facets } = await page('minPrice=9000000')
    expect(items).toEqual([])
    expect(facets).toMatchObject({ currency: 'EUR', price: { min: { amount: 1500, currency: 'EUR' } } })
    await shelf.restock({ name: 'Tea Towel', category: ['Home'], currency: 'USD' })
    expect(await page('maxPrice=1')).toMatchObject({
      items: [],
      facets: { currency: 'USD', price: { min: { currency: 'USD' } } },
    })
    await shelf.restock(...SHELF)
  })

  test('is one run for those who ask the same at once, under one name', async () => {
    const pages = await Promise.all(Array.from({ length: 5 }, () => page('q=garden')))
    expect(new Set(pages.map(({ searchId }) => searchId)).size).toBe(1)
  })

  test('is explained to staff', async () => {
    const query = { q: 'tee', sort: 'relevance', limit: 24, explain: true } as const
    const asking = { actor: retailer(), consents: [] }
    const { page: explained, personal } = await shelf.search.search(query, asking, retailer())
    expect(personal).toBe(true)
    for (const { explanation } of explained.items) {
      const sum = explanation?.features.reduce((all, { contribution }) => all + contribution, 0) ?? Number.NaN
      expect(sum).toBeCloseTo(explanation?.score ?? 0, 5)
    }
  })
})

describe('suggestions', () => {
  test('are queries, products with a picture, categories with their way, and brands, mistyped or half typed', async () => {
    const half = await shelf.suggest('q=dre')
    expect(half.products.map(({ name }) => name).toSorted()).toEqual(['Garden Dress', 'Wedding Dress'])
    expect(half.products[0]?.image?.url).toStartWith('/media/')
    expect(half.categories).toEqual([{ slug: 'women-dresses', name: 'Dresses', path: ['Women', 'Dresses'] }])
    expect(half.queries.length).toBeGreaterThan(0)
    for (const { text } of half.queries) expect((await page(`q=${text}`)).total).toBeGreaterThan(0)
    expect((await shelf.suggest('q=trouserz')).categories[0]?.slug).toBe('men-trousers')
    expect((await shelf.suggest('q=alb')).brands).toEqual([{ slug: 'alba', name: 'Alba' }])
    expect(await shelf.suggest('q=')).toEqual({ queries: [], products: [], categories: [], brands: [] })
  })
})
