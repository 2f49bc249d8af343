import { CsvError, type Info, parse } from 'csv-parse/sync'
import { slugOf } from '../../modules/catalog/pure/slug.ts'
import { type SizeChart, type SizeMeasures, ZONES } from '../../modules/catalog/pure/size-chart.ts'
import { AppError } from '../../modules/kernel/errors.ts'
import {
  type Draft,
  type DraftColour,
  GARMENTS,
  isCurrency,
  minorUnits,
  type ReadCatalogue,
  type Remark,
} from './draft.ts'

const PRODUCT_COLUMNS = [
  'handle',
  'name',
  'description',
  'brand',
  'category',
  'price',
  'currency',
  'garment',
  'tags',
  'pattern',
  'occasion',
  'season',
  'fabric',
  'care',
] as const
const COLOUR_COLUMNS = ['colour', 'colour_hex', 'sizes', 'stock', 'sku', 'images'] as const
const MEASURE_COLUMNS = ZONES.map((zone) => `${zone}_cm`)
const NEEDED = ['name', 'brand', 'category', 'price', 'currency', 'colour', 'sizes', 'stock'] as const

type Column = (typeof PRODUCT_COLUMNS)[number] | (typeof COLOUR_COLUMNS)[number]
type Row = { line: number; cells: Record<string, string>; cellCount: number }

/** Cells of several values are split at `|`. */
const listOf = (cell: string | undefined) =>
  (cell ?? '')
    .split('|')
    .map((one) => one.trim())
    .filter(Boolean)

/** A row that a spreadsheet wraps over several lines begins before the line it ends on. */
const beginOf = (info: Info, record: string[]) => info.lines - record.join('').split('\n').length + 1

function parseText(text: string): { record: string[]; info: Info }[] {
  const [header = ''] = text.split('\n', 1)
  const delimiter = [';', '\t'].find((one) => header.split(one).length > header.split(',').length) ?? ','
  try {
    const options = { bom: true, delimiter, info: true, relax_column_count: true, skip_empty_lines: true, trim: true }
    return parse(text, options) as unknown as { record: string[]; info: Info }[]
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    throw new AppError('invalid', `The file is not CSV: ${error.message}`)
  }
}

function columnsOf(header: string[]): string[] {
  const columns = header.map((name) => name.toLowerCase().replaceAll(' ', '_'))
  const known = new Set<string>([...PRODUCT_COLUMNS, ...COLOUR_COLUMNS, ...MEASURE_COLUMNS])
  const unknown = columns.filter((name) => !known.has(name))
  if (unknown.length > 0) throw new AppError('invalid', `Line 1: unknown column ${unknown.join(', ')}`)
  const twice = columns.find((name, place) => columns.indexOf(name) < place)
  if (twice) throw new AppError('invalid', `Line 1: column ${twice} is there twice`)
  const missing = NEEDED.filter((name) => !columns.includes(name))
  if (missing.length > 0) throw new AppError('invalid', `Line 1: column ${missing.join(', ')} is missing`)
  return columns
}

/** Rows of one handle are one product; one without a handle or a name to make it from stands alone. */
function groupRows(rows: Row[]): { handle: string; rows: Row[] }[] {
  const groups = new Map<string, { handle: string; rows: Row[] }>()
  for (const row of rows) {
    const handle = row.cells['handle'] || slugOf(row.cells['name'] ?? '')
    const key = handle || `line ${row.line}`
    groups.set(key, { handle, rows: [...(groups.get(key)?.rows ?? []), row] })
  }
  return [...groups.values()]
}

/** Reads cells and notes what is wrong with them, all of it and not just the first. */
function createCheck(refused: Remark[], handle: string) {
  const refuse = (row: Row, column: string, reason: string) =>
    void refused.push({ line: row.line, column, reason, ...(handle ? { handle } : {}) })
  return {
    refuse,
    needed(row: Row, column: Column): string {
      const cell = row.cells[column] ?? ''
      if (cell === '') refuse(row, column, 'is empty')
      return cell
    },
  }
}

type Check = ReturnType<typeof createCheck>

function readPrice(row: Row, check: Check) {
  const currency = check.needed(row, 'currency').toUpperCase()
  const price = check.needed(row, 'price')
  if (currency && !isCurrency(currency)) check.refuse(row, 'currency', `${currency} is no ISO 4217 currency`)
  const amount = isCurrency(currency) ? minorUnits(price, currency) : 0
  if (price && amount === undefined) check.refuse(row, 'price', `${price} is no price in ${currency}, such as 29.90`)
  return { amount: amount ?? 0, currency }
}

function readStock(row: Row, sizes: string[], check: Check): number[] {
  const cells = listOf(check.needed(row, 'stock'))
  if (cells.length !== sizes.length && cells.length > 0)
    check.refuse(row, 'stock', `has ${cells.length} values for ${sizes.length} sizes`)
  const bad = cells.find((cell) => !/^\d{1,7}$/.test(cell))
  if (bad !== undefined) check.refuse(row, 'stock', `${bad} is no number of pieces`)
  return cells.map(Number)
}

