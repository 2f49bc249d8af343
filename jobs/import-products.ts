import { readFile, stat } from 'node:fs/promises'
import { extname, resolve } from 'node:path'
import type { Command } from 'commander'
import { AppError } from '../modules/kernel/errors.ts'
import { addCommand, type Output, runs, withShop } from './command.ts'
import type { ReadCatalogue, Remark } from './import/draft.ts'
import { importDraft, type Imported, type Importer, type Ledger } from './import/import-draft.ts'
import { readCsv } from './import/read-csv.ts'
import { readJson } from './import/read-json.ts'

const MOST_BYTES = 64 * 1024 * 1024

const HELP = `
CSV (comma, semicolon or tab; UTF-8): one row per product and colour. Several values in a cell are split at "|".
  needed    name, brand, category (Women > Tops > Shirts), price (29.90), currency (EUR),
            colour (Navy), sizes (S|M|L), stock (3|0|5, one per size)
  optional  handle (linen-shirt; from the name without), sku (gets "-SIZE" added), description,
            colour_hex (#1b2a41; from the picture without), images (front.jpg|back.jpg, below --images; the first
            shows the garment from the front), garment (top, bottom, dress, or none: not to be tried on; found from
            the picture without), tags, pattern, occasion, season, fabric, care
  sizes     chest_cm, waist_cm, hip_cm, length_cm, shoulder_cm, sleeve_cm, inseam_cm, outseam_cm, thigh_cm, hem_cm:
            finished garment measures, girths in full, one per size (96|104|112); they need garment
  Rows of one handle are one product: its further colours may leave what is said of the product empty.

JSON: an array of products.
  [{ "handle": "linen-shirt", "name": "Linen shirt", "brand": "Norr", "category": ["Women", "Tops", "Shirts"],
     "price": { "amount": 2990, "currency": "EUR" }, "garment": "top", "metadata": { "fabric": "100% linen" },
     "sizeChart": { "unit": "cm", "category": "top", "sizes": { "M": { "chest": 104, "length": 70 } } },
     "colours": [{ "name": "Navy", "hex": "#1b2a41", "images": ["front.jpg"],
                   "variants": [{ "size": "M", "stock": 3, "sku": "LS-NAVY-M" }] }] }]

A product with anything wrong is refused as a whole, each fault named by line and column; the others go in. What is
only odd goes in with a warning: a measure that shrinks from one size to the next, a picture that shows no garment.
Run it again as often as you like: what has not changed is not touched.
Exit codes: 0 all in, 1 failed, 2 some refused or bad input.`

export type ImportReport = {
  products: Record<Imported['change'], number>
  refused: Remark[]
  warnings: Remark[]
}

async function readCatalogue(file: string): Promise<ReadCatalogue> {
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) throw new AppError('invalid', `There is no file ${file}`)
  if (found.size > MOST_BYTES) throw new AppError('too_large', `${file} is larger than ${MOST_BYTES} bytes`)
  const text = new TextDecoder('utf-8', { fatal: true })
  let content: string
  try {
    content = text.decode(await readFile(file))
  } catch {
    throw new AppError('invalid', `${file} is not UTF-8`)
  }
  return extname(file).toLowerCase() === '.json' ? readJson(content) : readCsv(content)
}

/** Imports a catalogue file; throws `invalid` when it cannot be read at all. */
export async function importProducts(
  importer: Importer,
  file: string,
  out: Pick<Output, 'progress'>,
): Promise<ImportReport> {
  const { drafts, refused } = await readCatalogue(file)
  const unread = new Set(refused.map(({ handle, line }) => handle ?? line)).size
  const report: ImportReport = {
    products: { created: 0, updated: 0, unchanged: 0, refused: unread },
    refused,
    warnings: [],
  }
  const progress = out.progress('products', drafts.length)
  for (const draft of drafts) {
    const imported = await importDraft(importer, draft)
    report.products[imported.change] += 1
    report.refused.push(...imported.refused)
    report.warnings.push(...imported.warnings)
    progress.step()
  }
  progress.end()
  report.refused.sort((a, b) => a.line - b.line)
  return report
}

const lineOf = ({ line, column, reason }: Remark) => `  line ${line}${column ? `, ${column}` : ''}: ${reason}`

/** What a person reads of a report. */
export function textOf({ products, refused, warnings }: ImportReport): string {
  const counts = Object.entries(products).map(([change, count]) => `${count} ${change}`)
  return [
    counts.join(', '),
    ...(refused.length > 0 ? ['refused:', ...refused.map(lineOf)] : []),
    ...(warnings.length > 0 ? ['warnings:', ...warnings.map(lineOf)] : []),
  ].join('\n')
}

export function registerImportProducts(cli: Command): void {
  const command = addCommand(
    cli,
    'import products',
    "Bring a retailer's catalogue of CSV or JSON into the shop, pictures and all",
  )
    .argument('<file>', 'the catalogue, .csv or .json')
    .option('--images <dir>', 'the folder its pictures are in')
    .addHelpText('after', HELP)
  runs<{ images?: string }>(command, ({ args: [file = ''], options, out }) =>
    withShop(async (shop, { docs }) => {
      const imagesDir = options.images === undefined ? undefined : resolve(options.images)
      if (imagesDir && !(await stat(imagesDir).catch(() => undefined))?.isDirectory())
        throw new AppError('invalid', `There is no folder ${options.images}`)
      const report = await importProducts({ shop, ledger: docs<Ledger>('jobs.import'), imagesDir }, file, out)
      out.result(report, textOf(report), report.refused.length > 0 ? 2 : 0)
    }),
  )
}
