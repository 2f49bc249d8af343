import type { OwnDatabase } from '../db/own-database.ts'
import type { Modules } from '../modules/index.ts'
import { BUYER, fillCarts, withBenchShop } from './bench-shop.ts'
import type { Output } from './command.ts'

type Plan = {
  runs: number
  buyers: number
  pieces: number
  /** Kill -9 one of the two servers at some moment of each run, and start it again. */
  kill: boolean
  seed: number
}
export type RunCount = {
  won: number
  refused: number
  other: number
  /** Buyers who had to ask again, since a server died on them. */
  cutOff: number
  stockAfter: number
  ordersHeld: number
}

/** The same numbers for the same seed, on every machine (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type Server = { url(): string; kill(): Promise<void>; stop(): Promise<void> }

/** A shop in a process of its own, on the database and the secrets of `own`; killed, it starts again on another port. */
async function startServer(own: OwnDatabase): Promise<Server> {
  const main = new URL('main.ts', import.meta.url).pathname
  const start = async () => {
    const env = { ...process.env, ...own.env, PORT: '0', RATE_LIMIT: '0', DATABASE_POOL: '8' }
    const child = Bun.spawn([process.execPath, main, 'serve', '--json'], { env, stdio: ['ignore', 'pipe', 'ignore'] })
    let said = ''
    for await (const chunk of child.stdout) {
      said += new TextDecoder().decode(chunk)
      const url = /"url":\s*"([^"]+)"/.exec(said)?.[1]
      if (url) return { child, url }
    }
    throw new Error(`The server did not start: ${said}`)
  }
  let running = await start()
  return {
    url: () => running.url,
    async kill() {
      running.child.kill('SIGKILL')
      await running.child.exited
      running = await start()
    },
    async stop() {
      running.child.kill('SIGTERM')
      await running.child.exited
    },
  }
}

type Answer = {
  attempts: number
  status: number
  body: { order?: { id: string }; orderToken?: string; details?: { reason?: string } }
}

async function post(
  url: string,
  path: string,
  body: object,
  headers: Record<string, string>,
): Promise<Omit<Answer, 'attempts'>> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  }
  const res = await fetch(new URL(path, url), init)
  return { status: res.status, body: (await res.json()) as Answer['body'] }
}

/** Whoever gets no answer, because the server died, asks the other one the same with the same key, until there is one. */
async function buy(servers: Server[], cartId: string, first: number): Promise<Answer> {
  const key = crypto.randomUUID()
  for (let attempt = 0; ; attempt++) {
    const server = servers[(first + attempt) % servers.length]
    try {
      const answer = await post(server?.url() ?? '', '/v1/checkout', { cartId, ...BUYER }, { 'idempotency-key': key })
      const busy = answer.status === 503 || answer.body.details?.reason === 'running'
      if (!busy || attempt > 200) return { ...answer, attempts: attempt + 1 }
    } catch (error) {
      if (attempt > 200) throw error
    }
    await Bun.sleep(100)
  }
}

type Shop = { modules: Modules; servers: Server[]; variantId: string; carts: string[] }

async function runOnce({ modules, servers, variantId, carts }: Shop, plan: Plan, seed: number): Promise<RunCount> {
  const random = createRandom(seed)
  const order = carts.map((cartId) => ({
    cartId,
    place: random(),
    delayMs: random() * 30,
    first: random() < 0.5 ? 0 : 1,
  }))
  const killAfterMs = random() * 600
  const victim = servers[random() < 0.5 ? 0 : 1]
  const killing = plan.kill ? Bun.sleep(killAfterMs).then(() => victim?.kill()) : undefined
  const answers = await Promise.all(
    order
      .toSorted((a, b) => a.place - b.place)
      .map(async ({ cartId, delayMs, first }) => {
        await Bun.sleep(delayMs)
        return buy(servers, cartId, first)
      }),
  )
  await killing
  const won = answers.filter(({ status }) => status === 201)
  const refused = answers.filter(({ status, body }) => status === 409 && body.details?.reason === 'insufficient_stock')
  const held = await modules.orders.listOrders({ status: 'pending', limit: 1000 })
  const counted = {
    won: won.length,
    refused: refused.length,
    other: answers.length - won.length - refused.length,
    cutOff: answers.filter(({ attempts }) => attempts > 1).length,
    stockAfter: (await modules.inventory.stockOf([variantId])).get(variantId) ?? -1,
    ordersHeld: held.items.length,
  }
  for (const { id } of held.items) await modules.orders.cancel(id, undefined)
  return counted
}

/**
 * So many buyers, each with a cart of their own, check out the last pieces of one thing at once, at two server processes
 * on one PostgreSQL; then all orders are cancelled, which must bring every piece back, and they try again.
 */
export const runOversell = (plan: Plan, out: Output): Promise<RunCount[]> =>
  withBenchShop({ products: 1, stock: plan.pieces }, out, async ({ modules, own, variants: [variantId = ''] }) => {
    const carts = await fillCarts(
      modules,
      Array.from({ length: plan.buyers }, () => [variantId]),
    )
    const servers = await Promise.all([startServer(own), startServer(own)])
    const progress = out.progress('runs', plan.runs)
    const counts: RunCount[] = []
    try {
      for (let run = 0; run < plan.runs; run++) {
        counts.push(await runOnce({ modules, servers, variantId, carts }, plan, plan.seed + run))
        progress.step()
      }
    } finally {
      progress.end()
      await Promise.all(servers.map((server) => server.stop()))
    }
    return counts
  })
