import type { SearchBoost, SearchFilter } from '../index.ts'
import { type Column, STEP_SHIFT } from './columns.ts'
import {
  colourSets,
  type SetColumn,
  sizeSets,
  stockedColourSets,
  stockedSizeSets,
  stockWord,
  TRAITS,
  type ValueSets,
} from './facet-columns.ts'
import type { Source } from './merge.ts'
import { priceStep, stepAmount } from './prices.ts'
import type { Matches, Scratch } from './scratch.ts'
import { findDocument, keep, readId, type Segment } from './segment.ts'

/** A bit for each filter that a document fails; `HARD` for what no facet may count. */
export const FAILS = { category: 1, brand: 2, price: 4, rating: 8, variant: 16, hard: 32 } as const

/** Masks of the variants that a filter of colours (or of sizes) lets through, word by word of `layoutMask`. */
export type VariantMasks = {
  words: Uint32Array
  /** 0 where `prepare` is to be called before the words of the layout are read. */
  ready: Uint8Array
  prepare(layout: number): void
}
/** What of the colours (or the sizes) a filter lets through. */
export type ValueTest = {
  /** What is looked at: all of a document's values, or those in stock where the filter asks for that. */
  of: SetColumn
  /** 1 for each set that has a wanted value; undefined when all are wanted. */
  open: Uint8Array | undefined
  masks: VariantMasks
}
export type VariantTest = { inStock: boolean; colours: ValueTest; sizes: ValueTest }

const named = (values: readonly string[] | undefined) => values && new Set(values)

function flags<T>(terms: readonly T[], test: (term: T) => boolean): Uint8Array {
  const found = new Uint8Array(terms.length)
  for (let i = 0; i < terms.length; i++) if (test(terms[i]!)) found[i] = 1
  return found
}

const brandPlaces = (segment: Segment) =>
  keep(segment, 'brand places', ({ meta }) => new Map(meta.brands.map(({ value }, place) => [value, place])))

/** 1 for each of the brands. */
function flagBrands(segment: Segment, brands: readonly string[]): Uint8Array {
  const found = new Uint8Array(segment.meta.brands.length)
  for (const brand of brands) {
    const place = brandPlaces(segment).get(brand)
    if (place !== undefined) found[place] = 1
  }
  return found
}

/** 1 for each path that leads through the category, or any of several; without one, for all. */
function pathsThrough({ meta }: Segment, wanted: string | ReadonlySet<string> | undefined) {
  const slugs = typeof wanted === 'string' ? new Set([wanted]) : wanted
  return flags(meta.paths, (path) => !slugs || path.some((one) => slugs.has(meta.categories[one]!.value)))
}

const ofIds = (segment: Segment, ids: readonly string[]) =>
  ids
    .map((id) => {
      const bytes = readId(id)
      return bytes ? findDocument(segment, bytes) : -1
    })
    .filter((document) => document >= 0)

/** Marks the matches by what stands for their value in the column. */
function mark({ documents, count }: Documents, column: Column, bits: Uint8Array, fails: Uint8Array): void {
  for (let i = 0; i < count; i++) fails[i]! |= bits[column[documents[i]!]!]!
}

/** Marks the matches whose value in the column is not open. */
function markClosed(
  matches: Documents,
  column: Column,
  open: Uint8Array,
  { fails, bit }: { fails: Uint8Array; bit: number },
): void {
  const bits = new Uint8Array(open.length)
  for (let value = 0; value < open.length; value++) if (open[value] === 0) bits[value] = bit
  mark(matches, column, bits, fails)
}

/** Marks what of the matches is in no answer at all. */
function testHard(
  segment: Segment,
  { ids, notIds, ...filter }: SearchFilter,
  dead: Uint8Array | undefined,
  matches: Matches,
  fails: Uint8Array,
): void {
  const { documents, count } = matches
  const { notBrands } = filter
  const notCategories = named(filter.notCategories)
  if (dead) for (let i = 0; i < count; i++) if (dead[documents[i]!] === 1) fails[i]! |= FAILS.hard
  if (ids || notIds) {
    const open = new Uint8Array(segment.documents).fill(ids ? 0 : 1)
    for (const document of ofIds(segment, ids ?? [])) open[document] = 1
    for (const document of ofIds(segment, notIds ?? [])) open[document] = 0
    for (let i = 0; i < count; i++) if (open[documents[i]!] === 0) fails[i]! |= FAILS.hard
  }
  if (notBrands) {
    const open = flagBrands(segment, notBrands).map((excluded) => 1 - excluded)
    markClosed(matches, segment.brandOf, open, { fails, bit: FAILS.hard })
  }
  if (notCategories) {
    const open = pathsThrough(segment, notCategories).map((through) => 1 - through)
    markClosed(matches, segment.pathOf, open, { fails, bit: FAILS.hard })
  }
}

