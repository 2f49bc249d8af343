import { createHash } from 'node:crypto'
import type { Docs } from '../../db/index.ts'
import type { NewProduct, SavedProduct } from '../../modules/catalog/index.ts'
import { paletteOf } from '../../modules/catalog/pure/palette.ts'
import { sizeChartWarnings } from '../../modules/catalog/pure/size-chart.ts'
import { slugOf } from '../../modules/catalog/pure/slug.ts'
import type { Modules } from '../../modules/index.ts'
import type { StoredPicture } from '../../modules/media/index.ts'
import type { PreparedGarment } from '../../modules/tryon/pure/garment.ts'
import type { Raster } from '../../modules/tryon/pure/image.ts'
import type { Draft, DraftColour, Remark } from './draft.ts'
import { openPictures, type PictureFile } from './pictures.ts'

/**
 * What an earlier import left of a product: the digest of all that went in, pictures by the hash of their file, and per
 * colour which file its garment was prepared from. What is the same is not done again.
 */
export type Ledger = {
  digest: string
  pictures: Record<string, StoredPicture>
  garments: Record<string, { source: string; palette: string[]; remark?: string }>
}

export type Importer = {
  shop: Pick<Modules, 'catalog' | 'media' | 'tryOn'>
  ledger: Docs<Ledger>
  imagesDir: string | undefined
}

export type Imported = {
  change: 'created' | 'updated' | 'unchanged' | 'refused'
  refused: Remark[]
  warnings: Remark[]
}

/** Raised when the same file would be stored or prepared otherwise than before. */
const VERSION = 1

/** Below this a garment's landmarks are a guess that the retailer should look at. */
const SURE = 0.5

type Files = Map<DraftColour, PictureFile[]>

function digestOf(draft: Draft, files: Files): string {
  const hashes = draft.colours.map((colour) => (files.get(colour) ?? []).map(({ hash }) => hash))
  const { line: _line, ...said } = { ...draft, colours: draft.colours.map(({ line: _at, ...colour }) => colour) }
  return createHash('sha256')
    .update(JSON.stringify([VERSION, said, hashes]))
    .digest('base64url')
}

const sourceOf = (draft: Draft, front: PictureFile) => `${VERSION} ${front.hash} ${draft.garment ?? ''}`

/** Decodes what the last import has not stored or prepared already, by hash; what cannot be decoded goes to `refused`. */
async function decodeNew(
  { shop }: Importer,
  { draft, files, before }: Work,
  refused: Remark[],
): Promise<Map<string, Raster>> {
  const rasters = new Map<string, Raster>()
  for (const [colour, opened] of files)
    for (const [place, file] of opened.entries()) {
      const dressed = place > 0 || before?.garments[slugOf(colour.name)]?.source === sourceOf(draft, file)
      if (rasters.has(file.hash) || (dressed && before?.pictures[file.hash])) continue
      const read = await shop.media.read(file.bytes)
      if (read.ok) rasters.set(file.hash, read.picture)
      else
        refused.push({
          line: colour.line,
          column: 'images',
          reason: `${file.name} ${read.reason}`,
          handle: draft.handle,
        })
    }
  return rasters
}

type Work = { draft: Draft; files: Files; before: Ledger | undefined }
type Dressed = { garments: Map<string, PreparedGarment>; noted: Ledger['garments'] }

type Noted = Ledger['garments'][string]

async function dressColour(
  { shop }: Importer,
  { garment: wanted }: Draft,
  { front, picture, source }: { front: PictureFile; picture: Raster; source: string },
): Promise<{ garment?: PreparedGarment; noted: Noted }> {
  if (wanted === 'none') return { noted: { source, palette: paletteOf(picture) } }
  const found = await shop.tryOn.prepare(picture, wanted ? { category: wanted } : {})
  const remark = remarkOn(found, front.name)
  const noted = { source, ...(remark ? { remark } : {}) }
  if (!found.ok) return { noted: { ...noted, palette: paletteOf(picture) } }
  return { garment: found.garment, noted: { ...noted, palette: paletteOf(found.garment.cutout) } }
}

/**
 * The garment in each colour's front picture, and its palette. Where the last import found it in the same file, only what
 * it noted.
 */
async function dress(
  importer: Importer,
  { draft, files, before }: Work,
  rasters: Map<string, Raster>,
): Promise<Dressed> {
  const dressed: Dressed = { garments: new Map(), noted: {} }
  for (const [{ name }, [front]] of files) {
    if (!front) continue
    const [slug, source] = [slugOf(name), sourceOf(draft, front)]
    const [known, picture] = [before?.garments[slug], rasters.get(front.hash)]
    if (known?.source === source) dressed.noted[slug] = known
    else if (picture) {
      const { garment, noted } = await dressColour(importer, draft, { front, picture, source })
      dressed.noted[slug] = noted
      if (garment) dressed.garments.set(slug, garment)
    }
  }
  return dressed
}

function remarkOn(found: Awaited<ReturnType<Importer['shop']['tryOn']['prepare']>>, name: string): string | undefined {
  if (!found.ok) return `cannot be tried on: ${found.reason} in ${name}, ${found.detail}`
  return found.garment.confidence < SURE ? `the garment in ${name} was found, but not surely` : undefined
}

function productOf(draft: Draft, looks: { images: NewProduct['images']; noted: Ledger['garments'] }): NewProduct {
  const { product, handle, colours } = draft
  const palette = [
    ...new Set(
      colours.flatMap(({ name, hex }) => [...(hex ? [hex] : []), ...(looks.noted[slugOf(name)]?.palette ?? [])]),
    ),
  ]
  return {
    ...product,
    handle,
    colours: colours.map(({ name, hex }) => ({ name, hex: hex ?? looks.noted[slugOf(name)]?.palette[0] ?? '#000000' })),
    variants: colours.flatMap(({ name, variants }) => variants.map((variant) => ({ ...variant, colour: name }))),
    images: looks.images,
    metadata: { ...(palette.length > 0 ? { palette: palette.slice(0, 12) } : {}), ...product.metadata },
  }
}

