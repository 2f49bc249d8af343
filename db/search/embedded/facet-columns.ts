import { BRAND, COLOURS, LAYOUT, PATH, PRICE, RATED, ROW_BITS, SIZES, STOCK } from './columns.ts'
import { PRICE_STEPS } from './prices.ts'
import { keep, type Segment, VARIANTS_A_WORD } from './segment.ts'

/** A number for each document, as narrow as what it counts allows. */
export type Column = Uint16Array | Uint32Array
/** Sets of values, one after the other, and where each begins. */
export type ValueSets = { start: Uint32Array; values: Uint16Array }
/** A set of values for each document, by its place in `sets`. */
export type SetColumn = { column: Column; sets: ValueSets }

/**
 * What loops over a whole match set want of a document, each in a column of its own: so a loop takes in a few bytes a
 * document, one after the other. The rows of a million products are more than a processor's caches hold.
 */
export type FacetColumns = {
  brand: Column
  path: Column
  /** The step of the price from bit `STEP_SHIFT` on, whole stars from `STARS_SHIFT`, and the lowest bit where any is in stock. */
  traits: Uint16Array
  colours: SetColumn
  sizes: SetColumn
  price: Uint32Array
  /** Thousandths. */
  rated: Uint16Array
  /** Of each document its layout, and after it its stock, as the rows have them. */
  layoutStock: Uint32Array
}

export const STEP_SHIFT = 4
export const STARS_SHIFT = 1
/** How many different traits there may be. */
export const TRAITS = PRICE_STEPS << STEP_SHIFT
const TWO_TO_32 = 2 ** 32

export const facetColumns = (segment: Segment): FacetColumns => keep(segment, 'facet columns', readColumns)

function readColumns(segment: Segment): FacetColumns {
  const { rows, documents, meta } = segment
  const price = new Uint32Array(documents)
  const rated = new Uint16Array(documents)
  const traits = new Uint16Array(documents)
  const layoutStock = new Uint32Array(documents * 2)
  for (let document = 0; document < documents; document++) {
    const row = document << ROW_BITS
    const rating = rows[row + RATED]!
    const stars = Math.min(5, Math.trunc((rating & 0xffff) / 1000))
    price[document] = rows[row + PRICE]!
    rated[document] = rating
    layoutStock[2 * document] = rows[row + LAYOUT]!
    layoutStock[2 * document + 1] = rows[row + STOCK]!
    traits[document] = ((rating >>> 16) << STEP_SHIFT) | (stars << STARS_SHIFT) | (hasStock(segment, document) ? 1 : 0)
  }
  return {
    brand: columnOf(segment, BRAND, meta.brands.length),
    path: columnOf(segment, PATH, meta.paths.length),
    colours: setsOf(segment, COLOURS),
    sizes: setsOf(segment, SIZES),
    traits,
    price,
    rated,
    layoutStock,
  }
}

const createColumn = (documents: number, values: number): Column =>
  values <= 0x10000 ? new Uint16Array(documents) : new Uint32Array(documents)

function columnOf({ rows, documents }: Segment, at: number, values: number): Column {
  const column = createColumn(documents, values)
  const bits = ROW_BITS
  for (let document = 0; document < documents; document++) column[document] = rows[(document << bits) + at]!
  return column
}

function setsOf(segment: Segment, at: typeof COLOURS | typeof SIZES): SetColumn {
  const { colourSetStart, colourSet, sizeSetStart, sizeSet } = segment
  const sets = at === COLOURS ? { start: colourSetStart, values: colourSet } : { start: sizeSetStart, values: sizeSet }
  return { column: columnOf(segment, at, sets.start.length), sets }
}

/** The bits of the variants 32 * word and on that are in stock. */
export function stockWord({ rows, layoutStart, moreStock }: Segment, document: number, word: number): number {
  const row = document << ROW_BITS
  const layout = rows[row + LAYOUT]!
  const variants = layoutStart[layout + 1]! - layoutStart[layout]!
  const stock = rows[row + STOCK]!
  return variants <= VARIANTS_A_WORD ? stock : moreStock[stock + word]!
}

