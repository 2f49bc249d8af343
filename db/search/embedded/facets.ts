import type { FacetField, FacetTerm, SearchFacets, SearchQuery } from '../index.ts'
import type { Analyzer } from '../words.ts'
import {
  addStars,
  addSteps,
  countColumn,
  countDocuments,
  countMembers,
  countPassing,
  countPrices,
  countsOf,
  countWithout,
  type Counters,
  type CountOptions,
  type Counts,
  inStockOf,
  type Limits,
  type PriceCounts,
} from './counting.ts'
import { colourSets, sizeSets } from './facet-columns.ts'
import { FAILS } from './marking.ts'
import type { Split } from './splitting.ts'
import type { VariantTest } from './variant-testing.ts'
import { PRICE_STEPS, priceRanges } from './prices.ts'
import { isKept, type Matches, type Scratch } from './scratch.ts'
import type { Segment } from './segment.ts'
import type { Places, TermSpace } from './term-space.ts'
import { countInStock, countVariants } from './variant-counting.ts'

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

export function createFacetCounter({ values }: TermSpace, { counters }: Scratch) {
  const totals: Totals = {
    brand: counters(values.brand.length),
    category: counters(values.category.length),
    colour: counters(values.colour.length),
    size: counters(values.size.length),
    priceStep: counters(PRICE_STEPS),
    stars: counters(6),
    inStock: 0,
    minPrice: Number.POSITIVE_INFINITY,
    maxPrice: 0,
  }
  return {
    count: (tested: Tested) => addSegment(totals, tested, counters),
    finish: (query: SearchQuery, analyzer: Analyzer) => readTotals(totals, values, query, analyzer),
  }
}

function addSegment(totals: Totals, { segment, places, matches, tested }: Tested, counters: Counters): void {
  const split = tested?.split
  const options = { counters, withSets: tested?.variants === undefined }
  const own = split ? countOwn(segment, matches, split, options) : withOwn(countDocuments(segment, matches, options))
  const { paths } = segment.meta
  const { minPrice, maxPrice } = own.price.limits()
  totals.minPrice = Math.min(totals.minPrice, minPrice)
  totals.maxPrice = Math.max(totals.maxPrice, maxPrice)
  addSteps(own.price.traits, totals.priceStep)
  addStars(own.stars, totals.stars)
  addCounts(own.brand, places.brand, totals.brand)
  for (const [path, categories] of paths.entries())
    if (own.path[path]! > 0)
      for (const category of new Set(categories)) totals.category[places.category[category]!]! += own.path[path]!
  if (split && tested.variants) {
    const passing = split.passing()
    const lists = [passing, split.failingOnly(FAILS.variant)]
    const variants = countVariants(segment, tested.variants, lists, counters)
    addCounts(variants.colours, places.colour, totals.colour)
    addCounts(variants.sizes, places.size, totals.size)
    totals.inStock += countInStock(segment, tested.variants, passing)
    return
  }
  addCounts(
    countMembers(colourSets(segment).sets, own.colours, counters(places.colour.length)),
    places.colour,
    totals.colour,
  )
  addCounts(countMembers(sizeSets(segment).sets, own.sizes, counters(places.size.length)), places.size, totals.size)
  totals.inStock += inStockOf(own.traits)
}

/** With what the facets of price and rating count, when these are filtered: as if they were not. */
type OwnCounts = Counts & { price: PriceCounts; stars: Uint32Array }

const withOwn = (counts: Counts): OwnCounts => ({ ...counts, price: counts, stars: counts.traits })

/** Counts what passes, and for each facet with a filter of its own what fails that alone. */
function countOwn(segment: Segment, matches: Matches, split: Split, options: CountOptions): OwnCounts {
  const columns = { brand: segment.brandOf, path: segment.pathOf, traits: segment.traits }
  const counts = countPassing(segment, matches, split, options)
  /** When whatever fails fails this alone, or is gone, all that is left of the matches counts, and what they have is known. */
  function wholeWith(bit: number): Counts | undefined {
    const isWhole = split.passingCount + split.failingOnlyCount(bit) + split.goneCount === matches.count
    if (!isWhole || !isKept(matches)) return undefined
    return countWithout(
      segment,
      countsOf(segment, matches),
      { of: matches, gone: split.gone(), rest: split.living },
      options,
    )
  }
  function withFailing(bit: number, name: 'brand' | 'path' | 'traits'): Uint32Array {
    if (split.failingOnlyCount(bit) === 0) return counts[name]
    const whole = wholeWith(bit)
    if (whole) return whole[name]
    const sum = counts[name].slice()
    return countColumn(columns[name], split.failingOnly(bit), sum)
  }
  const withPrices = () => joinPrices(counts, countPrices(segment, split.failingOnly(FAILS.price), options.counters))
  return {
    ...counts,
    brand: withFailing(FAILS.brand, 'brand'),
    path: withFailing(FAILS.category, 'path'),
    stars: withFailing(FAILS.rating, 'traits'),
    price: split.failingOnlyCount(FAILS.price) === 0 ? counts : (wholeWith(FAILS.price) ?? withPrices()),
  }
}

const joinPrices = (a: PriceCounts, b: PriceCounts): PriceCounts => ({
  traits: a.traits.map((count, i) => count + b.traits[i]!),
  limits: () => joinLimits(a.limits(), b.limits()),
})

const joinLimits = (a: Limits, b: Limits): Limits => ({
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
  const least = text === undefined ? leastOf(counts, most) : 1
  const found: number[] = []
  for (let i = 0; i < counts.length; i++) if (counts[i]! >= least && fits(terms[i]!)) found.push(i)
  for (const value of least > 1 ? new Set(chosen) : []) {
    const place = terms.findIndex((term) => term.value === value)
    if (place >= 0 && counts[place]! > 0 && counts[place]! < least) found.push(place)
  }
  const ranks = alphabetOf(terms)
  return found
    .toSorted((a, b) => counts[b]! - counts[a]! || ranks[a]! - ranks[b]!)
    .filter((i, place) => place < most || chosen.includes(terms[i]!.value))
    .map((i) => ({ value: terms[i]!.value, label: terms[i]!.label, hex: terms[i]!.hex, count: counts[i]! }))
}

const alphabets = new WeakMap<readonly FacetTerm[], Uint32Array>()

/** The place of each term in the alphabet of their values; terms are only ever added. */
function alphabetOf(terms: readonly FacetTerm[]): Uint32Array {
  const known = alphabets.get(terms)
  if (known?.length === terms.length) return known
  const sorted = Array.from(terms, (_, i) => i).toSorted((a, b) => (terms[a]!.value < terms[b]!.value ? -1 : 1))
  const ranks = new Uint32Array(terms.length)
  for (const [rank, term] of sorted.entries()) ranks[term] = rank
  alphabets.set(terms, ranks)
  return ranks
}

/** Counts below so much are told apart one by one. */
const SMALL = 255

/** What at least `most` of the counts reach, or all that are any, so that few are left to be sorted. */
function leastOf(counts: Uint32Array, most: number): number {
  const byCount = new Uint32Array(SMALL + 1)
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i]!
    if (count > 0) byCount[count < SMALL ? count : SMALL]!++
  }
  let least = SMALL
  for (let reached = byCount[SMALL]!; reached < most && least > 1;) reached += byCount[--least]!
  return least
}
