import type { FacetTerm, SearchDocument } from '../db/search/index.ts'
import { slugOf } from '../modules/catalog/pure/slug.ts'
import { AppError } from '../modules/kernel/errors.ts'
import { columnName, readRows, type Row } from './search-evaluate-rows.ts'

/** What is sought in the columns of a file, and the names it usually has there; the first that is filled is taken. */
const CATALOGUE = {
  id: ['product_id', 'id', 'asin', 'item_id', 'product_uid', 'sku', 'doc_id', 'docid'],
  name: ['name', 'title', 'product_name', 'product_title', 'item_name'],
  description: ['description', 'product_description', 'text', 'body'],
  brand: ['brand', 'product_brand', 'brand_name', 'manufacturer', 'vendor'],
  category: ['category_hierarchy', 'category_path', 'category', 'product_category', 'categories'],
  class: ['product_class', 'product_type', 'type'],
  colour: ['colour', 'color', 'product_color', 'product_colour', 'colours', 'colors'],
  tags: ['tags', 'keywords', 'labels'],
  features: ['features', 'product_features', 'attributes', 'bullet_points', 'product_bullet_point', 'bullet_point'],
  size: ['size', 'sizes', 'product_size'],
  price: ['price', 'product_price', 'sale_price', 'amount'],
  rating: ['rating', 'average_rating', 'stars', 'product_rating'],
  popularity: ['popularity', 'rating_count', 'review_count', 'reviews', 'sales'],
} as const
/** Of these all columns that are there are taken, not the first alone. */
const ALL_OF: ReadonlySet<string> = new Set(['features', 'description', 'tags'])
const QUERIES = { query_id: ['query_id', 'qid', 'id'], query: ['query', 'query_text', 'search_term', 'text'] } as const
const JUDGEMENTS = {
  query_id: ['query_id', 'qid'],
  query: ['query', 'query_text', 'search_term'],
  product_id: ['product_id', 'asin', 'item_id', 'product_uid', 'doc_id', 'docid', 'sku'],
  label: ['label', 'grade', 'relevance', 'esci_label', 'relevance_score', 'judgement', 'judgment', 'rating', 'score'],
} as const

/** Fields that may be named for a column with `--map`, of any of the files. */
export const MAPPABLE: readonly string[] = [
  ...new Set([CATALOGUE, QUERIES, JUDGEMENTS].flatMap((fields) => Object.keys(fields))),
]

type Fields = Record<string, readonly string[]>
type Mapping = ReadonlyMap<string, string>

/** The columns of each field. Throws `invalid` naming what the file has when a needed one is not there. */
function columnsFor(fields: Fields, { row, file, map }: { row: Row; file: string; map: Mapping }, needed: string[]) {
  const there = Object.keys(row.cells)
  const columns = new Map<string, string[]>()
  for (const [field, names] of Object.entries(fields)) {
    const given = map.get(field)
    const found = given === undefined ? names.filter((name) => there.includes(name)) : [columnName(given)]
    // One `--map` is for all files: a field that this file does not have by that name goes by its usual ones.
    const known =
      given !== undefined && !there.includes(columnName(given)) ? names.filter((n) => there.includes(n)) : found
    columns.set(field, known)
  }
  for (const field of needed)
    if (columns.get(field)?.length === 0)
      throw new AppError(
        'invalid',
        `${file} has no column for ${field}: it has ${there.join(', ')}; say which with --map ${field}=COLUMN`,
      )
  return (cells: Record<string, string>, field: string) => {
    const filled = (columns.get(field) ?? []).map((name) => cells[name] ?? '').filter(Boolean)
    return ALL_OF.has(field) ? filled.join(' | ') : (filled[0] ?? '')
  }
}

/** A UUID that counts, so that documents come in the order of their ids. */
const idOf = (place: number) => `00000000-0000-7000-8000-${place.toString(16).padStart(12, '0')}`

const listOf = (cell: string, by: RegExp) =>
  cell
    .split(by)
    .map((one) => one.trim())
    .filter(Boolean)

const termOf = (label: string): FacetTerm => ({
  value: slugOf(label).slice(0, 60) || 'other',
  label: label.slice(0, 100),
})

function pathOf(cell: string): FacetTerm[] {
  const names = listOf(cell, /\s*[/>|]\s*/)
  return names.map((name, depth) => ({
    value: slugOf(names.slice(0, depth + 1).join(' ')).slice(0, 200) || `category-${depth}`,
    label: name,
  }))
}

const numberOf = (cell: string) => Number(cell.replaceAll(/[^\d.-]/g, '')) || 0

