import { beforeEach, describe, expect, test } from 'bun:test'
import { transact } from '../../db/index.ts'
import { emptyTestInfra, openTestInfra } from '../../db/testing.ts'
import { createAudit } from '../audit/index.ts'
import type { Actor } from '../kernel/access.ts'
import { createPromotions } from './index.ts'
import { NewCouponSchema } from './schema.ts'

const infra = await openTestInfra()
const audit = createAudit(infra)
const promotions = createPromotions({ ...infra, audit })
beforeEach(emptyTestInfra)

const staff: Actor = { userId: crypto.randomUUID(), role: 'retailer', sessionId: 's' }
const make = (coupon: object) =>
  promotions.createCoupon(NewCouponSchema.parse({ kind: 'percent', percent: 10, ...coupon }), staff)
const used = async (code: string) => (await promotions.listCoupons({ code, limit: 1 })).items[0]?.used

const redeem = (codes: string[], buyers: string[], orderId = crypto.randomUUID()) =>
  transact(infra.sql, async (tx, abort: (value: string) => never) => {
    const redeemed = await promotions.redeem({ orderId, codes, buyers }, tx)
    return redeemed.ok ? orderId : abort(redeemed.why)
  })
const release = (orderId: string) => infra.sql.transaction().execute((tx) => promotions.release(orderId, tx))

describe('uses', () => {
  test('are counted in whole and for each buyer, and given back once', async () => {
    await make({ code: 'twice', totalLimit: 3, perUserLimit: 2 })
    const first = await redeem(['TWICE'], ['ada'])
    expect(await redeem(['TWICE'], ['ada'])).toMatch(/-/)
    expect(await redeem(['TWICE'], ['ada', 'bob'])).toBe('used_by_you')
    expect([await used('TWICE'), await redeem(['TWICE'], ['bob'])]).toEqual([2, expect.stringContaining('-')])
    expect(await redeem(['TWICE'], ['eve'])).toBe('used_up')
    for (let again = 0; again < 2; again++) await release(first)
    expect([await used('TWICE'), await redeem(['TWICE'], ['ada'])]).toEqual([2, expect.stringContaining('-')])
  })

  test('never pass a limit, however many ask at once and in whatever order they name the coupons', async () => {
    await make({ code: 'A', totalLimit: 7 })
    await make({ code: 'B', totalLimit: 5, perUserLimit: 1 })
    const asked = Array.from({ length: 40 }, (_, i) => redeem(i % 2 ? ['A', 'B'] : ['B', 'A'], [`buyer-${i % 10}`]))
    const won = (await Promise.all(asked)).filter((answer) => answer.includes('-'))
    expect([won.length, await used('A'), await used('B')]).toEqual([5, 5, 5])
    await Promise.all(won.map(release))
    expect([await used('A'), await used('B')]).toEqual([0, 0])
  })

  test('end with the validity, and when a coupon is put out of use', async () => {
    const past = await make({ code: 'PAST', validUntil: '2020-01-01T00:00:00Z' })
    expect(await redeem(['PAST'], ['ada'])).toBe('used_up')
    await promotions.changeCoupon(past.id, { validUntil: null }, staff)
    expect(await redeem(['PAST'], ['ada'])).toMatch(/-/)
    await promotions.changeCoupon(past.id, { active: false }, staff)
    expect(await redeem(['PAST'], ['bob'])).toBe('used_up')
  })

  test('of an erased buyer stay counted, and tell nobody whose they were', async () => {
    await make({ code: 'X', perUserLimit: 1 })
    const order = await redeem(['X'], ['ada', 'mail'])
    await infra.sql.transaction().execute((tx) => promotions.forgetBuyers(['ada', 'mail'], tx))
    expect(await used('X')).toBe(1)
    expect(await infra.sql.selectFrom('promotions.redemption').select('buyers').execute()).toEqual([{ buyers: [] }])
    await release(order)
    expect(await used('X')).toBe(0)
  })
})

describe('a coupon', () => {
  test('is made once, changed within what it was used, and both are audited', async () => {
    const coupon = await make({ code: 'new-1', perUserLimit: 5 })
    expect(coupon).toMatchObject({ code: 'NEW-1', percent: 10, used: 0, active: true })
    expect(make({ code: 'NEW-1' })).rejects.toMatchObject({ code: 'conflict' })
    for (const buyer of ['a', 'b', 'c']) await redeem(['NEW-1'], [buyer])
    expect(promotions.changeCoupon(coupon.id, { totalLimit: 2 }, staff)).rejects.toMatchObject({ details: { used: 3 } })
    expect(await promotions.changeCoupon(coupon.id, { totalLimit: 3 }, staff)).toMatchObject({ totalLimit: 3, used: 3 })
    expect(promotions.changeCoupon(crypto.randomUUID(), { active: false }, staff)).rejects.toMatchObject({
      code: 'not_found',
    })
    const { items } = await audit.listEntries({ subject: `coupon:${coupon.id}`, limit: 5 })
    expect(items.map(({ action }) => action)).toEqual(['promotions.change_coupon', 'promotions.create_coupon'])
  })

  test.each([
    { kind: 'percent', percent: null },
    { kind: 'percent', percent: 101 },
    { kind: 'amount', percent: null },
    { kind: 'amount', percent: null, amount: 500 },
    { kind: 'free_shipping' },
    { minimumAmount: 500 },
    { code: 'two words' },
    { validFrom: '0000-01-01T00:00:00Z' },
    { validUntil: '9999-12-31T23:59:59-12:00' },
  ])('that says %p makes no sense', (change) => {
    expect(NewCouponSchema.safeParse({ code: 'X', kind: 'percent', percent: 10, ...change }).success).toBe(false)
  })

  test('is listed newest first, by how its code begins', async () => {
    for (const code of ['SUN-1', 'SUN-2', 'RAIN', 'SUN_3'.replace('_', '-')]) await make({ code })
    const first = await promotions.listCoupons({ code: 'sun-', limit: 2 })
    expect(first.items.map(({ code }) => code)).toEqual(['SUN-3', 'SUN-2'])
    const rest = await promotions.listCoupons({ code: 'sun-', limit: 2, cursor: first.nextCursor! })
    expect([rest.items.map(({ code }) => code), rest.nextCursor]).toEqual([['SUN-1'], null])
    expect((await promotions.listCoupons({ code: '%', limit: 5 })).items).toEqual([])
  })
})
