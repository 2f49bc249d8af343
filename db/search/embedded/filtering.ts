import type { SearchBoost, SearchFilter } from '../index.ts'
import { BRAND, LAYOUT, PATH, PRICE, RATED, ROW_BITS, STOCK } from './columns.ts'
import type { Matches, Scratch } from './scratch.ts'
import { findDocument, readId, type Segment, VARIANTS_A_WORD } from './segment.ts'

/** A bit for each filter that a document fails; `HARD` for what no facet may count. */
export const FAILS = { category: 1, brand: 2, price: 4, rating: 8, variant: 16, hard: 32 } as const

/** Which variants the filter lets through, as masks word by word of `layoutMask`: by colour alone, and by size alone. */
export type VariantTest = {
  any: boolean
  inStock: boolean
  colours: Uint32Array
  sizes: Uint32Array
  /** 0 where `prepare` is to be called before the masks of the layout are read. */
  ready: Uint8Array
  prepare(layout: number): void
}

const named = (values: readonly string[] | undefined) => values && new Set(values)

const flags = <T>(terms: readonly T[], test: (term: T) => boolean) =>
  Uint8Array.from(terms, (term) => (test(term) ? 1 : 0))

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

type Closing = { rows: Uint32Array; column: number; open: Uint8Array }

/** Marks the matches whose value in the column is not open. */
function markClosed(fails: Uint8Array, { documents }: Matches, bit: number, { rows, column, open }: Closing): void {
  const bits = ROW_BITS
  for (let i = 0; i < fails.length; i++) if (open[rows[(documents[i]! << bits) + column]!] === 0) fails[i]! |= bit
}

/** Marks what of the matches is in no answer at all. */
function testHard(
  segment: Segment,
  { ids, notIds, ...filter }: SearchFilter,
  dead: Uint8Array | undefined,
  matches: Matches,
  fails: Uint8Array,
): void {
  const { documents } = matches
  const [notBrands, notCategories] = [named(filter.notBrands), named(filter.notCategories)]
  if (dead) for (let i = 0; i < fails.length; i++) if (dead[documents[i]!] === 1) fails[i]! |= FAILS.hard
  if (ids || notIds) {
    const open = new Uint8Array(segment.documents).fill(ids ? 0 : 1)
    for (const document of ofIds(segment, ids ?? [])) open[document] = 1
    for (const document of ofIds(segment, notIds ?? [])) open[document] = 0
    for (let i = 0; i < fails.length; i++) if (open[documents[i]!] === 0) fails[i]! |= FAILS.hard
  }
  if (notBrands) {
    const open = flags(segment.meta.brands, ({ value }) => !notBrands.has(value))
    markClosed(fails, matches, FAILS.hard, { rows: segment.rows, column: BRAND, open })
  }
  if (notCategories) {
    const open = pathsThrough(segment, notCategories).map((through) => 1 - through)
    markClosed(fails, matches, FAILS.hard, { rows: segment.rows, column: PATH, open })
  }
}

/** What of a row the filters let through; of brands and paths, the bit that each fails with. */
type RowTest = {
  brands: Uint8Array
  paths: Uint8Array
  minPrice: number
  maxPrice: number
  minRated: number
}

function testRows({ rows }: Segment, test: RowTest, { documents }: Matches, fails: Uint8Array): void {
  const { brands, paths, minPrice, maxPrice, minRated } = test
  const [bits, brandAt, pathAt, priceAt, ratedAt] = [ROW_BITS, BRAND, PATH, PRICE, RATED]
  const [dear, low] = [FAILS.price, FAILS.rating]
  for (let i = 0; i < fails.length; i++) {
    const row = documents[i]! << bits
    const price = rows[row + priceAt]!
    let failed = fails[i]!
    failed |= brands[rows[row + brandAt]!]! | paths[rows[row + pathAt]!]!
    failed |= price < minPrice ? dear : 0
    failed |= price > maxPrice ? dear : 0
    failed |= (rows[row + ratedAt]! & 0xffff) < minRated ? low : 0
    fails[i] = failed
  }
}

/** For each of the matches, which filters it fails. */
export function testFilters(
  segment: Segment,
  filter: SearchFilter,
  dead: Uint8Array | undefined,
  matches: Matches,
): { fails: Uint8Array; variants: VariantTest } {
  const fails = new Uint8Array(matches.count)
  const { category, minPrice, maxPrice, minRating } = filter
  const brands = named(filter.brands)
  testHard(segment, filter, dead, matches, fails)
  if ([brands, category, minPrice, maxPrice, minRating].some((one) => one !== undefined)) {
    const test = {
      brands: Uint8Array.from(segment.meta.brands, ({ value }) => (!brands || brands.has(value) ? 0 : FAILS.brand)),
      paths: pathsThrough(segment, category).map((through) => (through ? 0 : FAILS.category)),
      minPrice: minPrice ?? 0,
      maxPrice: maxPrice ?? Number.MAX_SAFE_INTEGER,
      minRated: (minRating ?? 0) * 1000,
    }
    testRows(segment, test, matches, fails)
  }
  const variants = testVariants(segment, filter)
  if (variants.any) markWithoutVariant(segment, variants, matches, fails)
  return { fails, variants }
}

const NOTHING = new Uint32Array()
const NONE = new Uint8Array()

