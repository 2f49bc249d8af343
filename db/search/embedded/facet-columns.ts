import { type Column, type Columns, narrowed, STEP_SHIFT } from './columns.ts'
import type { SegmentMeta, Sections } from './format.ts'
import { PRICE_STEPS } from './prices.ts'
import { type Segment, VARIANTS_A_WORD } from './segment.ts'

/** Sets of values, one after the other, and where each begins. */
export type ValueSets = { start: Uint32Array; values: Uint16Array }
/** A set of values for each document, by its place in `sets`. */
export type SetColumn = { column: Column; sets: ValueSets }

/** How many different traits there may be. */
export const TRAITS = PRICE_STEPS << STEP_SHIFT
const TWO_TO_32 = 2 ** 32

export const colourSets = (segment: Segment): SetColumn => ({
  column: segment.colourSetOf,
  sets: { start: segment.colourSetStart, values: segment.colourSet },
})

export const sizeSets = (segment: Segment): SetColumn => ({
  column: segment.sizeSetOf,
  sets: { start: segment.sizeSetStart, values: segment.sizeSet },
})

/** Of each document the colours that are in stock in any size. */
export const stockedColourSets = (segment: Segment): SetColumn => ({
  column: segment.stockedColourSetOf,
  sets: { start: segment.stockedColourSetStart, values: segment.stockedColourSet },
})

/** Of each document the sizes that are in stock in any colour. */
export const stockedSizeSets = (segment: Segment): SetColumn => ({
  column: segment.stockedSizeSetOf,
  sets: { start: segment.stockedSizeSetStart, values: segment.stockedSizeSet },
})

/** The bits of the variants 32 * word and on that are in stock. */
export function stockWord({ layoutStock, layoutStart, moreStock }: Stock, document: number, word: number): number {
  const layout = layoutStock[2 * document]!
  const variants = layoutStart[layout + 1]! - layoutStart[layout]!
  const stock = layoutStock[2 * document + 1]!
  return variants <= VARIANTS_A_WORD ? stock : moreStock[stock + word]!
}

type Variants = Pick<
  Sections,
  | 'layoutStart'
  | 'moreStock'
  | 'variantColour'
  | 'variantSize'
  | 'colourSetStart'
  | 'colourSet'
  | 'sizeSetStart'
  | 'sizeSet'
>
type Stock = Pick<Sections, 'layoutStock' | 'layoutStart' | 'moreStock'>

/**
 * The columns as loops over whole match sets want them: as narrow as they can be, so that such a loop takes in a few bytes a
 * document, one after the other, and with the sets of what is in stock.
 */
export function finishColumns(
  columns: Columns,
  variants: Variants,
  { brands, paths }: Pick<SegmentMeta, 'brands' | 'paths'>,
) {
  const { layoutStock, colourSetOf, sizeSetOf } = columns
  const stock = { layoutStock, ...variants }
  const { colourSetStart, colourSet, sizeSetStart, sizeSet, variantColour, variantSize } = variants
  const ofColours = { column: colourSetOf, sets: { start: colourSetStart, values: colourSet } }
  const ofSizes = { column: sizeSetOf, sets: { start: sizeSetStart, values: sizeSet } }
  const colours = stockedOf(stock, ofColours, variantColour)
  const sizes = stockedOf(stock, ofSizes, variantSize)
  return {
    ...columns,
    brandOf: narrowed(columns.brandOf, brands.length),
    pathOf: narrowed(columns.pathOf, paths.length),
    colourSetOf: narrowed(colourSetOf, colourSetStart.length),
    sizeSetOf: narrowed(sizeSetOf, sizeSetStart.length),
    stockedColourSetOf: colours.column,
    stockedColourSetStart: colours.sets.start,
    stockedColourSet: colours.sets.values,
    stockedSizeSetOf: sizes.column,
    stockedSizeSetStart: sizes.sets.start,
    stockedSizeSet: sizes.sets.values,
  }
}

/** Subsets of the sets of `whole`: what stands for which is told by a bit for each value of its set. */
function stockedOf(stock: Stock, { column: whole, sets }: SetColumn, valueOf: Uint16Array) {
  const documents = whole.length
  const bitsOf = setBits(stock, whole, sets, valueOf)
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
  return {
    column: narrowed(found, places.size),
    sets: { start: Uint32Array.from(start), values: Uint16Array.from(values) },
  }
}

const hasBit = (bits: number | bigint, i: number) =>
  typeof bits === 'number' ? ((bits >>> i) & 1) === 1 : ((bits >> BigInt(i)) & 1n) === 1n

/** The values of a document's set that are in stock, a bit each; of layouts with more variants than 32 as one large number. */
function setBits(stock: Stock, whole: Column, { start, values }: ValueSets, valueOf: Uint16Array) {
  const { layoutStock, layoutStart } = stock
  /** The place of each variant's value in the set of its layout. */
  const placeInSet = new Uint16Array(valueOf.length)
  const known = new Uint8Array(layoutStart.length)
  function prepare(layout: number, set: number): void {
    known[layout] = 1
    const own = values.subarray(start[set]!, start[set + 1]!)
    for (let v = layoutStart[layout]!; v < layoutStart[layout + 1]!; v++) placeInSet[v] = own.indexOf(valueOf[v]!)
  }
  return (document: number): number | bigint => {
    const layout = layoutStock[2 * document]!
    if (known[layout] === 0) prepare(layout, whole[document]!)
    const from = layoutStart[layout]!
    if (layoutStart[layout + 1]! - from > VARIANTS_A_WORD) return manyBits(stock, document, placeInSet)
    let bits = 0
    for (let rest = layoutStock[2 * document + 1]!; rest !== 0; rest &= rest - 1)
      bits |= 1 << placeInSet[from + 31 - Math.clz32(rest & -rest)]!
    return bits >>> 0
  }
}

function manyBits(stock: Stock, document: number, placeInSet: Uint16Array): bigint {
  const layout = stock.layoutStock[2 * document]!
  const [from, to] = [stock.layoutStart[layout]!, stock.layoutStart[layout + 1]!]
  let bits = 0n
  for (let v = from; v < to; v++)
    if ((stockWord(stock, document, (v - from) >> 5) >>> ((v - from) & 31)) & 1) bits |= 1n << BigInt(placeInSet[v]!)
  return bits
}
