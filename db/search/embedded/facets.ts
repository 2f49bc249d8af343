import type { FacetField, FacetTerm, SearchFacets, SearchQuery } from '../index.ts'
import type { Analyzer } from '../words.ts'
import {
  addColumn,
  addStars,
  addSteps,
  countDocuments,
  countMembers,
  countPassing,
  countPrices,
  countsOfAll,
  type Counts,
  inStockOf,
  type PriceCounts,
} from './counting.ts'
import { colourSets, sizeSets } from './facet-columns.ts'
import { FAILS, type Split, type VariantTest } from './filtering.ts'
import { PRICE_STEPS, priceRanges } from './prices.ts'
import type { Matches } from './scratch.ts'
import type { Segment } from './segment.ts'
import type { Places, TermSpace } from './term-space.ts'
import { countColours, countInStock, countSizes } from './variant-counting.ts'

/** Values of a facet that an answer has: the most frequent, and those that the filter names. */
const MOST_VALUES = { brand: 100, category: 1000, colour: 100, size: 100 }

type Tested = {
  segment: Segment
  places: Places
  matches: Matches
  /** Undefined when all of the matches pass. */
  tested: { split: Split; variants: VariantTest | undefined } | undefined
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

export function createFacetCounter({ values }: TermSpace) {
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
    count: (tested: Tested) => addSegment(totals, tested),
    finish: (query: SearchQuery, analyzer: Analyzer) => readTotals(totals, values, query, analyzer),
  }
}

function addSegment(totals: Totals, { segment, places, matches, tested }: Tested): void {
  const split = tested?.split
  const own = split ? countOwn(segment, matches, split) : withOwn(countDocuments(segment, matches))
  const { paths } = segment.meta
  totals.minPrice = Math.min(totals.minPrice, own.price.minPrice)
  totals.maxPrice = Math.max(totals.maxPrice, own.price.maxPrice)
  addSteps(own.price.traits, totals.priceStep)
  addStars(own.stars, totals.stars)
  addCounts(own.brand, places.brand, totals.brand)
  for (const [path, categories] of paths.entries())
    if (own.path[path]! > 0)
      for (const category of new Set(categories)) totals.category[places.category[category]!]! += own.path[path]!
  if (split && tested.variants) {
    const passing = split.passing()
    const lists = [passing, split.failingOnly(FAILS.variant)]
    addCounts(countColours(segment, tested.variants, lists), places.colour, totals.colour)
    addCounts(countSizes(segment, tested.variants, lists), places.size, totals.size)
    totals.inStock += countInStock(segment, tested.variants, passing)
    return
  }
  addCounts(countMembers(colourSets(segment).sets, own.colours, places.colour.length), places.colour, totals.colour)
  addCounts(countMembers(sizeSets(segment).sets, own.sizes, places.size.length), places.size, totals.size)
  totals.inStock += inStockOf(own.traits)
}

/** With what the facets of price and rating count, when these are filtered: as if they were not. */
type OwnCounts = Counts & { price: PriceCounts; stars: Uint32Array }

const withOwn = (counts: Counts): OwnCounts => ({ ...counts, price: counts, stars: counts.traits })

/** Counts what passes, and for each facet with a filter of its own what fails that alone. */
function countOwn(segment: Segment, matches: Matches, split: Split): OwnCounts {
  const columns = { brand: segment.brandOf, path: segment.pathOf, traits: segment.traits }
  const counts = countPassing(segment, matches, split)
  const known = countsOfAll(segment, matches)
  /** When whatever fails fails this alone, all of the matches count, and what they have is known. */
  const wholeWith = (bit: number) =>
    split.passingCount + split.failingOnlyCount(bit) === matches.count ? known : undefined
  function withFailing(bit: number, name: 'brand' | 'path' | 'traits'): Uint32Array {
    const whole = wholeWith(bit)
    if (whole) return whole[name]
    if (split.failingOnlyCount(bit) === 0) return counts[name]
    const sum = counts[name].slice()
    addColumn(columns[name], split.failingOnly(bit), sum)
    return sum
  }
  return {
    ...counts,
    brand: withFailing(FAILS.brand, 'brand'),
    path: withFailing(FAILS.category, 'path'),
    stars: withFailing(FAILS.rating, 'traits'),
    price: wholeWith(FAILS.price) ?? joinPrices(counts, countPrices(segment, split.failingOnly(FAILS.price))),
  }
}

const joinPrices = (a: PriceCounts, b: PriceCounts): PriceCounts => ({
  traits: a.traits.map((count, i) => count + b.traits[i]!),
  minPrice: Math.min(a.minPrice, b.minPrice),
  maxPrice: Math.max(a.maxPrice, b.maxPrice),
})

function addCounts(counts: Uint32Array, places: Uint32Array, to: Uint32Array): void {
  for (let i = 0; i < counts.length; i++) to[places[i]!]! += counts[i]!
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
    const least = floorOf(counts, found, most)
    found = found.filter((i) => counts[i]! >= least || chosen.includes(terms[i]!.value))
  }
  return found
    .toSorted((a, b) => counts[b]! - counts[a]! || (terms[a]!.value < terms[b]!.value ? -1 : 1))
    .filter((i, place) => place < most || chosen.includes(terms[i]!.value))
    .map((i) => Object.assign({}, terms[i]!, { count: counts[i]! }))
}

/** A power of two that at least `most` of the counts reach, so that few are left to be sorted. */
function floorOf(counts: Uint32Array, found: readonly number[], most: number): number {
  const byLength = new Uint32Array(33)
  for (const i of found) byLength[Math.clz32(counts[i]!)]!++
  let reached = 0
  for (let zeros = 0; zeros < 32; zeros++) {
    reached += byLength[zeros]!
    if (reached >= most) return 2 ** (31 - zeros)
  }
  return 0
}
