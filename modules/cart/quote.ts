import type { DescribedVariant } from '../catalog/index.ts'
import type { Money } from '../kernel/pure/money.ts'
import { applyCoupons, type CouponOutcome, type CouponRule } from '../promotions/pure/coupons.ts'
import { type Priced, priceBasket } from './pure/pricing.ts'
import { DEFAULT_WEIGHT_GRAMS, type ShippingOption, shippingOptions } from './pure/shipping.ts'
import type { TaxRule } from './pure/tax.ts'
import type { Cart, CartCoupon, CartItem, CartTotals } from './schema.ts'
import type { CartRow, ItemRow } from './store.ts'

/** A cart with what everybody else knows of its lines, as of now. */
export type Known = {
  cart: CartRow
  variants: ReadonlyMap<string, DescribedVariant>
  coupons: CouponRule[]
  now: Date
}

/** A line that can be sold; amounts in minor units of the cart's currency. */
export type QuoteLine = {
  item: ItemRow
  variant: DescribedVariant
  unitAmount: number
  /** Before discounts. */
  amount: number
}

export type Basket = {
  currency: string
  lines: QuoteLine[]
  /** Not sold any more, or in another currency now. */
  gone: ItemRow[]
  outcome: CouponOutcome
  unknownCoupons: string[]
  grams: number
}

/** A currency for the zeros of a cart that never held anything. */
const NO_CURRENCY = 'EUR'

export function basketOf({ cart, variants, coupons, now }: Known): Basket {
  const currency = cart.currency ?? NO_CURRENCY
  const lines: QuoteLine[] = []
  const gone: ItemRow[] = []
  for (const item of cart.items) {
    const variant = variants.get(item.variantId)
    if (variant?.price.currency !== currency) gone.push(item)
    else lines.push({ item, variant, unitAmount: variant.price.amount, amount: variant.price.amount * item.quantity })
  }
  const amounts = lines.map(({ amount }) => amount)
  return {
    currency,
    lines,
    gone,
    outcome: applyCoupons(coupons, { amounts, currency, now: now.getTime() }),
    unknownCoupons: cart.coupons.filter((code) => !coupons.some((coupon) => coupon.code === code)),
    grams: lines.reduce(
      (sum, { item, variant }) => sum + item.quantity * (variant.weightGrams ?? DEFAULT_WEIGHT_GRAMS),
      0,
    ),
  }
}

/** A coupon pays for the cheapest way to send it; a dearer one costs the difference. */
export function priceSent(basket: Basket, options: ShippingOption[], option: ShippingOption, tax: TaxRule): Priced {
  const free = basket.outcome.freeShipping ? Math.min(...options.map(({ amount }) => amount)) : 0
  const amounts = basket.lines.map(({ amount }) => amount)
  return priceBasket({ amounts, discounts: basket.outcome.lineDiscounts, shipping: option.amount - free, tax })
}

export const optionsOf = (basket: Basket, country: string): ShippingOption[] =>
  shippingOptions(country, basket.grams, basket.currency)

export function totalsOf({ totals }: Priced, currency: string): CartTotals {
  const money = (amount: number): Money => ({ amount, currency })
  const { items, discount, shipping, tax, taxIncluded, total } = totals
  return {
    items: money(items),
    discount: money(discount),
    shipping: money(shipping),
    tax: money(tax),
    taxIncluded,
    total: money(total),
  }
}

function availabilityOf(quantity: number, available: number): CartItem['availability'] {
  if (available >= quantity) return 'available'
  return available > 0 ? 'insufficient' : 'sold_out'
}

function couponViews({ outcome, unknownCoupons, currency }: Basket, codes: string[]): CartCoupon[] {
  return codes.map((code) => {
    const applied = outcome.applied.find((one) => one.code === code)
    const refused = outcome.refused.find((one) => one.code === code)
    const unknown = unknownCoupons.includes(code) ? ('unknown' as const) : null
    return {
      code,
      applied: applied !== undefined,
      reason: refused?.reason ?? unknown,
      discount: { amount: applied?.amount ?? 0, currency },
      freeShipping: applied?.freeShipping ?? false,
    }
  })
}

function soldItem({ item, variant, unitAmount, amount }: QuoteLine, discount: number, available: number): CartItem {
  const { productId, slug, brand, sku, colour, size, image } = variant
  const { currency } = variant.price
  return {
    id: item.id,
    variantId: item.variantId,
    name: variant.name,
    quantity: item.quantity,
    availability: availabilityOf(item.quantity, available),
    available,
    product: { id: productId, slug, brand, sku, colour, size, image },
    unitPrice: { amount: unitAmount, currency },
    previousPrice: item.shownAmount === unitAmount ? null : { amount: item.shownAmount, currency },
    discount: { amount: discount, currency },
    total: { amount: amount - discount, currency },
  }
}

const goneItem = ({ id, variantId, name, quantity }: ItemRow, currency: string): CartItem => ({
  id,
  variantId,
  name,
  quantity,
  availability: 'gone',
  available: 0,
  product: null,
  unitPrice: null,
  previousPrice: null,
  discount: { amount: 0, currency },
  total: { amount: 0, currency },
})

/** What the shopper sees. `id` is the signed one. */
export function viewOf(known: Known, stock: ReadonlyMap<string, number>, id: string): Cart {
  const basket = basketOf(known)
  const { currency, lines, gone, outcome } = basket
  const sold = lines.map((line, place) =>
    soldItem(line, outcome.lineDiscounts[place] ?? 0, stock.get(line.item.variantId) ?? 0),
  )
  const lost = gone.map((item) => goneItem(item, currency))
  const items = [...sold, ...lost].toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const sum = lines.reduce((total, { amount }) => total + amount, 0)
  const discount = outcome.lineDiscounts.reduce((total, amount) => total + amount, 0)
  return {
    id,
    currency: known.cart.currency,
    items,
    coupons: couponViews(basket, known.cart.coupons),
    totals: {
      items: { amount: sum, currency },
      discount: { amount: discount, currency },
      total: { amount: sum - discount, currency },
    },
    pieces: items.reduce((total, { quantity }) => total + quantity, 0),
    priceChanged: items.some(({ previousPrice }) => previousPrice !== null),
    ready: items.length > 0 && items.every(({ availability }) => availability === 'available'),
  }
}
