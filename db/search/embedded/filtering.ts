import type { SearchBoost, SearchFilter } from '../index.ts'
import type { Matches, Scratch } from './scratch.ts'
import { findDocument, readId, type Segment, VARIANTS_A_WORD } from './segment.ts'

/** A bit for each filter that a document fails; `HARD` for what no facet may count. */
export const FAILS = { category: 1, brand: 2, price: 4, rating: 8, variant: 16, hard: 32 } as const

/** Which variants of a segment's layouts the filter lets through, as masks. */
export type VariantTest = {
  /** By colour alone and by size alone, word by word of `layoutMask`. */
  colours: Uint32Array
  sizes: Uint32Array
  inStock: boolean
  any: boolean
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

/** For each of the matches, which filters it fails. */
export function testFilters(
  segment: Segment,
  filter: SearchFilter,
  dead: Uint8Array | undefined,
  { documents, count }: Matches,
): { fails: Uint8Array; variants: VariantTest } {
  const fails = new Uint8Array(count)
  const mark = (bit: number, column: ArrayLike<number>, ok: Uint8Array) => {
    for (let i = 0; i < count; i++) if (ok[column[documents[i]!]!] === 0) fails[i]! |= bit
  }
  const { meta } = segment
  const { category, minPrice, maxPrice, minRating } = filter
  const [brands, notBrands, notCategories] = [filter.brands, filter.notBrands, filter.notCategories].map(named)
  if (dead) for (let i = 0; i < count; i++) if (dead[documents[i]!]) fails[i] = FAILS.hard
  if (filter.ids || filter.notIds) {
    const listed = new Uint8Array(segment.documents).fill(filter.ids ? 0 : 1)
    for (const document of ofIds(segment, filter.ids ?? [])) listed[document] = 1
    for (const document of ofIds(segment, filter.notIds ?? [])) listed[document] = 0
    for (let i = 0; i < count; i++) if (!listed[documents[i]!]) fails[i]! |= FAILS.hard
  }
  if (notBrands)
    mark(
      FAILS.hard,
      segment.brand,
      flags(meta.brands, ({ value }) => !notBrands.has(value)),
    )
  if (notCategories)
    mark(
      FAILS.hard,
      segment.path,
      pathsThrough(segment, notCategories).map((through) => 1 - through),
    )
  if (brands)
    mark(
      FAILS.brand,
      segment.brand,
      flags(meta.brands, ({ value }) => brands.has(value)),
    )
  if (category !== undefined) mark(FAILS.category, segment.path, pathsThrough(segment, new Set([category])))
  if (minPrice !== undefined || maxPrice !== undefined) {
    const [least, most] = [minPrice ?? 0, maxPrice ?? Number.MAX_SAFE_INTEGER]
    for (let i = 0; i < count; i++) {
      const price = segment.price[documents[i]!]!
      if (price < least || price > most) fails[i]! |= FAILS.price
    }
  }
  if (minRating !== undefined)
    for (let i = 0; i < count; i++) if (segment.rating[documents[i]!]! < minRating * 1000) fails[i]! |= FAILS.rating
  const variants = testVariants(segment, filter)
  if (variants.any)
    for (let i = 0; i < count; i++) if (!hasVariant(segment, variants, documents[i]!)) fails[i]! |= FAILS.variant
  return { fails, variants }
}

export function testVariants(segment: Segment, { colours, sizes, inStock }: SearchFilter): VariantTest {
  const [wantedColours, wantedSizes] = [named(colours), named(sizes)]
  const { meta } = segment
  const masks = (column: Uint16Array, ok: Uint8Array | undefined) => {
    const { layoutStart, layoutMask } = segment
    const made = new Uint32Array(layoutMask[layoutMask.length - 1]!)
    for (let layout = 0; layout + 1 < layoutStart.length; layout++)
      for (let v = layoutStart[layout]!, i = 0; v < layoutStart[layout + 1]!; v++, i++)
        if (!ok || ok[column[v]!]) made[layoutMask[layout]! + (i >> 5)]! |= 1 << (i & 31)
    return made
  }
  return {
    colours: masks(
      segment.variantColour,
      wantedColours && flags(meta.colours, ({ value }) => wantedColours.has(value)),
    ),
    sizes: masks(segment.variantSize, wantedSizes && flags(meta.sizes, (size) => wantedSizes.has(size))),
    inStock: inStock === true,
    any: wantedColours !== undefined || wantedSizes !== undefined || inStock === true,
  }
}

/** The bits of the variants 32 * word and on that are in stock. */
export function stockWord(segment: Segment, document: number, word: number): number {
  const layout = segment.layout[document]!
  const variants = segment.layoutStart[layout + 1]! - segment.layoutStart[layout]!
  const stock = segment.stock[document]!
  return variants <= VARIANTS_A_WORD ? stock : segment.moreStock[stock + word]!
}

function hasVariant(segment: Segment, { colours, sizes, inStock }: VariantTest, document: number): boolean {
  const layout = segment.layout[document]!
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
