import type { Command } from 'commander'
import { Hono } from 'hono'
import { openBareCatalog } from '../db/bare-catalog.ts'
import { openOwnDatabase } from '../db/own-database.ts'
import { createApp } from '../edge/app.ts'
import type { Catalog, NewProduct } from '../modules/catalog/index.ts'
import { createModules } from '../modules/index.ts'
import { AppError } from '../modules/kernel/errors.ts'
import { measureTurns, type Row, sendLoad, turnsTable } from './bench-turns.ts'
import { addCommand, type Output, runs } from './command.ts'

const PRODUCTS = 3000
const POOL = 8

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

type Target = { route: string; paths: string[] }
type Urls = { ours: string; bare: string }
type Options = { connections: string; seconds: string; turns: string }

const measure = ({ route, paths }: Target, urls: Urls, options: Options): Promise<Row> => {
  const requests = paths.map((path) => ({ method: 'GET' as const, path }))
  const connections = Number(options.connections)
  return measureTurns(route, Number(options.turns), (which, turn) =>
    sendLoad({ url: urls[which], connections, seconds: turn === 0 ? 2 : Number(options.seconds), requests }),
  )
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
      const title = `${PRODUCTS} products x 4 variants, ${options.connections} connections`
      out.result({ products: PRODUCTS, rows }, turnsTable(title, rows, 'bare Hono, one statement'))
    } finally {
      await bare.close()
      await discard()
    }
  })
}
