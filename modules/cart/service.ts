import type { Sql } from '../../db/index.ts'
import type { Actor } from '../kernel/access.ts'
import { type CartNeeds, createDesk, type Desk, type Who } from './desk.ts'
import { createCouponEdits, createItemEdits } from './edit-cart.ts'
import { createQuotes, type Quote } from './order-cart.ts'
import { type Cart, MOST_PIECES } from './schema.ts'
import { deleteCartsOf, deleteForgotten, ensureCart, findCartIdOf, hasItems, lockCarts, mergeInto } from './store.ts'

export type { Quote }
export type Carts = ReturnType<typeof createCart>

const FORGOTTEN_MS = 90 * 24 * 3600 * 1000

/** Carts of guests and users. Prices, discounts and stock are looked up anew each time; a cart holds nothing back from others. */
export function createCart(needs: CartNeeds) {
  const desk = createDesk(needs)
  return {
    ...createHandover(desk),
    ...createItemEdits(desk),
    ...createCouponEdits(desk),
    ...createQuotes(desk),
  }
}

/** How carts come, go, and pass from a guest to a user. */
function createHandover({ sql, now, newId, tokenOf, keyOf, find, show }: Desk) {
  return {
    tokenOf,

    /** Guests get a new cart each time; a user has one. */
    async createCart(actor: Who): Promise<Cart> {
      const userId = actor?.userId ?? null
      const id = await ensureCart(sql, { id: newId(), userId, now: now() })
      const fresh = { id, currency: null, purchases: 0, items: [], coupons: [] }
      return show(userId === null ? fresh : await find({ id, userId }))
    },

    /** The user's cart, if there is one. */
    async findCartOf(userId: string): Promise<Cart | undefined> {
      const id = await findCartIdOf(sql, userId)
      return id === undefined ? undefined : show(await find({ id, userId }))
    },

    /** Throws not_found, also for another user's. */
    getCart: async (token: string, actor: Who): Promise<Cart> => show(await find(keyOf(token, actor))),

    /**
     * What a guest put in moves to the user's cart, quantities added up; both commit together, and a second time nothing
     * happens. A guest's cart in another currency than what the user has in theirs stays apart. Gives the user's cart.
     */
    async mergeCarts(guestToken: string, actor: Actor): Promise<Cart> {
      const { id: from } = keyOf(guestToken, actor)
      const { userId } = actor
      const into = await ensureCart(sql, { id: newId(), userId, now: now() })
      await sql.transaction().execute(async (tx) => {
        const carts = await lockCarts(tx, [from, into])
        const [guest, own] = [carts.find(({ id }) => id === from), carts.find(({ id }) => id === into)]
        if (!guest || !own || guest.user_id !== null || guest.merged_into !== null) return
        const alike = guest.currency === null || own.currency === null || guest.currency === own.currency
        if (!alike && (await hasItems(tx, into))) return
        await mergeInto(tx, { from, into, currency: guest.currency ?? own.currency, most: MOST_PIECES })
      })
      return show(await find({ id: into, userId }))
    },

    /** Joins the caller's transaction. */
    eraseUser: (userId: string, tx: Sql): Promise<void> => deleteCartsOf(tx, userId),

    /** Deletes guests' carts that nobody has touched for 90 days, at most a thousand; gives how many. */
    sweep: (): Promise<number> => deleteForgotten(sql, new Date(now().getTime() - FORGOTTEN_MS), 1000),
  }
}