function hasStock(segment: Segment, document: number): boolean {
  const layout = segment.rows[(document << ROW_BITS) + LAYOUT]!
  const words = segment.layoutMask[layout + 1]! - segment.layoutMask[layout]!
  for (let word = 0; word < words; word++) if (stockWord(segment, document, word) !== 0) return true
  return false
}

/** Of each document the colours that are in stock in any size. */
export const stockedColours = (segment: Segment): SetColumn =>
  keep(segment, 'stocked colours', () => stockedOf(segment, facetColumns(segment).colours, segment.variantColour))

/** Of each document the sizes that are in stock in any colour. */
export const stockedSizes = (segment: Segment): SetColumn =>
  keep(segment, 'stocked sizes', () => stockedOf(segment, facetColumns(segment).sizes, segment.variantSize))

/** Subsets of the sets of `all`: what stands for which is told by a bit for each value of its set. */
function stockedOf(segment: Segment, { column: whole, sets }: SetColumn, valueOf: Uint16Array): SetColumn {
  const { documents } = segment
  const bitsOf = setBits(segment, whole, sets, valueOf)
  const places = new Map<number | string, number>()
  const start = [0]
  const values: number[] = []
  const found = new Uint32Array(documents)
  for (let document = 0; document < documents; document++) {
    const set = whole[document]!
    const stocked = bitsOf(document)
    const key = typeof stocked === 'number' ? set * TWO_TO_32 + stocked : `${set} ${stocked}`
    let place = places.get(key)
    if (place === undefined) {
      place = places.size
      places.set(key, place)
      const own = sets.values.subarray(sets.start[set]!, sets.start[set + 1]!)
      for (const [i, value] of own.entries()) if (hasBit(stocked, i)) values.push(value)
      start.push(values.length)
    }
    found[document] = place
  }
  const column = createColumn(documents, places.size)
  column.set(found)
  return { column, sets: { start: Uint32Array.from(start), values: Uint16Array.from(values) } }
}

const hasBit = (bits: number | bigint, i: number) =>
  typeof bits === 'number' ? ((bits >>> i) & 1) === 1 : ((bits >> BigInt(i)) & 1n) === 1n

/** The values of a document's set that are in stock, a bit each; of sets with more values than 32 as one large number. */
function setBits(segment: Segment, whole: Column, { start, values }: ValueSets, valueOf: Uint16Array) {
  const { rows, layoutStart } = segment
  /** The place of each variant's value in the set of its layout. */
  const placeInSet = new Uint16Array(valueOf.length)
  const known = new Uint8Array(layoutStart.length)
  function prepare(layout: number, set: number): void {
    known[layout] = 1
    const own = values.subarray(start[set]!, start[set + 1]!)
    for (let v = layoutStart[layout]!; v < layoutStart[layout + 1]!; v++) placeInSet[v] = own.indexOf(valueOf[v]!)
  }
  return (document: number): number | bigint => {
    const set = whole[document]!
    const row = document << ROW_BITS
    const layout = rows[row + LAYOUT]!
    if (known[layout] === 0) prepare(layout, set)
    const from = layoutStart[layout]!
    if (layoutStart[layout + 1]! - from > VARIANTS_A_WORD) return manyBits(segment, document, placeInSet)
    let bits = 0
    for (let rest = rows[row + STOCK]!; rest !== 0; rest &= rest - 1)
      bits |= 1 << placeInSet[from + 31 - Math.clz32(rest & -rest)]!
    return bits >>> 0
  }
}

function manyBits(segment: Segment, document: number, placeInSet: Uint16Array): bigint {
  const layout = segment.rows[(document << ROW_BITS) + LAYOUT]!
  const [from, to] = [segment.layoutStart[layout]!, segment.layoutStart[layout + 1]!]
  let bits = 0n
  for (let v = from; v < to; v++)
    if ((stockWord(segment, document, (v - from) >> 5) >>> ((v - from) & 31)) & 1) bits |= 1n << BigInt(placeInSet[v]!)
  return bits
}
