import { distance, mostEdits } from './embedded/spelling.ts'
import { parseQuery, type Part, readSynonyms, type Word } from './embedded/parse.ts'
import { priceRanges, PRICE_STEPS, priceStep } from './embedded/prices.ts'
import { FIELDS, impactOf, occurrence, rarity } from './embedded/weights.ts'
import type {
  FacetTerm,
  SearchAnswer,
  SearchDocument,
  SearchFacets,
  SearchFilter,
  SearchHit,
  SearchQuery,
  SearchSynonym,
} from './index.ts'
import { createAnalyzer } from './words.ts'

type Read = {
  document: SearchDocument
  impacts: Map<string, number>
  /** Written forms, each with its term. */
  words: Map<string, string>
  /** Of the short fields, in order. */
  fields: string[][]
}

type Answer = Omit<SearchAnswer, 'generation' | 'next'>

const analyzer = createAnalyzer()

function read(document: SearchDocument): Read {
  const sums = new Map<string, number>()
  const words = new Map<string, string>()
  const fields: string[][] = []
  for (const [field, name] of FIELDS.entries()) {
    const tokens = analyzer.tokens(document.texts[name])
    const plain = tokens.filter(({ parts }) => parts === 0)
    for (const { word, term, stop } of tokens) {
      if (stop && name !== 'brand') continue
      words.set(word, term)
      sums.set(term, (sums.get(term) ?? 0) + occurrence(field, plain.length))
    }
    if (name !== 'description') fields.push(plain.filter(({ stop }) => !stop).map(({ term }) => term))
  }
  return { document, words, fields, impacts: new Map([...sums].map(([term, sum]) => [term, impactOf(sum)])) }
}

