import type { Source } from './merge.ts'
import type { Part, Word } from './parse.ts'
import type { Statistics } from './planning.ts'
import { CHUNK_BITS, findTerm, findWords, keep, termText } from './segment.ts'
import { createSpelling, mostEdits } from './spelling.ts'

/** The beginning of rare words alone may be a slip as well, when what is near is so many times as frequent. */
export const SLIP = { letters: 4, rare: 1000, times: 50 }

/** `text` with what was likely meant in place of words that are in nothing; the same where there are none. */
export function correctText(text: string, parts: readonly Part[], sources: readonly Source[], statistics: Statistics) {
  const typed = new Set(parts.flatMap(({ ways }) => ways[0]?.words.map(({ term }) => term) ?? []))
  let corrected = text
  for (const { plain, start, end } of parts.toReversed()) {
    const meant = plain && correctWord(plain, typed, sources, statistics)
    if (meant !== undefined) corrected = corrected.slice(0, start) + meant + corrected.slice(end)
  }
  return corrected
}

function correctWord(
  { word, term, prefix }: Word,
  typed: ReadonlySet<string>,
  sources: readonly Source[],
  statistics: Statistics,
): string | undefined {
  if (sources.some((source) => isAlive(source, findTerm(source.segment, term)))) return undefined
  if (!prefix || !beginsAny(word, sources)) return nearest(word, mostEdits(word), typed, { sources, statistics })?.word
  const having = statistics.beginningFrequency(word)
  if (word.length < SLIP.letters || having * SLIP.rare >= statistics.documents) return undefined
  const near = nearest(word, Math.min(1, mostEdits(word)), typed, { sources, statistics })
  return near && near.count > SLIP.times * Math.max(1, having) ? near.word : undefined
}

const beginsAny = (beginning: string, sources: readonly Source[]) =>
  sources.some((source) => {
    const [from, to] = findWords(source.segment, beginning)
    for (let word = from; word < to; word++) if (isAlive(source, source.segment.wordTerm[word]!)) return true
    return false
  })

type Candidate = { word: string; edits: number; otherStart: boolean; count: number }

/** The word with the fewest edits; of these one that begins alike, then the most frequent, then the alphabet's first. */
function nearest(
  typed: string,
  most: number,
  others: ReadonlySet<string>,
  { sources, statistics }: { sources: readonly Source[]; statistics: Statistics },
): Candidate | undefined {
  if (most === 0) return undefined
  let best: Candidate | undefined
  for (const source of sources)
    for (const { word, term, edits } of keep(source.segment, 'spelling', createSpelling)(typed, most)) {
      if (best && edits > best.edits) continue
      const text = termText(source.segment, term)
      // Nobody says a word twice.
      if (others.has(text) || !isAlive(source, term)) continue
      const found = { word, edits, otherStart: word[0] !== typed[0], count: statistics.frequency(text) }
      if (!best || isBetter(found, best)) best = found
    }
  return best
}

function isBetter(a: Candidate, b: Candidate): boolean {
  if (a.edits !== b.edits) return a.edits < b.edits
  if (a.otherStart !== b.otherStart) return b.otherStart
  return a.count !== b.count ? a.count > b.count : a.word < b.word
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
