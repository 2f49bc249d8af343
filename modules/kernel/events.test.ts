import { beforeEach, expect, test } from 'bun:test'
import { transact } from '../../db/index.ts'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { deliverOutbox, publish } from './events.ts'

const { sql } = await openTestInfra()
beforeEach(emptyTestInfra)

const changed = (productId: string) =>
  sql.transaction().execute((tx) => publish('catalog.product_changed', { productId }, tx))

test('an event is heard once, in order, with its payload', async () => {
  await changed('a')
  await changed('b')
  const heard: string[] = []
  const handlers = {
    'catalog.product_changed': { test: async ({ productId }: { productId: string }) => void heard.push(productId) },
  }
  expect([await deliverOutbox(sql, handlers), await deliverOutbox(sql, handlers)]).toEqual([2, 0])
  expect(heard).toEqual(['a', 'b'])
})

test('an event of a transaction that was rolled back is never heard', async () => {
  const answer = await transact<string>(sql, async (tx, abort) => {
    await publish('catalog.product_changed', { productId: 'a' }, tx)
    return abort('refused')
  })
  expect([answer, await deliverOutbox(sql, {})]).toEqual(['refused', 0])
})

test('a handler that throws keeps its event and the later ones for the next delivery', async () => {
  await changed('a')
  await changed('b')
  const heard: string[] = []
  let broken = true
  const handlers = {
    'catalog.product_changed': {
      test: async ({ productId }: { productId: string }) => {
        if (productId === 'b' && broken) throw new Error('not now')
        heard.push(productId)
      },
    },
  }
  expect(await deliverOutbox(sql, handlers)).toBe(1)
  broken = false
  expect(await deliverOutbox(sql, handlers)).toBe(1)
  expect(heard).toEqual(['a', 'b'])
})

test('two deliveries at once hand each event to one of them', async () => {
  for (let i = 0; i < 20; i++) await changed(String(i))
  const heard: string[] = []
  const handlers = {
    'catalog.product_changed': { test: async ({ productId }: { productId: string }) => void heard.push(productId) },
  }
  await Promise.all([deliverOutbox(sql, handlers, 7), deliverOutbox(sql, handlers, 7)])
  while ((await deliverOutbox(sql, handlers)) > 0);
  expect(heard.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 20 }, (_, i) => String(i)))
})
