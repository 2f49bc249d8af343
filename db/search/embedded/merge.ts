import type { FacetTerm } from '../index.ts'
import { BRAND, COLOURS, type Columns, createColumns, LAYOUT, PATH, ROW_BITS, SIZES, STOCK } from './columns.ts'
import { writeSegment } from './format.ts'
import { checkCount, createDictionary, createLayouts } from './layouts.ts'
import { createPostingWriter, createVarints, rankTerms, writeTexts } from './postings.ts'
import { CHUNK_BITS, compareIds, type Segment, termText, VARIANTS_A_WORD, wordText } from './segment.ts'
import { writeWords } from './text-builder.ts'

/** A segment, and a flag for each document of it that does not live on. */
export type Source = { segment: Segment; dead: Uint8Array | undefined }
const GONE = 0xffffffff

/** One segment of all that lives in `sources`, in their order; no id may live in two of them. */
export function mergeSegments(sources: readonly Source[]): Uint8Array<ArrayBuffer> {
  const numbers = sources.map(({ segment }) => new Uint32Array(segment.documents))
  let documents = 0
  for (const [i, { segment, dead }] of sources.entries())
    for (let d = 0; d < segment.documents; d++) numbers[i]![d] = dead?.[d] ? GONE : documents++
  const columns = createColumns(documents)
  const { meta, ...rest } = mergeColumns(sources, numbers, columns)
  const byId = mergeIds(sources, numbers, columns.ids)
  const last = byId[documents - 1]
  const hex = last === undefined ? '' : columns.ids.subarray(last * 16, last * 16 + 16).toHex()
  const lastId = hex === '' ? undefined : hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
  return writeSegment({ documents, lastId, ...meta }, { ...columns, byId, ...rest, ...mergeTexts(sources, numbers) })
}

function mergeColumns(sources: readonly Source[], numbers: readonly Uint32Array[], columns: Columns) {
  const brands = createDictionary<FacetTerm>(({ value }) => value)
  const categories = createDictionary<FacetTerm>(({ value }) => value)
  const paths = createDictionary<number[]>((path) => path.join())
  const colours = createDictionary<FacetTerm>(({ value }) => value)
  const sizes = createDictionary<string>((size) => size)
  const layouts = createLayouts()
  const moreStock: number[] = []
  for (const [i, { segment }] of sources.entries()) {
    const { meta, rows, layoutStart, variantColour, variantSize } = segment
    const brandOf = lazily(meta.brands.length, (brand) => brands.place(meta.brands[brand]!))
    const pathOf = lazily(meta.paths.length, (path) =>
      paths.place(meta.paths[path]!.map((category) => categories.place(meta.categories[category]!))),
    )
    const layoutOf = lazily(layoutStart.length - 1, (layout) => {
      const [from, to] = [layoutStart[layout]!, layoutStart[layout + 1]!]
      return layouts.place(
        Array.from(variantColour.subarray(from, to), (colour) => colours.place(meta.colours[colour]!)),
        Array.from(variantSize.subarray(from, to), (size) => sizes.place(meta.sizes[size]!)),
      )
    })
    for (let d = 0; d < segment.documents; d++) {
      const n = numbers[i]![d]!
      if (n === GONE) continue
      const [from, to] = [d << ROW_BITS, n << ROW_BITS]
      const layout = rows[from + LAYOUT]!
      const stock = rows[from + STOCK]!
      columns.rows.set(rows.subarray(from, from + (1 << ROW_BITS)), to)
      columns.rows[to + BRAND] = brandOf(rows[from + BRAND]!)
      columns.rows[to + PATH] = pathOf(rows[from + PATH]!)
      columns.rows[to + LAYOUT] = layoutOf(layout)
      const sets = layouts.setsOf(columns.rows[to + LAYOUT]!)
      columns.rows[to + COLOURS] = sets.colours
      columns.rows[to + SIZES] = sets.sizes
      if (layoutStart[layout + 1]! - layoutStart[layout]! > VARIANTS_A_WORD) {
        columns.rows[to + STOCK] = moreStock.length
        const words = segment.layoutMask[layout + 1]! - segment.layoutMask[layout]!
        moreStock.push(...segment.moreStock.subarray(stock, stock + words))
      }
    }
    for (const name of ['popularity', 'listedAt'] as const) copyColumn(segment[name], columns[name], numbers[i]!)
    copyIds(segment.ids, columns.ids, numbers[i]!)
  }
  checkCount(colours.terms, 'colours')
  checkCount(sizes.terms, 'sizes')
  const meta = {
    brands: brands.terms,
    categories: categories.terms,
    paths: paths.terms,
    colours: colours.terms,
    sizes: sizes.terms,
  }
  return { meta, moreStock: Uint32Array.from(moreStock), ...layouts.end() }
}

/** Asks for each place once, when it is first wanted: what nobody uses any more is left behind. */
function lazily(places: number, make: (place: number) => number): (place: number) => number {
  const made = new Int32Array(places).fill(-1)
  return (place) => {
    if (made[place] === -1) made[place] = make(place)
    return made[place]!
  }
}

function copyColumn(from: ArrayLike<number>, to: { [place: number]: number }, numbers: Uint32Array): void {
  for (let d = 0; d < numbers.length; d++) if (numbers[d] !== GONE) to[numbers[d]!] = from[d]!
}

