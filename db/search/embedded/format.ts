import type { FacetTerm } from '../index.ts'
import type { Column } from './columns.ts'

/** What is not numbers: kept as JSON at the head of a segment. */
export type SegmentMeta = {
  documents: number
  /** The greatest id in it. */
  lastId: string | undefined
  brands: FacetTerm[]
  categories: FacetTerm[]
  /** Each from the root to its own, as places in `categories`. */
  paths: number[][]
  colours: FacetTerm[]
  sizes: string[]
}

/** See `Segment` for what each holds. */
const SECTIONS = {
  ids: Uint8Array,
  byId: Uint32Array,
  brandOf: Uint32Array,
  pathOf: Uint32Array,
  colourSetOf: Uint32Array,
  sizeSetOf: Uint32Array,
  stockedColourSetOf: Uint32Array,
  stockedSizeSetOf: Uint32Array,
  layoutStock: Uint32Array,
  traits: Uint16Array,
  price: Uint32Array,
  rated: Uint16Array,
  moreStock: Uint32Array,
  popularity: Float32Array,
  listedAt: Float64Array,
  layoutStart: Uint32Array,
  layoutMask: Uint32Array,
  variantColour: Uint16Array,
  variantSize: Uint16Array,
  colourSetStart: Uint32Array,
  colourSet: Uint16Array,
  sizeSetStart: Uint32Array,
  sizeSet: Uint16Array,
  stockedColourSetStart: Uint32Array,
  stockedColourSet: Uint16Array,
  stockedSizeSetStart: Uint32Array,
  stockedSizeSet: Uint16Array,
  termStart: Uint32Array,
  termUnits: Uint16Array,
  termRank: Uint32Array,
  termAtRank: Uint32Array,
  wordStart: Uint32Array,
  wordUnits: Uint16Array,
  wordTerm: Uint32Array,
  wordCount: Uint32Array,
  termChunk: Uint32Array,
  chunkNumber: Uint16Array,
  chunkStart: Uint32Array,
  low: Uint16Array,
  impact: Uint8Array,
  phraseStart: Uint32Array,
  phrases: Uint8Array,
} as const

/** Those of 32 bits that are written in 16 where that is enough, see `narrowed`. */
const NARROWED = ['brandOf', 'pathOf', 'colourSetOf', 'sizeSetOf', 'stockedColourSetOf', 'stockedSizeSetOf'] as const

type SectionName = keyof typeof SECTIONS
type Whole = {
  [Name in SectionName]: (typeof SECTIONS)[Name] extends { of(...items: number[]): infer Section } ? Section : never
}
export type Sections = Omit<Whole, (typeof NARROWED)[number]> & Record<(typeof NARROWED)[number], Column>

const NAMES = Object.keys(SECTIONS) as SectionName[]
const MAGIC = 0x58495345
/** Raised whenever what is written changes: an index of another format counts as none. */
const FORMAT = 4
const HEAD_BYTES = 24
const aligned = (bytes: number) => (bytes + 7) & ~7

/** `narrow` names the sections that are. */
type Head = { meta: SegmentMeta; lengths: number[]; narrow: string[] }

/** One block of bytes: magic, format, checksum of the rest, length of the JSON, JSON, and each section on 8 bytes. */
export function writeSegment(meta: SegmentMeta, sections: Sections): Uint8Array<ArrayBuffer> {
  const lengths = NAMES.map((name) => sections[name].length)
  const narrow = NARROWED.filter((name) => sections[name].BYTES_PER_ELEMENT === 2)
  const json = new TextEncoder().encode(JSON.stringify({ meta, lengths, narrow } satisfies Head))
  const start = aligned(HEAD_BYTES + json.length)
  const total = NAMES.reduce((at, name) => at + aligned(sections[name].byteLength), start)
  const bytes = new Uint8Array(total)
  bytes.set(json, HEAD_BYTES)
  let at = start
  for (const name of NAMES) {
    const section = sections[name]
    bytes.set(new Uint8Array(section.buffer, section.byteOffset, section.byteLength), at)
    at += aligned(section.byteLength)
  }
  const head = new DataView(bytes.buffer)
  head.setUint32(0, MAGIC, true)
  head.setUint32(4, FORMAT, true)
  head.setUint32(8, json.length, true)
  head.setBigUint64(16, checksum(bytes), true)
  return bytes
}

const checksum = (bytes: Uint8Array) => Bun.hash.xxHash64(bytes.subarray(HEAD_BYTES))

/** Views into `bytes`, which must stay as they are; undefined when they are no whole segment of this format. */
export function readSegment(
  bytes: Uint8Array,
  { verify }: { verify: boolean },
): { meta: SegmentMeta; sections: Sections } | undefined {
  if (bytes.length < HEAD_BYTES || bytes.byteOffset % 8 !== 0) return undefined
  const head = new DataView(bytes.buffer, bytes.byteOffset)
  if (head.getUint32(0, true) !== MAGIC || head.getUint32(4, true) !== FORMAT) return undefined
  if (verify && head.getBigUint64(16, true) !== checksum(bytes)) return undefined
  const jsonBytes = head.getUint32(8, true)
  if (HEAD_BYTES + jsonBytes > bytes.length) return undefined
  const { meta, lengths, narrow } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(HEAD_BYTES, HEAD_BYTES + jsonBytes)),
  ) as Head
  let at = bytes.byteOffset + aligned(HEAD_BYTES + jsonBytes)
  const sections: Record<string, unknown> = {}
  for (const [place, name] of NAMES.entries()) {
    const Section = narrow.includes(name) ? Uint16Array : SECTIONS[name]
    const section = new Section(bytes.buffer as ArrayBuffer, at, lengths[place])
    sections[name] = section
    at += aligned(section.byteLength)
  }
  return { meta, sections: sections as Sections }
}
