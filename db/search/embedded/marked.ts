import { CHUNK_BITS, keep, postingCount, type Segment } from './segment.ts'

/**
 * A term that many documents have: a bit for each that has it, so that such terms are intersected 32 documents at a time.
 * What it is worth to a document is read by `impactOf` or, where it is laid out, straight from `impacts`.
 */
export type MarkedTerm = {
  marks: Int32Array
  /** For all documents, 0 for those that have not got it; undefined where it would be mostly zeros. */
  impacts: Uint8Array | undefined
  /** How many postings come before each 64 documents. */
  ranks: Uint32Array
  /** Where its postings begin. */
  start: number
}

/** With more than this part of the documents, the bits of a term are kept: an eighth of a byte a document each. */
const OFTEN = 64
/** With more than this part, its impacts are laid out as well, a byte a document. */
const DENSE = 8
const BLOCK_BITS = 6

/** Undefined where too few have the term. Of those that are laid out there are a few dozen, as a rule. */
export function markedTerm(segment: Segment, term: number): MarkedTerm | undefined {
  if (postingCount(segment, term) * OFTEN < segment.documents) return undefined
  return keep(segment, `marks of ${term}`, () => readMarks(segment, term))
}

function readMarks(segment: Segment, term: number): MarkedTerm {
  const { documents, termChunk, chunkNumber, chunkStart, low, impact } = segment
  const isDense = postingCount(segment, term) * DENSE >= documents
  const marks = new Int32Array((documents >> 5) + 1)
  const impacts = isDense ? new Uint8Array(documents) : undefined
  const ranks = new Uint32Array((documents >> BLOCK_BITS) + 1)
  for (let chunk = termChunk[term]!; chunk < termChunk[term + 1]!; chunk++) {
    const base = chunkNumber[chunk]! << CHUNK_BITS
    for (let p = chunkStart[chunk]!, end = chunkStart[chunk + 1]!; p < end; p++) {
      const document = base + low[p]!
      if (impacts) impacts[document] = impact[p]!
      marks[document >> 5]! |= 1 << (document & 31)
    }
  }
  let before = 0
  for (let block = 0; block < ranks.length; block++) {
    ranks[block] = before
    for (let word = block << 1; word < Math.min((block + 1) << 1, marks.length); word++) before += bitsOf(marks[word]!)
  }
  return { marks, impacts, ranks, start: chunkStart[termChunk[term]!]! }
}

export const isMarked = ({ marks }: Pick<MarkedTerm, 'marks'>, document: number) =>
  ((marks[document >> 5]! >>> (document & 31)) & 1) === 1

/** What the term is worth to a document that has it. */
export function impactOf({ impact }: Segment, { marks, ranks, start }: MarkedTerm, document: number): number {
  const last = document >> 5
  let place = start + ranks[document >> BLOCK_BITS]!
  for (let word = (document >> BLOCK_BITS) << 1; word < last; word++) place += bitsOf(marks[word]!)
  return impact[place + bitsOf(marks[last]! & ((1 << (document & 31)) - 1))]!
}

/** How many documents are marked. */
export function countMarks(marks: Int32Array): number {
  let sum = 0
  for (let word = 0; word < marks.length; word++) sum += bitsOf(marks[word]!)
  return sum
}

/** How many bits of a word are set (Warren, Hacker's Delight, 5-1). */
function bitsOf(word: number): number {
  let sums = word - ((word >>> 1) & 0x55555555)
  sums = (sums & 0x33333333) + ((sums >>> 2) & 0x33333333)
  return Math.imul((sums + (sums >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
