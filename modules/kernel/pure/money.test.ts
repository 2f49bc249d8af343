import { expect, test } from 'bun:test'
import { addMoney, formatMoney, multiplyMoney } from './money.ts'

const eur = (amount: number) => ({ amount, currency: 'EUR' })

test('money adds up within a currency and never across', () => {
  expect(addMoney(eur(1999), eur(1))).toEqual(eur(2000))
  expect(() => addMoney(eur(1), { amount: 1, currency: 'USD' })).toThrow('USD')
})

test('a share is rounded half away from zero, the same for a charge and its refund', () => {
  for (let amount = 0; amount < 500; amount++)
    for (const share of [0.5, 0.1, 0.07, 1.19]) {
      const charge = multiplyMoney(eur(amount), share).amount
      expect(Math.abs(charge - amount * share)).toBeLessThanOrEqual(0.5 + 1e-9)
      expect(multiplyMoney(eur(-amount), share).amount + charge).toBe(0)
    }
})

test('reads as the locale writes it, with as many decimals as the currency has', () => {
  expect(formatMoney(eur(1999), 'en')).toBe('€19.99')
  expect(formatMoney({ amount: 1999, currency: 'JPY' }, 'en')).toBe('¥1,999')
})