function readColour(row: Row, handle: string, check: Check): DraftColour {
  const name = check.needed(row, 'colour')
  const sizes = listOf(check.needed(row, 'sizes'))
  const twice = sizes.find((size, place) => sizes.indexOf(size) < place)
  if (twice) check.refuse(row, 'sizes', `${twice} is there twice`)
  const stock = readStock(row, sizes, check)
  const hex = row.cells['colour_hex']?.toLowerCase()
  if (hex && !/^#[0-9a-f]{6}$/.test(hex)) check.refuse(row, 'colour_hex', `${hex} is not of the form #1b2a41`)
  const images = listOf(row.cells['images'])
  if (!hex && images.length === 0) check.refuse(row, 'colour_hex', 'is needed when there is no picture to take it from')
  const sku = row.cells['sku'] || `${handle}-${slugOf(name)}`
  return {
    line: row.line,
    name,
    hex: hex || undefined,
    images,
    variants: sizes.map((size, place) => ({ sku: `${sku}-${size}`, size, stock: stock[place] ?? 0 })),
  }
}

/** Measures stand in one cell per zone, in the order of the sizes: `chest_cm` is `96|104|112` for `S|M|L`. */
function readChart(row: Row, garment: Draft['garment'], check: Check): SizeChart | null {
  const given = ZONES.filter((zone) => row.cells[`${zone}_cm`])
  if (given.length === 0) return null
  const sizes = listOf(row.cells['sizes'])
  const measures = new Map<string, SizeMeasures>(sizes.map((size) => [size, {}]))
  for (const zone of given) {
    const values = listOf(row.cells[`${zone}_cm`])
    if (values.length !== sizes.length)
      check.refuse(row, `${zone}_cm`, `has ${values.length} values for ${sizes.length} sizes`)
    for (const [place, value] of values.entries()) {
      const cm = Number(value.replace(',', '.'))
      const at = measures.get(sizes[place] ?? '')
      if (!/^\d{1,3}([.,]\d{1,2})?$/.test(value)) check.refuse(row, `${zone}_cm`, `${value} is no measure in cm`)
      else if (at) at[zone] = cm
    }
  }
  if (garment === undefined || garment === 'none') {
    if (garment === 'none' || !row.cells['garment'])
      check.refuse(row, 'garment', 'must be top, bottom or dress when measures are given')
    return null
  }
  return { unit: 'cm', category: garment, sizes: Object.fromEntries(measures) }
}

function readMetadata(row: Row): Draft['product']['metadata'] {
  const { pattern, fabric } = row.cells
  const lists = (['tags', 'occasion', 'season', 'care'] as const).flatMap((name) => {
    const values = listOf(row.cells[name])
    return values.length > 0 ? [[name, values] as const] : []
  })
  return { ...Object.fromEntries(lists), ...(pattern ? { pattern } : {}), ...(fabric ? { fabric } : {}) }
}

function checkSame(first: Row, row: Row, check: Check): void {
  for (const column of [...PRODUCT_COLUMNS, ...MEASURE_COLUMNS]) {
    const [cell = '', said = ''] = [row.cells[column], first.cells[column]]
    if (cell !== '' && cell !== said)
      check.refuse(row, column, `is not what line ${first.line} says of the same product`)
  }
}

function readGarment(row: Row, check: Check): Draft['garment'] {
  const garment = GARMENTS.find((one) => one === row.cells['garment'])
  if (row.cells['garment'] && !garment) check.refuse(row, 'garment', `must be one of ${GARMENTS.join(', ')}`)
  return garment
}

function readProduct(row: Row, garment: Draft['garment'], check: Check): Draft['product'] {
  return {
    name: check.needed(row, 'name'),
    description: row.cells['description'] ?? '',
    brand: check.needed(row, 'brand'),
    category: check
      .needed(row, 'category')
      .split('>')
      .map((one) => one.trim())
      .filter(Boolean),
    price: readPrice(row, check),
    sizeChart: readChart(row, garment, check),
    metadata: readMetadata(row),
  }
}

type Group = { handle: string; rows: Row[]; width: number }

function readGroup({ handle, rows, width }: Group, refused: Remark[]): Draft | undefined {
  const [first] = rows
  if (!first) return undefined
  const before = refused.length
  const check = createCheck(refused, handle)
  for (const row of rows)
    if (row.cellCount !== width) check.refuse(row, '', `has ${row.cellCount} cells where the header has ${width}`)
  if (refused.length > before) return undefined
  if (slugOf(handle) !== handle || handle === '')
    check.refuse(first, 'handle', 'must be lower case words joined by hyphens')
  const garment = readGarment(first, check)
  const product = readProduct(first, garment, check)
  const colours = rows.map((row) => readColour(row, handle, check))
  for (const row of rows.slice(1)) checkSame(first, row, check)
  return refused.length === before ? { line: first.line, handle, product, garment, colours } : undefined
}

/**
 * One row per product and colour. A product with one bad row is refused as a whole, every bad cell named. Throws `invalid`
 * when the file is no CSV, or its first line not a header of ours.
 */
export function readCsv(text: string): ReadCatalogue {
  const [header, ...records] = parseText(text)
  if (!header) throw new AppError('invalid', 'The file is empty')
  const columns = columnsOf(header.record)
  const refused: Remark[] = []
  const rows = records.map(({ record, info }): Row => {
    const cells = Object.fromEntries(columns.map((column, place) => [column, record[place] ?? '']))
    return { line: beginOf(info, record), cells, cellCount: record.length }
  })
  const drafts = groupRows(rows).flatMap((group) => readGroup({ ...group, width: columns.length }, refused) ?? [])
  return { drafts, refused }
}
