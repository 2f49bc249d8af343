/** Where an order stands. */
export const ORDER_STATUSES = [
  'pending',
  'paid',
  'packed',
  'shipped',
  'delivered',
  'cancelled',
  'return_requested',
  'returned',
  'refunded',
] as const
export type OrderStatus = (typeof ORDER_STATUSES)[number]

/**
 * Every legal move; whatever is not here is refused. `cancelled` to `paid` is money that came after the hour was over, for
 * pieces that were still there. `refunded` is money given back whole, or for all that was sent back; the rest may follow.
 * An open return is answered first: whatever money went back meanwhile, it must not lose its way out.
 */
const MOVES: Readonly<Record<OrderStatus, readonly OrderStatus[]>> = {
  pending: ['paid', 'cancelled'],
  paid: ['packed', 'cancelled', 'refunded'],
  packed: ['shipped', 'cancelled', 'refunded'],
  shipped: ['delivered', 'refunded'],
  delivered: ['return_requested', 'refunded'],
  cancelled: ['paid', 'refunded'],
  return_requested: ['returned', 'delivered'],
  returned: ['return_requested', 'refunded'],
  refunded: ['return_requested'],
}

export const canMove = (from: OrderStatus, to: OrderStatus): boolean => MOVES[from].includes(to)

/** Paid for and not called off: what a buyer has bought. */
export const BOUGHT: readonly OrderStatus[] = [
  'paid',
  'packed',
  'shipped',
  'delivered',
  'return_requested',
  'returned',
  'refunded',
]

/** The shopper may call it off until it is packed; the shop until it has left. */
export const canCancel = (status: OrderStatus, by: 'customer' | 'staff' | 'system'): boolean =>
  status === 'pending' || status === 'paid' || (by === 'staff' && status === 'packed')

/** From where pieces can be sent back; after a refund there must be some left. */
export const canReturn = (status: OrderStatus): boolean => canMove(status, 'return_requested')
