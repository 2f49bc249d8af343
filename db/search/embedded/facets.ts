import type { FacetField, FacetTerm, SearchFacets, SearchQuery } from '../index.ts'
import type { Analyzer } from '../words.ts'
import { BRAND, LAYOUT, PATH, RATED, ROW_BITS, STOCK } from './columns.ts'
import { addPrices, countDocuments, countPassing, countsOfAll, type Counts, starsOf } from './counting.ts'
import { type Documents, FAILS, splitByFails, stockWord, type VariantTest } from './filtering.ts'
import { PRICE_STEPS, priceRanges } from './prices.ts'
import type { Matches, Scratch } from './scratch.ts'
import { type Segment, VARIANTS_A_WORD } from './segment.ts'
import type { Places, TermSpace } from './term-space.ts'

/** Values of a facet that an answer has: the most frequent, and those that the filter names. */
const MOST_VALUES = { brand: 100, category: 1000, colour: 100, size: 100 }

type Tested = {
  segment: Segment
  places: Places
  matches: Matches
  /** Undefined when all of the matches pass. */
  tested: { fails: Uint8Array; variants: VariantTest } | undefined
}

/** What all segments count together, by places in the space of terms. */
type Totals = {
  brand: Uint32Array
  category: Uint32Array
  colour: Uint32Array
  size: Uint32Array
  priceStep: Uint32Array
  stars: Uint32Array
  inStock: number
  minPrice: number
  maxPrice: number
}

export function createFacetCounter({ values }: TermSpace, scratch: Scratch) {
  const totals: Totals = {
    brand: new Uint32Array(values.brand.length),
    category: new Uint32Array(values.category.length),
    colour: new Uint32Array(values.colour.length),
    size: new Uint32Array(values.size.length),
    priceStep: new Uint32Array(PRICE_STEPS),
    stars: new Uint32Array(6),
    inStock: 0,
    minPrice: Number.POSITIVE_INFINITY,
    maxPrice: 0,
  }
  return {
    count: (tested: Tested) => addSegment(totals, tested, scratch),
    finish: (query: SearchQuery, analyzer: Analyzer) => readTotals(totals, values, query, analyzer),
  }
}

function addSegment(totals: Totals, { segment, places, matches, tested }: Tested, scratch: Scratch): void {
  const split = tested && splitByFails(matches, tested.fails, scratch)
  const counts = split ? countOwn(segment, matches, split) : countDocuments(segment, matches)
  const { meta } = segment
  totals.minPrice = Math.min(totals.minPrice, counts.minPrice)
  totals.maxPrice = Math.max(totals.maxPrice, counts.maxPrice)
  addCounts(counts.brand, places.brand, totals.brand)
  for (const [path, categories] of meta.paths.entries())
    if (counts.path[path]! > 0)
      for (const category of new Set(categories)) totals.category[places.category[category]!]! += counts.path[path]!
  for (let step = 0; step < PRICE_STEPS; step++) totals.priceStep[step]! += counts.priceStep[step]!
  for (let star = 0; star < 6; star++) totals.stars[star]! += counts.stars[star]!
  if (split && tested.variants.any) {
    const lists = [split.passing, split.lists[FAILS.variant]!]
    countVariants(totals, { segment, places, variants: tested.variants, lists })
    return
  }
  const { colourSetStart, colourSet, sizeSetStart, sizeSet } = segment
  addSets(counts.colours, colourSetStart, colourSet, { places: places.colour, to: totals.colour })
  addSets(counts.sizes, sizeSetStart, sizeSet, { places: places.size, to: totals.size })
  totals.inStock += counts.inStock[0]!
}

/** Counts what passes, and for each facet with a filter of its own what fails that alone. */
function countOwn(segment: Segment, matches: Matches, split: ReturnType<typeof splitByFails>): Counts {
  const { passing, lists } = split
  const counts = countPassing(segment, matches, split)
  const whole = countsOfAll(segment, matches)
  /** Undefined when whatever fails fails this alone: then all of the matches count, and these are known. */
  const failing = (bit: number) =>
    whole && passing.count + lists[bit]!.count === matches.count ? undefined : lists[bit]!
  const brand = failing(FAILS.brand)
  if (brand) addColumn(segment, BRAND, brand, counts.brand)
  else if (whole) counts.brand.set(whole.brand)
  const category = failing(FAILS.category)
  if (category) addColumn(segment, PATH, category, counts.path)
  else if (whole) counts.path.set(whole.path)
  const price = failing(FAILS.price)
  if (price) addPrices(segment, price, counts)
  else if (whole) {
    counts.priceStep.set(whole.priceStep)
    Object.assign(counts, { minPrice: whole.minPrice, maxPrice: whole.maxPrice })
  }
  const rating = failing(FAILS.rating)
  if (rating) addStars(segment, rating, counts)
  else if (whole) counts.stars.set(whole.stars)
  return counts
}

function addStars({ rows }: Segment, { documents, count }: Documents, to: Counts): void {
  const { stars } = to
  const [bits, ratedAt] = [ROW_BITS, RATED]
  for (let i = 0; i < count; i++) stars[starsOf(rows[(documents[i]! << bits) + ratedAt]!)]!++
}

