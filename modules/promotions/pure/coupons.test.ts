import { describe, expect, test } from 'bun:test'
import { applyCoupons, type CouponRule } from './coupons.ts'

const rule = (code: string, change: Partial<CouponRule>): CouponRule => ({
  code,
  kind: 'percent',
  percent: null,
  amount: null,
  currency: null,
  minimumAmount: null,
  validFrom: null,
  validUntil: null,
  stackable: true,
  active: true,
  usedUp: false,
  ...change,
})
const tenPercent = rule('TEN', { percent: 10 })
const fiveEuros = rule('FIVE', { kind: 'amount', amount: 500, currency: 'EUR' })
const freeShipping = rule('FREE', { kind: 'free_shipping' })
const basket = (...amounts: number[]) => ({ amounts, currency: 'EUR', now: 1000 })

const total = (values: number[]) => values.reduce((sum, value) => sum + value, 0)

test('percentages come off first, then amounts of what is left, whatever the order they were entered in', () => {
  for (const coupons of [
    [tenPercent, fiveEuros],
    [fiveEuros, tenPercent],
  ]) {
    const { applied, lineDiscounts } = applyCoupons(coupons, basket(1000, 3000))
    expect(applied.map(({ code, amount }) => [code, amount])).toEqual([
      ['TEN', 400],
      ['FIVE', 500],
    ])
    expect(lineDiscounts).toEqual([225, 675])
  }
})

test('discounts never exceed what there is to pay', () => {
  const voucher = rule('BIG', { kind: 'amount', amount: 99_999, currency: 'EUR' })
  expect(applyCoupons([voucher, tenPercent], basket(1000, 1))).toMatchObject({ lineDiscounts: [1000, 1] })
})

test('the shares of every coupon add up to it, for any basket', () => {
  for (let seed = 1; seed < 800; seed++) {
    const amounts = Array.from({ length: 1 + (seed % 7) }, (_, place) => (seed * 7919 * (place + 3)) % 20_011)
    const percent = rule('P', { percent: 1 + (seed % 100) })
    const amount = rule('A', { kind: 'amount', amount: 1 + ((seed * 31) % 9000), currency: 'EUR' })
    const { applied, lineDiscounts } = applyCoupons([percent, amount, freeShipping], basket(...amounts))
    for (const one of applied) expect(total(one.shares)).toBe(one.amount)
    expect(total(lineDiscounts)).toBe(total(applied.map((one) => one.amount)))
    for (const [place, discount] of lineDiscounts.entries()) expect(discount).toBeLessThanOrEqual(amounts[place]!)
  }
})

const reasonOf = (coupon: CouponRule) => applyCoupons([coupon], basket(2000)).refused[0]?.reason

describe('a coupon is refused', () => {
  test.each([
    [{ active: false }, 'inactive'],
    [{ validFrom: 1001 }, 'not_yet_valid'],
    [{ validUntil: 1000 }, 'expired'],
    [{ usedUp: true }, 'used_up'],
    [{ currency: 'USD' }, 'other_currency'],
    [{ currency: 'EUR', minimumAmount: 2001 }, 'below_minimum'],
  ] as const)('for %p as %p', (change, reason) => {
    expect(reasonOf(rule('X', { percent: 10, ...change }))).toBe(reason)
  })
  test('not at the very edges of its validity and minimum', () => {
    const edge = { validFrom: 1000, validUntil: 1001, currency: 'EUR', minimumAmount: 2000 }
    expect(reasonOf(rule('X', { percent: 10, ...edge }))).toBeUndefined()
  })
})

const codes = (coupons: CouponRule[]) => {
  const { applied, refused } = applyCoupons(coupons, basket(2000))
  return [applied.map(({ code }) => code), refused.map(({ code, reason }) => `${code} ${reason}`)]
}

test('one that does not stack stands alone, and the first entered wins', () => {
  const alone = rule('ALONE', { percent: 50, stackable: false })
  expect(codes([alone, tenPercent])).toEqual([['ALONE'], ['TEN not_combinable']])
  expect(codes([tenPercent, alone, freeShipping])).toEqual([['TEN', 'FREE'], ['ALONE not_combinable']])
})
