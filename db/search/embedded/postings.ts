import { CHUNK_BITS } from './segment.ts'

const MOST_TERMS = 2 ** 26

/** Takes postings term by term, in each by ascending document. */
export function createPostingWriter(most: number) {
  const low = new Uint16Array(most)
  const impact = new Uint8Array(most)
  const termChunk = [0]
  const chunkNumber: number[] = []
  const chunkStart: number[] = []
  let written = 0
  let chunk = -1
  return {
    add(document: number, worth: number): void {
      if (document >>> CHUNK_BITS !== chunk) {
        chunk = document >>> CHUNK_BITS
        chunkNumber.push(chunk)
        chunkStart.push(written)
      }
      low[written] = document
      impact[written++] = worth
    },
    endTerm(): void {
      termChunk.push(chunkNumber.length)
      chunk = -1
    },
    /** Postings of all terms so far. */
    written: () => written,
    end: () => ({
      termChunk: Uint32Array.from(termChunk),
      chunkNumber: Uint16Array.from(chunkNumber),
      chunkStart: Uint32Array.from(chunkStart.concat(written)),
      low: low.slice(0, written),
      impact: impact.slice(0, written),
    }),
  }
}

export type PostingWriter = ReturnType<typeof createPostingWriter>

/** Whole numbers below 2 to the 32nd that grow in number. */
export function createNumbers() {
  let numbers = new Uint32Array(1024)
  let length = 0
  return {
    add(number: number): void {
      if (length === numbers.length) {
        const larger = new Uint32Array(length * 2)
        larger.set(numbers)
        numbers = larger
      }
      numbers[length++] = number
    },
    end: () => numbers.subarray(0, length),
  }
}

/** Texts one after the other, and where each begins. */
export function writeTexts(texts: readonly string[]) {
  const start = new Uint32Array(texts.length + 1)
  for (let i = 0; i < texts.length; i++) start[i + 1] = start[i]! + texts[i]!.length
  const units = new Uint16Array(start[texts.length]!)
  for (let i = 0, at = 0; i < texts.length; i++) {
    const text = texts[i]!
    for (let k = 0; k < text.length; k++) units[at++] = text.charCodeAt(k)
  }
  return { start, units }
}

/** Bytes that grow: numbers of 7 bits each, the low ones first, the last with the top bit clear. */
export function createVarints() {
  let bytes = new Uint8Array(1024)
  let length = 0
  return {
    add(value: number): void {
      if (length + 5 > bytes.length) {
        const larger = new Uint8Array(bytes.length * 2)
        larger.set(bytes)
        bytes = larger
      }
      let rest = value
      while (rest > 127) {
        bytes[length++] = (rest & 127) | 128
        rest >>>= 7
      }
      bytes[length++] = rest
    },
    length: () => length,
    end: () => bytes.slice(0, length),
  }
}

/** Places of the terms, the most frequent first; of as frequent ones the first of the alphabet. */
export function rankTerms(counts: ArrayLike<number>) {
  // One number of both, so that they are sorted without a call for each pair.
  const keys = Float64Array.from(counts, (count, term) => term - count * MOST_TERMS).toSorted()
  const termAtRank = Uint32Array.from(keys, (key) => key - Math.floor(key / MOST_TERMS) * MOST_TERMS)
  const termRank = new Uint32Array(counts.length)
  for (let rank = 0; rank < termAtRank.length; rank++) termRank[termAtRank[rank]!] = rank
  return { termRank, termAtRank }
}
