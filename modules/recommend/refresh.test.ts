import { beforeEach, expect, setDefaultTimeout, test } from 'bun:test'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { openTestShop, product } from '../../edge/testing-shop.ts'
import type { Recommendations } from './index.ts'

setDefaultTimeout(120_000)
const infra = await openTestInfra()
let shop = openTestShop(infra)
beforeEach(async () => {
  await emptyTestInfra()
  shop = openTestShop(infra)
})

const DAY_MS = 86_400_000
const PAIRS = 6

/** `a0` and `b0` are a pair, and so on; nothing of what they look like says so. */
async function stock(): Promise<(slug: string) => string> {
  for (let k = 0; k < PAIRS; k++)
    for (const half of ['a', 'b']) await shop.sell(product(`${half}${k}`, { listedAt: '2025-01-01T00:00:00Z' }))
  await shop.drain()
  const { items } = await shop.modules.catalog.listProducts({ sort: 'newest', limit: 100 })
  const ids = new Map(items.map(({ slug, id }) => [slug, id]))
  return (slug) => ids.get(slug) ?? ''
}

/** Somebody who wanted these, one a day, the last one `daysAgo`. */
async function wants(productIds: string[], daysAgo: number): Promise<void> {
  const subject = crypto.randomUUID()
  const rows = productIds.map((product_id, k) => {
    const at = new Date(shop.now().getTime() - (daysAgo + 6 * (productIds.length - 1 - k)) * DAY_MS)
    return { id: crypto.randomUUID(), kind: 'add', product_id, personal: true, at, received_at: at, subject }
  })
  await infra.sql.insertInto('analytics.event').values(rows).execute()
}

async function similarTo(id: string): Promise<Recommendations> {
  shop.passes(2_000)
  return (await shop.call<Recommendations>('GET', `/v1/products/${id}/similar`)).body
}

/** The report on the recommender. */
async function learn() {
  const [report] = await shop.modules.recommend.refresh()
  if (!report) throw new Error('no report')
  return report
}

test('with too little to learn from nothing is trained, and the vectors are published', async () => {
  await stock()
  const [recommender, vectors] = await shop.modules.recommend.refresh()
  expect(recommender).toMatchObject({ kind: 'recommender', version: null, activated: false, current: null })
  expect(vectors).toMatchObject({ kind: 'vectors', activated: true, metrics: { items: 2 * PAIRS } })
  const [, again] = await shop.modules.recommend.refresh()
  expect(again).toMatchObject({ activated: false, version: vectors?.version })
})

test('what was liked together is learned, serves at once, and can be taken back', async () => {
  const idOf = await stock()
  for (let k = 0; k < PAIRS; k++)
    for (let user = 0; user < 4; user++) await wants([idOf(`a${k}`), idOf(`b${k}`)], user < 2 ? 2 : 20)
  const first = await learn()
  expect(first).toMatchObject({ kind: 'recommender', activated: true, current: null, reason: 'the first one' })
  expect(first.metrics['recall']).toBeGreaterThan(0.9)
  const { model, items } = await similarTo(idOf('a3'))
  expect(model).toBe(String(first.version))
  expect(items[0]).toMatchObject({ product: { slug: 'b3' }, reason: { kind: 'together', productId: idOf('a3') } })

  // Later others like other pairs.
  for (let k = 0; k < PAIRS; k++)
    for (let user = 0; user < 12; user++) await wants([idOf(`a${k}`), idOf(`a${(k + 1) % PAIRS}`)], user < 6 ? 1 : 9)
  const second = await learn()
  expect(second).toMatchObject({ activated: true, current: { version: first.version } })
  expect(second.version).not.toBe(first.version)
  expect((await similarTo(idOf('a3'))).model).toBe(String(second.version))

  const { rollback } = shop.modules.recommend
  expect(await rollback()).toEqual({ kind: 'recommender', version: first.version, was: second.version })
  expect((await similarTo(idOf('a3'))).model).toBe(String(first.version))
  expect(await rollback()).toEqual({ kind: 'recommender', version: null, was: first.version })
  const { items: without } = await similarTo(idOf('a3'))
  expect(without.map(({ reason }) => reason.kind)).not.toContain('together')
  expect(await rollback()).toEqual({ kind: 'recommender', version: null, was: null })
})

test('a worse one is refused: what serves stays', async () => {
  const idOf = await stock()
  // Months ago everybody liked pairs, and that was learned.
  for (let k = 0; k < PAIRS; k++) for (let user = 0; user < 4; user++) await wants([idOf(`a${k}`), idOf(`b${k}`)], 40)
  const first = await learn()
  expect(first.activated).toBe(true)
  // Then came a flood of deeds that mean nothing, and in the last week shoppers like pairs as ever.
  await infra.sql.deleteFrom('analytics.event').execute()
  for (let k = 0; k < PAIRS; k++)
    for (let user = 0; user < 8; user++) await wants([idOf(`a${k}`), idOf(`a${(k + user) % PAIRS}`)], 10)
  for (let k = 0; k < PAIRS; k++) for (let user = 0; user < 2; user++) await wants([idOf(`a${k}`), idOf(`b${k}`)], 3)
  const second = await learn()
  expect(second).toMatchObject({ activated: false, current: { version: first.version } })
  expect(second.reason).toContain('worse')
  expect((await similarTo(idOf('a2'))).model).toBe(String(first.version))
})
