import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import type { Command } from 'commander'
import type { Infra } from '../db/index.ts'
import type { NewProduct } from '../modules/catalog/index.ts'
import { slugOf } from '../modules/catalog/pure/slug.ts'
import type { Modules } from '../modules/index.ts'
import { addCommand, type Output, runs, withShop } from './command.ts'
import { categoryOrder, demoProducts } from './draw/catalogue/index.ts'
import type { DemoProduct } from './draw/catalogue/product.ts'
import { drawCatalogue, type DrawnProduct } from './draw/draw-catalogue.ts'

type Shop = Pick<Modules, 'catalog' | 'media' | 'tryOn'>

/** The demo products arrived one after the other, ending on this day, so that `newest` shows them in their own order. */
const LAST_ARRIVAL = Date.UTC(2026, 0, 31)
const BETWEEN_ARRIVALS_MS = 7 * 3600 * 1000

/** Changes when anything that draws or stores the demo catalogue does, and only then. */
async function drawingDigest(): Promise<string> {
  const hash = createHash('sha256')
  const sources = await Array.fromAsync(new Bun.Glob('{seed.ts,draw/**/*.ts}').scan(import.meta.dir))
  for (const path of sources.toSorted())
    if (!path.endsWith('.test.ts')) hash.update(path).update(await Bun.file(`${import.meta.dir}/${path}`).bytes())
  return hash.digest('base64url')
}

type Mark = { digest: string }

/** Which products were drawn, each marked once all of it is stored, so that a seeding cut short goes on where it was. */
async function findMissing(docs: Infra['docs'], digest: string, products: DemoProduct[]): Promise<DemoProduct[]> {
  const marks = await docs<Mark>('jobs.seed').getMany(products.map(({ handle }) => handle))
  return products.filter(({ handle }) => marks.get(handle)?.digest !== digest)
}

async function storeImages({ media }: Shop, { product, drawn, detail }: DrawnProduct): Promise<NewProduct['images']> {
  const shown = drawn.map(({ colour, picture }) => ({ colour, picture, alt: `${product.name} in ${colour}` }))
  const [first] = product.colours
  const closeUp = { colour: first?.name ?? null, picture: detail, alt: `Close-up of the ${product.name}` }
  const stored: NewProduct['images'] = []
  for (const { colour, picture, alt } of [...shown, closeUp])
    stored.push({ ...(await media.storeRaster(picture)), alt, colour })
  return stored
}

async function storeProduct(shop: Shop, drawing: DrawnProduct, listedAt: string): Promise<void> {
  const { spec: _spec, colours, ...product } = drawing.product
  const saved = await shop.catalog.saveProduct(
    {
      ...product,
      colours: colours.map(({ name, hex }) => ({ name, hex })),
      images: await storeImages(shop, drawing),
      listedAt,
    },
    async (productId, tx) => {
      for (const { colour, prepared } of drawing.drawn)
        await shop.tryOn.saveGarment({ productId, colour: slugOf(colour) }, prepared, tx)
    },
  )
  if (!saved.ok) throw new Error(`The demo product ${product.handle} was refused: ${saved.reason} ${saved.what}`)
}

type Seeding = { shop: Shop; docs: Infra['docs']; out: Pick<Output, 'progress'> }

/** Draws and stores what is missing of the demo catalogue and returns how many products that were: none the second time. */
export async function seedCatalogue({ shop, docs, out }: Seeding, catalogue = demoProducts()): Promise<number> {
  const digest = await drawingDigest()
  const products = await findMissing(docs, digest, catalogue)
  if (products.length === 0) return 0
  const places = new Map(catalogue.map(({ handle }, place) => [handle, place]))
  const progress = out.progress('products', products.length)
  await drawCatalogue({
    products,
    workers: availableParallelism(),
    async onProduct(drawing) {
      const { handle } = drawing.product
      const arrival = LAST_ARRIVAL - (places.get(handle) ?? 0) * BETWEEN_ARRIVALS_MS
      await storeProduct(shop, drawing, new Date(arrival).toISOString())
      await docs<Mark>('jobs.seed').put(handle, { digest })
      progress.step()
    },
  })
  progress.end()
  await shop.catalog.arrangeCategories(categoryOrder())
  return products.length
}

export function registerSeed(cli: Command): void {
  runs(addCommand(cli, 'seed', 'Draw the demo catalogue and put it into the shop; again, it does nothing'), ({ out }) =>
    withShop(async (modules, { docs }) => {
      const drawn = await seedCatalogue({ shop: modules, docs, out })
      if (drawn > 0) await modules.search.build()
      out.result({ drawn }, drawn > 0 ? `drew ${drawn} products` : 'the demo catalogue is there already')
    }),
  )
}
