import { uniteTerms } from './matching.ts'
import type { Source } from './merge.ts'
import type { Part, Word } from './parse.ts'
import { findTerm, findWords, keep, postingCount, type Segment } from './segment.ts'
import type { Slot, WordMatch } from './slots.ts'
import type { Places } from './term-space.ts'
import { rarity } from './weights.ts'

export type PlacedSource = Source & { places: Places }

/** What one letter begins is put together once, where it is so many terms. */
const MANY = 256

/**
 * What words are worth, as the base alone tells it: so scores stay as they are, and pages in order, while products change.
 * Documents of the base that were replaced since still count.
 */
export function createStatistics(base: Segment | undefined) {
  const documents = base?.documents ?? 0
  return {
    documents,
    termCount: base?.terms ?? 0,
    /** How many documents have the term. */
    frequency(term: string): number {
      const place = base ? findTerm(base, term) : -1
      return base && place >= 0 ? postingCount(base, place) : 0
    },
    /** How many have the most frequent word that begins so. */
    beginningFrequency(beginning: string): number {
      if (!base) return 0
      let most = 0
      const [from, to] = findWords(base, beginning)
      for (let word = from; word < to; word++) most = Math.max(most, postingCount(base, base.wordTerm[word]!))
      return most
    },
  }
}

export type Statistics = ReturnType<typeof createStatistics>

/** All that a plan needs to know of the segments; the first is the base. */
export type Known = { sources: readonly PlacedSource[]; statistics: Statistics; termCount: number }

/** What each segment has for the parts of a query. */
export function planSlots(known: Known, parts: readonly Part[]): (source: PlacedSource) => Slot[] {
  const weighed = parts.map(({ ways }) =>
    ways.map(({ words, phrase, weight }) => ({
      words: words.map((word) => weigh(known, word)),
      phrase: phrase ? words.map(({ term }) => term) : undefined,
      weight,
    })),
  )
  return (source) =>
    weighed.map((ways) =>
      ways.map(({ words, phrase, weight }) => ({ words: words.map((matchIn) => matchIn(source)), phrase, weight })),
    )
}

/** A longer word that this one begins is worth half of what the most frequent of these is. */
function weigh(known: Known, { word, term, prefix }: Word): (source: PlacedSource) => WordMatch {
  const { statistics } = known
  const whole = rarity(statistics.documents, statistics.frequency(term))
  const begun = prefix ? termsBeginning(known, word) : undefined
  const half = begun ? Math.max(1, rarity(statistics.documents, statistics.beginningFrequency(word)) >> 1) : 0
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

/** All terms with a written form that begins so: a bit for each, and those of the base. */
function termsBeginning({ sources, statistics, termCount }: Known, beginning: string) {
  const flags = new Int32Array((termCount >> 5) + 1)
  const inBase: number[] = []
  for (const { segment, places } of sources) {
    const [from, to] = findWords(segment, beginning)
    for (let word = from; word < to; word++) {
      const local = segment.wordTerm[word]!
      const term = places.term ? places.term[local]! : local
      if (isFlagged(flags, term)) continue
      flags[term >> 5]! |= 1 << (term & 31)
      if (term < statistics.termCount) inBase.push(term)
    }
  }
  return { flags, inBase }
}

const isFlagged = (flags: Int32Array, term: number) => ((flags[term >> 5]! >>> (term & 31)) & 1) === 1

function placesOf(terms: Uint32Array, flags: Int32Array): number[] {
  const found: number[] = []
  for (let term = 0; term < terms.length; term++) if (isFlagged(flags, terms[term]!)) found.push(term)
  return found
}
