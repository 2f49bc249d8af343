import { expect, setDefaultTimeout, test } from 'bun:test'
import { retailer } from '../../edge/testing-shop.ts'
import { signInAs } from '../identity/testing.ts'
import { NewRuleSchema } from './rule-schema.ts'
import { type Article, openTestShelf } from './testing-shelf.ts'

setDefaultTimeout(120_000)
const shelf = await openTestShelf()
const { modules, search, names, page, infra } = shelf
const DAY_MS = 86_400_000
const COUNT = 12
const asStaff = retailer()

/** A repeatable stream of numbers in [0, 1): Park and Miller's generator. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

/** Half of them are tees that go with a shirt, half are shirts that go with a tee. */
const articles = (age: string): Article[] =>
  Array.from({ length: COUNT }, (_, i) => ({
    name: `${age} ${i % 2 === 0 ? 'Tee' : 'Shirt'} ${String.fromCharCode(65 + i)}`,
    brand: `${age} ${i % 4}`,
    says: i % 2 === 0 ? 'Goes with a shirt.' : 'Goes with a tee.',
    colours: [['Navy', 'White', 'Red', 'Sky Blue'][i % 4] ?? 'Navy'],
  }))

async function open(): Promise<void> {
  await shelf.restock(...articles('Old'))
  shelf.passes(200 * DAY_MS)
  await shelf.stock(...articles('Fresh'))
  await search.rollbackRanker()
}

/** People who look at a place the less the further down it is, and then click by what the product is to them. */
async function peopleSearch(days: number, seed: number, appeal: (name: string) => number): Promise<void> {
  const random = createRandom(seed)
  for (let day = 0; day < days; day++) {
    shelf.passes(DAY_MS)
    for (const query of ['tee', 'shirt']) {
      const { items, searchId } = await page(`q=${query}`)
      await Promise.all(
        Array.from({ length: 16 }, () => {
          const at = shelf.now().toISOString()
          const clicks = items.flatMap(({ id, name }, position) =>
            random() < 1 / (position + 1) ** 0.7 && random() < appeal(name)
              ? [{ id: crypto.randomUUID(), kind: 'click' as const, at, productId: id, searchId, position }]
              : [],
          )
          const shown = items.map(({ id }) => id)
          const seen = { id: crypto.randomUUID(), kind: 'search' as const, at, query, searchId, shown }
          const asking = { visitor: crypto.randomUUID(), consents: ['analytics' as const] }
          return modules.analytics.takeEvents({ events: [seen, ...clicks] }, asking)
        }),
      )
    }
  }
}

const lovesFresh = (name: string) => (name.startsWith('Fresh') ? 0.5 : 0.06)
const freshAmong = (found: string[]) => found.filter((name) => name.startsWith('Fresh')).length
const topOf = async (query: string) => (await names(`q=${query}`)).slice(0, COUNT)

async function shirtsFor(who: Parameters<typeof search.search>[1]) {
  const { page: found, personal } = await search.search({ q: 'shirt', sort: 'relevance', limit: 24 }, who)
  return { personal, names: found.items.map(({ name }) => name) }
}

