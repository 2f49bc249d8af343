import { beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { retailer } from '../../edge/testing-shop.ts'
import { createModules } from '../index.ts'
import { NewRuleSchema } from './rule-schema.ts'
import { SearchQuerySchema } from './schema.ts'
import { openTestShelf } from './testing-shelf.ts'

setDefaultTimeout(60_000)
const shelf = await openTestShelf()
const { page, names, idOf } = shelf
const { rules } = shelf.search

const DRESSES = ['Amber', 'Birch', 'Cedar', 'Dune', 'Ember', 'Fern'].map((name, i) => ({
  name: `${name} Dress`,
  brand: i < 3 ? 'Alba' : 'Norr',
  category: ['Women', 'Dresses'],
  cents: 1000 * (i + 1),
  colours: [i % 2 === 0 ? 'Navy' : 'Red'],
}))
const SHELF = [...DRESSES, { name: 'Wool Sofa Coat', category: ['Women', 'Coats'] }, { name: 'Knitted Couch Cardigan' }]

beforeEach(() => shelf.restock(...SHELF))

const rule = (given: object) => rules.createRule(NewRuleSchema.parse(given), retailer())
const products = async (...given: (string | [string, number])[]) =>
  Promise.all(
    given.map(async (one) =>
      typeof one === 'string' ? { productId: await idOf(one) } : { productId: await idOf(one[0]), position: one[1] },
    ),
  )

describe('a pin', () => {
  test('takes its place for its query, however it is written, and for no other', async () => {
    const before = await names('q=dress')
    await rule({
      kind: 'pin',
      on: { query: 'Dresses' },
      products: await products(['Fern Dress', 2], ['Cedar Dress', 1]),
    })
    expect((await names('q=dress')).slice(0, 2)).toEqual(['Cedar Dress', 'Fern Dress'])
    expect((await names('q=dres')).slice(0, 2)).not.toEqual(['Cedar Dress', 'Fern Dress'])
    expect((await names('q=DRESSES')).toSorted()).toEqual(before.toSorted())
    const { items, total } = await page('q=dress')
    expect(items.map(({ pinned }) => pinned)).toEqual([true, true, false, false, false, false])
    expect(total).toBe(6)
    expect(await names('q=alba dress')).toHaveLength(3)
  })

  test('keeps its place under a filter, is not there when the filter shuts it out, and breaks no chosen order', async () => {
    await rule({ kind: 'pin', on: { query: 'dress' }, products: await products(['Fern Dress', 1], ['Birch Dress', 3]) })
    const red = await names('q=dress&colour=red')
    expect([red[0], red[2], red.length]).toEqual(['Fern Dress', 'Birch Dress', 3])
    const navy = await page('q=dress&colour=navy')
    expect(navy.items.map(({ pinned }) => pinned)).toEqual([false, false, false])
    expect(await names('q=dress&sort=price')).toEqual(DRESSES.map(({ name }) => name))
  })

  test('may bring what the words do not find, on top of what they do, once over all pages', async () => {
    await rule({ kind: 'pin', on: { query: 'dress' }, products: await products('Wool Sofa Coat', 'Dune Dress') })
    const { items, total, nextCursor } = await page('q=dress&limit=3')
    expect(total).toBe(7)
    expect(items.map(({ name }) => name).slice(0, 2)).toEqual(['Wool Sofa Coat', 'Dune Dress'])
    const rest = await names(`q=dress&limit=10&cursor=${nextCursor}`)
    expect([...items.map(({ name }) => name), ...rest].toSorted()).toEqual(
      [...DRESSES.map(({ name }) => name), 'Wool Sofa Coat'].toSorted(),
    )
  })

  test('holds in its category, and not in the one above', async () => {
    await rule({ kind: 'pin', on: { category: 'women-dresses' }, products: await products('Ember Dress') })
    expect((await names('category=women-dresses'))[0]).toBe('Ember Dress')
    expect((await page('category=women')).items.some(({ pinned }) => pinned)).toBe(false)
  })
})

describe('boosts and buries', () => {
  test('lift and sink brands, products and categories, with words and without', async () => {
    const { id } = await rule({ kind: 'boost', brands: ['norr'], factor: 5 })
    for (const path of ['q=dress', 'category=women-dresses']) {
      const brands = (await page(path)).items.map(({ brand }) => brand.slug)
      expect(brands.slice(0, 2)).toEqual(['norr', 'norr'])
    }
    await rules.removeRule(id, retailer())
    const [first = ''] = await names('q=dress')
    await rule({ kind: 'bury', on: { query: 'dress' }, products: await products(first), factor: 0.01 })
    expect((await names('q=dress')).at(-1)).toBe(first)
  })
})

describe('hiding', () => {
  test('takes a product out of results, totals, facets and suggestions', async () => {
    await rule({ kind: 'hide', products: await products('Amber Dress') })
    await rule({ kind: 'hide', categories: ['women-coats'] })
    const { items, total, facets } = await page('q=')
    expect([items.length, total]).toEqual([6, 6])
    expect(facets.brands.find(({ slug }) => slug === 'alba')?.count).toBe(2)
    expect(facets.categories.map(({ slug }) => slug)).not.toContain('women-coats')
    expect((await shelf.suggest('q=amber')).products).toEqual([])
  })

  test('for one query leaves the others as they were, and beats a pin', async () => {
    await rule({ kind: 'hide', on: { query: 'dress' }, brands: ['alba'] })
    await rule({ kind: 'pin', on: { query: 'dress' }, products: await products('Amber Dress') })
    expect((await names('q=dress')).toSorted()).toEqual(['Dune Dress', 'Ember Dress', 'Fern Dress'])
    expect(await names('q=amber')).toEqual(['Amber Dress'])
  })
})

describe('synonyms', () => {
  test('find what has the other word, one way or both', async () => {
    expect(await names('q=couch')).toEqual(['Knitted Couch Cardigan'])
    const { id } = await rule({ kind: 'synonym', words: ['sofa', 'couch'] })
    expect((await names('q=couch')).length + (await names('q=sofa')).length).toBe(4)
    await rules.removeRule(id, retailer())
    await rule({ kind: 'synonym', oneWay: { from: 'gown', to: ['dress'] } })
    expect(await names('q=gown')).toHaveLength(6)
    expect(await names('q=sofa')).toEqual(['Wool Sofa Coat'])
  })
})

describe('rules', () => {
  test('hold from when to when they say, and while they are active', async () => {
    const day = 86_400_000
    const at = (days: number) => new Date(shelf.now().getTime() + days * day).toISOString()
    const { id } = await rule({ kind: 'hide', brands: ['alba'], from: at(1), until: at(2) })
    expect(await names('q=dress')).toHaveLength(6)
    shelf.passes(1.5 * day)
    expect(await names('q=dress')).toHaveLength(3)
    shelf.passes(day)
    expect(await names('q=dress')).toHaveLength(6)
    await rules.changeRule(id, { until: null }, retailer())
    expect(await names('q=dress')).toHaveLength(3)
    await rules.changeRule(id, { active: false }, retailer())
    expect(await names('q=dress')).toHaveLength(6)
  })

  test('that somebody else made are followed at the next look for changes', async () => {
    const other = createModules(shelf.infra).search
    const query = SearchQuerySchema.parse({ q: 'dress' })
    const total = async () => (await other.search(query, { consents: [] })).page.total
    expect(await total()).toBe(6)
    await rule({ kind: 'hide', brands: ['alba'] })
    await other.catchUp()
    expect(await total()).toBe(3)
  })

  test('are listed newest first, changed, removed, and each of it is in the log', async () => {
    const first = await rule({ kind: 'boost', brands: ['alba'], note: 'Their week' })
    const second = await rule({ kind: 'synonym', words: ['tee', 't-shirt'] })
    const listed = await rules.listRules({ limit: 1 })
    expect(listed.items).toEqual([second])
    expect(await rules.listRules({ limit: 1, cursor: listed.nextCursor ?? '' })).toMatchObject({
      items: [{ id: first.id, note: 'Their week' }],
      nextCursor: null,
    })
    expect((await rules.listRules({ limit: 5, kind: 'boost' })).items).toEqual([first])
    expect(await rules.changeRule(first.id, { factor: 3, note: null }, retailer())).not.toHaveProperty('note')
    await rules.removeRule(second.id, retailer())
    const { items } = await shelf.modules.audit.listEntries({ limit: 10 })
    expect(items.map(({ action }) => action)).toEqual([
      'search.remove_rule',
      'search.change_rule',
      'search.create_rule',
      'search.create_rule',
    ])
  })

  test('that say nothing, or too much, are refused with what is wrong', async () => {
    const id = crypto.randomUUID()
    for (const [given, path] of [
      [{ kind: 'synonym', words: ['one'] }, 'words'],
      [{ kind: 'synonym', words: ['a', 'b'], on: { query: 'c' } }, 'on'],
      [{ kind: 'pin' }, 'products'],
      [{ kind: 'pin', products: [{ productId: id }, { productId: id }] }, 'products'],
      [{ kind: 'boost', brands: ['a'], factor: 0.5 }, 'factor'],
      [{ kind: 'hide' }, 'products'],
      [{ kind: 'hide', brands: ['a'], words: ['b'] }, 'words'],
      [{ kind: 'hide', brands: ['a'], from: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' }, 'until'],
    ] as const)
      expect(NewRuleSchema.safeParse(given).error?.issues[0]?.path).toEqual([path])
    const { id: known } = await rule({ kind: 'hide', brands: ['alba'] })
    expect(rules.changeRule(known, { brands: null }, retailer())).rejects.toThrow('hold together')
    expect(rules.changeRule(id, { active: false }, retailer())).rejects.toThrow('No rule')
  })
})
