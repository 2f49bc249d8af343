import { AppError } from '../../../modules/kernel/errors.ts'
import { readSegment, type SegmentMeta, type Sections } from './format.ts'

/** Documents of one chunk share the upper bits of their number. */
export const CHUNK_BITS = 16
export const VARIANTS_A_WORD = 32

/**
 * Documents that never change, by number from 0; `columns.ts` tells what each has one of. A layout is the list of a
 * product's (colour, size), which many products share; what is in stock of it is one bit a variant, 32 to a word: the word
 * itself stands after the layout, or, for larger layouts, where its words begin in `moreStock`. Masks of a layout's variants are laid
 * out from `layoutMask`. A term has the chunks `termChunk[t]` to `termChunk[t + 1]`, a chunk the postings `chunkStart[c]` to
 * `chunkStart[c + 1]`: the lower bits of the documents' numbers, ascending, and what the term is worth to each. A word is a
 * written form of a term. `phrases` has each document's words in order, as ranks of their terms plus one, 7 bits a byte,
 * with 0 between its fields.
 */
export type Segment = Sections & {
  meta: SegmentMeta
  documents: number
  terms: number
  words: number
  bytes: number
  /** What was worked out of it once, by whoever needed it first. */
  kept: Map<string, unknown>
}

/** Works it out once for a segment. */
export function keep<T>(segment: Segment, name: string, make: (segment: Segment) => T): T {
  if (!segment.kept.has(name)) segment.kept.set(name, make(segment))
  return segment.kept.get(name) as T
}

/** What is kept of what was asked for lately is this part of the segment itself, and at least so many bytes. */
const LATELY_PART = 4
const LATELY_FLOOR = 1 << 20

type Lately = { values: Map<string, unknown>; bytes: number }

/** The same, as long as it is asked for now and then. What is made has its bulk in arrays: in itself or in its properties. */
export function keepLately<T>(segment: Segment, name: string, make: (segment: Segment) => T): T {
  const lately = keep(segment, 'lately', (): Lately => ({ values: new Map(), bytes: 0 }))
  const { values } = lately
  const isKnown = values.has(name)
  const value = isKnown ? values.get(name) : make(segment)
  values.delete(name)
  values.set(name, value)
  if (isKnown) return value as T
  lately.bytes += bytesOf(value) + name.length
  for (const [oldest, old] of values) {
    if (lately.bytes <= Math.max(LATELY_FLOOR, segment.bytes / LATELY_PART)) break
    values.delete(oldest)
    lately.bytes -= bytesOf(old) + oldest.length
  }
  return value as T
}

/** With something for what is around the arrays. */
const bytesOf = (value: unknown): number =>
  ArrayBuffer.isView(value)
    ? 256 + value.byteLength
    : typeof value === 'object' && value !== null
      ? Object.values(value).reduce((sum: number, one: unknown) => sum + bytesOf(one), 0)
      : 0

export function openSegment(bytes: Uint8Array, { verify = false } = {}): Segment | undefined {
  const read = readSegment(bytes, { verify })
  if (!read) return undefined
  const { meta, sections } = read
  const { documents } = meta
  const [terms, words] = [sections.termRank.length, sections.wordTerm.length]
  return { ...sections, meta, documents, terms, words, bytes: bytes.length, kept: new Map() }
}

const HEX = Int8Array.from({ length: 128 }, (_, unit) => '0123456789abcdef'.indexOf(String.fromCharCode(unit)))
/** Where the two digits of each byte begin, and where the dashes are. */
const DIGITS = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34]
const DASHES = [8, 13, 18, 23]

/** The 16 bytes of a UUID; undefined for anything else. */
export function readId(id: string): Uint8Array | undefined {
  if (id.length !== 36 || DASHES.some((at) => id[at] !== '-')) return undefined
  const bytes = new Uint8Array(16)
  for (let i = 0; i < 16; i++) {
    const [high, low] = [HEX[id.charCodeAt(DIGITS[i]!)] ?? -1, HEX[id.charCodeAt(DIGITS[i]! + 1)] ?? -1]
    if (high < 0 || low < 0) return undefined
    bytes[i] = high * 16 + low
  }
  return bytes
}

export function idBytes(id: string): Uint8Array {
  const bytes = readId(id)
  if (!bytes) throw new AppError('invalid', `${id} is no UUID in lower case`)
  return bytes
}

export function idText({ ids }: Segment, document: number): string {
  const hex = ids.subarray(document * 16, document * 16 + 16).toHex()
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** Below 0 where the id at `a` comes first. */
export function compareIds(a: Uint8Array, documentA: number, b: Uint8Array, documentB: number): number {
  for (let i = 0; i < 16; i++) {
    const difference = a[documentA * 16 + i]! - b[documentB * 16 + i]!
    if (difference !== 0) return difference
  }
  return 0
}

/** -1 where it is not. */
export function findDocument({ ids, byId, documents }: Segment, id: Uint8Array): number {
  let low = 0
  let high = documents
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareIds(ids, byId[middle]!, id, 0) < 0) low = middle + 1
    else high = middle
  }
  return low < documents && compareIds(ids, byId[low]!, id, 0) === 0 ? byId[low]! : -1
}

const textAt = (start: Uint32Array, units: Uint16Array, place: number) =>
  String.fromCharCode(...units.subarray(start[place]!, start[place + 1]!))
export const termText = (segment: Segment, term: number) => textAt(segment.termStart, segment.termUnits, term)
export const wordText = (segment: Segment, word: number) => textAt(segment.wordStart, segment.wordUnits, word)

/** How many of the sorted texts come before `text`; with `after`, before the first that does not begin with it, too. */
function placeOf(start: Uint32Array, units: Uint16Array, text: string, after: boolean): number {
  let low = 0
  let high = start.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (comesBefore(units, start[middle]!, start[middle + 1]!, text, after)) low = middle + 1
    else high = middle
  }
  return low
}

function comesBefore(units: Uint16Array, start: number, end: number, text: string, after: boolean): boolean {
  const length = Math.min(end - start, text.length)
  for (let i = 0; i < length; i++) {
    const difference = units[start + i]! - text.charCodeAt(i)
    if (difference !== 0) return difference < 0
  }
  return end - start < text.length || after
}

/** -1 where it is not. */
export function findTerm({ termStart, termUnits, terms }: Segment, term: string): number {
  const place = placeOf(termStart, termUnits, term, false)
  if (place === terms || termStart[place + 1]! - termStart[place]! !== term.length) return -1
  return comesBefore(termUnits, termStart[place]!, termStart[place + 1]!, term, true) ? place : -1
}

/** The words that begin so: from, and up to but without. */
export function findWords({ wordStart, wordUnits }: Segment, beginning: string): [from: number, to: number] {
  return [placeOf(wordStart, wordUnits, beginning, false), placeOf(wordStart, wordUnits, beginning, true)]
}

/** Documents that have the term, those that were replaced since among them. */
export const postingCount = ({ chunkStart, termChunk }: Segment, term: number) =>
  chunkStart[termChunk[term + 1]!]! - chunkStart[termChunk[term]!]!
