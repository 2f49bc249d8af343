import type { Command } from 'commander'
import { Hono } from 'hono'
import { openBareShop } from '../db/bare-shop.ts'
import { AppError } from '../modules/kernel/errors.ts'
import { BUYER, fillCarts, POOL, serveApi, withBenchShop } from './bench-shop.ts'
import { measureTurns, sendLoad, turnsTable } from './bench-turns.ts'
import { addCommand, runs } from './command.ts'

type Options = { buyers: string; orders: string; turns: string }

/** One row of an order, as much as ours has in its own. */
const ORDER = {
  status: 'cancelled',
  currency: 'EUR',
  items_amount: 4000,
  discount_amount: 0,
  shipping_amount: 490,
  tax_amount: 717,
  shipping_tax_amount: 78,
  total_amount: 4490,
  refunded_amount: 0,
  refunding_amount: 0,
  tax_included: true,
  country: 'DE',
  shipping_option: 'standard',
  shipping_name: 'Standard',
  coupons: [],
  contact: 'x'.repeat(400),
  provider: 'test',
  holds_stock: false,
  placed_at: '2026-01-01T00:00:00Z',
}

/** A route that stores one row and nothing else: no cart, price, stock, payment, audit or event. */
const bareApp = (bare: ReturnType<typeof openBareShop>) =>
  new Hono().post('/v1/checkout', async (c) => {
    await c.req.json()
    return c.json((await bare.insertOrder(ORDER)) as object, 201)
  })

export function registerBenchCheckout(cli: Command): void {
  const command = addCommand(cli, 'bench checkout', 'Buyers who check out at once, beside bare inserts of an order row')
    .option('--buyers <n>', 'how many at once', '32')
    .option('--orders <n>', 'orders in each turn', '1000')
    .option('--turns <n>', 'turns of each, of which the median counts', '5')
  runs<Options>(command, async ({ options, out }) => {
    const orders = Number(options.orders)
    const row = await withBenchShop({ products: 100, stock: 1_000_000 }, out, async ({ modules, own, variants }) => {
      const bare = openBareShop(own.address, POOL)
      const servers = { ours: serveApi(modules), bare: Bun.serve({ port: 0, fetch: bareApp(bare).fetch }) }
      const variantAt = (place: number) => variants[place % variants.length] ?? ''
      const contents = Array.from({ length: orders }, (_, i) => [variantAt(i), variantAt(i * 7 + 3)])
      try {
        return await measureTurns('POST /v1/checkout', Number(options.turns), async (which) => {
          // Every order has a cart of its own, of two lines.
          const carts = which === 'ours' ? await fillCarts(modules, contents) : contents.map((_, i) => `cart-${i}`)
          const requests = carts.map((cartId) => ({
            method: 'POST' as const,
            path: '/v1/checkout',
            body: JSON.stringify({ cartId, ...BUYER }),
          }))
          return sendLoad({ url: servers[which].url.href, connections: Number(options.buyers), requests })
        })
      } finally {
        await Promise.all([servers.ours.stop(true), servers.bare.stop(true)])
        await bare.close()
      }
    })
    if (row.ours.failed + row.bare.failed > 0) throw new AppError('internal', 'Some requests failed', { row })
    const title = `${orders} orders of two lines a turn, ${options.buyers} buyers at once`
    out.result({ orders, rows: [row] }, turnsTable(title, [row], 'bare Hono, one insert'))
  })
}
