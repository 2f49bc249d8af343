import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../modules/kernel/errors.ts'
import { embeddedSearch } from './embedded/index.ts'
import type { SearchDocument, SearchIndex, SearchQuery } from './index.ts'
import { createAnalyzer } from './words.ts'

/** `open` as often as wanted: each is another process's view of the same place, a new place after `clear`. */
type Driver = { open(): SearchIndex; clear(): Promise<void> }

const dirs: string[] = []
function embedded(readers: number): Driver & { dir(): string } {
  let dir = ''
  const opened: SearchIndex[] = []
  const close = () => Promise.all(opened.splice(0).map((index) => index.close()))
  afterAll(async () => {
    await close()
    for (const one of dirs) rmSync(one, { recursive: true, force: true })
  })
  return {
    dir: () => dir,
    open() {
      const index = embeddedSearch({ dir, readers })
      opened.push(index)
      return index
    },
    async clear() {
      await close()
      dir = mkdtempSync(join(tmpdir(), 'search-'))
      dirs.push(dir)
    },
  }
}

const ours = embedded(1)
const drivers: [name: string, driver: Driver][] = [
  ['embedded', ours],
  ['embedded, with two readers', embedded(2)],
]

const idOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const numbers = (hits: readonly { id: string }[]) => hits.map(({ id }) => Number(id.slice(-12)))
const term = (label: string) => ({ value: label.toLowerCase().replace(/\W+/g, '-'), label })
const variant = (colour: string, size: string, inStock = true) => ({ colour: term(colour), size, inStock })

/** The code with which it refuses; undefined when it does not. */
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : error),
  )

type Rest = Partial<Omit<SearchDocument, 'id' | 'texts'>> & { texts?: Partial<SearchDocument['texts']> }
const product = (n: number, name: string, { texts, ...rest }: Rest = {}): SearchDocument => ({
  id: idOf(n),
  texts: { name, brand: 'Acme', tags: '', attributes: '', description: '', ...texts },
  brand: term('Acme'),
  categories: [term('Women')],
  variants: [variant('Red', 'M')],
  priceAmount: 1000,
  rating: 0,
  popularity: 0,
  listedAt: 1_700_000_000_000 - n,
  ...rest,
})

