import { scaleAmount, splitAmount } from '../../promotions/pure/split.ts'
import type { TaxRule } from './tax.ts'

/** Minor units, all of one currency. */
export type Totals = {
  items: number
  discount: number
  shipping: number
  tax: number
  /** True when `tax` is a part of the prices, false when it comes on top. */
  taxIncluded: boolean
  total: number
}

/** `total` is what the line costs after its discount, with the tax where that comes on top. */
type LinePrice = { discount: number; tax: number; total: number }
export type Priced = { totals: Totals; lines: LinePrice[]; shippingTax: number }

type Basket = {
  amounts: readonly number[]
  discounts: readonly number[]
  /** What sending costs, after a coupon that pays for it. */
  shipping: number
  tax: TaxRule
}

/**
 * The whole bill. Tax is rounded once, on the whole, and split over lines and shipping so that the parts add up to it:
 * `total = items - discount + shipping`, plus `tax` where that is not included, and the lines with shipping make `total`.
 */
export function priceBasket({ amounts, discounts, shipping, tax: { rateBp, included } }: Basket): Priced {
  const parts = [...amounts.map((amount, place) => amount - discounts[place]!), shipping]
  const payable = parts.reduce((sum, part) => sum + part, 0)
  const tax = included ? scaleAmount(payable, rateBp, 10_000 + rateBp) : scaleAmount(payable, rateBp, 10_000)
  const taxes = splitAmount(tax, parts)
  const items = amounts.reduce((sum, amount) => sum + amount, 0)
  const discount = discounts.reduce((sum, amount) => sum + amount, 0)
  return {
    totals: { items, discount, shipping, tax, taxIncluded: included, total: included ? payable : payable + tax },
    lines: amounts.map((_, place) => ({
      discount: discounts[place]!,
      tax: taxes[place]!,
      total: parts[place]! + (included ? 0 : taxes[place]!),
    })),
    shippingTax: taxes.at(-1)!,
  }
}