function addColumn({ rows }: Segment, column: number, { documents, count }: Documents, to: Uint32Array): void {
  const bits = ROW_BITS
  for (let i = 0; i < count; i++) to[rows[(documents[i]! << bits) + column]!]!++
}

type VariantLists = { segment: Segment; places: Places; variants: VariantTest; lists: readonly Documents[] }

/** Colours of variants that pass but for their colour, sizes of those that pass but for their size. */
function countVariants(totals: Totals, { segment, places, variants, lists }: VariantLists): void {
  const { rows, layoutStart, layoutMask, variantColour, variantSize, meta } = segment
  const { colours: colourMasks, sizes: sizeMasks, ready, inStock } = variants
  const [bits, layoutAt, stockAt, variantsAWord] = [ROW_BITS, LAYOUT, STOCK, VARIANTS_A_WORD]
  const colours = new Uint32Array(meta.colours.length)
  const sizes = new Uint32Array(meta.sizes.length)
  const sizeSeen = new Int32Array(sizes.length).fill(-1)
  for (const { documents, count } of lists)
    for (let i = 0; i < count; i++) {
      const document = documents[i]!
      const row = document << bits
      const layout = rows[row + layoutAt]!
      if (ready[layout] === 0) variants.prepare(layout)
      const from = layoutMask[layout]!
      const words = layoutMask[layout + 1]! - from
      let stocked = 0
      let lastColour = -1
      for (let word = 0; word < words; word++) {
        const stock = words === 1 ? rows[row + stockAt]! : stockWord(segment, document, word)
        const ofColour = colourMasks[from + word]!
        const ofSize = sizeMasks[from + word]!
        const open = inStock ? stock : -1
        const first = layoutStart[layout]! + word * variantsAWord
        stocked |= stock & ofColour & ofSize
        for (let rest = ofSize & open; rest !== 0; rest &= rest - 1) {
          const colour = variantColour[first + 31 - Math.clz32(rest & -rest)]!
          // Variants of one colour stand together.
          if (colour === lastColour) continue
          lastColour = colour
          colours[colour]!++
        }
        for (let rest = ofColour & open; rest !== 0; rest &= rest - 1) {
          const size = variantSize[first + 31 - Math.clz32(rest & -rest)]!
          if (sizeSeen[size] === document) continue
          sizeSeen[size] = document
          sizes[size]!++
        }
      }
      if (stocked !== 0) totals.inStock++
    }
  addCounts(colours, places.colour, totals.colour)
  addCounts(sizes, places.size, totals.size)
}

function addCounts(counts: Uint32Array, places: Uint32Array, to: Uint32Array): void {
  for (let i = 0; i < counts.length; i++) to[places[i]!]! += counts[i]!
}

type SetTarget = { places: Uint32Array; to: Uint32Array }

function addSets(counts: Uint32Array, start: Uint32Array, values: Uint16Array, { places, to }: SetTarget): void {
  for (let set = 0; set < counts.length; set++)
    if (counts[set]! > 0) for (let i = start[set]!; i < start[set + 1]!; i++) to[places[values[i]!]!]! += counts[set]!
}

function readTotals(totals: Totals, values: TermSpace['values'], query: SearchQuery, analyzer: Analyzer): SearchFacets {
  const { filter = {}, facetText } = query
  const read = (field: FacetField, chosen: readonly string[] = []) => {
    const text = facetText?.field === field ? facetText.text : undefined
    return topValues(values[field], totals[field], { most: MOST_VALUES[field], chosen, text, analyzer })
  }
  const { minPrice: min, maxPrice: max, stars } = totals
  return {
    categories: read('category', filter.category === undefined ? [] : [filter.category]),
    brands: read('brand', filter.brands),
    colours: read('colour', filter.colours),
    sizes: read('size', filter.sizes).map(({ value, count }) => ({ value, count })),
    price: min === Number.POSITIVE_INFINITY ? null : { min, max, ranges: priceRanges(totals.priceStep) },
    ratings: ([4, 3, 2, 1] as const).map((from) => ({ from, count: stars.subarray(from).reduce((a, b) => a + b, 0) })),
    inStock: totals.inStock,
  }
}

type Wanted = { most: number; chosen: readonly string[]; text: string | undefined; analyzer: Analyzer }

/** Those that any product has, the most frequent first; of as frequent ones the first of the alphabet. */
function topValues(terms: readonly FacetTerm[], counts: Uint32Array, { most, chosen, text, analyzer }: Wanted) {
  const begins = text === undefined ? undefined : analyzer.fold(text.trim())
  const fits = (term: FacetTerm) =>
    begins === undefined || analyzer.tokens(term.label).some(({ word }) => word.startsWith(begins))
  let found: number[] = []
  for (let i = 0; i < counts.length; i++) if (counts[i]! > 0 && fits(terms[i]!)) found.push(i)
  if (found.length > most) {
    const least = Uint32Array.from(found, (i) => counts[i]!).toSorted()[found.length - most]!
    found = found.filter((i) => counts[i]! >= least || chosen.includes(terms[i]!.value))
  }
  return found
    .toSorted((a, b) => counts[b]! - counts[a]! || (terms[a]!.value < terms[b]!.value ? -1 : 1))
    .filter((i, place) => place < most || chosen.includes(terms[i]!.value))
    .map((i) => Object.assign({}, terms[i]!, { count: counts[i]! }))
}
