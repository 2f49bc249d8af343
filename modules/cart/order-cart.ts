import type { Sql } from '../../db/index.ts'
import { AppError } from '../kernel/errors.ts'
import type { Desk, Who } from './desk.ts'
import type { Priced } from './pure/pricing.ts'
import type { ShippingOption } from './pure/shipping.ts'
import { taxOf, TAXED_COUNTRIES } from './pure/tax.ts'
import { type Basket, basketOf, optionsOf, priceSent, type QuoteLine, totalsOf } from './quote.ts'
import type { CartTotals, ShippingOptions } from './schema.ts'
import { type Key, lockCart, lockCarts, removeBought } from './store.ts'

/** Everything an order needs to know of a cart: what is sold at which price, and what it comes to. */
export type Quote = {
  cartId: string
  /** To be handed to `lock`: this quote holds as long as no order of the cart was paid. */
  purchases: number
  currency: string
  lines: QuoteLine[]
  priced: Priced
  totals: CartTotals
  coupons: { code: string; amount: number; freeShipping: boolean }[]
  /** What a shopper who has not said which total they expect must see first. */
  surprises: {
    prices: { itemId: string; name: string; shown: number; now: number }[]
    coupons: { code: string; reason: string }[]
  }
  option: ShippingOption
}

type Wanted = { country: string; shippingOption: string }

/** PostgreSQL's `int`, with room for tax. */
const MOST_TOTAL = 2_000_000_000

/** What a cart comes to once it is known where it goes, and how it becomes an order. */
export function createQuotes({ keyOf, know, find }: Desk) {
  async function servedBasket(key: Key, country: string) {
    const tax = taxOf(country)
    if (!tax) {
      const details = { reason: 'country_not_served', countries: TAXED_COUNTRIES }
      throw new AppError('refused', `We do not deliver to ${country}`, details)
    }
    const known = await know(await find(key))
    const basket = basketOf(known)
    return { known, basket, tax, options: optionsOf(basket, country) }
  }

  return {
    /** Every way to have it sent, each with the whole bill. Throws refused for a country that is not served. */
    async listShippingOptions(token: string, actor: Who, country: string): Promise<ShippingOptions> {
      const { basket, tax, options } = await servedBasket(keyOf(token, actor), country)
      const items = options.map((option) => ({
        id: option.id,
        name: option.name,
        price: { amount: option.amount, currency: basket.currency },
        minDays: option.minDays,
        maxDays: option.maxDays,
        totals: totalsOf(priceSent(basket, options, option, tax), basket.currency),
      }))
      return { country, items }
    },

    /** What it comes to, sent so. Throws conflict for a cart that cannot be ordered as it is, refused for where or how it is sent. */
    async quote(token: string, actor: Who, { country, shippingOption }: Wanted): Promise<Quote> {
      const { known, basket, tax, options } = await servedBasket(keyOf(token, actor), country)
      assertOrderable(basket)
      const option = options.find(({ id }) => id === shippingOption)
      if (!option) {
        const details = { reason: 'shipping_option', options: options.map(({ id }) => id) }
        throw new AppError('refused', `This cannot be sent to ${country} by ${shippingOption}`, details)
      }
      const priced = priceSent(basket, options, option, tax)
      if (Math.max(priced.totals.items, priced.totals.total) > MOST_TOTAL)
        throw new AppError('refused', 'That is more than one order may come to', { reason: 'too_much' })
      const { cart } = known
      return {
        cartId: cart.id,
        purchases: cart.purchases,
        currency: basket.currency,
        lines: basket.lines,
        priced,
        totals: totalsOf(priced, basket.currency),
        coupons: basket.outcome.applied.map(({ code, amount, freeShipping }) => ({ code, amount, freeShipping })),
        surprises: surprisesOf(basket),
        option,
      }
    },

    /** Joins the caller's transaction and keeps other orders of the cart out of it; false when the quote does not hold any more. */
    lock: (quote: Pick<Quote, 'cartId' | 'purchases'>, tx: Sql): Promise<boolean> =>
      lockCart(tx, quote.cartId, quote.purchases),

    /** Joins the caller's transaction: who will take things out of the cart holds it before anything else. */
    async lockRow(cartId: string, tx: Sql): Promise<void> {
      await lockCarts(tx, [cartId])
    },

    /** Joins the caller's transaction: what was paid for leaves the cart, and its coupons with it. */
    removeBought: (cartId: string, lines: readonly { variantId: string; quantity: number }[], tx: Sql): Promise<void> =>
      removeBought(tx, cartId, lines),
  }
}

function assertOrderable({ lines, gone }: Basket): void {
  if (gone.length > 0) {
    const items = gone.map(({ id, name }) => ({ itemId: id, name }))
    throw new AppError('conflict', 'Something in the cart is not sold any more', { reason: 'not_available', items })
  }
  if (lines.length === 0) throw new AppError('conflict', 'The cart is empty', { reason: 'cart_empty' })
}

const surprisesOf = ({ lines, outcome, unknownCoupons }: Basket): Quote['surprises'] => ({
  prices: lines
    .filter(({ item, unitAmount }) => item.shownAmount !== unitAmount)
    .map(({ item, unitAmount }) => ({ itemId: item.id, name: item.name, shown: item.shownAmount, now: unitAmount })),
  coupons: [...outcome.refused, ...unknownCoupons.map((code) => ({ code, reason: 'unknown' }))],
})
