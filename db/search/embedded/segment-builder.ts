import type { FacetTerm, SearchDocument } from '../index.ts'
import type { Analyzer } from '../words.ts'
import { BRAND, COLOURS, createColumns, LAYOUT, PATH, PRICE, RATED, ROW_BITS, SIZES, STOCK } from './columns.ts'
import { writeSegment } from './format.ts'
import { checkCount, createDictionary, createLayouts } from './layouts.ts'
import { priceStep } from './prices.ts'
import { idBytes, VARIANTS_A_WORD } from './segment.ts'
import { createTextBuilder } from './text-builder.ts'

/** The bytes of a segment of these documents, no two of which may have one id. */
export function buildSegment(documents: readonly SearchDocument[], analyzer: Analyzer): Uint8Array<ArrayBuffer> {
  const builder = createSegmentBuilder(documents.length, analyzer)
  for (const document of documents) builder.add(document)
  return builder.end()
}

/** For up to `most` documents, no two of which may have one id. */
export function createSegmentBuilder(most: number, analyzer: Analyzer) {
  const texts = createTextBuilder(analyzer)
  const brands = createDictionary<FacetTerm>(({ value }) => value)
  const categories = createDictionary<FacetTerm>(({ value }) => value)
  const paths = createDictionary<number[]>((path) => path.join())
  const variants = createVariants()
  const columns = createColumns(most)
  const ids: string[] = []

  function add(document: SearchDocument): void {
    const place = ids.length
    columns.ids.set(idBytes(document.id), place * 16)
    ids.push(document.id)
    texts.add(place, document.texts)
    columns.popularity[place] = document.popularity
    columns.listedAt[place] = document.listedAt
    const { layout, stock, colours, sizes } = variants.add(document.variants)
    const row = place << ROW_BITS
    columns.rows[row + BRAND] = brands.place(document.brand)
    columns.rows[row + PATH] = paths.place(document.categories.map(categories.place))
    columns.rows[row + LAYOUT] = layout
    columns.rows[row + STOCK] = stock
    columns.rows[row + PRICE] = document.priceAmount
    columns.rows[row + RATED] = Math.round(document.rating * 1000) + priceStep(document.priceAmount) * 65_536
    columns.rows[row + COLOURS] = colours
    columns.rows[row + SIZES] = sizes
  }

  function end(): Uint8Array<ArrayBuffer> {
    const byId = Uint32Array.from(ids, (_, i) => i).toSorted((a, b) => (ids[a]! < ids[b]! ? -1 : 1))
    const { colours, sizes, ...variantSections } = variants.end()
    const meta = {
      documents: ids.length,
      lastId: ids[byId.at(-1) ?? 0],
      brands: brands.terms,
      categories: categories.terms,
      paths: paths.terms,
      colours,
      sizes,
    }
    const filled = Object.fromEntries(
      Object.entries(columns).map(([name, column]) => [name, column.subarray(0, (column.length / most) * ids.length)]),
    ) as typeof columns
    return writeSegment(meta, { ...filled, byId, ...variantSections, ...texts.end() })
  }

  return { add, end, count: () => ids.length, lastId: () => ids.at(-1) }
}

type Variants = SearchDocument['variants']

function createVariants() {
  const colours = createDictionary<FacetTerm>(({ value }) => value)
  const sizes = createDictionary<string>((size) => size)
  const layouts = createLayouts()
  const moreStock: number[] = []
  /** For variants as they came: their layout, and the place of each in it. */
  const known = new Map<string, { layout: number; order: number[]; length: number }>()

  /** Each (colour, size) once, in an order that depends on their names alone, so that like products share a layout. */
  function arrange(variants: Variants): { layout: number; order: number[]; length: number } {
    const keys = variants.map(({ colour, size }) => `${colour.value}\n${size}`)
    const sorted = [...new Set(keys)].toSorted()
    const order = keys.map((key) => sorted.indexOf(key))
    const inOrder = sorted.map((key) => variants[keys.indexOf(key)]!)
    const layout = layouts.place(
      inOrder.map(({ colour }) => colours.place(colour)),
      inOrder.map(({ size }) => sizes.place(size)),
    )
    return { layout, order, length: sorted.length }
  }

  function add(variants: Variants): { layout: number; stock: number; colours: number; sizes: number } {
    let key = ''
    for (const { colour, size } of variants) key += `${colours.place(colour)},${sizes.place(size)};`
    let arranged = known.get(key)
    if (!arranged) known.set(key, (arranged = arrange(variants)))
    const words = new Uint32Array(Math.max(1, Math.ceil(arranged.length / VARIANTS_A_WORD)))
    for (const [i, { inStock }] of variants.entries())
      if (inStock) words[arranged.order[i]! >> 5]! |= 1 << (arranged.order[i]! & 31)
    const { layout } = arranged
    const sets = layouts.setsOf(layout)
    if (words.length === 1) return { layout, stock: words[0]!, ...sets }
    moreStock.push(...words)
    return { layout, stock: moreStock.length - words.length, ...sets }
  }

  return {
    add,
    end() {
      checkCount(colours.terms, 'colours')
      checkCount(sizes.terms, 'sizes')
      return { colours: colours.terms, sizes: sizes.terms, moreStock: Uint32Array.from(moreStock), ...layouts.end() }
    },
  }
}
