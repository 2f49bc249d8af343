import type { FacetTerm, SearchDocument } from '../index.ts'
import type { Analyzer, Token } from '../words.ts'
import { type Sections, writeSegment } from './format.ts'
import { createDictionary, createLayouts } from './layouts.ts'
import { createPostingWriter, createVarints, rankTerms, writeTexts } from './postings.ts'
import { priceStep } from './prices.ts'
import { idBytes, VARIANTS_A_WORD } from './segment.ts'
import { FIELDS, impactOf, occurrence } from './weights.ts'

const DESCRIPTION = FIELDS.indexOf('description')
const BRAND = FIELDS.indexOf('brand')

/** The bytes of a segment of these documents, no two of which may have one id. */
export function buildSegment(documents: readonly SearchDocument[], analyzer: Analyzer): Uint8Array<ArrayBuffer> {
  const texts = createTexts(analyzer)
  const brands = createDictionary<FacetTerm>(({ value }) => value)
  const categories = createDictionary<FacetTerm>(({ value }) => value)
  const paths = createDictionary<number[]>((path) => path.join())
  const colours = createDictionary<FacetTerm>(({ value }) => value)
  const sizes = createDictionary<string>((size) => size)
  const layouts = createLayouts()
  const moreStock: number[] = []
  const columns = createColumns(documents.length)
  for (const [place, document] of documents.entries()) {
    texts.add(place, document.texts)
    columns.ids.set(idBytes(document.id), place * 16)
    columns.brand[place] = brands.place(document.brand)
    columns.path[place] = paths.place(document.categories.map(categories.place))
    columns.price[place] = document.priceAmount
    columns.priceStep[place] = priceStep(document.priceAmount)
    columns.rating[place] = Math.round(document.rating * 1000)
    columns.popularity[place] = document.popularity
    columns.listedAt[place] = document.listedAt
    const variants = sortedVariants(document)
    columns.layout[place] = layouts.place(
      variants.map(({ colour }) => colours.place(colour)),
      variants.map(({ size }) => sizes.place(size)),
    )
    columns.stock[place] = writeStock(variants, moreStock)
  }
  const byId = columns.byId.map((_, i) => i).sort((a, b) => (documents[a]!.id < documents[b]!.id ? -1 : 1))
  const meta = {
    documents: documents.length,
    lastId: documents[byId.at(-1) ?? 0]?.id,
    brands: brands.terms,
    categories: categories.terms,
    paths: paths.terms,
    colours: colours.terms,
    sizes: sizes.terms,
  }
  return writeSegment(meta, {
    ...columns,
    byId,
    moreStock: Uint32Array.from(moreStock),
    ...layouts.end(),
    ...texts.end(),
  })
}

export const createColumns = (documents: number) => ({
  ids: new Uint8Array(documents * 16),
  byId: new Uint32Array(documents),
  brand: new Uint32Array(documents),
  path: new Uint32Array(documents),
  layout: new Uint32Array(documents),
  stock: new Uint32Array(documents),
  price: new Uint32Array(documents),
  priceStep: new Uint8Array(documents),
  rating: new Uint16Array(documents),
  popularity: new Float32Array(documents),
  listedAt: new Float64Array(documents),
})

/** Each (colour, size) once, in an order that depends on their names alone, so that like products share a layout. */
function sortedVariants({ variants }: SearchDocument) {
  const byKey = new Map<string, SearchDocument['variants'][number]>()
  for (const variant of variants) {
    const key = `${variant.colour.value}\n${variant.size}`
    const known = byKey.get(key)
    byKey.set(key, known ? { ...known, inStock: known.inStock || variant.inStock } : variant)
  }
  return [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, variant]) => variant)
}

/** What the column `stock` is to hold. */
function writeStock(variants: readonly { inStock: boolean }[], moreStock: number[]): number {
  const words: number[] = []
  for (const [i, { inStock }] of variants.entries()) {
    const word = Math.floor(i / VARIANTS_A_WORD)
    words[word] = ((words[word] ?? 0) | (inStock ? 1 << (i % VARIANTS_A_WORD) : 0)) >>> 0
  }
  if (words.length <= 1) return words[0] ?? 0
  moreStock.push(...words)
  return moreStock.length - words.length
}

type TextSections = Pick<
  Sections,
  | 'termStart'
  | 'termUnits'
  | 'termRank'
  | 'termAtRank'
  | 'wordStart'
  | 'wordUnits'
  | 'wordTerm'
  | 'wordCount'
  | 'termChunk'
  | 'chunkNumber'
  | 'chunkStart'
  | 'low'
  | 'impact'
  | 'phraseStart'
  | 'phrases'
