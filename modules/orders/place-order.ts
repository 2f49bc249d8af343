import { type Sql, transact } from '../../db/index.ts'
import type { Quote } from '../cart/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import { publish } from '../kernel/events.ts'
import type { CancelOrder } from './cancel-order.ts'
import { type Ledger, type OrderNeeds, retried, SHOP, shopper } from './ledger.ts'
import type { Checkout } from './schema.ts'
import {
  type EntryRow,
  findOrderByKey,
  findRival,
  insertOrder,
  type LineRow,
  type OrderRecord,
  type OrderRow,
} from './store.ts'
import type { Contact, Described } from './view-order.ts'

export type Placing = { actor: Actor | undefined; idempotencyKey: string | undefined }
/** `start` asks the provider for what the client needs to pay; undefined when nothing is to be paid. */
export type Placed = { record: OrderRecord; contact: Contact; start: Start | undefined }
type Start = Awaited<ReturnType<OrderNeeds['payments']['prepare']>>['start']

/** How long an order holds its pieces while it waits to be paid. */
export const HOLD_MS = 30 * 60_000
const MOST_ATTEMPTS = 6

/** Names of one buyer that coupons count by; of a mail only a keyed hash is kept. */
export const mailKeyOf = (signer: OrderNeeds['signer'], email: string) =>
  signer.sign('buyer', email.trim().toLowerCase())

type Outcome =
  | { kind: 'placed'; record: OrderRecord; start: Start | undefined }
  | { kind: 'stale' }
  | { kind: 'rival' }
  | { kind: 'refused'; message: string; details: Record<string, unknown> }

const isVariant = (lines: Quote['lines'], variantId: string) =>
  lines.find(({ variant }) => variant.variantId === variantId)

/** The bill must be what the shopper was shown: by its total where they say it, else by the prices of the cart. */
function assertExpected(quote: Quote, expected: Checkout['expectedTotal']): void {
  const { total } = quote.totals
  if (expected) {
    if (expected.amount === total.amount && expected.currency === total.currency) return
    throw new AppError('conflict', 'It comes to another total now', {
      reason: 'price_changed',
      expected,
      totals: quote.totals,
      prices: quote.surprises.prices,
      coupons: quote.surprises.coupons,
    })
  }
  const { prices, coupons } = quote.surprises
  if (prices.length > 0)
    throw new AppError('conflict', 'A price has changed', { reason: 'price_changed', prices, totals: quote.totals })
  const [first] = coupons
  if (first)
    throw new AppError('conflict', `The coupon ${first.code} does not hold`, {
      reason: 'coupon_refused',
      code: first.code,
      why: first.reason,
      totals: quote.totals,
    })
}

function lineRows(orderId: string, { lines, priced }: Quote): LineRow[] {
  return lines.map(({ item, variant, unitAmount }, position) => {
    const { price: _price, weightGrams: _weight, categoryIds: _categories, ...described } = variant
    const { discount, tax, total } = priced.lines[position] ?? { discount: 0, tax: 0, total: 0 }
    return {
      order_id: orderId,
      position,
      variant_id: variant.variantId,
      product_id: variant.productId,
      described: described satisfies Described,
      quantity: item.quantity,
      unit_amount: unitAmount,
      discount_amount: discount,
      tax_amount: tax,
      total_amount: total,
      returned: 0,
    }
  })
}

type Kept = Pick<OrderRow, 'user_id' | 'idempotency_key' | 'fingerprint' | 'contact' | 'email_key' | 'payment_id'>

function orderRow(
  { id, ...kept }: Kept & { id: string },
  quote: Quote,
  checkout: Checkout,
  now: Date,
): Omit<OrderRow, 'number'> {
  const { totals } = quote.priced
  return {
    id,
    status: 'pending',
    cart_id: quote.cartId,
    ...kept,
    currency: quote.currency,
    items_amount: totals.items,
    discount_amount: totals.discount,
    shipping_amount: totals.shipping,
    tax_amount: totals.tax,
    shipping_tax_amount: quote.priced.shippingTax,
    total_amount: totals.total,
    refunded_amount: 0,
    refunding_amount: 0,
    tax_included: totals.taxIncluded,
    country: checkout.shippingAddress.country,
    shipping_option: quote.option.id,
    shipping_name: quote.option.name,
    coupons: quote.coupons,
    provider: checkout.payment.provider,
    payment_failed: null,
    holds_stock: true,
    cancel_reason: null,
    tracking: null,
    expires_at: new Date(now.getTime() + HOLD_MS),
    placed_at: now,
    delivered_at: null,
  }
}

