import type { InferResponseType } from 'hono/client'
import type { Client } from '../../openapi/client.ts'
import { BAG_COOKIE } from './bag.ts'
import { type Problem, problemOf } from './forms.ts'
import { ShopError } from './shop.ts'
import type { Visit } from './visit.ts'

type Carts = Client['v1']['carts']
export type Cart = InferResponseType<Carts[':id']['$get'], 200>
export type CartItem = Cart['items'][number]
export type CartCoupon = Cart['coupons'][number]

const CART_COOKIE = 'cart'
const KEPT_DAYS = 30

/** Remembers which cart it is, out of reach of scripts, and for the header how much is in it. */
function keep(visit: Visit, cart: Cart): Cart {
  visit.keep(CART_COOKIE, cart.id, { days: KEPT_DAYS })
  visit.keep(BAG_COOKIE, String(cart.pieces), { days: KEPT_DAYS, open: true })
  return cart
}

export function forgetCart(visit: Visit): void {
  visit.keep(CART_COOKIE, '', { days: 0 })
  visit.keep(BAG_COOKIE, '', { days: 0, open: true })
}

/** The cart of whoever asks; undefined when a guest has none yet. */
export async function findCart(visit: Visit): Promise<Cart | undefined> {
  const id = visit.cookie(CART_COOKIE)
  if (id) {
    const answer = await visit.api.v1.carts[':id'].$get({ param: { id } })
    if (answer.ok) return keep(visit, await answer.json())
    forgetCart(visit)
  }
  return visit.hasSession ? openCart(visit) : undefined
}

async function openCart(visit: Visit): Promise<Cart> {
  const answer = await visit.api.v1.carts.$post()
  if (!answer.ok) throw new ShopError(answer.status, 'The cart')
  return keep(visit, await answer.json())
}

/** After signing in: what was put in as a guest joins what the user had. */
export async function mergeCart(visit: Visit): Promise<void> {
  const id = visit.cookie(CART_COOKIE)
  if (id) {
    const answer = await visit.api.v1.carts[':id'].merge.$post({ param: { id } })
    if (answer.ok) return void keep(visit, await answer.json())
  }
  await openCart(visit)
}

type Changed = { ok: true; cart: Cart } | { ok: false; problem: Problem }
type Answer = { ok: boolean; status: number; json(): Promise<unknown> }

async function changed(visit: Visit, answer: Answer): Promise<Changed> {
  if (answer.ok) return { ok: true, cart: keep(visit, (await answer.json()) as Cart) }
  return { ok: false, problem: await problemOf(answer) }
}

/** Puts pieces into the cart of whoever asks, or into one made now. */
export async function addToCart(visit: Visit, variantId: string, quantity: number): Promise<Changed> {
  const { id } = (await findCart(visit)) ?? (await openCart(visit))
  return changed(visit, await visit.api.v1.carts[':id'].items.$post({ param: { id }, json: { variantId, quantity } }))
}

/** Sets how many there are of an item; none takes it out. Undefined when there is no cart. */
export async function changeItem(visit: Visit, itemId: string, quantity: number): Promise<Changed | undefined> {
  const id = visit.cookie(CART_COOKIE)
  if (!id) return undefined
  const item = visit.api.v1.carts[':id'].items[':itemId']
  const param = { id, itemId }
  return changed(visit, quantity > 0 ? await item.$patch({ param, json: { quantity } }) : await item.$delete({ param }))
}

export async function addCoupon(visit: Visit, code: string): Promise<Changed | undefined> {
  const id = visit.cookie(CART_COOKIE)
  return id
    ? changed(visit, await visit.api.v1.carts[':id'].coupons.$post({ param: { id }, json: { code } }))
    : undefined
}

export async function removeCoupon(visit: Visit, code: string): Promise<Changed | undefined> {
  const id = visit.cookie(CART_COOKIE)
  return id
    ? changed(visit, await visit.api.v1.carts[':id'].coupons[':code'].$delete({ param: { id, code } }))
    : undefined
}

/** Ways to have the cart sent to a country, each with the whole bill; empty when there is none. */
export async function shippingOptions(visit: Visit, cartId: string, country: string) {
  const answer = await visit.api.v1.carts[':id']['shipping-options'].$get({ param: { id: cartId }, query: { country } })
  return answer.ok ? (await answer.json()).items : []
}
export type ShippingOption = Awaited<ReturnType<typeof shippingOptions>>[number]
