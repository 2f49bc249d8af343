import type { Blobs, Sql } from '../../db/index.ts'
import { type Catalog, type Product, SizeChartSchema } from '../catalog/index.ts'
import type { SizeChart } from '../catalog/pure/size-chart.ts'
import { AppError } from '../kernel/errors.ts'
import type { Pictures } from '../media/index.ts'
import type { Stage, TryOnOutcome } from './engine.ts'
import { createEnginePool } from './engine-pool.ts'
import { prepareGarment } from './prepare-garment.ts'
import type { GarmentCategory, PreparedGarment } from './pure/garment.ts'
import type { BodyInput } from './pure/garment-size.ts'
import type { Raster } from './pure/image.ts'
import { findGarment, listGarmentColours, type StoredGarment, upsertGarment } from './store.ts'

export type TryOn = ReturnType<typeof createTryOn>

export type TryOnRequest = {
  person: Uint8Array
  garment:
    | { kind: 'picture'; bytes: Uint8Array; category?: GarmentCategory | undefined }
    | { kind: 'product'; productId: string; colour?: string | undefined }
    | { kind: 'variant'; variantId: string }
  size?: string | undefined
  sizeChart?: SizeChart | undefined
  body?: BodyInput | undefined
}

type Needs = { sql: Sql; blobs: Blobs; modelsDir: string; catalog: Catalog; pictures: Pictures }

/** Threads for try-ons; a second one halves the wait when two people try on at once, and doubles the memory. */
const THREADS = 1

/** Nothing of a person's picture is stored or logged here: it lives in memory until its answer is sent. */
export function createTryOn({ sql, blobs, modelsDir, catalog, pictures }: Needs) {
  const engine = createEnginePool({ modelsDir, threads: THREADS })

  /** The stored garment with its pixels, or undefined where the product cannot be tried on. */
  async function loadGarment(productId: string, colour?: string): Promise<PreparedGarment | undefined> {
    const stored = await findGarment(sql, productId, colour)
    return stored ? openGarment(stored, blobs, pictures) : undefined
  }

  async function fromProduct(product: Product, colour: string | undefined): Promise<PreparedGarment> {
    const prepared = await loadGarment(product.id, colour)
    if (prepared) return prepared
    if (colour !== undefined && !product.colours.some(({ slug }) => slug === colour))
      throw new AppError('not_found', `${product.slug} has no colour ${colour}`)
    throw new AppError('not_found', `${product.slug} cannot be tried on`)
  }

  return {
    /** Dresses the person. Throws not_found for an unknown product, variant or colour, unavailable when too many wait. */
    async tryOn(request: TryOnRequest, onStage?: (stage: Stage) => void): Promise<TryOnOutcome> {
      const { person, garment, size, sizeChart, body } = request
      if (garment.kind === 'picture') {
        const { bytes, category } = garment
        return engine.run({ person, garment: { picture: bytes, category }, chart: sizeChart, size, body }, onStage)
      }
      const chosen = await choose(catalog, garment)
      const prepared = await fromProduct(chosen.product, chosen.colour)
      const chart = sizeChart ?? chartOf(chosen.product)
      return engine.run({ person, garment: { prepared }, chart, size: size ?? chosen.size, body }, onStage)
    },

    /** Cut-out, landmarks and category of a garment's picture; the answer says why when there is none to be found. */
    prepare: (picture: Raster, hint: { category?: GarmentCategory } = {}) => prepareGarment(picture, hint),

    /** Keeps a prepared garment for a product's colour, replacing the one before. Pictures first, the row last: no row points at nothing. */
    async saveGarment(
      of: { productId: string; colour: string },
      garment: PreparedGarment,
      tx: Sql = sql,
    ): Promise<void> {
      const cutoutKey = `garments/${of.productId}/${of.colour}.jpg`
      const { colours, matte } = await pictures.encodeCutout(garment.cutout)
      await blobs.put(cutoutKey, colours, 'image/jpeg')
      await blobs.put(matteAt(cutoutKey), matte, 'image/png')
      const insideKey = garment.inside ? `garments/${of.productId}/${of.colour}.inside.png` : null
      if (garment.inside && insideKey)
        await blobs.put(insideKey, await pictures.encodeMask({ ...garment.cutout, data: garment.inside }), 'image/png')
      const { category, cut, openFront, landmarks, confidence } = garment
      await upsertGarment(tx, { ...of, category, cut, openFront, landmarks, confidence, cutoutKey, insideKey })
    },

    loadGarment,
    triableColours: (productId: string) => listGarmentColours(sql, productId),
    /** Gets a thread ready for the first try-on, which takes three times as long without. Does not wait for it. */
    warmUp: () => engine.warmUp(),
    close: () => engine.close(),
  }
}

async function choose(catalog: Catalog, garment: Exclude<TryOnRequest['garment'], { kind: 'picture' }>) {
  if (garment.kind === 'product')
    return { product: await catalog.getProduct(garment.productId), colour: garment.colour, size: undefined }
  const product = await catalog.getProductOfVariant(garment.variantId)
  const variant = product.variants.find(({ id }) => id === garment.variantId)
  return { product, colour: variant?.colour, size: variant?.size }
}

const chartOf = (product: Product): SizeChart | undefined =>
  product.sizeChart ? (SizeChartSchema.parse(product.sizeChart) as SizeChart) : undefined

/** The matte lies beside the colours. */
const matteAt = (cutoutKey: string) => cutoutKey.replace(/jpg$/, 'matte.png')

async function openGarment(stored: StoredGarment, blobs: Blobs, pictures: Pictures): Promise<PreparedGarment> {
  const open = async (key: string): Promise<Raster> => {
    const blob = await blobs.get(key)
    const read = blob ? await pictures.read(blob.bytes) : undefined
    if (!read?.ok) throw new Error(`The garment picture ${key} is missing or damaged; import or seed its product again`)
    return read.picture
  }
  const [cutout, matte, inside] = await Promise.all([
    open(stored.cutoutKey),
    open(matteAt(stored.cutoutKey)),
    stored.insideKey ? open(stored.insideKey) : Promise.resolve(undefined),
  ])
  for (let i = 0; i < cutout.data.length; i += 4) cutout.data[i + 3] = matte.data[i] ?? 0
  const { category, cut, openFront, landmarks, confidence } = stored
  const garment: PreparedGarment = { category, cut, openFront, cutout, landmarks, confidence }
  if (inside)
    garment.inside = Uint8Array.from({ length: cutout.width * cutout.height }, (_, i) => inside.data[4 * i] ?? 0)
  return garment
}
