import type { SearchBoost, SearchFilter } from '../index.ts'
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
  /** To be called before the masks of a layout are read. */
  prepare(layout: number): void
}

const named = (values: readonly string[] | undefined) => values && new Set(values)

const flags = <T>(terms: readonly T[], test: (term: T) => boolean) =>
  Uint8Array.from(terms, (term) => (test(term) ? 1 : 0))

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
function testHard(segment: Segment, filter: SearchFilter, dead: Uint8Array | undefined, fails: Fails): void {
  const { ids, notIds } = filter
  const [notBrands, notCategories] = [named(filter.notBrands), named(filter.notCategories)]
  if (dead) fails.where((document) => dead[document] === 1, FAILS.hard)
  if (ids || notIds) {
    const hidden = new Uint8Array(segment.documents).fill(ids ? 1 : 0)
    for (const document of ofIds(segment, ids ?? [])) hidden[document] = 0
    for (const document of ofIds(segment, notIds ?? [])) hidden[document] = 1
    fails.where((document) => hidden[document] === 1, FAILS.hard)
  }
  if (notBrands) {
    const hidden = flags(segment.meta.brands, ({ value }) => notBrands.has(value))
    fails.where((document) => hidden[segment.brand[document]!] === 1, FAILS.hard)
  }
  if (notCategories) {
    const hidden = pathsThrough(segment, notCategories)
    fails.where((document) => hidden[segment.path[document]!] === 1, FAILS.hard)
  }
}

type Fails = ReturnType<typeof createFails>

function createFails({ documents, count }: Matches) {
  const bits = new Uint8Array(count)
  return {
    bits,
    where(test: (document: number) => boolean, bit: number): void {
      for (let i = 0; i < count; i++) if (test(documents[i]!)) bits[i]! |= bit
    },
  }
}

/** For each of the matches, which filters it fails. */
export function testFilters(
  segment: Segment,
  filter: SearchFilter,
  dead: Uint8Array | undefined,
  matches: Matches,
): { fails: Uint8Array; variants: VariantTest } {
  const fails = createFails(matches)
  const { category, minPrice = 0, maxPrice = Number.POSITIVE_INFINITY, minRating } = filter
  const brands = named(filter.brands)
  testHard(segment, filter, dead, fails)
  if (brands) {
    const open = flags(segment.meta.brands, ({ value }) => brands.has(value))
    fails.where((document) => open[segment.brand[document]!] === 0, FAILS.brand)
  }
  if (category !== undefined) {
    const open = pathsThrough(segment, new Set([category]))
    fails.where((document) => open[segment.path[document]!] === 0, FAILS.category)
  }
  if (filter.minPrice !== undefined || filter.maxPrice !== undefined)
    fails.where((document) => segment.price[document]! < minPrice || segment.price[document]! > maxPrice, FAILS.price)
  if (minRating !== undefined) fails.where((document) => segment.rating[document]! < minRating * 1000, FAILS.rating)
  const variants = testVariants(segment, filter)
  if (variants.any) fails.where((document) => !hasVariant(segment, variants, document), FAILS.variant)
  return { fails: fails.bits, variants }
}

const NOTHING = new Uint32Array()

function testVariants(segment: Segment, { colours, sizes, inStock }: SearchFilter): VariantTest {
  const any = colours !== undefined || sizes !== undefined || inStock === true
  if (!any) return { any, inStock: false, colours: NOTHING, sizes: NOTHING, prepare() {} }
  const { meta, layoutStart, layoutMask, variantColour, variantSize } = segment
  const [wantedColours, wantedSizes] = [named(colours), named(sizes)]
  const colourOk = flags(meta.colours, ({ value }) => wantedColours?.has(value) ?? true)
  const sizeOk = flags(meta.sizes, (size) => wantedSizes?.has(size) ?? true)
  const words = layoutMask[layoutMask.length - 1]!
  const [colourMasks, sizeMasks] = [new Uint32Array(words), new Uint32Array(words)]
  const ready = new Uint8Array(layoutStart.length)
  function prepare(layout: number): void {
    if (ready[layout]) return
    ready[layout] = 1
    for (let v = layoutStart[layout]!, i = 0; v < layoutStart[layout + 1]!; v++, i++) {
      const at = layoutMask[layout]! + (i >> 5)
      if (colourOk[variantColour[v]!]) colourMasks[at]! |= 1 << (i & 31)
      if (sizeOk[variantSize[v]!]) sizeMasks[at]! |= 1 << (i & 31)
    }
  }
  return { any, inStock: inStock === true, colours: colourMasks, sizes: sizeMasks, prepare }
}

/** The bits of the variants 32 * word and on that are in stock. */
export function stockWord(segment: Segment, document: number, word: number): number {
  const layout = segment.layout[document]!
  const variants = segment.layoutStart[layout + 1]! - segment.layoutStart[layout]!
  const stock = segment.stock[document]!
  return variants <= VARIANTS_A_WORD ? stock : segment.moreStock[stock + word]!
}

export function hasStock(segment: Segment, document: number): boolean {
  const layout = segment.layout[document]!
  const words = segment.layoutMask[layout + 1]! - segment.layoutMask[layout]!
  if (words === 1) return segment.stock[document] !== 0
  for (let word = 0; word < words; word++) if (stockWord(segment, document, word) !== 0) return true
  return false
}

function hasVariant(segment: Segment, { colours, sizes, inStock, prepare }: VariantTest, document: number): boolean {
  const layout = segment.layout[document]!
  prepare(layout)
  for (let at = segment.layoutMask[layout]!, word = 0; at < segment.layoutMask[layout + 1]!; at++, word++) {
    const wanted = colours[at]! & sizes[at]!
    if ((inStock ? wanted & stockWord(segment, document, word) : wanted) !== 0) return true
  }
  return false
}

/** What each of the matches passed with exactly `fails`. */
export function selectFailing(
  { documents, count }: Matches,
  fails: Uint8Array,
  wanted: number,
  scratch: Scratch,
): Matches {
  const selected = scratch.matches(count)
  let kept = 0
  for (let i = 0; i < count; i++) if (fails[i] === wanted) selected.documents[kept++] = documents[i]!
  selected.count = kept
  return selected
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
      if (brands[segment.brand[document]!] || paths[segment.path[document]!] || documents.has(document))
        product *= factor
    return product
  }
}