/** A search that reads every product for every question: what the index must be equal to. */
export function createBruteForce() {
  const products = new Map<string, Read>()
  let base: Read[] = []
  let synonyms: readonly SearchSynonym[] = []

  const having = (term: string) => base.filter(({ impacts }) => impacts.has(term)).length
  const forms = () => new Map([...products.values()].flatMap(({ words }) => [...words]))

  /** The terms that a word may be met by, and what each is worth. */
  function weigh({ word, term, prefix }: Word): Map<string, number> {
    const weights = new Map<string, number>()
    if (prefix) {
      const inBase = new Map(base.flatMap(({ words }) => [...words]))
      const begun = [...inBase].filter(([form]) => form.startsWith(word)).map(([, longer]) => having(longer))
      const weight = Math.max(1, rarity(base.length, Math.max(0, ...begun)) >> 1)
      for (const [form, longer] of forms()) if (form.startsWith(word)) weights.set(longer, weight)
    }
    return weights.set(term, rarity(base.length, having(term)))
  }

  function scoreOf({ ways }: Part, weights: Map<Word, Map<string, number>>, { impacts, fields }: Read): number {
    const scores = ways.map(({ words, phrase, weight }) => {
      const each = words.map((word) =>
        Math.max(0, ...[...weights.get(word)!].map(([term, worth]) => worth * (impacts.get(term) ?? 0))),
      )
      if (each.includes(0)) return 0
      const terms = words.map(({ term }) => term)
      const stands = fields.some((field) => field.some((_, i) => terms.every((term, k) => field[i + k] === term)))
      if (phrase && !stands) return 0
      const sum = each.reduce((a, b) => a + b, 0)
      return weight === 4 ? sum : Math.max(1, Math.round((sum * weight) / 4))
    })
    return Math.max(0, ...scores)
  }

  function correct(typed: string): string | undefined {
    const units = (text: string) => [...text].map((letter) => letter.charCodeAt(0))
    const near = [...forms()]
      .map(([word, term]) => ({ word, edits: distance(units(typed), units(word), 9), count: having(term) }))
      .filter(({ edits }) => edits <= mostEdits(typed))
      .toSorted((a, b) => a.edits - b.edits || b.count - a.count || (a.word < b.word ? -1 : 1))
    return mostEdits(typed) === 0 ? undefined : near[0]?.word
  }

  function readText({ text, exactly }: SearchQuery): { parts: Part[]; correctedText: string | undefined } {
    const rules = readSynonyms(synonyms, analyzer)
    const typed = parseQuery(text, analyzer, rules)
    if (exactly) return { parts: typed, correctedText: undefined }
    const known = [...forms()]
    let corrected = text
    for (const { plain, start, end } of typed.toReversed()) {
      if (!plain) continue
      const { word, term, prefix } = plain
      if (known.some(([form, other]) => other === term || (prefix && form.startsWith(word)))) continue
      const meant = correct(word)
      if (meant !== undefined) corrected = corrected.slice(0, start) + meant + corrected.slice(end)
    }
    if (corrected === text) return { parts: typed, correctedText: undefined }
    return { parts: parseQuery(corrected, analyzer, rules), correctedText: corrected }
  }

  function query(asked: SearchQuery): Answer {
    const { filter = {}, boosts = [], sort = 'relevance' } = asked
    const { parts, correctedText } = readText(asked)
    const weights = new Map(parts.flatMap(({ ways }) => ways.flatMap(({ words }) => words)).map((w) => [w, weigh(w)]))
    const scored = [...products.values()].map((one) => {
      const scores = parts.map((part) => scoreOf(part, weights, one))
      const sum = scores.reduce((a, b) => a + b, 0)
      return { document: one.document, all: !scores.includes(0), any: sum > 0, sum }
    })
    const none = asked.text.trim() !== '' && parts.length === 0
    const relaxes = !asked.exactly && parts.length > 1 && !scored.some(({ all }) => all)
    const relaxed = relaxes && scored.some(({ any }) => any)
    const matching = none ? [] : scored.filter(({ all, any }) => (relaxed ? any : all))
    const found = matching
      .filter(({ document }) => passes(document, filter))
      .map(({ document, sum }) => ({
        document,
        score: boosts.reduce((s, boost) => s * factorOf(document, boost), sum),
      }))
      .toSorted((a, b) => orderOf(sort)(a, b))
    return {
      total: found.length,
      hits: found.slice(0, asked.limit).map(({ document, score }) => hitOf(document, score, filter)),
      ...(asked.facets
        ? {
            facets: facetsOf(
              matching.map(({ document }) => document),
              asked,
            ),
          }
        : {}),
      ...(correctedText === undefined ? {} : { correctedText }),
      relaxed,
      terms: [
        ...new Set(
          parts.flatMap(({ ways }) =>
            ways.flatMap(({ words }) =>
              words.flatMap(({ word, term, prefix }) => (prefix ? [term, `${word}*`] : [term])),
            ),
          ),
        ),
      ],
    }
  }

  return {
    put: (documents: readonly SearchDocument[]) => documents.forEach((one) => products.set(one.id, read(one))),
    remove: (ids: readonly string[]) => ids.forEach((id) => products.delete(id)),
    useSynonyms: (list: readonly SearchSynonym[]) => (synonyms = list),
    /** From now on words are worth what they are to the products as they are now. */
    rebase: () => (base = [...products.values()]),
    documents: () => [...products.values()].map(({ document }) => document),
    query,
  }
}

type Scored = { document: SearchDocument; score: number }

function orderOf(sort: NonNullable<SearchQuery['sort']>): (a: Scored, b: Scored) => number {
  const key = ({ document, score }: Scored) =>
    ({
      relevance: score,
      newest: document.listedAt,
      price: -document.priceAmount,
      '-price': document.priceAmount,
      rating: document.rating,
      popularity: document.popularity,
    })[sort]
  return (a, b) =>
    key(b) - key(a) || b.document.listedAt - a.document.listedAt || (a.document.id < b.document.id ? -1 : 1)
}

const factorOf = (
  { id, brand, categories }: SearchDocument,
  boost: {
    ids?: readonly string[] | undefined
    brands?: readonly string[] | undefined
    categories?: readonly string[] | undefined
    factor: number
  },
) =>
  boost.ids?.includes(id) ||
  boost.brands?.includes(brand.value) ||
  categories.some(({ value }) => boost.categories?.includes(value))
    ? boost.factor
    : 1

const isIn = (values: readonly string[] | undefined, value: string) => values === undefined || values.includes(value)

function variantsOf({ variants }: SearchDocument, { colours, sizes, inStock }: SearchFilter) {
  return variants.filter(
    ({ colour, size, inStock: has }) => isIn(colours, colour.value) && isIn(sizes, size) && (!inStock || has),
  )
}

