import { beforeEach, expect, test } from 'bun:test'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { openTestShop, product } from '../../edge/testing-shop.ts'
import type { ChangeReader } from './index.ts'

const infra = await openTestInfra()
let shop = openTestShop(infra)
beforeEach(async () => {
  await emptyTestInfra()
  shop = openTestShop(infra)
})

const [A, B, C] = [infra.newId(), infra.newId(), infra.newId()]

/** Takes up all that there is after `position`, and gives where to go on. */
async function takeAll(reader: ChangeReader, position: string | undefined) {
  const news = await reader.after(position)
  if (!news) throw new Error('The thread is lost')
  news.taken()
  return { ids: news.productIds, position: news.position ?? position }
}

/** The place after `position`, once no transaction of this server is left that is older than what was taken up. */
async function passBy(reader: ChangeReader, position: string) {
  for (;;) {
    const { position: next } = await takeAll(reader, position)
    if (next !== position) return next
    await new Promise(setImmediate)
  }
}

test('each reader goes on from its own place, and who failed gets the same again', async () => {
  const { catalog } = shop.modules
  const { now: from } = await catalog.changesFrom()
  const [one, other] = [catalog.readChanges(), catalog.readChanges()]
  await catalog.noteChanged([A, B])
  await catalog.noteChanged([A])
  expect((await one.after(from))?.productIds).toEqual([A, B])
  const taken = await takeAll(one, from)
  expect(taken.ids).toEqual([A, B])
  await catalog.noteChanged([C])
  expect((await takeAll(one, taken.position)).ids).toEqual([C])
  expect((await takeAll(other, from)).ids).toEqual([A, B, C])
})

test('what changes while an older transaction runs is given at once, and once; what that one changes comes when it ends', async () => {
  const { catalog } = shop.modules
  const { now: from } = await catalog.changesFrom()
  const reader = catalog.readChanges()
  const [late, early] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const slow = infra.sql.transaction().execute(async (tx) => {
    await catalog.noteChanged([A], tx)
    early.resolve()
    await late.promise
  })
  await early.promise
  await catalog.noteChanged([B])
  const first = await takeAll(reader, from)
  expect(first).toEqual({ ids: [B], position: from })
  expect((await takeAll(reader, from)).ids).toEqual([])
  late.resolve()
  await slow
  expect((await reader.after(from))?.productIds).toEqual([A])
  expect((await takeAll(reader, await passBy(reader, from))).ids).toEqual([])
})

test('the thread is lost with a place of nowhere, of another database, and of before what was forgotten', async () => {
  const { catalog } = shop.modules
  const { now: from } = await catalog.changesFrom()
  const reader = catalog.readChanges()
  expect(await reader.after(undefined)).toBeUndefined()
  expect(await reader.after('elsewhere-1/5:0')).toBeUndefined()
  await catalog.noteChanged([A])
  const position = await passBy(reader, from)
  shop.passes(3 * 86_400_000)
  await catalog.jobs['catalog.prune_changes']()
  expect(await reader.after(from)).toBeUndefined()
  expect((await takeAll(reader, position)).ids).toEqual([])
  expect((await takeAll(reader, (await catalog.changesFrom()).oldest)).ids).toEqual([])
})

test('one save is one change for whoever follows, and so is a variant that sold out', async () => {
  const { catalog } = shop.modules
  const { now: from } = await catalog.changesFrom()
  const reader = catalog.readChanges()
  await shop.sell(product('shirt'))
  await shop.drain()
  const id = (await catalog.findProductId('shirt')) ?? ''
  const saved = await takeAll(reader, from)
  expect(saved.ids).toEqual([id])
  const { variants } = await catalog.getProduct('shirt')
  await catalog.noteVariantsChanged(variants.map((variant) => variant.id))
  expect((await takeAll(reader, saved.position)).ids).toEqual([id])
})