const refusal = (message: string, details: Record<string, unknown>): Outcome => ({ kind: 'refused', message, details })

type Needs = OrderNeeds & { ledger: Ledger; cancelOrder: CancelOrder }

function createClaim({ promotions, inventory, now }: Needs) {
  /** Claims what others want too, last, so that the rows everybody waits for are held shortest. */
  return async (order: Pick<OrderRow, 'id' | 'expires_at'>, quote: Quote, buyers: string[], tx: Sql) => {
    const codes = quote.coupons.map(({ code }) => code)
    const redeemed = await promotions.redeem({ orderId: order.id, codes, buyers }, tx)
    if (!redeemed.ok) {
      const { ok: _ok, ...details } = redeemed
      return refusal(`The coupon ${redeemed.code} has no use left for you`, { ...details })
    }
    const lines = quote.lines.map(({ item }) => ({ variantId: item.variantId, quantity: item.quantity }))
    const reserved = await inventory.reserve({ orderId: order.id, lines, expiresAt: order.expires_at ?? now() }, tx)
    if (reserved.ok) return undefined
    const { ok: _ok, ...details } = reserved
    const name = isVariant(quote.lines, reserved.variantId)?.variant.name ?? 'that'
    return refusal(`There are ${reserved.available} left of ${name}`, { ...details, name })
  }
}

const contactText = ({ email, shippingAddress }: Checkout): string =>
  JSON.stringify({ email, shippingAddress } satisfies Contact)

/** Under which names coupons count the buyer of an order. */
export const buyersOf = (order: Pick<OrderRow, 'email_key' | 'user_id'>): string[] => [
  ...(order.email_key ? [`mail:${order.email_key}`] : []),
  ...(order.user_id ? [`user:${order.user_id}`] : []),
]

/** For what costs nothing: as `accept` does when money has come. */
const createSelling =
  ({ inventory, cart, ledger, now }: Needs) =>
  async (order: OrderRow, lines: LineRow[], tx: Sql): Promise<EntryRow> => {
    await inventory.confirm(order.id, tx)
    await ledger.moveAndTell(order, { to: 'paid', hand: SHOP, set: { expires_at: null } }, tx)
    await cart.removeBought(order.cart_id, boughtOf(lines), tx)
    return { at: now(), kind: 'paid', by: 'system', amount: null, note: null }
  }

type Buyer = { actor: Actor | undefined; idempotencyKey: string | null; fingerprint: string }

function createAttempt(needs: Needs) {
  const { sql, signer, now, newId, cart, payments, vault, audit } = needs
  const claim = createClaim(needs)
  const sellNow = createSelling(needs)

  /**
   * Order with lines and first entry, payment, audit row, event, uses of coupons and reservation commit together. What is
   * paid already, since it costs nothing, is sold in the same transaction.
   */
  return (quote: Quote, checkout: Checkout, who: Buyer): Promise<Outcome> =>
    transact<Outcome>(sql, async (tx, abort) => {
      if (!(await cart.lock(quote, tx))) return abort({ kind: 'stale' })
      const orderId = newId()
      const userId = who.actor?.userId ?? null
      const contact = await vault.seal(userId ?? orderId, contactText(checkout), tx)
      const { total } = quote.totals
      const { provider } = checkout.payment
      const paid = total.amount === 0
      const prepared = paid ? undefined : await payments.prepare({ orderId, provider, amount: total }, tx)
      const mailKey = mailKeyOf(signer, checkout.email)
      const kept = {
        id: orderId,
        user_id: userId,
        idempotency_key: who.idempotencyKey,
        fingerprint: who.fingerprint,
        contact,
        email_key: mailKey,
        payment_id: prepared?.paymentId ?? null,
      }
      const row = orderRow(kept, quote, checkout, now())
      const lines = lineRows(orderId, quote)
      const hand = shopper(who.actor)
      const number = await insertOrder(tx, row, lines, hand.by)
      if (number === undefined) return abort({ kind: 'rival' })
      const details = { total, lines: lines.length }
      await audit.record({ actor: hand.actor, action: 'orders.placed', subject: `order:${orderId}`, details }, tx)
      await publish('orders.placed', { orderId }, tx)
      const refused = await claim(row, quote, buyersOf(row), tx)
      if (refused) return abort(refused)
      const order = { ...row, number }
      const entries: EntryRow[] = [{ at: row.placed_at, kind: 'placed', by: hand.by, amount: null, note: null }]
      if (paid) entries.push(await sellNow(order, lines, tx))
      const record: OrderRecord = { order, lines, entries, returns: [], refunds: [] }
      return { kind: 'placed', record, start: prepared?.start }
    })
}

