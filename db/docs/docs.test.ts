import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { emptyTestInfra, openTestInfra } from '../testing.ts'
import type { OpenDocs } from './index.ts'
import { mongoDocs } from './mongodb.ts'

type Shirt = { name: string; tags?: string[]; season?: string; rank?: number; inStock?: boolean }

const infra = await openTestInfra()
const drivers: [name: string, open: OpenDocs][] = [['jsonb', infra.docs]]
const mongoUrl = process.env['MONGODB_URL']
const mongo = mongoUrl ? mongoDocs(mongoUrl) : undefined
if (mongo) drivers.push(['mongodb', mongo.docs])
afterAll(() => mongo?.close())

describe.each(drivers)('docs: %s', (_name, open) => {
  let shirts = open<Shirt>('test.shirt')
  beforeEach(async () => {
    await emptyTestInfra()
    shirts = open<Shirt>(`test.shirt_${infra.newId()}`)
  })

  test('gives back what was put, nested values and all, until it is deleted', async () => {
    const shirt = { name: 'Løse "linen" 🧵', tags: ['summer', "it's"], rank: -1.5, inStock: false }
    await shirts.put('a', shirt)
    expect(await shirts.get('a')).toEqual(shirt)
    await shirts.delete('a')
    await shirts.delete('a')
    expect(await shirts.get('a')).toBeUndefined()
  })

  test('put replaces the document as a whole', async () => {
    await shirts.put('a', { name: 'one', season: 'summer' })
    await shirts.put('a', { name: 'two' })
    expect(await shirts.get('a')).toEqual({ name: 'two' })
  })

  test('a page of ids comes back at once, without those that are missing', async () => {
    await shirts.put('a', { name: 'one' })
    await shirts.put('b', { name: 'two' })
    expect(await shirts.getMany(['b', 'nope', 'a'])).toEqual(
      new Map([
        ['a', { name: 'one' }],
        ['b', { name: 'two' }],
      ]),
    )
    expect(await shirts.getMany([])).toEqual(new Map())
  })

  test('lists by equality, in order of id, page by page, each document once', async () => {
    for (const id of ['d', 'a', 'c', 'B', 'e'])
      await shirts.put(id, { name: id, season: id === 'c' ? 'winter' : 'summer', rank: 1 })
    const seen: string[] = []
    let cursor: string | undefined
    for (;;) {
      const page = await shirts.list({ where: { season: 'summer', rank: 1 }, cursor, limit: 2 })
      seen.push(...page.items.map(({ id }) => id))
      if (page.nextCursor === null) break
      cursor = page.nextCursor
    }
    expect(seen).toEqual(['B', 'a', 'd', 'e'])
    expect((await shirts.list({ limit: 10 })).items).toHaveLength(5)
    expect(await shirts.list({ where: { season: 'autumn' }, limit: 10 })).toEqual({ items: [], nextCursor: null })
  })

  test('equality is of value and type', async () => {
    await shirts.put('a', { name: '1', rank: 1 })
    expect((await shirts.list({ where: { name: '1' }, limit: 5 })).items).toHaveLength(1)
    expect((await shirts.list({ where: { name: 1 as never }, limit: 5 })).items).toHaveLength(0)
  })

  test('collections do not see each other', async () => {
    await shirts.put('a', { name: 'one' })
    expect(await open<Shirt>('test.other').get('a')).toBeUndefined()
  })
})
