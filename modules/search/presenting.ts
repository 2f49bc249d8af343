import type { FacetTerm, SearchFacets } from '../../db/search/index.ts'
import type { Analyzer } from '../../db/search/words.ts'
import type { Colour, ProductCard } from '../catalog/index.ts'
import { compareSizes } from '../catalog/pure/size-order.ts'
import { splitColours } from './families.ts'
import { familyOf } from './pure/colour-family.ts'
import { colourNames } from './pure/colour-names.ts'
import type { PageFacets, Runs, SearchItem } from './schema.ts'
import type { Tree } from './taxonomy.ts'

const SNIPPET = 160
/** Before the first word that was found. */
const LEAD = 40

/** Less than any word of its own name says. */
const A_PLAIN_NAME = 0.1

type Matched = { terms: readonly string[]; colours: readonly string[]; families: readonly string[] }

type ColourWords = { own: string[]; plain: string[] }

const MOST_COLOURS = 5000

/** What an item says of itself in the light of what was asked. */
export function createPresenter(analyzer: Analyzer) {
  const termsOf = (text: string) =>
    analyzer
      .tokens(text)
      .filter(({ parts }) => parts === 0)
      .map(({ term }) => term)
  const kept = new Map<string, ColourWords>()

  /** A shop has a few hundred colours, and every page names a hundred. */
  function colourWords({ name, hex }: Colour): ColourWords {
    const key = hex + name
    const known = kept.get(key)
    if (known) return known
    if (kept.size >= MOST_COLOURS) kept.clear()
    const made = { own: termsOf(name), plain: colourNames(hex).flatMap(termsOf) }
    kept.set(key, made)
    return made
  }

  /** The part of a description around the first word that was found, without cutting words. */
  function snippetOf(description: string, terms: readonly string[]): Runs | undefined {
    const runs = analyzer.mark(description, terms)
    const first = runs.findIndex(({ marked }) => marked)
    if (first < 0) return undefined
    const start = runs.slice(0, first).reduce((sum, { text }) => sum + text.length, 0)
    // A word begins after a space; the word that was found may itself be the first after one.
    const from = start <= LEAD ? 0 : Math.min(description.indexOf(' ', start - LEAD) + 1 || start, start)
    const end = from + SNIPPET
    const cut = end >= description.length ? description.length : description.lastIndexOf(' ', end)
    const to = cut > start ? cut : description.length
    return [
      ...(from > 0 ? [{ text: '… ', marked: false }] : []),
      ...cutRuns(runs, from, to),
      ...(to < description.length ? [{ text: ' …', marked: false }] : []),
    ]
  }

  /**
   * The colour that was asked for, or one of a family that was; else the one of whose name most was searched for, a wine-red
   * counting as red.
   */
  function matchedColour(colours: readonly Colour[], { terms, colours: asked, families }: Matched): string | null {
    const chosen = asked.find((slug) => colours.some((colour) => colour.slug === slug))
    if (chosen !== undefined) return chosen
    const shade = families.length > 0 && colours.find(({ hex }) => families.includes(familyOf(hex)))
    if (shade) return shade.slug
    if (terms.length === 0) return null
    const known = new Set(terms)
    const shares = colours.map((colour) => {
      const { own, plain } = colourWords(colour)
      const share = own.filter((term) => known.has(term)).length / Math.max(own.length, 1)
      return { slug: colour.slug, share: share + (plain.some((term) => known.has(term)) ? A_PLAIN_NAME : 0) }
    })
    const [best] = shares.filter(({ share }) => share > 0).toSorted((a, b) => b.share - a.share)
    return best?.slug ?? null
  }

  return {
    item(card: ProductCard, description: string, matched: Matched): Omit<SearchItem, 'pinned'> {
      const { terms } = matched
      const snippet = terms.length > 0 ? snippetOf(description, terms) : undefined
      return {
        ...card,
        highlight: { name: analyzer.mark(card.name, terms), ...(snippet ? { snippet } : {}) },
        matchedColour: matchedColour(card.colours, matched),
      }
    },
  }
}

/** What of the runs lies from `from` to `to` in the text that they make up. */
function cutRuns(runs: Runs, from: number, to: number): Runs {
  let end = 0
  return runs.flatMap(({ text, marked }) => {
    const start = end
    end += text.length
    const rest = text.slice(Math.max(0, from - start), Math.max(0, to - start))
    return rest === '' ? [] : [{ text: rest, marked }]
  })
}

const named = ({ value, label, count }: FacetTerm & { count: number }) => ({ slug: value, name: label, count })

const NOTHING: Omit<PageFacets, 'currency'> = {
  categories: [],
  brands: [],
  colours: [],
  colourFamilies: [],
  sizes: [],
  price: null,
  ratings: [],
  inStock: { count: 0 },
}

export function facetsOf(facets: SearchFacets | undefined, { categories: tree, currency }: Tree): PageFacets {
  if (!facets) return { ...NOTHING, currency }
  const places = new Map([...tree.keys()].map((slug, place) => [slug, place]))
  const placeOf = (slug: string) => places.get(slug) ?? places.size
  const { shades, families } = splitColours(facets)
  const money = (amount: number) => ({ amount, currency: currency ?? 'EUR' })
  return {
    categories: facets.categories
      .map((term) => ({ ...named(term), parent: tree.get(term.value)?.parent ?? null }))
      .toSorted((a, b) => placeOf(a.slug) - placeOf(b.slug)),
    brands: facets.brands.map(named),
    colours: shades.map((term) => Object.assign(named(term), { hex: term.hex ?? '#000000' })),
    colourFamilies: families,
    sizes: facets.sizes
      .map(({ value, count }) => ({ size: value, count }))
      .toSorted((a, b) => compareSizes(a.size, b.size)),
    price: facets.price && {
      min: money(facets.price.min),
      max: money(facets.price.max),
      ranges: facets.price.ranges.map(({ from, to, count }) => ({ from: money(from), to: money(to), count })),
    },
    ratings: facets.ratings,
    inStock: { count: facets.inStock },
    currency,
  }
}
