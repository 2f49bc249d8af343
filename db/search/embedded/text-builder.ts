import type { SearchDocument } from '../index.ts'
import { JOINED, larger, type Lexicon } from './lexicon.ts'
import { createNumbers, createPostingWriter, createVarints, rankTerms, writeTexts } from './postings.ts'
import { FIELDS, impactOf, occurrence } from './weights.ts'

const DESCRIPTION = FIELDS.indexOf('description')
const BRAND = FIELDS.indexOf('brand')
/** In the list of phrases, where terms are counted from 2. */
const END_OF_FIELD = 0
const END_OF_DOCUMENT = 1

/** The words of a segment's documents. Words and terms have the lexicon's numbers, and at the end those of the alphabet. */
export function createTextBuilder(lexicon: Lexicon) {
  /** Of all documents, one after the other: each posting's term, and its document and worth in one number. */
  const postingTerms = createNumbers()
  const postings = createNumbers()
  const phrases = createNumbers()
  let wordCounts = new Uint32Array(1024)
  let worth = new Float64Array(1024)
  let touched = new Uint32Array(256)
  let touchedCount = 0

  /** Room for all words that the lexicon has: there are no more terms than words. */
  function makeRoom(words: number): void {
    if (words <= worth.length) return
    worth = larger(worth, new Float64Array(2 * words))
    wordCounts = larger(wordCounts, new Uint32Array(2 * words))
  }

  function addField(field: number, text: string): void {
    const count = lexicon.read(text)
    const found = lexicon.found()
    makeRoom(lexicon.words())
    if (touchedCount + count > touched.length) touched = larger(touched, new Uint32Array(2 * (touchedCount + count)))
    let length = 0
    for (let i = 0; i < count; i++) if (found[i]! < JOINED) length++
    const each = occurrence(field, length)
    for (let i = 0; i < count; i++) {
      const word = found[i]! & ~JOINED
      const stop = lexicon.isStop(word)
      // A brand may be called as nothing else is written about: On, The.
      if (stop && field !== BRAND) continue
      wordCounts[word]!++
      const term = lexicon.termOf(word)
      if (worth[term] === 0) touched[touchedCount++] = term
      worth[term]! += each
      if (field !== DESCRIPTION && !stop && found[i]! < JOINED) phrases.add(term + 2)
    }
    if (field < DESCRIPTION - 1) phrases.add(END_OF_FIELD)
  }

  return {
    add(document: number, texts: SearchDocument['texts']): void {
      touchedCount = 0
      for (let field = 0; field < FIELDS.length; field++) addField(field, texts[FIELDS[field]!])
      phrases.add(END_OF_DOCUMENT)
      for (let i = 0; i < touchedCount; i++) {
        const term = touched[i]!
        postingTerms.add(term)
        postings.add(document * 256 + impactOf(worth[term]!))
        worth[term] = 0
      }
    },

    end() {
      makeRoom(lexicon.words())
      const words = lexicon.sortedWords().filter((word) => wordCounts[word]! > 0)
      return {
        ...writeTerms(lexicon, words, { terms: postingTerms.end(), postings: postings.end(), phrases: phrases.end() }),
        wordCount: words.map((word) => wordCounts[word]!),
      }
    },
  }
}

type Gathered = { terms: Uint32Array; postings: Uint32Array; phrases: Uint32Array }

/** `words` are those of the segment, by the alphabet. */
function writeTerms(lexicon: Lexicon, words: Uint32Array<ArrayBuffer>, { terms, postings, phrases }: Gathered) {
  const used = new Uint8Array(lexicon.words())
  for (let i = 0; i < words.length; i++) used[lexicon.termOf(words[i]!)] = 1
  const inOrder = lexicon.sortedTerms().filter((term) => used[term] === 1)
  const sorted = new Uint32Array(used.length)
  for (let i = 0; i < inOrder.length; i++) sorted[inOrder[i]!] = i
  const { sections, counts } = writePostings(terms, postings, { sorted, terms: inOrder.length })
  const ranks = rankTerms(counts)
  const termTexts = writeTexts(Array.from(inOrder, lexicon.termText))
  const wordTexts = writeTexts(Array.from(words, lexicon.wordText))
  return {
    ...sections,
    ...ranks,
    termStart: termTexts.start,
    termUnits: termTexts.units,
    wordStart: wordTexts.start,
    wordUnits: wordTexts.units,
    wordTerm: words.map((word) => sorted[lexicon.termOf(word)]!),
    ...writePhrases(phrases, (term) => ranks.termRank[sorted[term]!]! + 1),
  }
}

/** A counting sort by term, which keeps documents ascending in each. */
function writePostings(
  postingTerms: Uint32Array,
  postings: Uint32Array,
  { sorted, terms }: { sorted: Uint32Array; terms: number },
) {
  const counts = new Uint32Array(terms)
  for (let i = 0; i < postingTerms.length; i++) counts[sorted[postingTerms[i]!]!]!++
  const next = new Uint32Array(terms + 1)
  for (let term = 0; term < terms; term++) next[term + 1] = next[term]! + counts[term]!
  const ordered = new Uint32Array(postings.length)
  for (let i = 0; i < postings.length; i++) ordered[next[sorted[postingTerms[i]!]!]!++] = postings[i]!
  const writer = createPostingWriter(ordered.length)
  for (let term = 0, i = 0; term < terms; term++) {
    for (; i < next[term]!; i++) writer.add(ordered[i]! >>> 8, ordered[i]! & 255)
    writer.endTerm()
  }
  return { sections: writer.end(), counts }
}

function writePhrases(phrases: Uint32Array, rankOf: (term: number) => number) {
  const bytes = createVarints()
  const starts = [0]
  for (let i = 0; i < phrases.length; i++) {
    const term = phrases[i]!
    if (term === END_OF_DOCUMENT) starts.push(bytes.length())
    else bytes.add(term === END_OF_FIELD ? 0 : rankOf(term - 2))
  }
  return { phraseStart: Uint32Array.from(starts), phrases: bytes.end() }
}
