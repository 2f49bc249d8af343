import type { Command } from 'commander'
import { Hono } from 'hono'
import { openBareShop } from '../db/bare-shop.ts'
import { AppError } from '../modules/kernel/errors.ts'
import { fillCarts, POOL, serveApi, withBenchShop } from './bench-shop.ts'
import { measureTurns, sendLoad, turnsTable } from './bench-turns.ts'
import { addCommand, runs } from './command.ts'

const CARTS = 512
/** Lines a cart starts with, and so many more that the load adds to. */
const LINES = 2

type Options = { connections: string; seconds: string; turns: string }

/** A route and nothing else: no validation, no signature, no coupons, one statement. */
const bareApp = (bare: ReturnType<typeof openBareShop>) =>
  new Hono().post('/v1/carts/:id/items', async (c) => {
    const { variantId, quantity } = await c.req.json<{ variantId: string; quantity: number }>()
    return c.json((await bare.addItem(c.req.param('id'), variantId, quantity)) as object, 201)
  })

export function registerBenchCart(cli: Command): void {
  const command = addCommand(cli, 'bench cart', 'Load the add to a cart beside a bare route that does the same')
    .option('--connections <n>', 'how many at once', '32')
    .option('--seconds <n>', 'how long each turn lasts', '3')
    .option('--turns <n>', 'turns of each, of which the median counts', '7')
  runs<Options>(command, async ({ options, out }) => {
    const { row } = await withBenchShop({ products: 200, stock: 1000 }, out, async ({ modules, own, variants }) => {
      const bare = openBareShop(own.address, POOL)
      const servers = { ours: serveApi(modules), bare: Bun.serve({ port: 0, fetch: bareApp(bare).fetch }) }
      try {
        const variantAt = (place: number) => variants[place % variants.length] ?? ''
        const contents = Array.from({ length: CARTS }, (_, i) =>
          Array.from({ length: LINES }, (_line, k) => variantAt(i + k)),
        )
        const filled = { ours: await fillCarts(modules, contents), bare: await fillCarts(modules, contents) }
        // The bare route knows no signatures: its carts go by their plain ids.
        const carts = { ours: filled.ours, bare: filled.bare.map((id) => id.slice(0, id.indexOf('.'))) }
        const requestsOf = (ids: string[]) =>
          Array.from({ length: LINES }, (_, k) => k).flatMap((k) =>
            ids.map((id, i) => ({
              method: 'POST' as const,
              path: `/v1/carts/${id}/items`,
              body: JSON.stringify({ variantId: variantAt(i + LINES + k), quantity: 1 }),
            })),
          )
        const requests = { ours: requestsOf(carts.ours), bare: requestsOf(carts.bare) }
        const connections = Number(options.connections)
        const route = 'POST /v1/carts/{id}/items'
        const measured = await measureTurns(route, Number(options.turns), (which, turn) =>
          sendLoad({
            url: servers[which].url.href,
            connections,
            seconds: turn === 0 ? 2 : Number(options.seconds),
            requests: requests[which],
          }),
        )
        return { row: measured }
      } finally {
        await Promise.all([servers.ours.stop(true), servers.bare.stop(true)])
        await bare.close()
      }
    })
    if (row.ours.failed + row.bare.failed > 0) throw new AppError('internal', 'Some requests failed', { row })
    const title = `${CARTS} carts of ${2 * LINES} lines, ${options.connections} connections`
    out.result({ carts: CARTS, rows: [row] }, turnsTable(title, [row], 'bare Hono, one statement'))
  })
}
