import { type Slot, uniteTerms, type WordMatch } from './matching.ts'
import { type Part, type Word } from './parse.ts'
import type { Source } from './merge.ts'
import { CHUNK_BITS, findTerm, findWords, keep, postingCount, type Segment, termText } from './segment.ts'
import { createSpelling, mostEdits } from './spelling.ts'
import type { Places } from './term-space.ts'
import { rarity } from './weights.ts'

/** What one letter begins is put together once, where it is so many terms. */
const MANY = 256

export type PlacedSource = Source & { places: Places }

/**
 * What words are worth is told by the first segment alone, so that scores stay as they are, and pages in order, while
 * products change.
 */
export function createVocabulary(sources: readonly PlacedSource[], termCount: number) {
  const base = sources[0]?.segment

  function frequency(term: string): number {
    const place = base ? findTerm(base, term) : -1
    return base && place >= 0 ? postingCount(base, place) : 0
  }

  const weightOf = (having: number) => rarity(base?.documents ?? 0, having)

  /** How often the most frequent word that begins so is there. */
  function beginningFrequency(beginning: string): number {
    if (!base) return 0
    let most = 0
    const [from, to] = findWords(base, beginning)
    for (let word = from; word < to; word++) most = Math.max(most, postingCount(base, base.wordTerm[word]!))
    return most
  }

  /** All terms with a written form that begins so: a flag for each, and those of the base. */
  function termsBeginning(beginning: string): { flags: Uint8Array; inBase: number[] } {
    const flags = new Uint8Array(termCount)
    const inBase: number[] = []
    for (const { segment, places } of sources) {
      const [from, to] = findWords(segment, beginning)
      for (let word = from; word < to; word++) {
        const local = segment.wordTerm[word]!
        const term = places.term ? places.term[local]! : local
        if (flags[term]) continue
        flags[term] = 1
        if (term < (base?.terms ?? 0)) inBase.push(term)
      }
    }
    return { flags, inBase }
  }

  /** Weighs the word; a longer one that it begins is worth half of what the most frequent of these is. */
  function weigh({ word, term, prefix }: Word): (source: PlacedSource) => WordMatch {
    const whole = weightOf(frequency(term))
    const half = prefix ? Math.max(1, weightOf(beginningFrequency(word)) >> 1) : 0
    const begun = prefix ? termsBeginning(word) : undefined
    return ({ segment, places }) => {
      const place = findTerm(segment, term)
      const entries = place < 0 ? [] : [{ term: place, weight: whole }]
      if (!begun) return { entries, letter: undefined }
      const others = places.term ? placesOf(places.term, begun.flags) : begun.inBase
      if (word.length === 1 && others.length > MANY) {
        const union = keep(segment, `letter ${word}`, () => uniteTerms(segment, others))
        return { entries, letter: { ...union, weight: half } }
      }
      for (const other of others) if (other !== place) entries.push({ term: other, weight: half })
      return { entries, letter: undefined }
    }
  }

  function isKnown({ word, term, prefix }: Word): boolean {
    return sources.some((source) => {
      const place = findTerm(source.segment, term)
      if (place >= 0 && isAlive(source, place)) return true
      if (!prefix) return false
      const [from, to] = findWords(source.segment, word)
      for (let i = from; i < to; i++) if (isAlive(source, source.segment.wordTerm[i]!)) return true
      return false
    })
  }

  /** The word that was most likely meant: the nearest, of as near ones the most frequent, then the alphabet's first. */
  function correct(typed: string): string | undefined {
    const most = mostEdits(typed)
    if (most === 0) return undefined
    let best: { word: string; edits: number; count: number } | undefined
    for (const source of sources)
      for (const { word, term, edits } of keep(source.segment, 'spelling', createSpelling)(typed, most)) {
        if (!isAlive(source, term)) continue
        const found = { word, edits, count: base ? countIn(source.segment, term, base) : 0 }
        if (!best || better(found, best)) best = found
      }
    return best?.word
  }

  const countIn = (segment: Segment, term: number, counted: Segment) =>
    segment === counted ? postingCount(segment, term) : frequency(termText(segment, term))

  return {
    correct,
    isKnown,
    /** What each segment has for the parts. */
    slots(parts: readonly Part[]): (source: PlacedSource) => Slot[] {
      const weighed = parts.map(({ ways }) =>
        ways.map(({ words, phrase, weight }) => ({
          words: words.map(weigh),
          phrase: phrase ? words.map(({ term }) => term) : undefined,
          weight,
        })),
      )
      return (source) =>
        weighed.map((ways) => ways.map((way) => ({ ...way, words: way.words.map((entriesIn) => entriesIn(source)) })))
    },
  }
}

const placesOf = (terms: Uint32Array, flags: Uint8Array): number[] => {
  const found: number[] = []
  for (let term = 0; term < terms.length; term++) if (flags[terms[term]!]) found.push(term)
  return found
}

export type Vocabulary = ReturnType<typeof createVocabulary>

const better = (a: { word: string; edits: number; count: number }, b: { word: string; edits: number; count: number }) =>
  a.edits !== b.edits ? a.edits < b.edits : a.count !== b.count ? a.count > b.count : a.word < b.word

/** Whether any document that has the term still lives. */
export function isAlive({ segment, dead }: Source, term: number): boolean {
  if (!dead) return true
  const { termChunk, chunkNumber, chunkStart, low } = segment
  for (let chunk = termChunk[term]!; chunk < termChunk[term + 1]!; chunk++)
    for (let p = chunkStart[chunk]!; p < chunkStart[chunk + 1]!; p++)
      if (!dead[(chunkNumber[chunk]! << CHUNK_BITS) + low[p]!]) return true
  return false
}
