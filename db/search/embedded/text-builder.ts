import type { SearchDocument } from '../index.ts'
import type { Analyzer, Token } from '../words.ts'
import { createNumbers, createPostingWriter, createVarints, rankTerms, writeTexts } from './postings.ts'
import { FIELDS, impactOf, occurrence } from './weights.ts'

const DESCRIPTION = FIELDS.indexOf('description')
const BRAND = FIELDS.indexOf('brand')
/** In the list of phrases, where terms are counted from 2. */
const END_OF_FIELD = 0
const END_OF_DOCUMENT = 1

type KnownWord = { term: number; count: number }

/** Terms and words are numbered as they come, and by the alphabet at the end. */
export function createTextBuilder(analyzer: Analyzer) {
  const termPlaces = new Map<string, number>()
  const words = new Map<string, KnownWord>()
  /** Of all documents, one after the other: each posting's term, and its document and worth in one number. */
  const postingTerms = createNumbers()
  const postings = createNumbers()
  const phrases = createNumbers()
  let worth = new Float64Array(1024)
  let touched: number[] = []

  function addWord({ word, term }: Token): number {
    const place = termPlaces.get(term) ?? termPlaces.size
    termPlaces.set(term, place)
    words.set(word, { term: place, count: 1 })
    if (place >= worth.length) worth = grown(worth)
    return place
  }

  function addField(field: number, text: string): void {
    const tokens = analyzer.tokens(text)
    let length = 0
    for (const { parts } of tokens) if (parts === 0) length++
    const each = occurrence(field, length)
    for (const token of tokens) {
      // A brand may be called as nothing else is written about: On, The.
      if (token.stop && field !== BRAND) continue
      const known = words.get(token.word)
      if (known) known.count++
      const term = known ? known.term : addWord(token)
      if (worth[term] === 0) touched.push(term)
      worth[term]! += each
      if (token.parts === 0 && !token.stop && field !== DESCRIPTION) phrases.add(term + 2)
    }
    if (field < DESCRIPTION - 1) phrases.add(END_OF_FIELD)
  }

  return {
    add(document: number, texts: SearchDocument['texts']): void {
      touched = []
      for (let field = 0; field < FIELDS.length; field++) addField(field, texts[FIELDS[field]!])
      phrases.add(END_OF_DOCUMENT)
      for (const term of touched) {
        postingTerms.add(term)
        postings.add(document * 256 + impactOf(worth[term]!))
        worth[term] = 0
      }
    },

    end() {
      const terms = [...termPlaces.keys()].toSorted()
      const sorted = new Uint32Array(terms.length)
      for (const [i, term] of terms.entries()) sorted[termPlaces.get(term)!] = i
      const { sections, counts } = writePostings(postingTerms.end(), postings.end(), sorted)
      const ranks = rankTerms(counts)
      const termTexts = writeTexts(terms)
      return {
        ...sections,
        ...ranks,
        termStart: termTexts.start,
        termUnits: termTexts.units,
        ...writeWords(words, (term) => sorted[term]!),
        ...writePhrases(phrases.end(), (term) => ranks.termRank[sorted[term]!]! + 1),
      }
    },
  }
}

function grown(numbers: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(numbers.length * 2)
  larger.set(numbers)
  return larger
}

/** A counting sort by term, which keeps documents ascending in each. */
function writePostings(postingTerms: Uint32Array, postings: Uint32Array, sorted: Uint32Array) {
  const counts = new Uint32Array(sorted.length)
  for (let i = 0; i < postingTerms.length; i++) counts[sorted[postingTerms[i]!]!]!++
  const next = new Uint32Array(sorted.length + 1)
  for (let term = 0; term < sorted.length; term++) next[term + 1] = next[term]! + counts[term]!
  const ordered = new Uint32Array(postings.length)
  for (let i = 0; i < postings.length; i++) ordered[next[sorted[postingTerms[i]!]!]!++] = postings[i]!
  const writer = createPostingWriter(ordered.length)
  for (let term = 0, i = 0; term < sorted.length; term++) {
    for (; i < next[term]!; i++) writer.add(ordered[i]! >>> 8, ordered[i]! & 255)
    writer.endTerm()
  }
  return { sections: writer.end(), counts }
}

export function writeWords(words: ReadonlyMap<string, KnownWord>, termOf: (term: number) => number) {
  const texts = [...words.keys()].toSorted()
  const { start, units } = writeTexts(texts)
  return {
    wordStart: start,
    wordUnits: units,
    wordTerm: Uint32Array.from(texts, (text) => termOf(words.get(text)!.term)),
    wordCount: Uint32Array.from(texts, (text) => words.get(text)!.count),
  }
}

function writePhrases(phrases: Uint32Array, rankOf: (term: number) => number) {
  const bytes = createVarints()
  const starts = [0]
  for (const term of phrases) {
    if (term === END_OF_DOCUMENT) starts.push(bytes.length())
    else bytes.add(term === END_OF_FIELD ? 0 : rankOf(term - 2))
  }
  return { phraseStart: Uint32Array.from(starts), phrases: bytes.end() }
}
