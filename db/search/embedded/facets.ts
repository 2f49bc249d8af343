import type { FacetField, FacetTerm, SearchFacets, SearchQuery } from '../index.ts'
import type { Analyzer } from '../words.ts'
import { FAILS, selectFailing, stockWord, type VariantTest } from './filtering.ts'
import { PRICE_STEPS, priceRanges } from './prices.ts'
import type { Matches, Scratch } from './scratch.ts'
import type { Segment } from './segment.ts'
import type { Places, TermSpace } from './term-space.ts'

/** Values of a facet that an answer has: the most frequent, and those that the filter names. */
const MOST_VALUES = { brand: 100, category: 1000, colour: 100, size: 100 }

type Tested = {
  segment: Segment
  places: Places
  matches: Matches
  fails: Uint8Array | undefined
  variants: VariantTest
}

export function createFacetCounter({ values: terms }: TermSpace, scratch: Scratch) {
  const counts = {
    brand: new Uint32Array(terms.brand.length),
    category: new Uint32Array(terms.category.length),
    colour: new Uint32Array(terms.colour.length),
    size: new Uint32Array(terms.size.length),
  }
  const priceSteps = new Uint32Array(PRICE_STEPS)
  const stars = new Uint32Array(6)
  const price = { min: Number.POSITIVE_INFINITY, max: 0 }
  let inStock = 0

  function count({ segment, places, matches, fails, variants }: Tested): void {
    /** Matches that fail nothing, or nothing but the facet's own filter. */
    const lists = (own: number) =>
      fails ? [selectFailing(matches, fails, 0, scratch), selectFailing(matches, fails, own, scratch)] : [matches]
    const all = fails ? [selectFailing(matches, fails, 0, scratch)] : [matches]
    addCounts(histogram(segment.brand, lists(FAILS.brand), segment.meta.brands.length), places.brand, counts.brand)
    const paths = histogram(segment.path, lists(FAILS.category), segment.meta.paths.length)
    for (const [path, categories] of segment.meta.paths.entries())
      if (paths[path]! > 0)
        for (const category of categories) counts.category[places.category[category]!]! += paths[path]!
    for (const list of lists(FAILS.price)) countPrices(segment, list)
    for (const list of lists(FAILS.rating)) countStars(segment, list)
    if (variants.any) for (const list of lists(FAILS.variant)) countVariants(segment, places, variants, list)
    else for (const list of all) countLayouts(segment, places, list)
  }

  function countPrices({ price: prices, priceStep }: Segment, { documents, count: n }: Matches): void {
    let { min, max } = price
    for (let i = 0; i < n; i++) {
      const document = documents[i]!
      const amount = prices[document]!
      priceSteps[priceStep[document]!]!++
      if (amount < min) min = amount
      if (amount > max) max = amount
    }
    price.min = min
    price.max = max
  }

  function countStars({ rating }: Segment, { documents, count: n }: Matches): void {
    for (let i = 0; i < n; i++) stars[Math.min(5, (rating[documents[i]!]! / 1000) | 0)]!++
  }

  /** Where no variant is asked for, all that share a layout have the same colours and sizes. */
  function countLayouts(segment: Segment, places: Places, list: Matches): void {
    const layouts = segment.layoutStart.length - 1
    const shared = histogram(segment.layout, [list], layouts)
    const colours = new Uint32Array(segment.meta.colours.length)
    const sizes = new Uint32Array(segment.meta.sizes.length)
    const sizeSeen = new Int32Array(sizes.length).fill(-1)
    const { layoutStart, variantColour, variantSize } = segment
    for (let layout = 0; layout < layouts; layout++) {
      if (shared[layout] === 0) continue
      for (let v = layoutStart[layout]!; v < layoutStart[layout + 1]!; v++) {
        // Variants of one colour stand together.
        if (v === layoutStart[layout] || variantColour[v] !== variantColour[v - 1])
          colours[variantColour[v]!]! += shared[layout]!
        if (sizeSeen[variantSize[v]!] === layout) continue
        sizeSeen[variantSize[v]!] = layout
        sizes[variantSize[v]!]! += shared[layout]!
      }
    }
    addCounts(colours, places.colour, counts.colour)
    addCounts(sizes, places.size, counts.size)
    for (let i = 0; i < list.count; i++) if (hasStock(segment, list.documents[i]!)) inStock++
  }

  function countVariants(segment: Segment, places: Places, variants: VariantTest, list: Matches): void {
    const { layoutStart, layoutMask, variantColour, variantSize } = segment
    const colours = new Uint32Array(segment.meta.colours.length)
    const sizes = new Uint32Array(segment.meta.sizes.length)
    const colourSeen = new Int32Array(colours.length).fill(-1)
    const sizeSeen = new Int32Array(sizes.length).fill(-1)
    for (let i = 0; i < list.count; i++) {
      const document = list.documents[i]!
      const layout = segment.layout[document]!
      let stocked = 0
      for (let at = layoutMask[layout]!, word = 0; at < layoutMask[layout + 1]!; at++, word++) {
        const stock = stockWord(segment, document, word)
        const available = variants.inStock ? stock : -1
        const [ofColour, ofSize] = [variants.colours[at]!, variants.sizes[at]!]
        stocked |= stock & ofColour & ofSize
        for (let rest = (ofColour | ofSize) & available; rest !== 0; rest &= rest - 1) {
          const bit = 31 - Math.clz32(rest & -rest)
          const v = layoutStart[layout]! + word * 32 + bit
          const [colour, size] = [variantColour[v]!, variantSize[v]!]
          if ((ofSize >>> bit) & 1 && colourSeen[colour] !== document) {
            colourSeen[colour] = document
            colours[colour]!++
          }
          if ((ofColour >>> bit) & 1 && sizeSeen[size] !== document) {
            sizeSeen[size] = document
            sizes[size]!++
          }
        }
      }
      if (stocked !== 0) inStock++
    }
    addCounts(colours, places.colour, counts.colour)
    addCounts(sizes, places.size, counts.size)
  }

  function finish({ filter = {}, facetText }: SearchQuery, analyzer: Analyzer): SearchFacets {
    const values = (field: FacetField, chosen: readonly string[] | undefined) => {
      const text = facetText?.field === field ? facetText.text : undefined
      return topValues(terms[field], counts[field], { most: MOST_VALUES[field], chosen: chosen ?? [], text, analyzer })
    }
    return {
      categories: values('category', filter.category === undefined ? [] : [filter.category]),
      brands: values('brand', filter.brands),
      colours: values('colour', filter.colours),
      sizes: values('size', filter.sizes).map(({ value, count: n }) => ({ value, count: n })),
      price: price.min === Number.POSITIVE_INFINITY ? null : { ...price, ranges: priceRanges(priceSteps) },
      ratings: ([4, 3, 2, 1] as const).map((from) => ({
        from,
        count: stars.subarray(from).reduce((a, b) => a + b, 0),
      })),
      inStock,
    }
  }

  return { count, finish }
}

function histogram(column: Uint32Array, lists: readonly Matches[], values: number): Uint32Array {
  const counts = new Uint32Array(values)
  for (const { documents, count } of lists) for (let i = 0; i < count; i++) counts[column[documents[i]!]!]!++
  return counts
}

function addCounts(counts: Uint32Array, places: Uint32Array, to: Uint32Array): void {
  for (let i = 0; i < counts.length; i++) to[places[i]!]! += counts[i]!
}

function hasStock(segment: Segment, document: number): boolean {
  const layout = segment.layout[document]!
  const words = segment.layoutMask[layout + 1]! - segment.layoutMask[layout]!
  for (let word = 0; word < words; word++) if (stockWord(segment, document, word) !== 0) return true
  return false
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
    const least = Uint32Array.from(found, (i) => counts[i]!).sort()[found.length - most]!
    found = found.filter((i) => counts[i]! >= least || chosen.includes(terms[i]!.value))
  }
  found.sort((a, b) => counts[b]! - counts[a]! || (terms[a]!.value < terms[b]!.value ? -1 : 1))
  return found
    .filter((i, place) => place < most || chosen.includes(terms[i]!.value))
    .map((i) => ({ ...terms[i]!, count: counts[i]! }))
}