function copyIds(from: Uint8Array, to: Uint8Array, numbers: Uint32Array): void {
  for (let d = 0; d < numbers.length; d++)
    if (numbers[d] !== GONE) to.set(from.subarray(d * 16, d * 16 + 16), numbers[d]! * 16)
}

/** Two by two, as each source has its own order by id already. */
function mergeIds(
  sources: readonly Source[],
  numbers: readonly Uint32Array[],
  ids: Uint8Array,
): Uint32Array<ArrayBuffer> {
  let runs = sources.map(({ segment }, i) =>
    segment.byId.map((d) => numbers[i]![d]!).filter((document) => document !== GONE),
  )
  while (runs.length > 1)
    runs = Array.from({ length: Math.ceil(runs.length / 2) }, (_, i) =>
      mergeRuns(runs[2 * i]!, runs[2 * i + 1] ?? new Uint32Array(), ids),
    )
  return runs[0] ?? new Uint32Array()
}

function mergeRuns(a: Uint32Array, b: Uint32Array, ids: Uint8Array): Uint32Array<ArrayBuffer> {
  const merged = new Uint32Array(a.length + b.length)
  for (let n = 0, i = 0, k = 0; n < merged.length; n++) {
    const fromA = k === b.length || (i < a.length && compareIds(ids, a[i]!, ids, b[k]!) < 0)
    merged[n] = fromA ? a[i++]! : b[k++]!
  }
  return merged
}

function mergeTexts(sources: readonly Source[], numbers: readonly Uint32Array[]) {
  const places = new Map<string, number[]>()
  for (const [i, { segment }] of sources.entries())
    for (let term = 0; term < segment.terms; term++) {
      const text = termText(segment, term)
      let found = places.get(text)
      if (!found) places.set(text, (found = []))
      // The source and its term, one after the other.
      found.push(i, term)
    }
  const most = sources.reduce((sum, { segment }) => sum + segment.low.length, 0)
  const writer = createPostingWriter(most)
  const kept: string[] = []
  const counts: number[] = []
  const termOf = sources.map(({ segment }) => new Uint32Array(segment.terms).fill(GONE))
  let before = 0
  for (const text of [...places.keys()].toSorted()) {
    const found = places.get(text)!
    for (let k = 0; k < found.length; k += 2)
      copyPostings(sources[found[k]!]!.segment, found[k + 1]!, numbers[found[k]!]!, writer.add)
    const after = writer.written()
    if (after === before) continue
    writer.endTerm()
    for (let k = 0; k < found.length; k += 2) termOf[found[k]!]![found[k + 1]!] = kept.length
    kept.push(text)
    counts.push(after - before)
    before = after
  }
  const ranks = rankTerms(counts)
  const texts = writeTexts(kept)
  return {
    ...writer.end(),
    ...ranks,
    termStart: texts.start,
    termUnits: texts.units,
    ...mergeWords(sources, termOf),
    ...mergePhrases(sources, numbers, (i, rank) => {
      const { termAtRank } = sources[i]!.segment
      return ranks.termRank[termOf[i]![termAtRank[rank - 1]!]!]! + 1
    }),
  }
}

function copyPostings(
  { termChunk, chunkNumber, chunkStart, low, impact }: Segment,
  term: number,
  numbers: Uint32Array,
  add: (document: number, worth: number) => void,
): void {
  for (let chunk = termChunk[term]!; chunk < termChunk[term + 1]!; chunk++) {
    const base = chunkNumber[chunk]! << CHUNK_BITS
    for (let p = chunkStart[chunk]!; p < chunkStart[chunk + 1]!; p++) {
      const document = numbers[base + low[p]!]!
      if (document !== GONE) add(document, impact[p]!)
    }
  }
}

/** The written forms of the terms that are left. */
function mergeWords(sources: readonly Source[], termOf: readonly Uint32Array[]) {
  const words = new Map<string, { term: number; count: number }>()
  for (const [i, { segment }] of sources.entries())
    for (let word = 0; word < segment.words; word++) {
      const term = termOf[i]![segment.wordTerm[word]!]!
      if (term === GONE) continue
      const text = wordText(segment, word)
      const known = words.get(text)
      if (known) known.count += segment.wordCount[word]!
      else words.set(text, { term, count: segment.wordCount[word]! })
    }
  return writeWords(words, (term) => term)
}

function mergePhrases(
  sources: readonly Source[],
  numbers: readonly Uint32Array[],
  rankOf: (source: number, rank: number) => number,
) {
  const bytes = createVarints()
  const documents = numbers.reduce((sum, list) => sum + list.reduce((n, one) => n + (one === GONE ? 0 : 1), 0), 0)
  const phraseStart = new Uint32Array(documents + 1)
  for (const [i, { segment }] of sources.entries()) {
    const { phrases } = segment
    for (let d = 0; d < segment.documents; d++) {
      const n = numbers[i]![d]!
      if (n === GONE) continue
      let value = 0
      let shift = 0
      for (let at = segment.phraseStart[d]!; at < segment.phraseStart[d + 1]!; at++) {
        value |= (phrases[at]! & 127) << shift
        shift += 7
        if (phrases[at]! > 127) continue
        bytes.add(value === 0 ? 0 : rankOf(i, value))
        value = 0
        shift = 0
      }
      phraseStart[n + 1] = bytes.length()
    }
  }
  return { phraseStart, phrases: bytes.end() }
}