describe.each(drivers)('search: %s', (_name, driver) => {
  let index: SearchIndex
  beforeEach(async () => {
    await driver.clear()
    index = driver.open()
  })
  const ask = (text: string, rest: Partial<SearchQuery> = {}) => index.query({ text, limit: 24, ...rest })
  const found = async (text: string, rest: Partial<SearchQuery> = {}) => numbers((await ask(text, rest)).hits)
  async function build(documents: SearchDocument[], position = 'built'): Promise<void> {
    const generation = await index.build()
    await generation.add(documents)
    await generation.commit(position)
  }

  test('a place without an index has no position and finds nothing', async () => {
    const { documents, position } = await index.status()
    expect({ documents, position }).toEqual({ documents: 0, position: undefined })
    expect(await ask('dress', { facets: true })).toMatchObject({ total: 0, hits: [], next: null })
  })

  test('a word in the name counts more than in a tag, and there more than in the description', async () => {
    await build([
      product(1, 'Plain', { texts: { description: 'velvet' } }),
      product(2, 'Plain', { texts: { attributes: 'velvet' } }),
      product(3, 'Plain', { texts: { tags: 'velvet' } }),
      product(4, 'Velvet'),
    ])
    expect(await found('velvet')).toEqual([4, 3, 2, 1])
  })

  test('finds other forms of a word, without accents, apostrophes and hyphens, and its beginning', async () => {
    await build([
      product(1, "Women's Crêpe Dresses"),
      product(2, 'Slim T-Shirt'),
      product(3, 'Été jacket, size 40'),
      product(4, 'L’Oréal straße'),
    ])
    expect(await found('dress')).toEqual([1])
    expect(await found('WOMENS crepe')).toEqual([1])
    expect(await found('tshirt')).toEqual([2])
    expect(await found('t-shirt')).toEqual([2])
    expect(await found('slim t shirt')).toEqual([2])
    expect(await found('ete jack')).toEqual([3])
    expect(await found('40')).toEqual([3])
    expect(await found('loreal strasse')).toEqual([4])
    expect(await found('jack ')).toEqual([])
  })

  test('all words must be there; when nothing has them all, any is enough, and it says so', async () => {
    await build([product(1, 'Red dress'), product(2, 'Red coat'), product(3, 'Blue coat')])
    expect(await ask('red coat')).toMatchObject({ total: 1, relaxed: false })
    expect(await ask('blue dress')).toMatchObject({ total: 2, relaxed: true })
    expect(await ask('blue dress', { exactly: true })).toMatchObject({ total: 0, relaxed: false })
  })

  test('a phrase stands as it is, within one field', async () => {
    await build([product(1, 'Wide leg jeans'), product(2, 'Leg wide'), product(3, 'Wide', { texts: { tags: 'leg' } })])
    expect(await found('"wide leg"')).toEqual([1])
    expect((await found('wide leg ')).toSorted()).toEqual([1, 2, 3])
  })

  test('what was mistyped is corrected, and what was searched instead is told', async () => {
    await build([product(1, 'Leather jacket'), product(2, 'Silk dress'), product(3, 'Model 501')])
    expect(await ask('lether jakcet')).toMatchObject({ total: 1, correctedText: 'leather jacket' })
    expect(await ask('lether jakcet', { exactly: true })).toMatchObject({ total: 0 })
    expect((await ask('silk')).correctedText).toBeUndefined()
    expect(await ask('505')).toMatchObject({ total: 0 })
  })

  test('synonyms hold from the next query on, one way or both', async () => {
    await build([
      product(1, 'Linen sofa'),
      product(2, 'Linen couch'),
      product(3, 'Trainers'),
      product(4, 'Running shoes'),
    ])
    await index.useSynonyms([{ words: ['sofa', 'couch'] }, { from: 'running shoes', to: ['trainers'] }])
    expect(await found('sofa')).toEqual([1, 2])
    expect((await found('linen couch')).toSorted()).toEqual([1, 2])
    expect((await found('running shoes')).toSorted()).toEqual([3, 4])
    expect(await found('trainers')).toEqual([3])
    await index.useSynonyms([])
    expect(await found('sofa')).toEqual([1])
  })

  test('the words that matched are named as the analyser writes them, so that they can be marked', async () => {
    await build([product(1, 'Silk dresses'), product(2, 'Silk dressing gown')])
    const { terms } = await ask('silk dressi')
    expect(createAnalyzer().mark('Silk dressing gown', terms)).toEqual([
      { text: 'Silk', marked: true },
      { text: ' ', marked: false },
      { text: 'dressing', marked: true },
      { text: ' gown', marked: false },
    ])
  })

  test('a sign that only changes the one before it is no word, and a rating is as much as itself', async () => {
    await build([product(1, 'Red dress', { rating: 2.007 }), product(2, 'Blue shirt', { rating: 2.006 })])
    expect(await found('❤️')).toEqual([])
    expect(await ask('dress ❤️ ')).toMatchObject({ total: 1, relaxed: false, terms: ['dress'] })
    expect(await found('', { filter: { minRating: 2.007 } })).toEqual([1])
  })

  test('a stem begins as its word does, and what is sought is marked however it is written', () => {
    const { tokens, mark } = createAnalyzer()
    const words = 'yes yoyo skies sky dyed agreed ties ies eeds sses ational conflated Xs 501s running hoping üben'
    for (const token of tokens(words)) expect(token.term[0]).toBe(token.word[0]!)
    const marked = (text: string, ...terms: string[]) =>
      mark(text, terms).flatMap((one) => (one.marked ? [one.text] : []))
    expect(marked('RUNNING runs in Éte, a run-in and ete', 'run', 'et')).toEqual([
      'RUNNING',
      'runs',
      'Éte',
      'run',
      'ete',
    ])
    expect(marked('A T-shirt, tshirts and shirtdresses', 'tshirt', 'shirt*')).toEqual([
      'T-shirt',
      'tshirts',
      'shirtdresses',
    ])
    expect(marked('nothing of it', 'run')).toEqual([])
  })

  test('colour, size and stock must hold of one and the same variant', async () => {
    await build([
      product(1, 'Shirt', { variants: [variant('Red', 'M', false), variant('Red', 'L'), variant('Blue', 'M')] }),
      product(2, 'Shirt', { variants: [variant('Red', 'M'), variant('Blue', 'L', false)] }),
    ])
    expect(await found('', { filter: { colours: ['red'], sizes: ['M'] } })).toEqual([1, 2])
    expect(await found('', { filter: { colours: ['red'], sizes: ['M'], inStock: true } })).toEqual([2])
    const { hits } = await ask('', { filter: { colours: ['blue'] } })
    expect(hits.map(({ colours, sizesInStock }) => ({ colours, sizesInStock }))).toEqual([
      { colours: ['blue', 'red'], sizesInStock: ['M'] },
      { colours: ['blue', 'red'], sizesInStock: [] },
    ])
  })

  test('a facet counts as if its own filter were not set, and all others were', async () => {
    await build([
      product(1, 'A', { brand: term('North'), categories: [term('Women'), term('Dresses')], rating: 4.5 }),
      product(2, 'B', { brand: term('South'), categories: [term('Women'), term('Coats')], priceAmount: 9000 }),
      product(3, 'C', { brand: term('South'), variants: [variant('Blue', 'S', false)], rating: 3 }),
    ])
    const filter = { brands: ['south'], colours: ['red'] }
    const { total, facets } = await ask('', { filter, facets: true })
    expect(total).toBe(1)
    expect(facets?.brands).toEqual([
      { value: 'north', label: 'North', count: 1 },
      { value: 'south', label: 'South', count: 1 },
    ])
    expect(facets?.colours.map(({ value, count }) => [value, count])).toEqual([
      ['blue', 1],
      ['red', 1],
    ])
    expect(facets?.categories.map(({ value, count }) => [value, count])).toEqual([
      ['coats', 1],
      ['women', 1],
    ])
    expect(facets?.price).toMatchObject({ min: 9000, max: 9000 })
    const all = (await ask('', { facets: true })).facets
    expect(all?.ratings).toEqual([
      { from: 4, count: 1 },
      { from: 3, count: 2 },
      { from: 2, count: 2 },
      { from: 1, count: 2 },
    ])
    expect(all?.inStock).toBe(2)
    const searched = await ask('', { facets: true, facetText: { field: 'brand', text: 'so' } })
    expect(searched.facets?.brands.map(({ value }) => value)).toEqual(['south'])
  })

  test('price ranges follow each other, hold everything, and count what a filter by them finds', async () => {
    await build(Array.from({ length: 60 }, (_, n) => product(n + 1, 'Thing', { priceAmount: 990 + n * n * 11 })))
    const { facets } = await ask('thing', { facets: true })
    const ranges = facets?.price?.ranges ?? []
    expect(ranges.length).toBeLessThanOrEqual(8)
    expect(ranges.reduce((sum, { count }) => sum + count, 0)).toBe(60)
    for (const [i, { from, to, count }] of ranges.entries()) {
      if (i > 0) expect(from).toBe((ranges[i - 1]?.to ?? 0) + 1)
      expect((await ask('thing', { filter: { minPrice: from, maxPrice: to } })).total).toBe(count)
    }
  })

  test('orders by what is asked; of equals what was listed later comes first, then the lower id', async () => {
    await build([
      product(1, 'Shirt', { priceAmount: 300, rating: 4, popularity: 1, listedAt: 10 }),
      product(2, 'Shirt', { priceAmount: 100, rating: 5, popularity: 3, listedAt: 30 }),
      product(3, 'Shirt', { priceAmount: 300, rating: 3, popularity: 2, listedAt: 20 }),
      product(4, 'Shirt', { priceAmount: 300, rating: 3, popularity: 2, listedAt: 20 }),
    ])
    expect(await found('shirt')).toEqual([2, 3, 4, 1])
    expect(await found('shirt', { sort: 'newest' })).toEqual([2, 3, 4, 1])
    expect(await found('shirt', { sort: 'price' })).toEqual([2, 3, 4, 1])
    expect(await found('shirt', { sort: '-price' })).toEqual([3, 4, 1, 2])
    expect(await found('shirt', { sort: 'rating' })).toEqual([2, 1, 3, 4])
    expect(await found('shirt', { sort: 'popularity' })).toEqual([2, 3, 4, 1])
  })

  test('what is boosted rises, what is buried falls, what is hidden is not there', async () => {
    await build([product(1, 'Shirt'), product(2, 'Shirt', { brand: term('North') }), product(3, 'Shirt')])
    expect(await found('shirt', { boosts: [{ brands: ['north'], factor: 2 }] })).toEqual([2, 1, 3])
    expect(await found('shirt', { boosts: [{ ids: [idOf(1)], factor: 0.5 }] })).toEqual([2, 3, 1])
    expect(await found('shirt', { filter: { notIds: [idOf(1)], notBrands: ['north'] } })).toEqual([3])
    expect(await found('shirt', { filter: { ids: [idOf(2), idOf(9)] } })).toEqual([2])
    expect(await found('shirt', { filter: { notCategories: ['women'] } })).toEqual([])
  })

  test('pages follow each other without a gap or a repeat while products come, change and go', async () => {
    await build(Array.from({ length: 30 }, (_, n) => product(n + 1, 'Shirt', { listedAt: 1000 - n })))
    const seen: number[] = []
    let after: string | undefined
    for (let page = 0; page < 6; page++) {
      const { hits, next } = await ask('shirt', { limit: 5, after, sort: 'newest' })
      seen.push(...numbers(hits))
      after = next ?? undefined
      await index.put([product(100 + page, 'Shirt', { listedAt: 5000 + page })])
      await index.remove([idOf(page + 1)])
    }
    expect(seen).toEqual(Array.from({ length: 30 }, (_, n) => n + 1))
    expect(after).toBeUndefined()
  })

  test('a mangled cursor, or one of another search, is refused', async () => {
    await build(Array.from({ length: 3 }, (_, n) => product(n + 1, 'Shirt')))
    const { next } = await ask('shirt', { limit: 1 })
    expect(next).not.toBeNull()
    expect(await found('shirt', { limit: 1, after: next ?? '' })).toEqual([2])
    for (const query of [
      { text: 'coat', after: next ?? '' },
      { text: 'shirt', sort: 'price' as const, after: next ?? '' },
      { text: 'shirt', after: 'bm90IG91cnM' },
      { text: 'shirt', after: '' },
    ])
      expect(await refusal(index.query({ limit: 1, ...query }))).toBe('invalid')
  })

  test('what was put is found as soon as it is, and what it replaces is not', async () => {
    await build([product(1, 'Red shirt', { priceAmount: 100 }), product(2, 'Blue shirt')])
    const before = await index.status()
    await index.put([product(1, 'Green trousers', { priceAmount: 700 }), product(3, 'Shirt')], 'later')
    expect((await found('shirt')).toSorted()).toEqual([2, 3])
    expect((await ask('trousers')).hits[0]?.priceAmount).toBe(700)
    expect(await ask('red')).toMatchObject({ total: 0 })
    await index.remove([idOf(2), idOf(77)])
    expect(await found('shirt')).toEqual([3])
    const after = await index.status()
    expect(after).toMatchObject({ documents: 2, position: 'later' })
    expect(after.generation).not.toBe(before.generation)
  })

  test('readers keep what they have until a build is committed, and then have all of it and nothing else', async () => {
    await build([product(1, 'Old shirt'), product(2, 'Old coat')])
    const generation = await index.build()
    expect(generation.resumeAfter).toBeUndefined()
    await generation.add([product(1, 'New shirt')])
    await generation.add([product(5, 'New coat'), product(6, 'New hat')])
    await index.put([product(9, 'Late scarf')], 'meanwhile')
    expect(await ask('old')).toMatchObject({ total: 2 })
    expect(await ask('new')).toMatchObject({ total: 0 })
    await generation.commit('second')
    expect((await found('new')).toSorted()).toEqual([1, 5, 6])
    expect(await ask('old', { exactly: true })).toMatchObject({ total: 0 })
    expect(await found('scarf')).toEqual([9])
    expect(await index.status()).toMatchObject({ documents: 4, position: 'second' })
  })

  test('a build that is abandoned leaves nothing, and only one may be under way', async () => {
    const generation = await index.build()
    await generation.add([product(1, 'Shirt')])
    expect(await refusal(index.build())).toBe('conflict')
    expect(await refusal(driver.open().build())).toBe('conflict')
    await generation.abandon()
    const next = await index.build({ resume: true })
    expect(next.resumeAfter).toBeUndefined()
    await next.abandon()
    expect(await ask('shirt')).toMatchObject({ total: 0 })
  })

  test('a build that was cut short goes on where it was', async () => {
    const generation = await index.build()
    await generation.add([product(1, 'Shirt'), product(2, 'Coat')])
    await index.close()
    index = driver.open()
    const resumed = await index.build({ resume: true })
    expect(resumed.resumeAfter).toBe(idOf(2))
    await resumed.add([product(3, 'Shirt')])
    await resumed.commit('done')
    expect(await found('shirt')).toEqual([1, 3])
  })

  test('another process serves a generation as soon as it is committed, and starts from it', async () => {
    const other = driver.open()
    expect(await other.query({ text: 'shirt', limit: 1 })).toMatchObject({ total: 0 })
    await build([product(1, 'Shirt')])
    let total = 0
    while (total === 0) ({ total } = await other.query({ text: 'shirt', limit: 1 }))
    const [a, b] = [await index.status(), await other.status()]
    expect(b).toEqual(a)
    expect(await driver.open().status()).toEqual(a)
  })

  test('many changes are merged in the background, and nothing of them is lost', async () => {
    await build(Array.from({ length: 50 }, (_, n) => product(n + 1, 'Shirt')))
    const { generation } = await index.status()
    for (let round = 0; round < 12; round++)
      await index.put(
        Array.from({ length: 60 }, (_, n) => product(1000 + round * 60 + n, 'Coat')),
        `position ${round}`,
      )
    await index.remove([idOf(1), idOf(1000)])
    // What is merged is named otherwise; changes since only add to the name.
    while ((await index.status()).generation.startsWith(generation)) await ask('coat')
    expect(await ask('coat')).toMatchObject({ total: 719 })
    expect(await ask('shirt')).toMatchObject({ total: 49 })
    expect(await index.status()).toMatchObject({ documents: 768, position: 'position 11' })
  })

  test('texts are completed by what goes on with results, the likeliest first', async () => {
    await build([product(1, 'Red dress'), product(2, 'Red dress'), product(3, 'Red dressing gown'), product(4, 'Drum')])
    expect(await index.complete('dr', 2)).toEqual(['dress', 'dressing'])
    expect(await index.complete('red dr', 5)).toEqual(['red dress', 'red dressing'])
    expect(await index.complete('blue dr', 5)).toEqual([])
    expect(await index.complete('', 5)).toEqual([])
  })
})

