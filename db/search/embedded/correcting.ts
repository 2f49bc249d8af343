import type { Source } from './merge.ts'
import type { Part, Word } from './parse.ts'
import type { Statistics } from './planning.ts'
import { type Candidate, likeliest, likeliestSplit, type Worth } from './plausible.ts'
import { CHUNK_BITS, findTerm, findWords, keep, postingCount, type Segment, termText, wordText } from './segment.ts'
import { createSpelling, mostEdits } from './spelling.ts'

/** The beginning of rare words alone may be a slip as well, when what is near is so many times as frequent. */
export const SLIP = { letters: 4, rare: 1000, times: 50 }
/** Of the documents of a word so many are looked at, spread over all of them. */
const SAMPLE = 1024

type Known = { sources: readonly Source[]; statistics: Statistics; typed: ReadonlySet<string> }

/**
 * `text` with what was likely meant in place of words that are in nothing, or that are rare and go with none of the others;
 * the same where there are none.
 */
export function correctText(text: string, parts: readonly Part[], sources: readonly Source[], statistics: Statistics) {
  const typed = new Set(parts.flatMap(({ ways }) => ways[0]?.words.map(({ term }) => term) ?? []))
  let corrected = text
  for (const { plain, start, end } of parts.toReversed()) {
    const meant = plain && correctWord(plain, { sources, statistics, typed })
    if (meant !== undefined) corrected = corrected.slice(0, start) + meant + corrected.slice(end)
  }
  return corrected
}

function correctWord(plain: Word, known: Known): string | undefined {
  const { word, term, prefix } = plain
  const { sources, statistics } = known
  const others = [...known.typed].filter((other) => other !== term && statistics.frequency(other) > 0)
  if (sources.some((source) => isAlive(source, findTerm(source.segment, term))))
    return prefix ? undefined : correctStray(plain, others, known)
  if (!prefix || !beginsAny(word, sources)) {
    const near = nearest(word, mostEdits(word), others, known)
    return near?.edits === 1 ? near.word : (splitWord(word, sources[0]?.segment) ?? near?.word)
  }
  const having = statistics.beginningFrequency(word)
  if (word.length < SLIP.letters || having * SLIP.rare >= statistics.documents) return undefined
  const near = nearest(word, Math.min(1, mostEdits(word)), others, known)
  return near && near.count > SLIP.times * Math.max(1, having) ? near.word : undefined
}

/** A space that was left out is one slip. */
const splitWord = (word: string, segment: Segment | undefined) =>
  segment &&
  likeliestSplit(
    word,
    (half) => {
      const [from, to] = findWords(segment, half)
      return from < to && wordText(segment, from) === half ? termText(segment, segment.wordTerm[from]!) : undefined
    },
    (first, second) => worthOf(segment, first, [second]).together,
  )

/** A rare word that is in no product with the others, when a much more frequent one is. */
function correctStray({ word, term }: Word, others: readonly string[], known: Known): string | undefined {
  const { sources, statistics } = known
  if (others.length === 0 || word.length < SLIP.letters || mostEdits(word) === 0) return undefined
  if (sources.some((source) => mayGoWith(source, term, others))) return undefined
  const near = nearest(word, 1, others, known)
  if (!near || near.count <= SLIP.times * Math.max(1, statistics.frequency(term))) return undefined
  return worthOf(sources[0]?.segment, near.term, others).together > 0 ? near.word : undefined
}

const beginsAny = (beginning: string, sources: readonly Source[]) =>
  sources.some((source) => {
    const [from, to] = findWords(source.segment, beginning)
    for (let word = from; word < to; word++) if (isAlive(source, source.segment.wordTerm[word]!)) return true
    return false
  })

