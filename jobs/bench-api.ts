import type { Command } from 'commander'
import { Hono } from 'hono'
import { openBareCatalog } from '../db/bare-catalog.ts'
import { openOwnDatabase } from '../db/own-database.ts'
import { createApp } from '../edge/app.ts'
import type { Catalog, NewProduct } from '../modules/catalog/index.ts'
import { createModules } from '../modules/index.ts'
import { AppError } from '../modules/kernel/errors.ts'
import { addCommand, type Output, runs } from './command.ts'

const PRODUCTS = 3000
const POOL = 8

type Load = { perSecond: number; p50Ms: number; p99Ms: number; failed: number }
type Row = { route: string; ours: Load; bare: Load; share: number }

const COLOURS = ['Navy', 'Black', 'Off-White', 'Olive', 'Rust', 'Sky', 'Plum', 'Sand']
const KINDS = ['T-Shirts', 'Shirts', 'Knitwear', 'Coats', 'Trousers', 'Shorts', 'Skirts', 'Dresses']

/** Different enough that no two pages are alike: eight kinds, forty brands, two colours in two sizes each. */
function benchProduct(index: number): NewProduct {
  const [colour, other] = [COLOURS[index % 8] ?? '', COLOURS[(index + 3) % 8] ?? '']
  const sku = (name: string, size: string) => `B${index}-${name}-${size}`.toUpperCase()
  return {
    handle: `product-${index}`,
    name: `${colour} thing ${index}`,
    description: 'A plain thing in a plain colour, cut straight, with a little room in it. '.repeat(4),
    brand: `Brand ${index % 40}`,
    category: [index % 2 ? 'Women' : 'Men', KINDS[index % 8] ?? ''],
    price: { amount: 1000 + ((index * 7919) % 9000), currency: 'EUR' },
    colours: [colour, other].map((name) => ({ name, hex: '#445566' })),
    variants: [colour, other].flatMap((name) =>
      ['M', 'L'].map((size) => ({ sku: sku(name, size), colour: name, size, stock: index % 20 })),
    ),
    images: [colour, other].map((name, place) => ({
      key: `${index.toString(16).padStart(31, '0')}${place}.webp`,
      width: 960,
      height: 1280,
      alt: `${name} thing, front`,
      colour: name,
    })),
    sizeChart: { unit: 'cm', category: 'top', sizes: { M: { chest: 104, length: 70 }, L: { chest: 112, length: 72 } } },
    metadata: { tags: ['plain'], pattern: 'plain', season: ['summer'], fabric: '100% cotton', care: ['Wash at 30'] },
  }
}

async function fill(catalog: Catalog, out: Output): Promise<void> {
  const progress = out.progress('products', PRODUCTS)
  let next = 0
  const lane = async () => {
    while (next < PRODUCTS) {
      const saved = await catalog.saveProduct(benchProduct(next++))
      if (!saved.ok) throw new Error(`${saved.reason}: ${saved.what}`)
      progress.step()
    }
  }
  await Promise.all(Array.from({ length: 4 }, lane))
  progress.end()
}

/** A route and nothing else: no validation, no headers, no paging, one statement. */
function bareApp(bare: ReturnType<typeof openBareCatalog>) {
  return new Hono()
    .get('/v1/products', async (c) => c.json({ items: await bare.listProducts(24) }))
    .get('/v1/products/:slug', async (c) => c.json(await bare.findProduct(c.req.param('slug'))))
}

async function load(url: string, paths: string[], { connections, seconds }: Options): Promise<Load> {
  const script = new URL('bench-load.ts', import.meta.url).pathname
  const child = Bun.spawn([process.execPath, script, url, JSON.stringify(paths), connections, seconds], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const answer = await new Response(child.stdout).text()
  if ((await child.exited) !== 0) throw new Error('The load generator failed')
  return JSON.parse(answer) as Load
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
const medianLoad = (loads: Load[]): Load => ({
  perSecond: median(loads.map(({ perSecond }) => perSecond)),
  p50Ms: median(loads.map(({ p50Ms }) => p50Ms)),
  p99Ms: median(loads.map(({ p99Ms }) => p99Ms)),
  failed: loads.reduce((sum, { failed }) => sum + failed, 0),
})

type Target = { route: string; paths: string[] }
type Urls = { ours: string; bare: string }

/**
 * Turn about, so that whatever else the machine does meets both alike; the share is the median over the turns' own shares.
 * The first turn warms up and does not count.
 */
async function measure({ route, paths }: Target, urls: Urls, options: Options): Promise<Row> {
  const turns: Record<keyof Urls, Load[]> = { ours: [], bare: [] }
  for (let turn = 0; turn <= Number(options.turns); turn++)
    for (const which of turn % 2 ? (['bare', 'ours'] as const) : (['ours', 'bare'] as const)) {
      const measured = await load(urls[which], paths, turn === 0 ? { ...options, seconds: '2' } : options)
      if (turn > 0) turns[which].push(measured)
    }
  const shares = turns.ours.map(({ perSecond }, turn) => perSecond / (turns.bare[turn]?.perSecond ?? Number.NaN))
  return { route, ours: medianLoad(turns.ours), bare: medianLoad(turns.bare), share: median(shares) }
}

type Options = { connections: string; seconds: string; turns: string }

const line = (cells: (string | number)[]) =>
  cells.map((cell, place) => (place === 0 ? String(cell).padEnd(28) : String(cell).padStart(12))).join('')

function table(rows: Row[], { connections }: Options): string {
  const cells = (name: string, { perSecond, p50Ms, p99Ms }: Load, share: string) =>
    line([name, Math.round(perSecond), p50Ms, p99Ms, share])
  return [
    `${PRODUCTS} products x 4 variants, ${connections} connections`,
    line(['route', 'requests/s', 'p50 ms', 'p99 ms', 'share']),
    ...rows.flatMap(({ route, ours, bare, share }) => [
      cells(route, ours, `${Math.round(share * 100)}%`),
      cells('  bare Hono, one statement', bare, ''),
    ]),
  ].join('\n')
}

export function registerBenchApi(cli: Command): void {
  const command = addCommand(cli, 'bench api', 'Load both catalogue reads beside a bare route that does the same')
    .option('--connections <n>', 'how many at once', '32')
    .option('--seconds <n>', 'how long each turn lasts', '3')
    .option('--turns <n>', 'turns of each, of which the median counts', '7')
  runs<Options>(command, async ({ options, out }) => {
    const { infra, address, discard } = await openOwnDatabase(`bench_${process.pid}`, {
      varDir: 'var/bench',
      pool: POOL,
    })
    const bare = openBareCatalog(address, POOL)
    try {
      const modules = createModules(infra)
      await fill(modules.catalog, out)
      const ours = Bun.serve({ port: 0, fetch: createApp(modules).fetch })
      const roof = Bun.serve({ port: 0, fetch: bareApp(bare).fetch })
      const urls = { ours: ours.url.href, bare: roof.url.href }
      const slugs = Array.from({ length: 200 }, (_, i) => `/v1/products/product-${(i * 17) % PRODUCTS}`)
      const rows = [
        await measure({ route: 'GET /v1/products', paths: ['/v1/products'] }, urls, options),
        await measure({ route: 'GET /v1/products/{slug}', paths: slugs }, urls, options),
      ]
      await Promise.all([ours.stop(true), roof.stop(true)])
      if (rows.some((row) => row.ours.failed + row.bare.failed > 0))
        throw new AppError('internal', 'Some requests failed')
      out.result({ products: PRODUCTS, rows }, table(rows, options))
    } finally {
      await bare.close()
      await discard()
    }
  })
}