function passes(document: SearchDocument, filter: SearchFilter): boolean {
  const { id, brand, categories, priceAmount, rating } = document
  const { colours, sizes, inStock } = filter
  const asksVariant = colours !== undefined || sizes !== undefined || inStock === true
  return (
    isIn(filter.ids, id) &&
    !filter.notIds?.includes(id) &&
    isIn(filter.brands, brand.value) &&
    !filter.notBrands?.includes(brand.value) &&
    (filter.category === undefined || categories.some(({ value }) => value === filter.category)) &&
    !categories.some(({ value }) => filter.notCategories?.includes(value)) &&
    priceAmount >= (filter.minPrice ?? 0) &&
    priceAmount <= (filter.maxPrice ?? Number.POSITIVE_INFINITY) &&
    rating >= (filter.minRating ?? 0) &&
    (!asksVariant || variantsOf(document, filter).length > 0)
  )
}

function hitOf(document: SearchDocument, score: number, { colours }: SearchFilter): SearchHit {
  const { id, brand, categories, variants, priceAmount, rating, popularity, listedAt } = document
  const sorted = variants.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  return {
    id,
    score,
    brand: brand.value,
    categories: categories.map(({ value }) => value),
    colours: [...new Set(sorted.map(({ colour }) => colour.value))],
    sizesInStock: [
      ...new Set(sorted.filter((v) => v.inStock && isIn(colours, v.colour.value)).map(({ size }) => size)),
    ],
    priceAmount,
    rating,
    popularity,
    listedAt,
  }
}

const keyOf = ({ colour, size }: { colour: FacetTerm; size: string }) => `${colour.value}\n${size}`

function facetsOf(matching: readonly SearchDocument[], { filter = {}, facetText }: SearchQuery): SearchFacets {
  const without = (...own: (keyof SearchFilter)[]) => {
    const rest = Object.fromEntries(
      Object.entries(filter).filter(([name]) => !own.includes(name as keyof SearchFilter)),
    )
    return { rest, found: matching.filter((document) => passes(document, rest)) }
  }
  const count = (field: string, lists: FacetTerm[][]) => {
    const counts = new Map<string, FacetTerm & { count: number }>()
    for (const list of lists)
      for (const term of new Map(list.map((one) => [one.value, one])).values())
        counts.set(term.value, { ...term, count: (counts.get(term.value)?.count ?? 0) + 1 })
    const text = facetText?.field === field ? analyzer.fold(facetText.text) : undefined
    return [...counts.values()]
      .filter(({ label }) => text === undefined || analyzer.tokens(label).some(({ word }) => word.startsWith(text)))
      .toSorted((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1))
  }
  const ofVariants = (
    field: 'colours' | 'sizes',
    name: string,
    term: (v: SearchDocument['variants'][number]) => FacetTerm,
  ) => {
    const { rest, found } = without(field)
    return count(
      name,
      found.map((document) => variantsOf(document, rest).map(term)),
    )
  }
  const prices = without('minPrice', 'maxPrice').found.map(({ priceAmount }) => priceAmount)
  const steps = new Uint32Array(PRICE_STEPS)
  for (const price of prices) steps[priceStep(price)]!++
  const rated = without('minRating').found
  const stocked = without('inStock')
  return {
    categories: count(
      'category',
      without('category').found.map(({ categories }) => [...categories]),
    ),
    brands: count(
      'brand',
      without('brands').found.map(({ brand }) => [brand]),
    ),
    colours: ofVariants('colours', 'colour', ({ colour }) => colour),
    sizes: ofVariants('sizes', 'size', ({ size }) => ({ value: size, label: size })).map((one) => ({
      value: one.value,
      count: one.count,
    })),
    price:
      prices.length === 0 ? null : { min: Math.min(...prices), max: Math.max(...prices), ranges: priceRanges(steps) },
    ratings: ([4, 3, 2, 1] as const).map((from) => ({
      from,
      count: rated.filter(({ rating }) => rating >= from).length,
    })),
    inStock: stocked.found.filter((document) => passes(document, { ...stocked.rest, inStock: true })).length,
  }
}
