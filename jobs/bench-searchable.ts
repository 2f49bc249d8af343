import { setTimeout as pause } from 'node:timers/promises'
import type { Command } from 'commander'
import { startWorker } from '../db/jobs/worker.ts'
import type { NewProduct } from '../modules/catalog/index.ts'
import { AppError } from '../modules/kernel/errors.ts'
import type { Modules } from '../modules/index.ts'
import { withMadeShop } from './bench-catalogue.ts'
import { createRandom } from './bench-search-catalogue.ts'
import { serveApi } from './bench-shop.ts'
import { addCommand, runs } from './command.ts'

type Options = { products: string; changes: string }

/** How exactly a time is known. */
const ASK_EVERY_MS = 3
/** So that changes come at any moment of the polls of worker and index. */
const PAUSE_MS = 400
const PATIENCE_MS = 10_000
/** Above what any product costs. */
const MARK = 10_000_000

type Ask = (path: string) => Promise<unknown>
/** What was changed, and how each of the two shows that it is. */
type Change = { make(): Promise<unknown>; searched(): Promise<boolean>; listed(): Promise<boolean> }

async function millisUntil(holds: () => Promise<boolean>): Promise<number> {
  const start = performance.now()
  while (!(await holds())) {
    if (performance.now() - start > PATIENCE_MS) throw new AppError('internal', 'A change was not found in ten seconds')
    await pause(ASK_EVERY_MS)
  }
  return performance.now() - start
}

/** A price that no other product has, and then the last piece of that product gone. */
function changesOf(modules: Modules, ask: Ask, product: NewProduct, n: number): Change[] {
  const amount = MARK + n
  const dearer: NewProduct = { ...product, price: { amount, currency: 'EUR' } }
  const gone: NewProduct = { ...dearer, variants: dearer.variants.map((one) => Object.assign({}, one, { stock: 0 })) }
  const stocked: NewProduct = {
    ...dearer,
    variants: dearer.variants.map((one) => Object.assign({}, one, { stock: 9 })),
  }
  const total = async (more = '') =>
    ((await ask(`search?minPrice=${amount}&maxPrice=${amount}&limit=1${more}`)) as { total: number }).total
  const variants = async () =>
    ((await ask(`products/${product.handle}`)) as { variants: { inStock: boolean }[] }).variants
  return [
    {
      make: () => modules.catalog.saveProduct(stocked),
      searched: async () => (await total('&inStock=true')) === 1,
      listed: async () =>
        ((await ask(`products?minPrice=${amount}&maxPrice=${amount}`)) as { items: unknown[] }).items.length === 1,
    },
    {
      make: () => modules.catalog.saveProduct(gone),
      searched: async () => (await total('&inStock=true')) === 0,
      listed: async () => (await variants()).every(({ inStock }) => !inStock),
    },
  ]
}

const summed = (millis: readonly number[]) => {
  const sorted = millis.toSorted((a, b) => a - b)
  const at = (part: number) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0)
  return { p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) }
}

async function measure(modules: Modules, products: readonly NewProduct[], count: number, step: () => void) {
  const server = serveApi(modules)
  const ask: Ask = async (path) => (await fetch(`${server.url.href}v1/${path}`)).json()
  const worker = startWorker(modules)
  const following = modules.search.follow()
  const { upTo } = createRandom(count)
  const [search, catalogue]: [number[], number[]] = [[], []]
  try {
    await following.ready
    for (let n = 0; search.length < count; n++) {
      const product = products[upTo(products.length)]
      for (const { make, searched, listed } of product ? changesOf(modules, ask, product, n) : []) {
        await pause(upTo(PAUSE_MS))
        await make()
        const [found, shown] = await Promise.all([millisUntil(searched), millisUntil(listed)])
        search.push(found)
        catalogue.push(shown)
        step()
      }
    }
    return { search: summed(search), catalogue: summed(catalogue) }
  } finally {
    await following.stop()
    await worker.stop()
    await server.stop(true)
  }
}

const row = (name: string, cells: (string | number)[]) =>
  [name.padEnd(24), ...cells.map((cell) => String(cell).padStart(8))].join('')

export function registerBenchSearchable(cli: Command): void {
  const about =
    'How long after a commit a new price and a new stock are searched, beside the catalogue that has them at once'
  const command = addCommand(cli, 'bench searchable', about)
    .option('--products <n>', 'how many there are', '10000')
    .option('--changes <n>', 'how many are made', '200')
  runs<Options>(command, async ({ options, out }) => {
    const [count, changes] = [Number(options.products), Number(options.changes)]
    const result = await withMadeShop(count, out, async ({ modules, products }) => {
      const bar = out.progress('changes', changes)
      const measured = await measure(modules, products, changes, bar.step)
      bar.end()
      return { products: count, changes, ...measured }
    })
    const text = [
      `${changes} changes of price and stock among ${count} products, until they are answered`,
      row('ms after the commit', ['p50', 'p99', 'most']),
      row('GET /v1/search', Object.values(result.search)),
      row('GET /v1/products', Object.values(result.catalogue)),
    ]
    out.result(result, text.join('\n'))
  })
}
