import type { KyselyPlugin } from 'kysely'
import { createIdempotency } from '../db/idempotency.ts'
import type { OpenedInfra } from '../db/index.ts'
import { drainJobs } from '../db/testing.ts'
import { createApp } from './app.ts'
import type { Cart } from '../modules/cart/index.ts'
import type { NewProduct } from '../modules/catalog/index.ts'
import { createModules } from '../modules/index.ts'
import type { Actor } from '../modules/kernel/access.ts'
import type { CheckoutAnswer, Order } from '../modules/orders/index.ts'

export type Problem = { code: string; details: { reason: string } & Record<string, unknown> }

export const product = (handle: string, change: Partial<NewProduct> = {}): NewProduct => ({
  handle,
  name: `The ${handle}`,
  description: '',
  brand: 'Norr',
  category: ['Women', 'Tops'],
  price: { amount: 2000, currency: 'EUR' },
  colours: [{ name: 'Navy', hex: '#1b2a41' }],
  variants: ['S', 'M'].map((size) => ({ sku: `${handle}-${size}`, colour: 'Navy', size, stock: 5 })),
  images: [{ key: 'aa.webp', width: 960, height: 1280, alt: 'Front', colour: 'Navy' }],
  sizeChart: null,
  metadata: {},
  ...change,
})

export const ADDRESS = { name: 'Ada Byron', line1: 'Rosenweg 7', postalCode: '10115', city: 'Berlin', country: 'DE' }

const bodyOf = (cartId: string, change: object = {}) => ({
  cartId,
  email: 'ada@example.com',
  shippingAddress: ADDRESS,
  shippingOption: 'standard',
  payment: { provider: 'test' },
  ...change,
})

/** Sees every statement that a connection answers, whoever wrote it. */
function createCounter() {
  const seen = { statements: 0 }
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => node,
    transformResult: async ({ result }) => {
      seen.statements += 1
      return result
    },
  }
  return { seen, plugin }
}

/** The whole shop on the stores of this test process, on a clock that can be set forward, with every statement counted. */
export function openTestShop(infra: OpenedInfra) {
  let ahead = 0
  const now = () => new Date(Date.now() + ahead)
  const { seen, plugin } = createCounter()
  const sql = infra.sql.withPlugin(plugin)
  const idempotency = createIdempotency({ sql, signer: infra.signer, now: () => now().getTime() })
  const modules = createModules({ ...infra, sql, idempotency, now })
  const app = createApp({ ...modules, identity: undefined as never })

  async function call<T>(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
    const json = body ? { 'content-type': 'application/json' } : {}
    const init = { method, headers: { ...json, ...headers }, ...(body ? { body: JSON.stringify(body) } : {}) }
    const res = await app.request(path, init)
    return { status: res.status, headers: res.headers, body: (await res.json()) as T }
  }

  /** Saves the product and gives the ids of its variants, in their order. */
  async function sell(sold: NewProduct): Promise<string[]> {
    const saved = await modules.catalog.saveProduct(sold)
    if (!saved.ok) throw new Error(saved.reason)
    return (await modules.catalog.getProduct(sold.handle)).variants.map(({ id }) => id)
  }

  /** A guest's cart with these in it, by variant. */
  async function cartWith(lines: Record<string, number>, actor?: Actor): Promise<string> {
    const { id } = await modules.cart.createCart(actor)
    for (const [variantId, quantity] of Object.entries(lines))
      await modules.cart.addItem(id, actor, { variantId, quantity })
    return id
  }

  const checkout = (cartId: string, change: object = {}, headers: Record<string, string> = {}) =>
    call<CheckoutAnswer & Problem>('POST', '/v1/checkout', bodyOf(cartId, change), headers)

  /** Places it for sure. */
  async function order(lines: Record<string, number>, actor?: Actor): Promise<CheckoutAnswer> {
    const cartId = await cartWith(lines, actor)
    return modules.orders.checkout(bodyOf(cartId), { actor, idempotencyKey: undefined })
  }

  async function pay(placed: CheckoutAnswer, method: 'success' | 'decline' | 'timeout' = 'success'): Promise<Order> {
    await modules.payments.confirm(placed.order.payment.paymentId ?? '', method)
    await drain()
    return modules.orders.getOrder(placed.order.id)
  }

  const drain = () => drainJobs(modules)

  return {
    now,
    modules,
    app,
    call,
    sell,
    cartWith,
    bodyOf,
    checkout,
    order,
    pay,
    drain,
    stockOf: async (id: string) => (await modules.inventory.stockOf([id])).get(id) ?? 0,
    getCart: (id: string) => call<Cart>('GET', `/v1/carts/${id}`).then(({ body }) => body),
    /** How many statements `work` takes. */
    async count(work: () => Promise<unknown>): Promise<number> {
      seen.statements = 0
      await work()
      return seen.statements
    },
    passes: (millis: number) => void (ahead += millis),
  }
}

export const customer = (): Actor => ({ userId: crypto.randomUUID(), role: 'customer', sessionId: crypto.randomUUID() })
export const retailer = (): Actor => ({ ...customer(), role: 'retailer' })
