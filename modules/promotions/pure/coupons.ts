import { scaleAmount, splitAmount } from './split.ts'

/** What a coupon gives and when; times are milliseconds since the epoch, amounts minor units of `currency`. */
export type CouponRule = {
  code: string
  kind: 'percent' | 'amount' | 'free_shipping'
  percent: number | null
  amount: number | null
  currency: string | null
  minimumAmount: number | null
  validFrom: number | null
  validUntil: number | null
  stackable: boolean
  active: boolean
  usedUp: boolean
}

export type CouponRefusal =
  | 'inactive'
  | 'not_yet_valid'
  | 'expired'
  | 'used_up'
  | 'other_currency'
  | 'not_combinable'
  | 'below_minimum'

/** `shares` are the discounts on each line, in the order of the lines. */
type AppliedCoupon = { code: string; amount: number; shares: number[]; freeShipping: boolean }

export type CouponOutcome = {
  applied: AppliedCoupon[]
  refused: { code: string; reason: CouponRefusal }[]
  /** Discount on each line, all coupons together; never more than the line. */
  lineDiscounts: number[]
  freeShipping: boolean
}

type Basket = { amounts: readonly number[]; currency: string; now: number }

/** Percentages first, of what the shelves say; a voucher then takes from what is left to pay. */
const ORDER = { percent: 0, amount: 1, free_shipping: 2 } as const

function refusalOf(coupon: CouponRule, { amounts, currency, now }: Basket): CouponRefusal | undefined {
  if (!coupon.active) return 'inactive'
  if (coupon.validFrom !== null && now < coupon.validFrom) return 'not_yet_valid'
  if (coupon.validUntil !== null && now >= coupon.validUntil) return 'expired'
  if (coupon.usedUp) return 'used_up'
  if (coupon.currency !== null && coupon.currency !== currency) return 'other_currency'
  const items = amounts.reduce((sum, amount) => sum + amount, 0)
  if (coupon.minimumAmount !== null && items < coupon.minimumAmount) return 'below_minimum'
  return undefined
}

/** What `coupon` takes off when `left` remains to be paid for the lines. */
function worthOf(coupon: CouponRule, left: readonly number[]): number {
  const sum = left.reduce((total, amount) => total + amount, 0)
  if (coupon.kind === 'percent') return scaleAmount(sum, coupon.percent ?? 0, 100)
  return coupon.kind === 'amount' ? Math.min(coupon.amount ?? 0, sum) : 0
}

/**
 * What the coupons, in the order they were entered, take off a basket whose lines cost `amounts`. Stacking: a coupon that
 * does not stack stands alone, and the first one entered wins. Discounts are split over the lines exactly.
 */
export function applyCoupons(coupons: readonly CouponRule[], basket: Basket): CouponOutcome {
  const accepted: CouponRule[] = []
  const refused: CouponOutcome['refused'] = []
  for (const coupon of coupons) {
    const alone = accepted.some((other) => !other.stackable || !coupon.stackable)
    const reason = refusalOf(coupon, basket) ?? (alone ? 'not_combinable' : undefined)
    if (reason) refused.push({ code: coupon.code, reason })
    else accepted.push(coupon)
  }
  let left = [...basket.amounts]
  const applied = accepted
    .toSorted((a, b) => ORDER[a.kind] - ORDER[b.kind])
    .map((coupon): AppliedCoupon => {
      const amount = worthOf(coupon, left)
      const shares = splitAmount(amount, left)
      left = left.map((rest, place) => rest - shares[place]!)
      return { code: coupon.code, amount, shares, freeShipping: coupon.kind === 'free_shipping' }
    })
  return {
    applied,
    refused,
    lineDiscounts: basket.amounts.map((amount, place) => amount - left[place]!),
    freeShipping: applied.some(({ freeShipping }) => freeShipping),
  }
}
