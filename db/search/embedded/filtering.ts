import type { SearchBoost, SearchFilter } from '../index.ts'
import { STEP_SHIFT } from './columns.ts'
import { TRAITS } from './facet-columns.ts'
import { type Documents, FAILS, flags, mark, markClosed, named } from './marking.ts'
import type { Source } from './merge.ts'
import { everyPlace } from './places.ts'
import { priceStep, stepAmount } from './prices.ts'
import { EVERYTHING, isKept, type Matches, type Scratch } from './scratch.ts'
import { findDocument, keep, keepLately, readId, type Segment } from './segment.ts'
import { type Gone, type Often, type Split, splitByFails, splitOften } from './splitting.ts'
import { markWithoutVariant, testVariants, type VariantTest } from './variant-testing.ts'

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

/** 1 for each path that leads through any of the categories. */
const pathsThrough = ({ meta }: Segment, slugs: ReadonlySet<string>) =>
  flags(meta.paths, (path) => path.some((category) => slugs.has(meta.categories[category]!.value)))

const ofIds = (segment: Segment, ids: readonly string[]) =>
  ids
    .map((id) => {
      const bytes = readId(id)
      return bytes ? findDocument(segment, bytes) : -1
    })
    .filter((document) => document >= 0)

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

/** What may fail the price or not, for as long as that is not told. */
const PARTLY_SHIFT = 7
const PARTLY = 1 << PARTLY_SHIFT

/** Prices outside of the range, both ends of which are in it. */
function markPrices(
  { traits, price }: Segment,
  matches: Documents,
  { minPrice = 0, maxPrice = 0xffffffff }: SearchFilter,
  { fails, scratch }: { fails: Uint8Array; scratch: Scratch },
): void {
  const bit = FAILS.price
  const [first, last] = [priceStep(minPrice), priceStep(maxPrice)]
  const closed = new Uint8Array(TRAITS).fill(bit).fill(0, first << STEP_SHIFT, (last + 1) << STEP_SHIFT)
  const [startsWhole, endsWhole] = [stepAmount(first) === minPrice, stepAmount(last + 1) === maxPrice + 1]
  if (!startsWhole) closed.fill(PARTLY, first << STEP_SHIFT, (first + 1) << STEP_SHIFT)
  if (!endsWhole) closed.fill(PARTLY, last << STEP_SHIFT, (last + 1) << STEP_SHIFT)
  // Steps tell it without a branch, which nobody could foresee; within the first and the last it is the price itself.
  mark(matches, traits, closed, fails)
  if (startsWhole && endsWhole) return
  const { documents, count } = matches
  const places = scratch.matches(count).documents
  let n = 0
  for (let i = 0; i < count; i++) {
    places[n] = i
    n += fails[i]! >>> PARTLY_SHIFT
  }
  for (let k = 0; k < n; k++) {
    const place = places[k]!
    const own = price[documents[place]!]!
    fails[place]! &= ~PARTLY
    if (own < minPrice || own > maxPrice) fails[place]! |= bit
  }
}

/** Whether a filter asks anything. */
export const isAsking = (filter: SearchFilter) => Object.values(filter).some((value) => value !== undefined)

/** What is asked for often: whatever matches a frequent word, or all of a category, and no other filter. */
function oftenOf(segment: Segment, { category, ...others }: SearchFilter, matches: Matches): Often | undefined {
  if (!isKept(matches) || isAsking(others)) return undefined
  if (category === undefined) return { list: matches, matches, bit: undefined }
  if (matches.kept.name !== EVERYTHING) return undefined
  const open = pathsThrough(segment, new Set([category]))
  const { pathOf } = segment
  const name = `category ${category}`
  const has = (document: number) => open[pathOf[document]!] === 1
  const documents = keepLately(segment, `documents of ${name}`, () => everyPlace(segment.documents).filter(has))
  const list = { documents, scores: new Int32Array(), count: documents.length, kept: { name, has } }
  return { list, matches, bit: FAILS.category }
}

type Tested = { split: Split; variants: VariantTest | undefined }

/** Splits the matches by the filters that they fail; `variants` where the filter asks anything of them. */
export function testFilters(source: Source & Gone, filter: SearchFilter, matches: Matches, scratch: Scratch): Tested {
  const often = oftenOf(source.segment, filter, matches)
  if (!often) return markFilters(source, filter, matches, scratch)
  let marked: Split | undefined
  const split = splitOften(often, source, () => (marked ??= markFilters(source, filter, matches, scratch).split))
  return { split, variants: undefined }
}

function markFilters({ segment, dead }: Source, filter: SearchFilter, matches: Matches, scratch: Scratch): Tested {
  const fails = scratch.bytes(matches.count)
  const { brands, category, minPrice, maxPrice, minRating } = filter
  testHard(segment, filter, dead, matches, fails)
  if (brands) markClosed(matches, segment.brandOf, flagBrands(segment, brands), { fails, bit: FAILS.brand })
  if (category !== undefined)
    markClosed(matches, segment.pathOf, pathsThrough(segment, new Set([category])), { fails, bit: FAILS.category })
  if (minPrice !== undefined || maxPrice !== undefined) markPrices(segment, matches, filter, { fails, scratch })
  if (minRating !== undefined) {
    const closed = new Uint8Array(0x10000).fill(FAILS.rating, 0, Math.ceil(Math.round(minRating * 1e6) / 1000))
    mark(matches, segment.rated, closed, fails)
  }
  const variants = testVariants(segment, filter, scratch)
  if (variants) markWithoutVariant(segment, variants, matches, fails)
  return { split: splitByFails(matches, fails, scratch), variants }
}

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
