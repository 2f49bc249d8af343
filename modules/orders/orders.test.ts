import { beforeEach, describe, expect, test } from 'bun:test'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { openTestShop, product } from './testing.ts'

const shop = openTestShop(await openTestInfra())
beforeEach(emptyTestInfra)

describe('statements', () => {
  test('an add to a cart takes at most six, the first one and with a coupon too', async () => {
    const [s = '', m = ''] = await shop.sell(product('tee'))
    const { id } = await shop.modules.cart.createCart(undefined)
    const add = (variantId: string) => () => shop.call('POST', `/v1/carts/${id}/items`, { variantId })
    const counts = [await shop.count(add(s)), await shop.count(add(m)), await shop.count(add(m))]
    await shop.modules.promotions.createCoupon(coupon('TEN'), staff)
    await shop.modules.cart.addCoupon(id, undefined, 'TEN')
    counts.push(await shop.count(add(m)))
    console.log(counts)
    expect(Math.max(...counts)).toBeLessThanOrEqual(6)
  })

  test('a checkout takes at most fifteen, with a coupon, two lines and an idempotency key', async () => {
    const [s = '', m = ''] = await shop.sell(product('tee'))
    await shop.modules.promotions.createCoupon(coupon('TEN'), staff)
    const plain = await shop.fill({ [s]: 1, [m]: 2 })
    const full = await shop.fill({ [s]: 1, [m]: 2 })
    await shop.modules.cart.addCoupon(full, undefined, 'TEN')
    const counts = [
      await shop.count(() => shop.checkout(plain)),
      await shop.count(() => shop.checkout(full, {}, { 'idempotency-key': 'key-12345' })),
    ]
    console.log(counts)
    expect(Math.max(...counts)).toBeLessThanOrEqual(15)
  })
})

const staff = { userId: crypto.randomUUID(), role: 'retailer' as const, sessionId: '' }
const coupon = (code: string) => ({
  code,
  kind: 'percent' as const,
  percent: 10,
  amount: null,
  currency: null,
  minimumAmount: null,
  validFrom: null,
  validUntil: null,
  totalLimit: null,
  perUserLimit: null,
  stackable: false,
  active: true,
})
