import type {
  FacetTerm,
  SearchAnswer,
  SearchBoost,
  SearchDocument,
  SearchFacets,
  SearchFilter,
  SearchHit,
  SearchQuery,
  SearchSynonym,
} from '../index.ts'
import { parseQuery, type Part, readSynonyms } from './parse.ts'
import { priceRanges, PRICE_STEPS, priceStep } from './prices.ts'
import { analyzer, correct, createWords, read, type Read, scoreOf, weigh, type Words } from './testing-words.ts'

type Answer = Omit<SearchAnswer, 'generation' | 'next'>

type ReadText = { parts: Part[]; correctedText: string | undefined }

/** A search that reads every product for every question: what the index must be equal to. */
export function createBruteForce() {
  const products = new Map<string, Read>()
  const words = createWords()
  let synonyms: readonly SearchSynonym[] = []

  function readText({ text, exactly }: SearchQuery): ReadText {
    const rules = readSynonyms(synonyms, analyzer)
    const typed = parseQuery(text, analyzer, rules)
    if (exactly) return { parts: typed, correctedText: undefined }
    const others = new Set(typed.flatMap(({ ways }) => ways[0]?.words.map(({ term }) => term) ?? []))
    let corrected = text
    for (const { plain, start, end } of typed.toReversed()) {
      const meant = plain && correct(plain, others, words, products.values())
      if (meant !== undefined) corrected = corrected.slice(0, start) + meant + corrected.slice(end)
    }
    if (corrected === text) return { parts: typed, correctedText: undefined }
    return { parts: parseQuery(corrected, analyzer, rules), correctedText: corrected }
  }

  return {
    put(documents: readonly SearchDocument[]): void {
      for (const one of documents) products.set(one.id, read(one))
      words.read(products.values())
    },
    remove(ids: readonly string[]): void {
      for (const id of ids) products.delete(id)
      words.read(products.values())
    },
    useSynonyms: (list: readonly SearchSynonym[]) => (synonyms = list),
    /** From now on words are worth what they are to the products as they are now. */
    rebase(): void {
      words.rebase(products.values())
    },
    documents: () => [...products.values()].map(({ document }) => document),
    query: (asked: SearchQuery): Answer => answerTo(asked, readText(asked), products.values(), words),
  }
}

function answerTo(
  asked: SearchQuery,
  { parts, correctedText }: ReadText,
  products: Iterable<Read>,
  words: Words,
): Answer {
  const { filter = {}, boosts = [], sort = 'relevance' } = asked
  const weights = new Map(
    parts.flatMap(({ ways }) => ways.flatMap((way) => way.words)).map((w) => [w, weigh(w, words)]),
  )
  const scored = [...products].map((one) => {
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
          ways.flatMap((way) => way.words.flatMap(({ word, term, prefix }) => (prefix ? [term, `${word}*`] : [term]))),
        ),
      ),
    ],
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

const factorOf = ({ id, brand, categories }: SearchDocument, boost: SearchBoost) =>
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

const withoutLabels = (list: readonly (FacetTerm & { count: number })[]) =>
  list.map(({ value, count }) => ({ value, count }))

const keyOf = ({ colour, size }: { colour: FacetTerm; size: string }) => `${colour.value}\n${size}`

function facetsOf(matching: readonly SearchDocument[], { filter = {}, facetText }: SearchQuery): SearchFacets {
  const without = (...own: (keyof SearchFilter)[]) => {
    const rest = Object.fromEntries(
      Object.entries(filter).filter(([name]) => !own.includes(name as keyof SearchFilter)),
    )
    return { rest, found: matching.filter((document) => passes(document, rest)) }
  }
  const count = (field: string, lists: readonly (readonly FacetTerm[])[]) => {
    const counts = new Map<string, FacetTerm & { count: number }>()
    for (const list of lists)
      for (const term of new Map(list.map((one) => [one.value, one])).values())
        counts.set(term.value, Object.assign({}, term, { count: (counts.get(term.value)?.count ?? 0) + 1 }))
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
  for (const price of prices) steps[priceStep(price)] = (steps[priceStep(price)] ?? 0) + 1
  const rated = without('minRating').found
  const stocked = without('inStock')
  return {
    categories: count(
      'category',
      without('category').found.map(({ categories }) => categories),
    ),
    brands: count(
      'brand',
      without('brands').found.map(({ brand }) => [brand]),
    ),
    colours: ofVariants('colours', 'colour', ({ colour }) => colour),
    sizes: withoutLabels(ofVariants('sizes', 'size', ({ size }) => ({ value: size, label: size }))),
    price:
      prices.length === 0 ? null : { min: Math.min(...prices), max: Math.max(...prices), ranges: priceRanges(steps) },
    ratings: ([4, 3, 2, 1] as const).map((from) => ({
      from,
      count: rated.filter(({ rating }) => rating >= from).length,
    })),
    inStock: stocked.found.filter((document) => passes(document, { ...stocked.rest, inStock: true })).length,
  }
}