test('learns what is clicked, says why, is not replaced by what is worse, and goes back when it is told to', async () => {
  await open()
  const before = await topOf('tee')
  expect(before.every((name) => name.includes('Tee'))).toBe(true)
  expect(await search.refreshRanker()).toMatchObject({ activated: false, version: null, current: null })
  await peopleSearch(27, 5, lovesFresh)

  const dry = await search.refreshRanker({ dryRun: true })
  expect(dry).toMatchObject({ activated: false, version: null, reason: 'better, and not kept' })
  expect(await topOf('tee')).toEqual(before)

  const report = await search.refreshRanker()
  expect(report).toMatchObject({ kind: 'ranker', activated: true, version: expect.any(String), current: null })
  expect(report.metrics['ndcg']).toBeGreaterThan(report.metrics['formulaNdcg'] ?? 1)
  const learnt = await topOf('tee')
  expect(freshAmong(learnt)).toBeGreaterThanOrEqual(COUNT - 1)

  const { page: explained } = await search.search(
    { q: 'tee', sort: 'relevance', limit: 24, explain: true },
    { consents: [] },
    asStaff,
  )
  const scores = explained.items.map(({ explanation }) => explanation?.score ?? 0)
  expect(scores).toEqual(scores.toSorted((a, b) => b - a))
  for (const { explanation } of explained.items) {
    const sum = explanation?.features.reduce((total, { contribution }) => total + contribution, 0)
    expect(sum).toBeCloseTo(explanation?.score ?? Number.NaN, 9)
    expect(explanation?.features.map(({ name }) => name)).toContain('newness')
  }

  await peopleSearch(34, 6, () => 0.25)
  await peopleSearch(7, 7, lovesFresh)
  const worse = await search.refreshRanker()
  expect(worse).toMatchObject({ activated: false, current: { version: report.version } })
  expect(await topOf('tee')).toEqual(learnt)

  expect(await search.rollbackRanker()).toEqual({ kind: 'ranker', version: null, was: report.version })
  expect((await topOf('tee')).every((name) => name.includes('Tee'))).toBe(true)
})

test('another process takes over what one has activated, and the formula where a model is not to be read', async () => {
  await open()
  const version = infra.newId()
  // Five points of each curve, the third being that of newness.
  const curves = Array.from({ length: 50 }, (_, i) => (i >= 10 && i < 15 ? (i - 10) * 5 : 0))
  const kept = { curves, propensities: [1], rates: { all: [0, 0], products: {}, pairs: {} } }
  const formula = await topOf('tee')
  const model = { kind: 'ranker', version, bytes: Buffer.from(JSON.stringify(kept)) } as const
  await infra.models.keep({ ...model, metrics: {}, activate: true })
  shelf.passes(6000)
  // The first search after a while notices, those after it are ranked by the other model.
  let found = await topOf('tee')
  for (let tries = 0; tries < 200 && found.join() === formula.join(); tries++) found = await topOf('tee')
  expect(freshAmong(found)).toBe(COUNT)
  const sunk = await search.rules.createRule(
    NewRuleSchema.parse({ kind: 'bury', brands: ['fresh-0'], factor: 0.1 }),
    asStaff,
  )
  // The brand's tees: a rule of the shop holds whatever the model makes of the words.
  expect((await topOf('tee')).slice(-3).every((name) => /^Fresh Tee [AEI]$/.test(name))).toBe(true)
  await search.rules.removeRule(sunk.id, asStaff)
  await infra.models.keep({
    ...model,
    version: infra.newId(),
    bytes: Buffer.from('{"curves":[]}'),
    metrics: {},
    activate: true,
  })
  shelf.passes(6000)
  for (let tries = 0; tries < 200 && found.join() !== formula.join(); tries++) found = await topOf('tee')
  expect(found).toEqual(formula)
})

test('what somebody likes and wears comes first for them alone, as far as they allow it', async () => {
  await open()
  const me = await signInAs(modules.identity)
  const liked = await shelf.idOf('Old Shirt L')
  await modules.profile.putConsent(me.user.id, 'analytics', true)
  await modules.profile.putConsent(me.user.id, 'personalisation', true)
  const asking = { actor: me.actor, consents: [] }
  const events = Array.from({ length: 8 }, () => ({
    id: crypto.randomUUID(),
    kind: 'add' as const,
    at: shelf.now().toISOString(),
    productId: liked,
  }))
  const everybody = await shirtsFor({ consents: [] })
  await modules.analytics.takeEvents({ events }, asking)
  const mine = await shirtsFor(asking)
  expect(mine.personal).toBe(true)
  expect(mine.names.indexOf('Old Shirt L')).toBeLessThan(everybody.names.indexOf('Old Shirt L'))
  expect(await shirtsFor({ visitor: crypto.randomUUID(), consents: ['personalisation'] })).toEqual(everybody)
  await modules.profile.putConsent(me.user.id, 'personalisation', false)
  await shelf.drain()
  shelf.passes(60_000)
  expect(await shirtsFor(asking)).toEqual(everybody)
})
