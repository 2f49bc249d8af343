import type { Generated, JSONColumnType } from 'kysely'

type Json<T extends object | null> = JSONColumnType<T, string, string>

/** Cart to order: stock, carts, promotions, orders. */
export type ShopTables = {
  'inventory.stock': { variant_id: string; quantity: number; reserved: Generated<number> }
  'inventory.reservation': {
    order_id: string
    variant_id: string
    quantity: number
    confirmed: Generated<boolean>
    expires_at: Date | null
  }
  'promotions.coupon': {
    id: string
    code: string
    kind: 'percent' | 'amount' | 'free_shipping'
    percent: number | null
    amount: number | null
    currency: string | null
    minimum_amount: number | null
    valid_from: Date | null
    valid_until: Date | null
    total_limit: number | null
    per_user_limit: number | null
    stackable: boolean
    active: boolean
    used: Generated<number>
    created_at: Date
  }
  'promotions.claim': { coupon_id: string; buyer: string; uses: number }
  'promotions.redemption': { order_id: string; coupon_id: string; buyers: string[] }
  'cart.cart': {
    id: string
    user_id: string | null
    currency: string | null
    merged_into: string | null
    purchases: Generated<number>
    created_at: Date
  }
  'cart.item': {
    id: string
    cart_id: string
    variant_id: string
    name: string
    quantity: number
    shown_amount: number
    changed_at: Date
  }
  'cart.coupon': { cart_id: string; code: string; added_at: Date }
  'orders.order': {
    id: string
    number: string
    status: string
    cart_id: string
    user_id: string | null
    idempotency_key: string | null
    fingerprint: string | null
    currency: string
    items_amount: number
    discount_amount: number
    shipping_amount: number
    tax_amount: number
    shipping_tax_amount: number
    total_amount: number
    refunded_amount: Generated<number>
    refunding_amount: Generated<number>
    tax_included: boolean
    country: string
    shipping_option: string
    shipping_name: string
    coupons: Json<{ code: string; amount: number; freeShipping: boolean }[]>
    contact: string | null
    email_key: string | null
    provider: string
    payment_id: string | null
    payment_failed: string | null
    holds_stock: boolean
    cancel_reason: string | null
    tracking: Json<{ carrier: string; code: string; url?: string | undefined } | null>
    expires_at: Date | null
    placed_at: Date
    delivered_at: Date | null
  }
  'orders.line': {
    order_id: string
    position: number
    variant_id: string
    product_id: string
    described: Json<object>
    quantity: number
    unit_amount: number
    discount_amount: number
    tax_amount: number
    total_amount: number
    returned: Generated<number>
  }
  'orders.entry': {
    id: Generated<number>
    order_id: string
    at: Date
    kind: string
    by: 'customer' | 'staff' | 'system'
    amount: number | null
    note: string | null
  }
  'orders.return': {
    id: string
    order_id: string
    status: 'requested' | 'received' | 'refused'
    reason: string
    comment: string | null
    lines: Json<{ lineId: number; quantity: number }[]>
    requested_at: Date
    decided_at: Date | null
  }
  'orders.refund': {
    id: string
    order_id: string
    return_id: string | null
    amount: number
    reason: string
    status: 'pending' | 'done' | 'failed'
    asked_at: Date
    ended_at: Date | null
  }
  'kernel.idempotency': {
    key: string
    request: string
    answer: string | null
    busy_until: Date | null
    expires_at: Date
  }
}
