import { CHUNK_BITS, keep, postingCount, type Segment } from './segment.ts'

/** A term that many documents have, laid out over all of them: what it is worth to each, 0 to most, and a bit for each that has it. */
export type DenseTerm = { impacts: Uint8Array; marks: Int32Array }

/** A term that more than this part of the documents has is laid out, once it is asked for. */
const OFTEN = 8

/**
 * Undefined where too few have the term. There are at most `OFTEN` times as many of these as a document has words, and as a
 * rule a few dozen: a byte a document each.
 */
export function denseTerm(segment: Segment, term: number): DenseTerm | undefined {
  if (postingCount(segment, term) * OFTEN < segment.documents) return undefined
  return keep(segment, `dense ${term}`, () => layOut(segment, term))
}

function layOut({ documents, termChunk, chunkNumber, chunkStart, low, impact }: Segment, term: number): DenseTerm {
  const impacts = new Uint8Array(documents)
  const marks = new Int32Array((documents >> 5) + 1)
  for (let chunk = termChunk[term]!; chunk < termChunk[term + 1]!; chunk++) {
    const base = chunkNumber[chunk]! << CHUNK_BITS
    for (let p = chunkStart[chunk]!, end = chunkStart[chunk + 1]!; p < end; p++) {
      const document = base + low[p]!
      impacts[document] = impact[p]!
      marks[document >> 5]! |= 1 << (document & 31)
    }
  }
  return { impacts, marks }
}