describe('the files of the embedded index', () => {
  beforeEach(async () => {
    await ours.clear()
    const generation = await ours.open().build()
    await generation.add([product(1, 'Shirt')])
    await generation.commit('first')
  })

  test('only the latest generation stays', async () => {
    const generation = await ours.open().build()
    await generation.commit('second')
    expect(readdirSync(ours.dir()).filter((name) => name.startsWith('generation'))).toHaveLength(1)
    expect(await ours.open().status()).toMatchObject({ documents: 0, position: 'second' })
  })

  test('a file with a changed byte, cut short, or of another format counts as none', async () => {
    const path = join(ours.dir(), readdirSync(ours.dir()).find((name) => name.startsWith('generation')) ?? '')
    const whole = readFileSync(path)
    const changes: ((bytes: Buffer) => Uint8Array)[] = [
      (bytes) => bytes.fill((bytes[600] ?? 0) ^ 1, 600, 601),
      (bytes) => bytes.subarray(0, 400),
      (bytes) => bytes.fill(99, 4, 5),
      () => Buffer.from('nothing'),
      () => new Uint8Array(),
    ]
    for (const change of changes) {
      writeFileSync(path, change(Buffer.from(whole)))
      const index = ours.open()
      const { documents, position } = await index.status()
      expect({ documents, position }).toEqual({ documents: 0, position: undefined })
      await index.close()
    }
  })
})
