import { beforeEach, expect, test } from 'bun:test'
import { emptyTestInfra, openTestInfra } from '../db/testing.ts'
import { openTestShop, product } from './testing-shop.ts'

const infra = await openTestInfra()
const shop = openTestShop(infra)
beforeEach(emptyTestInfra)

const KEY = { 'idempotency-key': 'a-key-1234' }

async function cart(): Promise<{ cartId: string; variantId: string }> {
  const [variantId = ''] = await shop.sell(product('tee'))
  return { cartId: await shop.cartWith({ [variantId]: 1 }), variantId }
}

test('the same key with the same body gets the same answer, marked as a replay', async () => {
  const { cartId, variantId } = await cart()
  const first = await shop.checkout(cartId, {}, KEY)
  expect([first.status, first.headers.get('idempotent-replayed')]).toEqual([201, null])
  await shop.pay(first.body)
  const second = await shop.checkout(cartId, {}, KEY)
  expect([second.status, second.headers.get('idempotent-replayed')]).toEqual([201, 'true'])
  expect(second.body).toEqual(first.body)
  expect(await shop.stockOf(variantId)).toBe(4)
})

test('a refusal is the same the second time too', async () => {
  const { cartId } = await cart()
  await shop.sell(product('tee', { price: { amount: 2500, currency: 'EUR' } }))
  const [first, second] = [await shop.checkout(cartId, {}, KEY), await shop.checkout(cartId, {}, KEY)]
  expect([first.status, second.status, second.headers.get('idempotent-replayed')]).toEqual([409, 409, 'true'])
  expect(second.body).toEqual(first.body)
})

test('the same key with another body is refused', async () => {
  const { cartId } = await cart()
  await shop.checkout(cartId, {}, KEY)
  expect(await shop.checkout(cartId, { shippingOption: 'express' }, KEY)).toMatchObject({
    status: 422,
    body: { details: { reason: 'key_reused' } },
  })
})

test('of many with the same key at once one works, and the others are told that it does', async () => {
  const { cartId, variantId } = await cart()
  const answers = await Promise.all(Array.from({ length: 8 }, () => shop.checkout(cartId, {}, KEY)))
  for (const { status, body } of answers)
    if (status !== 201) expect([status, body.details.reason]).toEqual([409, 'running'])
  const done = answers.filter(({ status }) => status === 201)
  expect(done.length).toBeGreaterThan(0)
  expect(new Set(done.map(({ body }) => body.order.id)).size).toBe(1)
  expect(await shop.stockOf(variantId)).toBe(4)
})

test('who died before answering is taken over from, and what it had done is not done again', async () => {
  const { cartId, variantId } = await cart()
  const first = await shop.checkout(cartId, {}, KEY)
  // As a kill between the commit of the order and the keeping of the answer leaves it.
  const at = new Date(shop.now().getTime() + 4000)
  await infra.sql.updateTable('kernel.idempotency').set({ answer: null, busy_until: at }).execute()
  expect((await shop.checkout(cartId, {}, KEY)).body.details.reason).toBe('running')
  shop.passes(6000)
  const second = await shop.checkout(cartId, {}, KEY)
  expect([second.status, second.body.order.id]).toEqual([201, first.body.order.id])
  expect(await shop.stockOf(variantId)).toBe(4)
})

test('after a day the key is as new', async () => {
  const { cartId } = await cart()
  const first = await shop.checkout(cartId, {}, KEY)
  shop.passes(25 * 3600_000)
  await shop.modules.orders.expirePending()
  const second = await shop.checkout(cartId, { shippingOption: 'express' }, KEY)
  expect([first.status, second.status]).toEqual([201, 201])
  expect(second.body.order.id).not.toBe(first.body.order.id)
})

test('what was never begun is not kept, and a key must be one', async () => {
  const { cartId } = await cart()
  expect((await shop.checkout(cartId, { email: 'nobody' }, KEY)).status).toBe(400)
  expect((await shop.checkout(cartId, {}, { 'idempotency-key': 'short' })).status).toBe(400)
  expect((await shop.checkout(cartId, {}, { 'idempotency-key': 'x'.repeat(201) })).status).toBe(400)
  expect((await shop.checkout(cartId, {}, { 'idempotency-key': 'a-key-5678' })).status).toBe(201)
})

test('reading and filling carts knows no keys', async () => {
  const { cartId, variantId } = await cart()
  const add = () => shop.call<{ pieces: number }>('POST', `/v1/carts/${cartId}/items`, { variantId }, KEY)
  expect([(await add()).body.pieces, (await add()).body.pieces]).toEqual([2, 3])
})