/** Prices outside of the range, both ends of which are in it. */
function markPrices(
  matches: Documents,
  { traits, price }: Segment,
  { minPrice = 0, maxPrice = 0xffffffff }: SearchFilter,
  fails: Uint8Array,
): void {
  const bit = FAILS.price
  const [first, last] = [priceStep(minPrice), priceStep(maxPrice)]
  const closed = new Uint8Array(TRAITS).fill(bit).fill(0, first << STEP_SHIFT, (last + 1) << STEP_SHIFT)
  // Steps tell it without a branch, which nobody could foresee; within the first and the last it is the price itself.
  mark(matches, traits, closed, fails)
  const [startsWhole, endsWhole] = [stepAmount(first) === minPrice, stepAmount(last + 1) === maxPrice + 1]
  if (startsWhole && endsWhole) return
  const { documents, count } = matches
  const isPartly = new Uint8Array(TRAITS)
  if (!startsWhole) isPartly.fill(1, first << STEP_SHIFT, (first + 1) << STEP_SHIFT)
  if (!endsWhole) isPartly.fill(1, last << STEP_SHIFT, (last + 1) << STEP_SHIFT)
  for (let i = 0; i < count; i++) {
    const document = documents[i]!
    if (isPartly[traits[document]!] === 0) continue
    const own = price[document]!
    if (own < minPrice || own > maxPrice) fails[i]! |= bit
  }
}

/** Splits the matches by the filters that they fail; `variants` where the filter asks anything of them. */
export function testFilters(
  { segment, dead }: Source,
  filter: SearchFilter,
  matches: Matches,
  scratch: Scratch,
): { split: Split; variants: VariantTest | undefined } {
  const fails = scratch.bytes(matches.count)
  const { brands, category, minPrice, maxPrice, minRating } = filter
  testHard(segment, filter, dead, matches, fails)
  if (brands) markClosed(matches, segment.brandOf, flagBrands(segment, brands), { fails, bit: FAILS.brand })
  if (category !== undefined)
    markClosed(matches, segment.pathOf, pathsThrough(segment, category), { fails, bit: FAILS.category })
  if (minPrice !== undefined || maxPrice !== undefined) markPrices(matches, segment, filter, fails)
  if (minRating !== undefined) {
    const closed = new Uint8Array(0x10000).fill(FAILS.rating, 0, Math.ceil(minRating * 1000))
    mark(matches, segment.rated, closed, fails)
  }
  const variants = testVariants(segment, filter, scratch)
  if (variants) markWithoutVariant(segment, variants, matches, fails)
  return { split: splitByFails(matches, fails, scratch), variants }
}

function testVariants(
  segment: Segment,
  { colours, sizes, inStock = false }: SearchFilter,
  scratch: Scratch,
): VariantTest | undefined {
  if (colours === undefined && sizes === undefined && !inStock) return undefined
  const { meta, variantColour, variantSize } = segment
  const wantedColours = named(colours)
  const wantedSizes = named(sizes)
  return {
    inStock,
    colours: testValues(segment, {
      of: (inStock ? stockedColourSets : colourSets)(segment),
      wanted: wantedColours && flags(meta.colours, ({ value }) => wantedColours.has(value)),
      valueOf: variantColour,
      scratch,
    }),
    sizes: testValues(segment, {
      of: (inStock ? stockedSizeSets : sizeSets)(segment),
      wanted: wantedSizes && flags(meta.sizes, (size) => wantedSizes.has(size)),
      valueOf: variantSize,
      scratch,
    }),
  }
}

type Values = { of: SetColumn; wanted: Uint8Array | undefined; valueOf: Uint16Array; scratch: Scratch }

const testValues = (segment: Segment, { of, wanted, ...rest }: Values): ValueTest => ({
  of,
  open: wanted && flagSets(of.sets, wanted),
  masks: createMasks(segment, wanted, rest),
})

/** 1 for each set that has a wanted value. */
function flagSets({ start, values }: ValueSets, wanted: Uint8Array): Uint8Array {
  const found = new Uint8Array(start.length - 1)
  for (let set = 0; set < found.length; set++)
    for (let i = start[set]!; i < start[set + 1]!; i++) found[set]! |= wanted[values[i]!]!
  return found
}

function createMasks(
  { layoutStart, layoutMask }: Segment,
  wanted: Uint8Array | undefined,
  { valueOf, scratch }: Pick<Values, 'valueOf' | 'scratch'>,
): VariantMasks {
  const words = scratch.counters(layoutMask.at(-1)!)
  const ready = scratch.bytes(layoutStart.length)
  function prepare(layout: number): void {
    ready[layout] = 1
    const [from, to, at] = [layoutStart[layout]!, layoutStart[layout + 1]!, layoutMask[layout]!]
    for (let v = from; v < to; v++)
      if (!wanted || wanted[valueOf[v]!] === 1) words[at + ((v - from) >> 5)]! |= 1 << ((v - from) & 31)
  }
  return { words, ready, prepare }
}

