import { beforeEach, expect, spyOn, test } from 'bun:test'
import { transact } from '../../db/index.ts'
import { drainJobs, emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { deliverOutbox, publish } from './events.ts'

const infra = await openTestInfra()
const { sql } = infra
beforeEach(emptyTestInfra)

const changed = (productId: string) =>
  sql.transaction().execute((tx) => publish('catalog.product_changed', { productId }, tx))

/** A shop of listeners that write down what they hear; `hear` may throw. */
function listening(...names: string[]) {
  const heard: string[] = []
  const listener = (name: string) => async (event: { productId: string }) => {
    await shop.hear(name, event.productId)
    heard.push(`${name} ${event.productId}`)
  }
  const handlers = { 'catalog.product_changed': Object.fromEntries(names.map((name) => [name, listener(name)])) }
  const shop = { infra, handlers, jobs: {}, schedules: {}, heard, hear: async (_name: string, _id: string) => {} }
  return shop
}

test('each listener hears an event once', async () => {
  await changed('a')
  await changed('b')
  const shop = listening('cache', 'search')
  expect([await drainJobs(shop), await drainJobs(shop)]).toEqual([4, 0])
  expect(shop.heard.toSorted()).toEqual(['cache a', 'cache b', 'search a', 'search b'])
})

test('an event of a transaction that was rolled back is never heard', async () => {
  const answer = await transact<string>(sql, async (tx, abort) => {
    await publish('catalog.product_changed', { productId: 'a' }, tx)
    return abort('refused')
  })
  expect([answer, await drainJobs(listening('test'))]).toEqual(['refused', 0])
})

test('a listener that throws holds up neither the other listeners nor later events, and hears its own again', async () => {
  const logged = spyOn(console, 'error').mockImplementation(() => {})
  await changed('a')
  await changed('b')
  const shop = listening('good', 'bad')
  let broken = true
  shop.hear = async (name, id) => {
    if (broken && name === 'bad' && id === 'a') throw new Error('not now')
  }
  await drainJobs(shop, { mayFail: true })
  expect(shop.heard.toSorted()).toEqual(['bad b', 'good a', 'good b'])
  broken = false
  expect(await drainJobs(shop, { ahead: true })).toBe(1)
  expect(shop.heard.at(-1)).toBe('bad a')
  logged.mockRestore()
})

test('two deliveries at once hand each event to its listener once', async () => {
  for (let i = 0; i < 20; i++) await changed(String(i))
  const shop = listening('test')
  const taken = await Promise.all([deliverOutbox(infra, shop.handlers, 7), deliverOutbox(infra, shop.handlers, 7)])
  expect(taken).toEqual([7, 7])
  await drainJobs(shop)
  expect(shop.heard.toSorted()).toEqual(Array.from({ length: 20 }, (_, i) => `test ${i}`).toSorted())
})

test('an event that nobody hears is done with', async () => {
  await changed('a')
  expect(await drainJobs({ infra, handlers: {}, jobs: {}, schedules: {} })).toBe(0)
  expect(await deliverOutbox(infra, listening('late').handlers)).toBe(0)
})
