import { expect, test } from 'bun:test'
import { fromDecimal, toDecimal } from './decimal.ts'

test('any amount comes back as it went, in currencies of two, three and no decimals', () => {
  for (const currency of ['EUR', 'USD', 'JPY', 'KWD'])
    for (let amount = 0; amount < 3_000_000; amount = amount * 2 + 7)
      expect(fromDecimal(toDecimal({ amount, currency }), currency)).toEqual({ amount, currency })
})

test('reads as a provider writes it', () => {
  const texts = [toDecimal({ amount: 5, currency: 'EUR' }), toDecimal({ amount: 1999, currency: 'JPY' })]
  expect(texts).toEqual(['0.05', '1999'])
  expect(fromDecimal('20', 'EUR')).toEqual({ amount: 2000, currency: 'EUR' })
  expect(fromDecimal('20.5', 'EUR')).toEqual({ amount: 2050, currency: 'EUR' })
  expect(fromDecimal('1999.00', 'JPY')).toEqual({ amount: 1999, currency: 'JPY' })
})

test('what is no amount of the currency is none', () => {
  for (const value of ['1.999', '-1.00', '1e3', '', '1,00', 'NaN']) expect(fromDecimal(value, 'EUR')).toBeUndefined()
})

test('a currency that is paid in whole units refuses parts of one', () => {
  expect(toDecimal({ amount: 1_900_00, currency: 'HUF' })).toBe('1900')
  expect(() => toDecimal({ amount: 1_900_50, currency: 'HUF' })).toThrow('whole units')
})