/** Where a field of the product stands in the file, when it is not a column of the same name. */
const COLUMN_OF: Record<string, string> = {
  size: 'sizes',
  hex: 'colour_hex',
  name: 'colour',
  amount: 'price',
  currency: 'currency',
}

function columnOf([field = '', ...rest]: (string | number)[]): string {
  if (field === 'sizeChart') return rest.length > 2 ? `${rest.slice(2).join('.')}_cm` : 'sizes'
  if (field === 'metadata') return String(rest[0] ?? field)
  const last = String(rest.at(-1) ?? field)
  return rest.length > 0 ? (COLUMN_OF[last] ?? last) : String(field)
}

/** From the path of an issue in the product to the line and column of the file that it came from. */
function placeOf(draft: Draft, path: (string | number)[]): { line: number; column: string } {
  const [field, place] = path
  const owners = {
    variants: draft.colours.flatMap((colour) => colour.variants.map(() => colour)),
    colours: draft.colours,
  }
  const owner = field === 'variants' || field === 'colours' ? owners[field][Number(place)] : undefined
  return { line: owner?.line ?? draft.line, column: columnOf(path) }
}

function remarkOnRefusal(draft: Draft, saved: Extract<SavedProduct, { ok: false }>): Remark {
  const said = {
    sku_taken: { column: 'sku', reason: `${saved.what} belongs to another product` },
    category_elsewhere: { column: 'category', reason: `${saved.what} is the name of another category already` },
    no_such_name: { column: 'colour', reason: `${saved.what} is no name that a colour, brand or category can have` },
  }
  return { line: draft.line, handle: draft.handle, ...said[saved.reason] }
}

async function storePictures({ shop }: Importer, { draft, files, before }: Work, rasters: Map<string, Raster>) {
  const pictures: Ledger['pictures'] = {}
  const images: NewProduct['images'] = []
  for (const [colour, opened] of files)
    for (const [place, { hash }] of opened.entries()) {
      const raster = rasters.get(hash)
      const stored = pictures[hash] ?? before?.pictures[hash] ?? (raster && (await shop.media.storeRaster(raster)))
      if (!stored) continue
      pictures[hash] = stored
      const alt = `${draft.product.name} in ${colour.name}${place > 0 ? `, picture ${place + 1}` : ''}`
      images.push({ ...stored, alt, colour: colour.name })
    }
  return { pictures, images }
}

/** Measures that are odd but may be true, each in the column of its zone. */
function remarksOnChart(draft: Draft): Remark[] {
  const { sizeChart } = draft.product
  if (!sizeChart) return []
  return sizeChartWarnings(sizeChart).map(({ size, zone = '', message }) => {
    const { line, column } = placeOf(draft, ['sizeChart', 'sizes', size, zone])
    return { line, column, reason: message, handle: draft.handle }
  })
}

function warningsOf({ draft, files }: Work, noted: Ledger['garments']): Remark[] {
  const onPictures = [...files.keys()].flatMap(({ name, line }) => {
    const reason = noted[slugOf(name)]?.remark
    return reason ? [{ line, column: 'images', reason, handle: draft.handle }] : []
  })
  return [...remarksOnChart(draft), ...onPictures]
}

/** The product's rows and its prepared garments commit together; the pictures, which nobody sees without them, come before. */
async function bringIn(
  importer: Importer,
  work: Work,
  rasters: Map<string, Raster>,
): Promise<Imported & Pick<Ledger, 'pictures' | 'garments'>> {
  const { catalog, tryOn } = importer.shop
  const { garments, noted } = await dress(importer, work, rasters)
  const { pictures, images } = await storePictures(importer, work, rasters)
  const saved = await catalog.saveProduct(productOf(work.draft, { images, noted }), async (productId, tx) => {
    for (const [colour, garment] of garments) await tryOn.saveGarment({ productId, colour }, garment, tx)
  })
  const left = { pictures, garments: noted }
  if (!saved.ok) return { change: 'refused', refused: [remarkOnRefusal(work.draft, saved)], warnings: [], ...left }
  return { change: saved.change, refused: [], warnings: warningsOf(work, noted), ...left }
}

/**
 * Brings one product of the file into the shop: nothing of it when anything is wrong with it, and nothing again when it is
 * as it was.
 */
export async function importDraft(importer: Importer, draft: Draft): Promise<Imported> {
  const { catalog } = importer.shop
  const refused: Remark[] = []
  for (const { path, message } of catalog.issuesOf(productOf(draft, { images: [], noted: {} })))
    refused.push({ ...placeOf(draft, path), reason: message, handle: draft.handle })
  const files = await openPictures(draft, importer.imagesDir, refused)
  if (refused.length > 0) return { change: 'refused', refused, warnings: [] }

  const before = (await catalog.findProductId(draft.handle)) ? await importer.ledger.get(draft.handle) : undefined
  const digest = digestOf(draft, files)
  if (before?.digest === digest) return { change: 'unchanged', refused, warnings: [] }

  const work = { draft, files, before }
  const rasters = await decodeNew(importer, work, refused)
  if (refused.length > 0) return { change: 'refused', refused, warnings: [] }
  const { pictures, garments, ...imported } = await bringIn(importer, work, rasters)
  if (imported.change !== 'refused') await importer.ledger.put(draft.handle, { digest, pictures, garments })
  return imported
}
