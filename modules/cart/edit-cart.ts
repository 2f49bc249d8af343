import { AppError } from '../kernel/errors.ts'
import type { Desk, Who } from './desk.ts'
import { type Cart, MOST_PIECES } from './schema.ts'
import {
  addItem,
  clearCurrency,
  deleteCoupon,
  deleteItem,
  hasItems,
  insertCoupon,
  type Key,
  lockCarts,
  setCurrency,
  updateItem,
} from './store.ts'

const MOST_LINES = 100
const MOST_COUPONS = 5
const MOST_ATTEMPTS = 5

/** What goes into a cart and out of it. Each answers the cart as it is then. */
export function createItemEdits(desk: Desk) {
  const { sql, now, newId, catalog, keyOf, find, show } = desk

  /** Why nothing was added; returns when it may be tried once more. */
  async function explainAdd(key: Key, wanted: { variantId: string; quantity: number; currency: string }) {
    const { variantId, quantity, currency } = wanted
    if (await setCurrency(sql, key, currency)) return
    const cart = await find(key)
    if (cart.items.length === 0) await restart(cart.id)
    else if (cart.currency !== currency) {
      const message = `This cart is in ${cart.currency}, and that is sold in ${currency}`
      throw new AppError('refused', message, { reason: 'other_currency' })
    }
    const there = cart.items.find((item) => item.variantId === variantId)
    if ((there?.quantity ?? 0) + quantity > MOST_PIECES)
      throw new AppError('refused', `At most ${MOST_PIECES} of one thing`, { reason: 'too_many', most: MOST_PIECES })
    if (!there && cart.items.length >= MOST_LINES)
      throw new AppError('refused', `At most ${MOST_LINES} different things in a cart`, { reason: 'too_many_lines' })
  }

  const restart = (id: string) =>
    sql.transaction().execute(async (tx) => {
      await lockCarts(tx, [id])
      if (!(await hasItems(tx, id))) await clearCurrency(tx, id)
    })

  return {
    /** Exact however many add at once. Throws not_found, and refused for what a cart does not take. */
    async addItem(token: string, actor: Who, wanted: { variantId: string; quantity: number }): Promise<Cart> {
      const key = keyOf(token, actor)
      const variantId = wanted.variantId.toLowerCase()
      const told = await catalog.describeVariants([variantId])
      const variant = told.get(variantId)
      if (!variant) throw new AppError('not_found', `No variant ${variantId}`)
      const { name, price } = variant
      const item = { variantId, name, quantity: wanted.quantity, amount: price.amount }
      const limits = { ...key, currency: price.currency, most: MOST_PIECES, mostLines: MOST_LINES }
      for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
        const cart = await addItem(sql, limits, { ...item, itemId: newId(), now: now() })
        if (cart) return show(cart, told)
        await explainAdd(key, { ...item, currency: price.currency })
      }
      throw new AppError('conflict', 'The cart is changing under way: try again', { reason: 'busy' })
    },

    /** The shopper sees today's price in the answer, so that is the one they were shown. Throws not_found. */
    async changeItem(token: string, actor: Who, change: { itemId: string; quantity: number }): Promise<Cart> {
      const cart = await find(keyOf(token, actor))
      const item = cart.items.find(({ id }) => id === change.itemId)
      if (!item) throw new AppError('not_found', `No item ${change.itemId} in this cart`)
      const variant = (await catalog.describeVariants([item.variantId])).get(item.variantId)
      const amount = variant?.price.amount
      await updateItem(sql, cart.id, { ...change, amount, now: now() })
      item.quantity = change.quantity
      item.shownAmount = amount ?? item.shownAmount
      return show(cart)
    },

    /** An item that is not there is gone as wished. */
    async removeItem(token: string, actor: Who, itemId: string): Promise<Cart> {
      const cart = await find(keyOf(token, actor))
      await deleteItem(sql, cart.id, itemId)
      return show({ ...cart, items: cart.items.filter(({ id }) => id !== itemId) })
    },
  }
}

/** Which coupons a cart has. Each answers the cart as it is then. */
export function createCouponEdits({ sql, now, keyOf, find, show }: Desk) {
  return {
    /** One whose minimum is not reached yet may be entered. Throws refused with the reason for the others. */
    async addCoupon(token: string, actor: Who, code: string): Promise<Cart> {
      const cart = await find(keyOf(token, actor))
      if (cart.coupons.includes(code)) return show(cart)
      if (cart.coupons.length >= MOST_COUPONS)
        throw new AppError('refused', `At most ${MOST_COUPONS} coupons`, { reason: 'too_many_coupons' })
      const view = await show({ ...cart, coupons: [...cart.coupons, code] })
      const reason = view.coupons.find((coupon) => coupon.code === code)?.reason ?? null
      if (reason !== null && reason !== 'below_minimum')
        throw new AppError('refused', `The coupon ${code} cannot be used: ${reason}`, { reason, code })
      await insertCoupon(sql, { cartId: cart.id, code, now: now() })
      return view
    },

    async removeCoupon(token: string, actor: Who, code: string): Promise<Cart> {
      const cart = await find(keyOf(token, actor))
      await deleteCoupon(sql, cart.id, code)
      return show({ ...cart, coupons: cart.coupons.filter((other) => other !== code) })
    },
  }
}