function nearest(
  word: string,
  most: number,
  others: readonly string[],
  { sources, statistics, typed }: Known,
): Candidate | undefined {
  if (most === 0) return undefined
  const found = new Map<string, Candidate>()
  let least = most
  for (const source of sources)
    for (const near of keep(source.segment, 'spelling', createSpelling)(word, least)) {
      const term = termText(source.segment, near.term)
      // Nobody says a word twice.
      if (near.edits > least || typed.has(term) || found.has(near.word) || !isAlive(source, near.term)) continue
      least = near.edits
      found.set(near.word, { word: near.word, term, edits: near.edits, count: statistics.frequency(term) })
    }
  return likeliest(word, [...found.values()], ({ term }) => worthOf(sources[0]?.segment, term, others))
}

/** Of what `segment` says, as statistics do. */
function worthOf(segment: Segment | undefined, term: string, others: readonly string[]): Worth {
  const place = segment ? findTerm(segment, term) : -1
  if (!segment || place < 0) return { whole: 0, together: 0 }
  const { impact } = segment
  let [whole, together] = [0, 0]
  const seen = sample(segment, place, (_, posting) => (whole += impact[posting]!))
  const having = (one: number) => postingCount(segment, one)
  const all = [place, ...others.map((other) => findTerm(segment, other))].toSorted((a, b) => having(a) - having(b))
  const seenTogether = sample(segment, all[0]!, (document) => {
    if (all.every((one, i) => i === 0 || findPosting(segment, one, document) >= 0))
      together += impact[findPosting(segment, place, document)]!
  })
  return { whole: (whole * seen) / 255, together: (together * seenTogether) / 255 }
}

/** Shows some of the term's postings, from first to last; gives how many each of them stands for. */
function sample(segment: Segment, term: number, show: (document: number, posting: number) => void): number {
  const { termChunk, chunkNumber, chunkStart, low } = segment
  const count = postingCount(segment, term)
  const looked = Math.min(count, SAMPLE)
  let chunk = termChunk[term]!
  const first = chunkStart[chunk]!
  for (let i = 0; i < looked; i++) {
    const posting = first + Math.floor((i * count) / looked)
    while (posting >= chunkStart[chunk + 1]!) chunk++
    show((chunkNumber[chunk]! << CHUNK_BITS) + low[posting]!, posting)
  }
  return count / looked
}

/** False when no document that lives has the term and all others; true also where there are too many to look at. */
function mayGoWith({ segment, dead }: Source, term: string, others: readonly string[]): boolean {
  const place = findTerm(segment, term)
  const otherPlaces = others.map((other) => findTerm(segment, other))
  if (place < 0 || otherPlaces.includes(-1)) return false
  if (postingCount(segment, place) > SAMPLE) return true
  let found = false
  sample(segment, place, (document) => {
    found ||= !dead?.[document] && otherPlaces.every((other) => findPosting(segment, other, document) >= 0)
  })
  return found
}

/** -1 where the document does not have the term. */
function findPosting({ termChunk, chunkNumber, chunkStart, low }: Segment, term: number, document: number): number {
  const number = document >>> CHUNK_BITS
  let chunk = termChunk[term]!
  while (chunk < termChunk[term + 1]! && chunkNumber[chunk]! < number) chunk++
  if (chunk === termChunk[term + 1] || chunkNumber[chunk] !== number) return -1
  const wanted = document & ((1 << CHUNK_BITS) - 1)
  let from = chunkStart[chunk]!
  let to = chunkStart[chunk + 1]!
  while (from < to) {
    const middle = (from + to) >> 1
    if (low[middle]! < wanted) from = middle + 1
    else to = middle
  }
  return from < chunkStart[chunk + 1]! && low[from] === wanted ? from : -1
}

/** Whether any document that has the term still lives; none has term -1. */
function isAlive({ segment, dead }: Source, term: number): boolean {
  if (!dead || term < 0) return term >= 0
  const { termChunk, chunkNumber, chunkStart, low } = segment
  for (let chunk = termChunk[term]!; chunk < termChunk[term + 1]!; chunk++)
    for (let p = chunkStart[chunk]!; p < chunkStart[chunk + 1]!; p++)
      if (!dead[(chunkNumber[chunk]! << CHUNK_BITS) + low[p]!]) return true
  return false
}
