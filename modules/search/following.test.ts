import { beforeEach, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { existsSync } from 'node:fs'
import { readdir, rm, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { memoryCache } from '../../db/cache/memory.ts'
import { startWorker } from '../../db/jobs/worker.ts'
import { embeddedSearch } from '../../db/search/embedded/index.ts'
import { testEnv } from '../../db/testing.ts'
import { retailer } from '../../edge/testing-shop.ts'
import { createModules } from '../index.ts'
import { documentOf } from './documents.ts'
import { SearchQuerySchema } from './schema.ts'
import { articleOf, openTestShelf } from './testing-shelf.ts'

setDefaultTimeout(60_000)
const shelf = await openTestShelf()
const { page, names, search } = shelf

const SHIRT = { name: 'Harbour Shirt', cents: 4000, stock: { M: 1 } }
const TEE = { name: 'Plain Tee', cents: 1500, stock: { M: 5 } }
beforeEach(() => shelf.restock(SHIRT, TEE))

/** Asks until it holds. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise(setImmediate)
}

describe('what changes in the catalogue', () => {
  test('is found once it is heard: a price, a name, a new product, and the last piece going and coming back', async () => {
    await shelf.stock({ ...SHIRT, cents: 900 }, { name: 'Quay Coat' })
    expect(await names('sort=price')).toEqual(['Harbour Shirt', 'Plain Tee', 'Quay Coat'])
    const [shirt = ''] = await shelf.sell(articleOf({ ...SHIRT, cents: 900 }))
    const placed = await shelf.order({ [shirt]: 1 })
    await shelf.drain()
    await search.catchUp()
    expect(await names('q=shirt&inStock=true')).toEqual([])
    await shelf.infra.sql.transaction().execute((tx) => shelf.modules.inventory.release(placed.order.id, tx))
    await shelf.drain()
    await search.catchUp()
    expect(await names('q=shirt&inStock=true')).toEqual(['Harbour Shirt'])
  })

  test('is found by a shop that follows, without anybody telling it', async () => {
    const worker = startWorker(shelf.modules)
    const following = search.follow()
    try {
      await following.ready
      await shelf.sell(articleOf({ ...TEE, cents: 777 }))
      await until(async () => (await page('q=tee')).facets.price?.min.amount === 777)
    } finally {
      await following.stop()
      await worker.stop()
    }
  })

  test('is not lost behind a transaction that began before and ends after', async () => {
    const { sql } = shelf.infra
    const [late, early] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const shirtId = await shelf.idOf('Harbour Shirt')
    const slow = sql.transaction().execute(async (tx) => {
      await tx.insertInto('catalog.change').values({ product_id: shirtId, at: new Date() }).execute()
      await tx.updateTable('catalog.product').set({ price_amount: 5 }).where('id', '=', shirtId).execute()
      early.resolve()
      await late.promise
    })
    await early.promise
    await shelf.sell(articleOf({ ...TEE, cents: 6 }))
    await shelf.drain()
    await search.catchUp()
    // Nobody waits for the slow one.
    expect((await page('q=tee')).facets.price).toMatchObject({ min: { amount: 6 } })
    const { generation } = await shelf.infra.search.status()
    await search.catchUp()
    expect((await shelf.infra.search.status()).generation).toBe(generation)
    late.resolve()
    await slow
    await search.catchUp()
    expect((await page('sort=price')).facets.price).toMatchObject({ min: { amount: 5 }, max: { amount: 6 } })
  })
})

describe('a build', () => {
  test('that was cut short is gone on with, and what changed meanwhile is found', async () => {
    const { catalog } = shelf.modules
    const [first] = await catalog.listSearchables({ limit: 1 })
    const dying = embeddedSearch({ dir: join((await testEnv())['VAR_DIR'] ?? '', 'search') })
    const generation = await dying.build()
    await generation.add([documentOf(first!, 0)])
    await dying.close()
    await shelf.stock({ ...SHIRT, cents: 10 }, { ...TEE, cents: 20 })

    const seen: number[] = []
    expect(await search.build({ resume: true, onProgress: (done) => void seen.push(done) })).toBe(2)
    expect(seen).toEqual([2])
    await search.catchUp()
    expect((await page('')).facets.price).toMatchObject({ min: { amount: 10 }, max: { amount: 20 } })
  })

  test('of another day is begun anew', async () => {
    const dir = join((await testEnv())['VAR_DIR'] ?? '', 'search')
    const dying = embeddedSearch({ dir })
    const generation = await dying.build()
    await generation.add((await shelf.modules.catalog.listSearchables({ limit: 1 })).map((one) => documentOf(one, 0)))
    await dying.close()
    const building = join(dir, 'building')
    const before = new Date(Date.now() - 2 * 86_400_000)
    for (const file of await readdir(building)) await utimes(join(building, file), before, before)
    const again = await shelf.infra.search.build({ resume: true })
    expect(again.resumeAfter).toBeUndefined()
    await again.abandon()
  })

  test('serves the old answers until the new ones are there, and is one at a time', async () => {
    const { search: index } = shelf.infra
    const before = await index.status()
    const generation = await index.build()
    expect(search.build()).rejects.toThrow('being built')
    expect(await names('q=tee')).toEqual(['Plain Tee'])
    expect((await index.status()).generation).toBe(before.generation)
    await generation.abandon()
    await search.build()
    expect((await index.status()).generation).not.toBe(before.generation)
    expect(await names('q=tee')).toEqual(['Plain Tee'])
  })
})

describe('an index that is lost', () => {
  test('with the cache is built again from the catalogue, to the same answers', async () => {
    await search.rules.createRule(
      { kind: 'pin', on: { query: 'tee' }, products: [{ productId: await shelf.idOf('Harbour Shirt') }], active: true },
      retailer(),
    )
    const env = await testEnv()
    const asked = ['q=shirt', 'q=tee', 'q=harbuor', 'sort=price', 'category=women&colour=navy']
    const before = await Promise.all(asked.map((path) => page(path)))
    const dir = join(env['VAR_DIR'] ?? '', 'search')
    expect(existsSync(dir)).toBe(true)
    await rm(dir, { recursive: true })
    // As another process would: it has neither the index in memory nor anything in its cache.
    const index = embeddedSearch({ dir })
    try {
      const cache = memoryCache({ now: Date.now })
      const again = createModules({ ...shelf.infra, search: index, cache }).search
      expect((await index.status()).documents).toBe(0)
      await again.catchUp()
      for (const [i, path] of asked.entries()) {
        const query = SearchQuerySchema.parse(Object.fromEntries(new URLSearchParams(path)))
        const { page: after } = await again.search(query, { consents: [] })
        expect({ ...after, searchId: '' }).toEqual({ ...before[i]!, searchId: '' })
      }
    } finally {
      await index.close()
    }
  })

  test('or that was made of other documents than today’s serves until it is built again', async () => {
    const { search: index } = shelf.infra
    const { position } = await index.status()
    await index.put([], position?.replace(/^\S+ /, ''))
    expect(await names('q=tee')).toEqual(['Plain Tee'])
    const { generation } = await index.status()
    await search.catchUp()
    expect(await index.status()).toMatchObject({ position: expect.stringMatching(/^\S+ \S+$/), documents: 2 })
    expect((await index.status()).generation).not.toBe(generation)
    expect(await names('q=tee')).toEqual(['Plain Tee'])
  })

  test('or that is too old to be followed is built again', async () => {
    await shelf.stock({ ...TEE, cents: 100 })
    const { position } = await shelf.infra.search.status()
    // Somebody restored the stores of another day: the index has been where the changes have not.
    await shelf.infra.search.put([], position?.replace(/\/\d+:/, '/18000000000000000000:'))
    await shelf.infra.sql.updateTable('catalog.product').set({ price_amount: 50 }).execute()
    await search.catchUp()
    expect((await page('q=tee')).facets.price?.max.amount).toBe(50)

    await shelf.stock({ ...TEE, cents: 200 })
    shelf.passes(3 * 86_400_000)
    await shelf.modules.jobs['catalog.prune_changes']?.(undefined as never)
    await search.catchUp()
    expect((await page('q=tee')).facets.price?.max.amount).toBe(200)
  })
})
