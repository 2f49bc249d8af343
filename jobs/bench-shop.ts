import type { OpenedInfra } from '../db/index.ts'
import { type OwnDatabase, openOwnDatabase } from '../db/own-database.ts'
import { createApp } from '../edge/app.ts'
import { createModules, type Modules } from '../modules/index.ts'
import type { Output } from './command.ts'

export const POOL = 16

/** A guest who has everything a checkout asks for. */
export const BUYER = {
  email: 'buyer@example.com',
  shippingAddress: { name: 'A. Buyer', line1: 'Rosenweg 7', postalCode: '10115', city: 'Berlin', country: 'DE' },
  shippingOption: 'standard',
  payment: { provider: 'test' },
}

/** Runs `work` on a shop of its own with so many products of two sizes, and leaves nothing of it. */
export async function withBenchShop<T>(
  { products, stock }: { products: number; stock: number },
  out: Output,
  work: (shop: { modules: Modules; infra: OpenedInfra; own: OwnDatabase; variants: string[] }) => Promise<T>,
): Promise<T> {
  const own = await openOwnDatabase(`bench_${process.pid}`, { varDir: 'var/bench', pool: POOL })
  try {
    const modules = createModules(own.infra)
    const progress = out.progress('products', products)
    const variants: string[] = []
    for (let i = 0; i < products; i++) {
      const saved = await modules.catalog.saveProduct({
        handle: `product-${i}`,
        name: `Plain thing ${i}`,
        description: 'A plain thing in a plain colour.',
        brand: `Brand ${i % 12}`,
        category: ['Women', 'Tops'],
        price: { amount: 1000 + ((i * 7919) % 9000), currency: 'EUR' },
        colours: [{ name: 'Navy', hex: '#1b2a41' }],
        variants: ['M', 'L'].map((size) => ({ sku: `B${i}-${size}`, colour: 'Navy', size, stock })),
        images: [{ key: `${i}.webp`, width: 960, height: 1280, alt: 'Front', colour: 'Navy' }],
        sizeChart: null,
        metadata: {},
      })
      if (!saved.ok) throw new Error(saved.reason)
      const { variants: made } = await modules.catalog.getProduct(`product-${i}`)
      variants.push(...made.map(({ id }) => id))
      progress.step()
    }
    progress.end()
    return await work({ modules, infra: own.infra, own, variants })
  } finally {
    await own.discard()
  }
}

/** The API of the shop on a free port. */
export const serveApi = (modules: Modules) => Bun.serve({ port: 0, fetch: createApp(modules).fetch })

/** Guests' carts, each with these variants in it, made as many at once as there are connections. */
export async function fillCarts(modules: Modules, contents: string[][]): Promise<string[]> {
  const ids: string[] = []
  let next = 0
  const lane = async () => {
    while (next < contents.length) {
      const place = next++
      const { id } = await modules.cart.createCart(undefined)
      for (const variantId of contents[place] ?? [])
        await modules.cart.addItem(id, undefined, { variantId, quantity: 1 })
      ids[place] = id
    }
  }
  await Promise.all(Array.from({ length: POOL }, lane))
  return ids
}
