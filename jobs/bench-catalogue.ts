import { type OwnDatabase, openOwnDatabase } from '../db/own-database.ts'
import type { SearchDocument } from '../db/search/index.ts'
import type { NewProduct } from '../modules/catalog/index.ts'
import { createModules, type Modules } from '../modules/index.ts'
import { POOL } from './bench-shop.ts'
import { createCatalogue } from './bench-search-catalogue.ts'
import type { Output } from './command.ts'

const SEED = 1
const IN_STOCK = 1000

/** The same product as the index alone is measured with, as a retailer gives it. */
function productOf(
  { texts, brand, categories, variants, priceAmount, listedAt }: SearchDocument,
  n: number,
): NewProduct {
  const handle = `made-${n}`
  const colours = new Map(variants.map(({ colour }) => [colour.label, colour.hex ?? '#808080']))
  return {
    handle,
    name: texts.name,
    description: texts.description,
    brand: brand.label,
    category: categories.map(({ label }) => label),
    price: { amount: priceAmount, currency: 'EUR' },
    colours: Array.from(colours, ([name, hex]) => ({ name, hex })),
    variants: variants.map(({ colour, size, inStock }) => ({
      sku: `${handle}-${colour.value}-${size}`,
      colour: colour.label,
      size,
      stock: inStock ? IN_STOCK : 0,
    })),
    images: [...colours.keys()].map((colour) => ({ key: `${n}.webp`, width: 960, height: 1280, alt: 'Front', colour })),
    sizeChart: null,
    metadata: { tags: [...new Set(texts.tags.split(' '))], fit: texts.attributes.split(' ').slice(0, 4).join(' ') },
    listedAt: new Date(listedAt).toISOString(),
  }
}

type MadeShop = { modules: Modules; own: OwnDatabase; products: readonly NewProduct[] }

/** Runs `work` on a shop of its own with so many made-up products, all of them found, and leaves nothing of it. */
export async function withMadeShop<T>(count: number, out: Output, work: (shop: MadeShop) => Promise<T>): Promise<T> {
  const own = await openOwnDatabase(`bench_${process.pid}`, { varDir: 'var/bench', pool: POOL })
  try {
    const modules = createModules(own.infra)
    const catalogue = createCatalogue(SEED)
    const products = Array.from({ length: count }, (_, n) => productOf(catalogue.next(), n))
    const bar = out.progress('products', count)
    let next = 0
    const lane = async () => {
      for (let product = products[next++]; product; product = products[next++]) {
        const saved = await modules.catalog.saveProduct(product)
        if (!saved.ok) throw new Error(saved.reason)
        bar.step()
      }
    }
    await Promise.all(Array.from({ length: POOL }, lane))
    bar.end()
    // The index is built from the catalogue: what was announced while that was filled is old news.
    await own.infra.sql.deleteFrom('kernel.outbox').execute()
    await modules.search.build()
    await modules.search.catchUp()
    return await work({ modules, own, products })
  } finally {
    await own.discard()
  }
}
