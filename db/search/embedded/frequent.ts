import { impactOf, isMarked, type MarkedTerm, markedTerm } from './marked.ts'
import type { Matches, Scratch } from './scratch.ts'
import type { Segment } from './segment.ts'
import { type Entry, type Slot, type Way, WHOLE } from './slots.ts'

type WeighedTerm = MarkedTerm & { weight: number }
/** A slot of frequent words alone, whatever its ways: what has it is known by bits, and what that is worth looked up after. */
export type Frequent = {
  marks: Int32Array
  /** The words of each way, which must all be there. */
  ways: { terms: WeighedTerm[]; weight: number }[]
  /** Given when it is one word as it was typed. */
  entry: Entry | undefined
}

export function frequentOf(segment: Segment, slot: Slot, scratch: Scratch): Frequent | undefined {
  const ways: Frequent['ways'] = []
  for (const way of slot) {
    const terms = termsOf(segment, way)
    if (!terms) return undefined
    ways.push({ terms, weight: way.weight })
  }
  const [first, ...others] = ways.map(({ terms }) => intersectMarks(segment, terms, scratch))
  if (!first) return undefined
  const [way] = slot
  const isOne = slot.length === 1 && way!.words.length === 1 && way!.weight === WHOLE
  const marks = others.length === 0 ? first : uniteMarks(segment, [first, ...others], scratch)
  return { marks, ways, entry: isOne ? way!.words[0]!.entries[0] : undefined }
}

function termsOf(segment: Segment, { words, phrase }: Way): WeighedTerm[] | undefined {
  if (phrase || words.length === 0) return undefined
  const terms: WeighedTerm[] = []
  for (const { entries, letter } of words) {
    const [entry] = entries
    const marked = entry && entries.length === 1 && !letter ? markedTerm(segment, entry.term) : undefined
    if (!marked) return undefined
    terms.push({ ...marked, weight: entry!.weight })
  }
  return terms
}

type Marked = { marks: Int32Array }

/** The bits of what has all of them, 32 documents at a time. */
export function intersectMarks(segment: Segment, [first, ...others]: readonly Marked[], scratch: Scratch): Int32Array {
  if (others.length === 0) return first!.marks
  const length = first!.marks.length
  const marks = scratch.tally(segment.documents).marks.subarray(0, length)
  marks.set(first!.marks)
  for (const other of others) for (let word = 0; word < length; word++) marks[word]! &= other.marks[word]!
  return marks
}

/** The bits of what has any of them. */
function uniteMarks(segment: Segment, all: readonly Int32Array[], scratch: Scratch): Int32Array {
  const length = all[0]!.length
  const marks = scratch.tally(segment.documents).marks.subarray(0, length)
  for (const one of all) for (let word = 0; word < length; word++) marks[word]! |= one[word]!
  return marks
}

/** Adds to the score of each match, all of which have the slot, what the best way that it has is worth. */
export function addScores(segment: Segment, { documents, scores, count }: Matches, frequent: Frequent): void {
  const [way, ...others] = frequent.ways
  const [term, ...more] = way!.terms
  if (others.length > 0 || more.length > 0 || way!.weight !== WHOLE) {
    for (let i = 0; i < count; i++) scores[i]! += bestOf(segment, frequent, documents[i]!)
    return
  }
  const { weight, impacts } = term!
  if (impacts) for (let i = 0; i < count; i++) scores[i]! += weight * impacts[documents[i]!]!
  else for (let i = 0; i < count; i++) scores[i]! += weight * impactOf(segment, term!, documents[i]!)
}

function bestOf(segment: Segment, { ways }: Frequent, document: number): number {
  let best = 0
  for (const { terms, weight } of ways) {
    let sum = 0
    for (const term of terms) {
      if (!isMarked(term, document)) {
        sum = 0
        break
      }
      sum += term.weight * (term.impacts ? term.impacts[document]! : impactOf(segment, term, document))
    }
    if (sum > 0) best = Math.max(best, 1, Math.round((sum * weight) / WHOLE))
  }
  return best
}