export function createPlacing(needs: Needs) {
  const place = createPlacer(needs)
  /** What is refused now may be so because this very checkout was made already, and its answer was lost on the way. */
  return (checkout: Checkout, placing: Placing): Promise<Placed | { orderId: string }> =>
    place(checkout, placing).catch(async (error: unknown) => {
      const { idempotencyKey } = placing
      const made =
        error instanceof AppError && idempotencyKey !== undefined && (await findOrderByKey(needs.sql, idempotencyKey))
      if (made) return { orderId: made.id }
      throw error
    })
}

function createPlacer(needs: Needs) {
  const { sql, signer, cart, cancelOrder } = needs
  const attempt = createAttempt(needs)

  const fingerprintOf = (quote: Quote, { email, shippingAddress, payment }: Checkout, actor: Actor | undefined) => {
    const lines = quote.lines.map(({ item, unitAmount }) => [item.variantId, item.quantity, unitAmount])
    const where = [quote.cartId, actor?.userId, email, shippingAddress, quote.option.id, payment.provider]
    return signer.sign('checkout', JSON.stringify([...where, lines, quote.totals]))
  }

  /**
   * An order from a cart, or the one that this very checkout made already, whoever sent it twice. Another order of the cart
   * that still waits to be paid is cancelled first: a shopper who changed their mind does not hold pieces twice.
   */
  return async function placeOrder(
    checkout: Checkout,
    { actor, idempotencyKey }: Placing,
  ): Promise<Placed | { orderId: string }> {
    const { country } = checkout.shippingAddress
    for (let tries = 0; tries < MOST_ATTEMPTS; tries++) {
      const quote = await cart.quote(checkout.cartId, actor, { country, shippingOption: checkout.shippingOption })
      assertExpected(quote, checkout.expectedTotal)
      const fingerprint = fingerprintOf(quote, checkout, actor)
      const outcome = await retried(() =>
        attempt(quote, checkout, { actor, idempotencyKey: idempotencyKey ?? null, fingerprint }),
      )
      if (outcome.kind === 'placed') {
        const { email, shippingAddress } = checkout
        return { record: outcome.record, contact: { email, shippingAddress }, start: outcome.start }
      }
      if (outcome.kind === 'refused') throw new AppError('conflict', outcome.message, outcome.details)
      if (outcome.kind === 'stale') continue
      const rival = await findRival(sql, quote.cartId, idempotencyKey ?? null)
      if (!rival) continue
      const same =
        rival.fingerprint === fingerprint || (idempotencyKey !== undefined && rival.idempotency_key === idempotencyKey)
      if (same) return { orderId: rival.id }
      await cancelOrder(rival.id, { hand: shopper(actor), reason: 'superseded', onlyFrom: 'pending' })
    }
    throw new AppError('conflict', 'This cart is being ordered by somebody else at the moment', { reason: 'busy' })
  }
}

export const boughtOf = (lines: readonly LineRow[]) =>
  lines.map(({ variant_id: variantId, quantity }) => ({ variantId, quantity }))