function documentOf(id: string, read: (field: string) => string): SearchDocument {
  const [brand, category, colour] = [read('brand'), read('category'), read('colour')]
  const colours = listOf(colour, /[|,/]/).slice(0, 8)
  const sizes = listOf(read('size'), /[|,/]/).slice(0, 12)
  const attributes = [category.replaceAll(/[/>|]/g, ' · '), colour, read('size'), read('features')]
  return {
    id,
    texts: {
      name: read('name'),
      brand,
      tags: [read('tags'), read('class')].filter(Boolean).join(' · '),
      attributes: attributes.filter(Boolean).join(' · '),
      description: read('description'),
    },
    brand: termOf(brand || 'none'),
    categories: pathOf(category || read('class') || 'All'),
    variants: (colours.length > 0 ? colours : ['none']).flatMap((name) =>
      (sizes.length > 0 ? sizes : ['one']).map((size) => ({ colour: termOf(name), size, inStock: true })),
    ),
    priceAmount: Math.min(2 ** 31 - 1, Math.max(0, Math.round(numberOf(read('price')) * 100))),
    rating: Math.min(5, Math.max(0, numberOf(read('rating')))),
    popularity: Math.max(0, numberOf(read('popularity'))),
    listedAt: 0,
  }
}

type File = { file: string; map: Mapping }

/**
 * The products of a catalogue in the order of the file, with the ids that the index is to know them by. One that comes a
 * second time (catalogues that mix languages have such) counts once.
 */
export async function* readCatalogue({ file, map }: File) {
  const seen = new Set<string>()
  let read: ReturnType<typeof columnsFor> | undefined
  for await (const row of readRows(file)) {
    read ??= columnsFor(CATALOGUE, { row, file, map }, ['id', 'name'])
    const field = (name: string) => read?.(row.cells, name) ?? ''
    const productId = field('id')
    if (productId === '') throw new AppError('invalid', `${file}, line ${row.line}: no product id`)
    if (seen.has(productId)) continue
    seen.add(productId)
    yield { productId, document: documentOf(idOf(seen.size), field) }
  }
  if (seen.size === 0) throw new AppError('invalid', `${file} has no rows`)
}

/** Texts by query id. */
export async function readQueries({ file, map }: File): Promise<Map<string, string>> {
  const queries = new Map<string, string>()
  let read: ReturnType<typeof columnsFor> | undefined
  for await (const row of readRows(file)) {
    read ??= columnsFor(QUERIES, { row, file, map }, ['query'])
    const text = read(row.cells, 'query')
    if (text === '') throw new AppError('invalid', `${file}, line ${row.line}: no query`)
    queries.set(read(row.cells, 'query_id') || text, text)
  }
  if (queries.size === 0) throw new AppError('invalid', `${file} has no rows`)
  return queries
}

/** Names of grades: WANDS (Wayfair) and ESCI (Amazon; gains of its own ranking task). */
const GRADES: Record<string, number> = {
  exact: 1,
  partial: 0.5,
  irrelevant: 0,
  e: 1,
  s: 0.1,
  c: 0.01,
  i: 0,
  substitute: 0.1,
  complement: 0.01,
}

function gainOf(label: string, where: string): number {
  const named = GRADES[label.toLowerCase()]
  if (named !== undefined) return named
  const gain = label === '' ? Number.NaN : Number(label)
  if (Number.isFinite(gain) && gain >= 0) return gain
  throw new AppError(
    'invalid',
    `${where}: ${label === '' ? 'no label' : `the label ${label}`}: it takes a number from 0, Exact, Partial, Irrelevant, or E, S, C, I`,
  )
}

/** Gains by product id, of each query: by its id, or by its text where the judgements hold that. */
export async function readJudgements({ file, map }: File) {
  const judged = new Map<string, Map<string, number>>()
  const texts = new Map<string, string>()
  let read: ReturnType<typeof columnsFor> | undefined
  for await (const row of readRows(file)) {
    read ??= columnsFor(JUDGEMENTS, { row, file, map }, ['product_id', 'label'])
    const where = `${file}, line ${row.line}`
    const text = read(row.cells, 'query')
    const query = read(row.cells, 'query_id') || text
    const product = read(row.cells, 'product_id')
    if (query === '') throw new AppError('invalid', `${where}: neither query_id nor query`)
    if (product === '') throw new AppError('invalid', `${where}: no product id`)
    if (text !== '') texts.set(query, text)
    const gains = judged.get(query) ?? new Map<string, number>()
    gains.set(product, Math.max(gains.get(product) ?? 0, gainOf(read(row.cells, 'label'), where)))
    judged.set(query, gains)
  }
  if (judged.size === 0) throw new AppError('invalid', `${file} has no rows`)
  return { judged, texts }
}
