import { raiseGains } from './keeping.ts'
import { markedTerm } from './marked.ts'
import type { Matches, Scratch } from './scratch.ts'
import { CHUNK_BITS, type Segment } from './segment.ts'
import { type Entry, type Slot, type Way, WHOLE, type WordMatch } from './slots.ts'

/** A slot of frequent words alone, whatever its ways: what has it is known by bits, and what that is worth looked up after. */
export type Frequent = {
  marks: Int32Array
  ways: readonly Way[]
  /** Given when it is one word as it was typed. */
  entry: Entry | undefined
}

/** Undefined where a word of the slot is seldom, is a letter, or must stand beside another. */
export function frequentOf(segment: Segment, slot: Slot, scratch: Scratch): Frequent | undefined {
  if (!slot.every((way) => isFrequent(segment, way))) return undefined
  const [first, ...others] = slot.map(({ words }) =>
    intersectMarks(
      segment,
      words.map((word) => marksOf(segment, word, scratch)),
      scratch,
    ),
  )
  if (!first) return undefined
  const [way] = slot
  const isOne = slot.length === 1 && way!.words.length === 1 && way!.weight === WHOLE
  const entries = isOne ? way!.words[0]!.entries : []
  const marks = others.length === 0 ? first : uniteMarks(segment, [first, ...others], scratch)
  return { marks, ways: slot, entry: entries.length === 1 ? entries[0] : undefined }
}

const isFrequent = (segment: Segment, { words, phrase }: Way) =>
  !phrase &&
  words.length > 0 &&
  words.every(({ entries, letter }) => !letter && entries.some(({ term }) => markedTerm(segment, term)))

/** The bits of what has any of the word's entries. */
function marksOf(segment: Segment, { entries }: WordMatch, scratch: Scratch): Int32Array {
  const marked = entries.flatMap(({ term }) => markedTerm(segment, term) ?? [])
  if (entries.length === 1) return marked[0]!.marks
  const marks = uniteMarks(
    segment,
    marked.map((one) => one.marks),
    scratch,
  )
  for (const { term } of entries) if (!markedTerm(segment, term)) markPostings(segment, term, marks)
  return marks
}

function markPostings({ termChunk, chunkNumber, chunkStart, low }: Segment, term: number, marks: Int32Array): void {
  for (let chunk = termChunk[term]!; chunk < termChunk[term + 1]!; chunk++) {
    const base = chunkNumber[chunk]! << CHUNK_BITS
    for (let p = chunkStart[chunk]!, end = chunkStart[chunk + 1]!; p < end; p++) {
      const document = base + low[p]!
      marks[document >> 5]! |= 1 << (document & 31)
    }
  }
}

/** The bits of what has all of them, 32 documents at a time. */
export function intersectMarks(
  segment: Segment,
  [first, ...others]: readonly Int32Array[],
  scratch: Scratch,
): Int32Array {
  if (others.length === 0) return first!
  const marks = scratch.marks(segment.documents)
  marks.set(first!)
  for (const other of others) for (let word = 0; word < marks.length; word++) marks[word]! &= other[word]!
  return marks
}

/** The bits of what has any of them. */
function uniteMarks(segment: Segment, all: readonly Int32Array[], scratch: Scratch): Int32Array {
  const marks = scratch.marks(segment.documents)
  for (const one of all) for (let word = 0; word < marks.length; word++) marks[word]! |= one[word]!
  return marks
}

/** Adds to the score of each match, all of which have the slot, what the best way that it has is worth. */
export function addScores(segment: Segment, found: Matches, { ways, entry }: Frequent, scratch: Scratch): void {
  const { documents, scores, count } = found
  const impacts = entry && markedTerm(segment, entry.term)?.impacts
  if (entry && impacts) {
    for (let i = 0; i < count; i++) scores[i]! += entry.weight * impacts[documents[i]!]!
    return
  }
  const best = scratch.gains(count)
  for (const way of ways) raiseToWay(segment, found, way, { best, scratch })
  for (let i = 0; i < count; i++) scores[i]! += best[i]!
}

const LACKS = -0x80000000

/** Raises what each match gains to what the way gives to those that have all of its words. */
function raiseToWay(
  segment: Segment,
  found: Matches,
  { words, weight }: Way,
  { best, scratch }: { best: Int32Array; scratch: Scratch },
): void {
  const { count } = found
  if (words.length === 1 && weight === WHOLE) {
    for (const entry of words[0]!.entries) raiseGains(segment, found, entry, best)
    return
  }
  const sums = scratch.gains(count)
  const gained = scratch.gains(count)
  for (const { entries } of words) {
    gained.fill(0, 0, count)
    for (const entry of entries) raiseGains(segment, found, entry, gained)
    // Whoever gains nothing lacks the word, and is below 0 from then on; without a branch, which nobody could foresee.
    for (let i = 0; i < count; i++) sums[i] = (sums[i]! + gained[i]!) | (((gained[i]! - 1) >> 31) & LACKS)
  }
  for (let i = 0; i < count; i++) {
    const score = sums[i]! < 0 ? 0 : Math.max(1, Math.round((sums[i]! * weight) / WHOLE))
    if (best[i]! < score) best[i] = score
  }
}
