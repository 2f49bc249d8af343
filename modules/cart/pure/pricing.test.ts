import { describe, expect, test } from 'bun:test'
import { priceBasket } from './pricing.ts'
import { shippingOptions } from './shipping.ts'
import { taxOf, TAXED_COUNTRIES } from './tax.ts'

const included = { rateBp: 1900, included: true }
const onTop = { rateBp: 500, included: false }
const sum = (values: number[]) => values.reduce((total, value) => total + value, 0)

describe('a bill', () => {
  test('contains a tax that prices include, and adds one that they do not', () => {
    const basket = { amounts: [4000, 2000], discounts: [600, 0], shipping: 490 }
    expect(priceBasket({ ...basket, tax: included }).totals).toEqual({
      items: 6000,
      discount: 600,
      shipping: 490,
      tax: 940,
      taxIncluded: true,
      total: 5890,
    })
    expect(priceBasket({ ...basket, tax: onTop }).totals).toMatchObject({ tax: 295, taxIncluded: false, total: 6185 })
  })

  test('is the exact sum of its lines and its shipping, and so is its tax, for any basket', () => {
    for (let seed = 1; seed < 1500; seed++) {
      const amounts = Array.from({ length: 1 + (seed % 9) }, (_, place) => (seed * 104_729 * (place + 1)) % 50_021)
      const discounts = amounts.map((amount, place) => (amount * ((seed + place) % 4)) >> 2)
      const shipping = (seed * 37) % 3001
      const tax = { rateBp: (seed * 53) % 2701, included: seed % 2 === 0 }
      const { totals, lines, shippingTax } = priceBasket({ amounts, discounts, shipping, tax })
      expect(sum(lines.map((line) => line.tax)) + shippingTax).toBe(totals.tax)
      const shippingTotal = shipping + (tax.included ? 0 : shippingTax)
      expect(sum(lines.map((line) => line.total)) + shippingTotal).toBe(totals.total)
      expect(totals.items - totals.discount + totals.shipping + (tax.included ? 0 : totals.tax)).toBe(totals.total)
      expect(Math.min(...lines.map((line) => line.tax), shippingTax)).toBeGreaterThanOrEqual(0)
    }
  })
})

const prices = (country: string, grams: number) =>
  shippingOptions(country, grams, 'EUR').map(({ id, amount }) => [id, amount])

describe('shipping', () => {
  test('costs by zone and weight, cheapest first', () => {
    expect(prices('DE', 400)).toEqual([
      ['standard', 490],
      ['express', 1290],
    ])
    expect(prices('DE', 2001)).toEqual([
      ['standard', 690],
      ['express', 1690],
    ])
    expect(prices('FR', 2000)[0]).toEqual(['standard', 990])
    expect(prices('DE', 20_000)).toEqual([['standard', 1490]])
    expect(prices('DE', 31_501)).toEqual([])
  })

  test('has its own round prices in each currency, and none in one that it does not know', () => {
    expect(shippingOptions('US', 400, 'USD')[0]?.amount).toBe(2190)
    expect(shippingOptions('DE', 400, 'XXX')).toEqual([])
    expect(shippingOptions('ZZ', 400, 'EUR')).toEqual([])
  })

  test('goes to every country whose tax is known', () => {
    for (const country of TAXED_COUNTRIES) {
      expect(shippingOptions(country, 400, 'EUR').length).toBeGreaterThan(0)
      expect(Number.isInteger(taxOf(country)?.rateBp)).toBe(true)
    }
  })
})
