import type { FacetTerm, SearchAnswer, SearchDocument, SearchFacets, SearchIndex } from '../../db/search/index.ts'
import { COLOUR_FAMILIES, familyOf } from './pure/colour-family.ts'

/** No slug of a colour begins so. */
const MARK = '~'

type Variants = SearchDocument['variants']

/** What stands for a family where the index takes a colour. */
export const familyColour = (family: string): string => MARK + family

const isFamily = (colour: string) => colour.startsWith(MARK)

const TERMS = new Map<string, FacetTerm>(
  COLOUR_FAMILIES.map(({ slug, name, hex }) => [slug, { value: familyColour(slug), label: name, hex }]),
)

/**
 * The variants, and beside them one for each family and size: a family is then counted and filtered as a colour is, together
 * with size and stock, and a product in two of its shades counts once.
 */
export function withFamilies(variants: Variants): Variants {
  const beside = new Map<string, Variants[number]>()
  for (const { colour, size, inStock } of variants) {
    const family = colour.hex === undefined ? undefined : TERMS.get(familyOf(colour.hex))
    if (!family) continue
    const key = `${family.value} ${size}`
    beside.set(key, { colour: family, size, inStock: inStock || beside.get(key)?.inStock === true })
  }
  return [...variants, ...beside.values()]
}

/** As many colours as an answer of the index has: rare families may be missing beyond them. */
const MOST_COLOURS = 100

/** The index as it is asked: hits have their own colours only, and of the families none is missing. */
export function besideFamilies(index: SearchIndex): SearchIndex {
  async function query(asked: Parameters<SearchIndex['query']>[0]): Promise<SearchAnswer> {
    const answer = await index.query(asked)
    const hits = answer.hits.map((hit) =>
      Object.assign({}, hit, { colours: hit.colours.filter((colour) => !isFamily(colour)) }),
    )
    const { facets } = answer
    if (!facets || facets.colours.length < MOST_COLOURS) return { ...answer, hits }
    // Named by the filter they are counted however rare they are, and the filter does not narrow its own values.
    const filter = { ...asked.filter, colours: [...TERMS.values()].map(({ value }) => value) }
    const named = await index.query({ ...asked, filter, limit: 1, after: undefined })
    const families = named.facets?.colours.filter(({ value }) => isFamily(value)) ?? []
    return { ...answer, hits, facets: { ...facets, colours: [...shadesOf(facets), ...families] } }
  }
  return { ...index, query }
}

const shadesOf = ({ colours }: SearchFacets) => colours.filter(({ value }) => !isFamily(value))

/** The colours of a facet under their own names, and the families in the order in which they are shown. */
export function splitColours(facets: SearchFacets) {
  const counts = new Map(facets.colours.map(({ value, count }) => [value, count]))
  const families = COLOUR_FAMILIES.flatMap(({ slug, name, hex }) => {
    const count = counts.get(familyColour(slug)) ?? 0
    return count > 0 ? [{ slug, name, hex, count }] : []
  })
  return { shades: shadesOf(facets), families }
}
