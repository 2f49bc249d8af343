import { beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { memoryCache } from '../../db/cache/memory.ts'
import { createModules } from '../index.ts'
import { SearchQuerySchema } from './schema.ts'
import { openTestShelf } from './testing-shelf.ts'

setDefaultTimeout(120_000)
const shelf = await openTestShelf()

/** More than are put in order, so that the last pages are those of the index. */
const COUNT = 230
const nameOf = (i: number) => `Tee ${String(i).padStart(3, '0')}`
const NAMES = Array.from({ length: COUNT }, (_, i) => nameOf(i))

beforeAll(() => shelf.restock(...NAMES.map((name, i) => ({ name, cents: 1000 + (i % 7) * 100 }))))

let ordinal = 1
type Between = (page: number) => Promise<unknown>

/** Every page of `path`, with something happening between them; how often each product came. */
async function walk(path: string, between: Between): Promise<Map<string, number>> {
  const seen = new Map<string, number>()
  let cursor: string | null = ''
  for (let n = 0; cursor !== null; n += 1) {
    const page = await shelf.page(`${path}&limit=45${cursor ? `&cursor=${cursor}` : ''}`)
    for (const { name } of page.items) seen.set(name, (seen.get(name) ?? 0) + 1)
    cursor = page.nextCursor
    await between(n)
  }
  return seen
}

test.each(['q=tee', 'q=', 'q=tee&sort=newest', 'sort=rating'])(
  'all pages of %s have each product once, whatever changes meanwhile',
  async (path) => {
    const seen = await walk(path, (n) =>
      // Another description and stock: what is sought, the price and the day stay.
      shelf.stock({
        name: nameOf(n * 31),
        cents: 1000 + ((n * 31) % 7) * 100,
        says: `Woven anew, for the ${ordinal++}. time`,
        stock: { S: n },
      }),
    )
    expect([...seen.keys()].toSorted()).toEqual(NAMES)
    expect([...seen.values()].every((times) => times === 1)).toBe(true)
  },
)

test('a price that changes meanwhile moves its product, and no other, in the order of prices', async () => {
  const seen = await walk('sort=price', (n) =>
    n === 1 ? shelf.stock({ name: nameOf(0), cents: 99_999 }) : Promise.resolve(),
  )
  expect(seen.get(nameOf(0))).toBe(2)
  expect([...seen].filter(([, times]) => times !== 1).map(([name]) => name)).toEqual([nameOf(0)])
  await shelf.stock({ name: nameOf(0), cents: 1000 })
})

test('pages go on where the cache has lost the order, and where another process answers them', async () => {
  const other = createModules({ ...shelf.infra, cache: memoryCache({ now: Date.now }) }).search
  const first = await shelf.page('q=tee&limit=100')
  const second = await shelf.page(`q=tee&limit=100&cursor=${first.nextCursor}`)
  const query = SearchQuerySchema.parse({ q: 'tee', limit: '100', cursor: first.nextCursor })
  const { page } = await other.search(query, { consents: [] })
  expect(page.items.map(({ name }) => name)).toEqual(second.items.map(({ name }) => name))
  const last = await other.search({ ...query, cursor: page.nextCursor ?? '' }, { consents: [] })
  expect(last.page.items).toHaveLength(COUNT - 200)
  expect(last.page.nextCursor).toBeNull()
})