>

/** Terms and words are numbered as they come, and by the alphabet at the end. */
function createTexts(analyzer: Analyzer) {
  const termPlaces = new Map<string, number>()
  const words = new Map<string, { term: number; count: number }>()
  /** Of all documents, one after the other: term, document, worth. */
  const postings: number[] = []
  /** Terms in order; -1 between fields, -2 between documents. */
  const phrases: number[] = []
  let worth = new Float64Array(1024)

  function termOf({ word, term }: Token): number {
    const known = words.get(word)
    if (known) {
      known.count++
      return known.term
    }
    const place = termPlaces.get(term) ?? termPlaces.size
    termPlaces.set(term, place)
    words.set(word, { term: place, count: 1 })
    if (place >= worth.length) {
      const larger = new Float64Array(worth.length * 2)
      larger.set(worth)
      worth = larger
    }
    return place
  }

  function addField(field: number, text: string, touched: number[]): void {
    const tokens = analyzer.tokens(text)
    const length = tokens.reduce((sum, { parts }) => sum + (parts === 0 ? 1 : 0), 0)
    const each = occurrence(field, length)
    for (const token of tokens) {
      // A brand may be called as nothing else is written about: On, The.
      if (token.stop && field !== BRAND) continue
      const term = termOf(token)
      if (worth[term] === 0) touched.push(term)
      worth[term]! += each
      if (token.parts === 0 && !token.stop && field !== DESCRIPTION) phrases.push(term)
    }
    if (field < DESCRIPTION - 1) phrases.push(-1)
  }

  return {
    add(document: number, texts: SearchDocument['texts']): void {
      const touched: number[] = []
      for (const [field, name] of FIELDS.entries()) addField(field, texts[name], touched)
      phrases.push(-2)
      for (const term of touched) {
        postings.push(term, document, impactOf(worth[term]!))
        worth[term] = 0
      }
    },
    end: (): TextSections => writeTextSections(termPlaces, words, postings, phrases),
  }
}

function writeTextSections(
  termPlaces: Map<string, number>,
  words: Map<string, { term: number; count: number }>,
  postings: readonly number[],
  phrases: readonly number[],
): TextSections {
  const terms = [...termPlaces.keys()].sort()
  const sorted = new Uint32Array(terms.length)
  for (const [i, term] of terms.entries()) sorted[termPlaces.get(term)!] = i
  const counts = new Uint32Array(terms.length)
  for (let i = 0; i < postings.length; i += 3) counts[sorted[postings[i]!]!]!++
  // A counting sort, which keeps documents ascending in each term.
  const ends = new Uint32Array(terms.length + 1)
  for (let i = 0; i < terms.length; i++) ends[i + 1] = ends[i]! + counts[i]!
  const order = new Uint32Array(postings.length / 3)
  const next = ends.slice()
  for (let i = 0; i < postings.length; i += 3) order[next[sorted[postings[i]!]!]!++] = i
  const writer = createPostingWriter(order.length)
  for (let term = 0, i = 0; term < terms.length; term++) {
    for (; i < ends[term + 1]!; i++) writer.add(postings[order[i]! + 1]!, postings[order[i]! + 2]!)
    writer.endTerm()
  }
  const ranks = rankTerms(counts)
  const termTexts = writeTexts(terms)
  const wordList = [...words].sort(([a], [b]) => (a < b ? -1 : 1))
  const wordTexts = writeTexts(wordList.map(([word]) => word))
  return {
    ...writer.end(),
    ...ranks,
    termStart: termTexts.start,
    termUnits: termTexts.units,
    wordStart: wordTexts.start,
    wordUnits: wordTexts.units,
    wordTerm: Uint32Array.from(wordList, ([, { term }]) => sorted[term]!),
    wordCount: Uint32Array.from(wordList, ([, { count }]) => count),
    ...writePhrases(phrases, (term) => ranks.termRank[sorted[term]!]! + 1),
  }
}

function writePhrases(phrases: readonly number[], rankOf: (term: number) => number) {
  const bytes = createVarints()
  const starts = [0]
  for (const term of phrases) {
    if (term === -2) starts.push(bytes.length())
    else bytes.add(term === -1 ? 0 : rankOf(term))
  }
  return { phraseStart: Uint32Array.from(starts), phrases: bytes.end() }
}