function testVariants(segment: Segment, { colours, sizes, inStock }: SearchFilter): VariantTest {
  const any = colours !== undefined || sizes !== undefined || inStock === true
  if (!any) return { any, inStock: false, colours: NOTHING, sizes: NOTHING, ready: NONE, prepare() {} }
  const { meta, layoutStart, layoutMask, variantColour, variantSize } = segment
  const [wantedColours, wantedSizes] = [named(colours), named(sizes)]
  const colourOk = flags(meta.colours, ({ value }) => wantedColours?.has(value) ?? true)
  const sizeOk = flags(meta.sizes, (size) => wantedSizes?.has(size) ?? true)
  const words = layoutMask[layoutMask.length - 1]!
  const [colourMasks, sizeMasks] = [new Uint32Array(words), new Uint32Array(words)]
  const ready = new Uint8Array(layoutStart.length)
  function prepare(layout: number): void {
    ready[layout] = 1
    for (let v = layoutStart[layout]!, i = 0; v < layoutStart[layout + 1]!; v++, i++) {
      const at = layoutMask[layout]! + (i >> 5)
      if (colourOk[variantColour[v]!]) colourMasks[at]! |= 1 << (i & 31)
      if (sizeOk[variantSize[v]!]) sizeMasks[at]! |= 1 << (i & 31)
    }
  }
  return { any, inStock: inStock === true, colours: colourMasks, sizes: sizeMasks, ready, prepare }
}

/** The bits of the variants 32 * word and on that are in stock. */
export function stockWord(segment: Segment, document: number, word: number): number {
  const layout = segment.rows[(document << ROW_BITS) + LAYOUT]!
  const variants = segment.layoutStart[layout + 1]! - segment.layoutStart[layout]!
  const stock = segment.rows[(document << ROW_BITS) + STOCK]!
  return variants <= VARIANTS_A_WORD ? stock : segment.moreStock[stock + word]!
}

export function hasStock(segment: Segment, document: number): boolean {
  const layout = segment.rows[(document << ROW_BITS) + LAYOUT]!
  const words = segment.layoutMask[layout + 1]! - segment.layoutMask[layout]!
  if (words === 1) return segment.rows[(document << ROW_BITS) + STOCK] !== 0
  for (let word = 0; word < words; word++) if (stockWord(segment, document, word) !== 0) return true
  return false
}

/** Where two filters fail already, no facet asks for a third. */
function markWithoutVariant(
  segment: Segment,
  test: VariantTest,
  { documents, count }: Matches,
  fails: Uint8Array,
): void {
  const { rows, layoutMask } = segment
  const { colours, sizes, inStock, ready } = test
  const [bits, layoutAt, stockAt] = [ROW_BITS, LAYOUT, STOCK]
  const [hard, missing] = [FAILS.hard, FAILS.variant]
  for (let i = 0; i < count; i++) {
    const failed = fails[i]!
    if ((failed & (failed - 1)) !== 0 || failed === hard) continue
    const document = documents[i]!
    const variants = rows[(document << bits) + layoutAt]!
    if (ready[variants] === 0) test.prepare(variants)
    const from = layoutMask[variants]!
    const words = layoutMask[variants + 1]! - from
    let found = 0
    if (words === 1) found = colours[from]! & sizes[from]! & (inStock ? rows[(document << bits) + stockAt]! : -1)
    else
      for (let word = 0; word < words; word++)
        found |= colours[from + word]! & sizes[from + word]! & (inStock ? stockWord(segment, document, word) : -1)
    fails[i] = failed | (found === 0 ? missing : 0)
  }
}

export type Documents = Pick<Matches, 'documents' | 'count'>

/** The matches by what they fail: `FAILS`' bits are the places, and 0 is that of those that fail nothing. */
export function splitByFails({ documents, count }: Matches, fails: Uint8Array, scratch: Scratch) {
  const ends = new Uint32Array(2 * FAILS.hard)
  for (let i = 0; i < count; i++) ends[fails[i]!]!++
  const sorted = scratch.matches(count).documents
  let from = 0
  const lists = Array.from(ends, (size, place): Documents => {
    ends[place] = from
    from += size
    return { documents: sorted.subarray(from - size, from), count: size }
  })
  for (let i = 0; i < count; i++) sorted[ends[fails[i]!]!++] = documents[i]!
  const passing = lists[0]!
  return { passing, lists, failing: { documents: sorted.subarray(passing.count, count), count: count - passing.count } }
}

/** What the score of a document is multiplied by; undefined when no boost is asked for. */
export function boostOf(segment: Segment, boosts: readonly SearchBoost[]): ((document: number) => number) | undefined {
  if (boosts.length === 0) return undefined
  const tests = boosts.map(({ ids = [], brands = [], categories = [], factor }) => {
    const brandNames = new Set(brands)
    return {
      factor,
      documents: new Set(ofIds(segment, ids)),
      brands: flags(segment.meta.brands, ({ value }) => brandNames.has(value)),
      paths: pathsThrough(segment, new Set(categories)),
    }
  })
  return (document) => {
    let product = 1
    for (const { factor, documents, brands, paths } of tests)
      if (isMeant(segment.rows, document << ROW_BITS, brands, paths) || documents.has(document)) product *= factor
    return product
  }
}

const isMeant = (rows: Uint32Array, row: number, brands: Uint8Array, paths: Uint8Array) =>
  brands[rows[row + BRAND]!] === 1 || paths[rows[row + PATH]!] === 1