/** Marks what has no variant that every filter of variants lets through. */
function markWithoutVariant(segment: Segment, test: VariantTest, matches: Documents, fails: Uint8Array): void {
  const { inStock, colours, sizes } = test
  const bit = FAILS.variant
  if (colours.open) markClosed(matches, colours.of.column, colours.open, { fails, bit })
  if (sizes.open) markClosed(matches, sizes.of.column, sizes.open, { fails, bit })
  if (colours.open && sizes.open) markUnpaired(segment, test, matches, fails)
  if (!inStock || colours.open || sizes.open) return
  const { traits } = segment
  const { documents, count } = matches
  for (let i = 0; i < count; i++) fails[i]! |= (1 - (traits[documents[i]!]! & 1)) * bit
}

/** Marks what has a wanted colour and a wanted size, but not of one and the same variant. */
function markUnpaired(
  segment: Segment,
  { inStock, colours, sizes }: VariantTest,
  { documents, count }: Documents,
  fails: Uint8Array,
): void {
  const { layoutMask, layoutStock } = segment
  const bit = FAILS.variant
  const [colourWords, sizeWords] = [colours.masks.words, sizes.masks.words]
  for (let i = 0; i < count; i++) {
    const failed = fails[i]!
    // Where it fails two already, no facet asks for a third.
    if ((failed & bit) !== 0 || (failed & (failed - 1)) !== 0) continue
    const document = documents[i]!
    const layout = layoutStock[2 * document]!
    if (colours.masks.ready[layout] === 0) colours.masks.prepare(layout)
    if (sizes.masks.ready[layout] === 0) sizes.masks.prepare(layout)
    const from = layoutMask[layout]!
    let found = 0
    for (let word = 0; word < layoutMask[layout + 1]! - from; word++)
      found |= colourWords[from + word]! & sizeWords[from + word]! & (inStock ? stockWord(segment, document, word) : -1)
    if (found === 0) fails[i] = failed | bit
  }
}

export type Documents = Pick<Matches, 'documents' | 'count'>

/** The matches by what they fail; each list is put together when it is asked for. */
function splitByFails({ documents, scores, count }: Matches, fails: Uint8Array, scratch: Scratch) {
  const sizes = new Uint32Array(2 * FAILS.hard)
  for (let i = 0; i < count; i++) sizes[fails[i]!]!++
  const lists: (Documents | undefined)[] = []
  let passing: Matches | undefined
  let failing: Documents | undefined

  // No branches in these loops: which of the matches pass is nothing that a processor could foresee.
  function readPassing(): Matches {
    const found = scratch.matches(count)
    let n = 0
    for (let i = 0; i < count; i++) {
      found.documents[n] = documents[i]!
      n += (fails[i]! - 1) >>> 31
    }
    found.count = n
    if (scores.length === 0) return found
    n = 0
    for (let i = 0; i < count; i++) {
      found.scores[n] = scores[i]!
      n += (fails[i]! - 1) >>> 31
    }
    return found
  }

  function readFailing(): Documents {
    const list = scratch.matches(count).documents
    let n = 0
    for (let i = 0; i < count; i++) {
      list[n] = documents[i]!
      n += -fails[i]! >>> 31
    }
    return { documents: list, count: n }
  }

  function readList(fail: number): Documents {
    const list = scratch.matches(count).documents
    let n = 0
    for (let i = 0; i < count; i++) {
      list[n] = documents[i]!
      n += ((fails[i]! ^ fail) - 1) >>> 31
    }
    return { documents: list, count: n }
  }

  return {
    passingCount: sizes[0]!,
    /** What fails nothing, and what it scored. */
    passing: () => (passing ??= readPassing()),
    /** What fails anything. */
    failing: () => (failing ??= readFailing()),
    /** What fails that filter and no other. */
    failingOnly: (fail: number): Documents => (sizes[fail] === 0 ? NO_DOCUMENTS : (lists[fail] ??= readList(fail))),
    failingOnlyCount: (fail: number) => sizes[fail]!,
  }
}

const NO_DOCUMENTS: Documents = { documents: new Uint32Array(), count: 0 }

export type Split = ReturnType<typeof splitByFails>

/** What the score of a document is multiplied by; undefined when no boost is asked for. */
export function boostOf(segment: Segment, boosts: readonly SearchBoost[]): ((document: number) => number) | undefined {
  if (boosts.length === 0) return undefined
  const tests = boosts.map(({ ids = [], brands = [], categories = [], factor }) => {
    return {
      factor,
      documents: new Set(ofIds(segment, ids)),
      brands: flagBrands(segment, brands),
      paths: pathsThrough(segment, new Set(categories)),
    }
  })
  const { brandOf, pathOf } = segment
  return (document) => {
    let product = 1
    for (const { factor, documents, brands, paths } of tests)
      if (brands[brandOf[document]!] === 1 || paths[pathOf[document]!] === 1 || documents.has(document))
        product *= factor
    return product
  }
}
