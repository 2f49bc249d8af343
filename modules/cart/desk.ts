import type { Infra } from '../../db/index.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Inventory } from '../inventory/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import type { Promotions } from '../promotions/index.ts'
import { type Known, viewOf } from './quote.ts'
import type { Cart } from './schema.ts'
import { type CartRow, findCart, type Key } from './store.ts'

/** Undefined is a guest. */
export type Who = Actor | undefined

export type CartNeeds = Pick<Infra, 'sql' | 'signer' | 'now' | 'newId'> & {
  catalog: Pick<Catalog, 'describeVariants'>
  inventory: Pick<Inventory, 'stockOf'>
  promotions: Pick<Promotions, 'findCoupons'>
}

export type Desk = ReturnType<typeof createDesk>

/** Where carts are found by their signed ids, and shown with what the rest of the shop knows now. */
export function createDesk(needs: CartNeeds) {
  const { sql, signer, now, catalog, inventory, promotions } = needs

  const tokenOf = (id: string) => `${id}.${signer.sign('cart', id)}`

  function keyOf(token: string, actor: Who): Key {
    const [id = '', signature = ''] = token.split('.')
    if (!signer.verify('cart', id, signature)) throw notFound()
    return { id, userId: actor?.userId ?? null }
  }

  /** `told` is what the caller has just been told of some variants: only the others are asked for. */
  async function know(cart: CartRow, told: Known['variants'] = new Map()): Promise<Known> {
    const ids = cart.items.map(({ variantId }) => variantId).filter((id) => !told.has(id))
    const [variants, coupons] = await Promise.all([catalog.describeVariants(ids), promotions.findCoupons(cart.coupons)])
    return { cart, variants: told.size === 0 ? variants : new Map([...told, ...variants]), coupons, now: now() }
  }

  async function show(cart: CartRow, told?: Known['variants']): Promise<Cart> {
    const ids = cart.items.map(({ variantId }) => variantId)
    const [known, stock] = await Promise.all([know(cart, told), inventory.stockOf(ids)])
    return viewOf(known, stock, tokenOf(cart.id))
  }

  async function find(key: Key): Promise<CartRow> {
    const cart = await findCart(sql, key)
    if (!cart) throw notFound()
    return cart
  }

  return { ...needs, tokenOf, keyOf, know, show, find }
}

const notFound = () => new AppError('not_found', 'No such cart')
