import type { DescribedVariant } from '../catalog/index.ts'
import type { Money } from '../kernel/pure/money.ts'
import { canCancel, canReturn } from './pure/states.ts'
import type { Order, OrderReturn, OrderSummary, ShippingAddress } from './schema.ts'
import type { LineRow, OrderRecord, OrderRow, ReturnRow, SummaryRow } from './store.ts'

/** What the vault keeps of the person. */
export type Contact = { email: string; shippingAddress: ShippingAddress }

/** What a line says of the variant as it was bought, whatever becomes of it. */
export type Described = Omit<DescribedVariant, 'price' | 'weightGrams' | 'categoryIds'>

const RETURN_DAYS_MS = 30 * 24 * 3600 * 1000

export const refundableOf = (order: OrderRow): number =>
  order.total_amount - order.refunded_amount - order.refunding_amount

/** Pieces that may still be sent back, now. */
export function isReturnable({ order, lines }: Pick<OrderRecord, 'order' | 'lines'>, now: Date): boolean {
  const inTime = order.delivered_at !== null && now.getTime() - order.delivered_at.getTime() < RETURN_DAYS_MS
  return inTime && canReturn(order.status) && lines.some(({ quantity, returned }) => returned < quantity)
}

export const describedOf = (line: Pick<LineRow, 'described'>): Described => line.described as Described

const lineView = (line: LineRow, money: (amount: number) => Money): Order['lines'][number] => ({
  id: line.position,
  ...describedOf(line),
  quantity: line.quantity,
  returned: line.returned,
  unitPrice: money(line.unit_amount),
  discount: money(line.discount_amount),
  tax: money(line.tax_amount),
  total: money(line.total_amount),
})

export const returnView = (row: ReturnRow, orderNumber: string, comment: string | null): OrderReturn => ({
  id: row.id,
  orderId: row.order_id,
  orderNumber,
  status: row.status,
  reason: row.reason as OrderReturn['reason'],
  comment,
  lines: row.lines,
  requestedAt: row.requested_at.toISOString(),
  decidedAt: row.decided_at?.toISOString() ?? null,
})

const totalsView = (order: OrderRow, money: (amount: number) => Money): Order['totals'] => ({
  items: money(order.items_amount),
  discount: money(order.discount_amount),
  shipping: money(order.shipping_amount),
  tax: money(order.tax_amount),
  taxIncluded: order.tax_included,
  total: money(order.total_amount),
})

/** `comments` are those of the returns, in their order, opened; so is `contact`. */
export function orderView(
  record: OrderRecord,
  opened: { contact: Contact | undefined; comments: (string | null)[] },
  now: Date,
): Order {
  const { order, lines, entries, returns, refunds } = record
  const money = (amount: number): Money => ({ amount, currency: order.currency })
  return {
    id: order.id,
    number: order.number,
    status: order.status,
    lines: lines.map((line) => lineView(line, money)),
    coupons: order.coupons.map(({ code, amount, freeShipping }) => ({ code, discount: money(amount), freeShipping })),
    totals: totalsView(order, money),
    refunded: money(order.refunded_amount),
    refundable: money(entries.some(({ kind }) => kind === 'paid') ? refundableOf(order) : 0),
    email: opened.contact?.email ?? null,
    shippingAddress: opened.contact?.shippingAddress ?? null,
    shipping: { option: order.shipping_option, name: order.shipping_name, tracking: order.tracking },
    payment: {
      provider: order.provider,
      paymentId: order.payment_id,
      failure: order.payment_failed,
      payUntil: order.status === 'pending' ? (order.expires_at?.toISOString() ?? null) : null,
    },
    timeline: entries.map(({ at, kind, by, amount, note }) => ({
      at: at.toISOString(),
      kind,
      by,
      amount: amount === null ? null : money(amount),
      note,
    })),
    returns: returns.map((row, place) => returnView(row, order.number, opened.comments[place] ?? null)),
    refunds: refunds.map((row) => ({
      id: row.id,
      returnId: row.return_id,
      amount: money(row.amount),
      reason: row.reason,
      status: row.status,
      askedAt: row.asked_at.toISOString(),
      endedAt: row.ended_at?.toISOString() ?? null,
    })),
    cancelReason: order.cancel_reason,
    canCancel: canCancel(order.status, 'customer'),
    canReturn: isReturnable(record, now),
    placedAt: order.placed_at.toISOString(),
    deliveredAt: order.delivered_at?.toISOString() ?? null,
  }
}

export function summaryView(row: SummaryRow, email: string | null): OrderSummary {
  const described = row.described.map((one) => one as Described)
  return {
    id: row.id,
    number: row.number,
    status: row.status,
    placedAt: row.placedAt.toISOString(),
    total: { amount: row.amount, currency: row.currency },
    refunded: { amount: row.refunded, currency: row.currency },
    pieces: row.pieces,
    names: described.map(({ name }) => name),
    image: described[0]?.image ?? null,
    email,
  }
}
