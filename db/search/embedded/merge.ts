import type { FacetTerm } from '../index.ts'
import { type Columns, createColumns } from './columns.ts'
import { finishColumns } from './facet-columns.ts'
import { writeSegment } from './format.ts'
import { checkCount, createDictionary, createLayouts } from './layouts.ts'
import { createLists } from './lists.ts'
import { createPostingWriter, createVarints, type PostingWriter, rankTerms, writeTexts } from './postings.ts'
import { CHUNK_BITS, compareIds, type Segment, VARIANTS_A_WORD } from './segment.ts'

/** A segment, and a flag for each document of it that does not live on. */
export type Source = { segment: Segment; dead: Uint8Array | undefined }
const GONE = 0xffffffff
/** Columns that say the same in every segment. */
const SAME = ['traits', 'price', 'rated', 'popularity', 'listedAt'] as const

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
  const finished = finishColumns(columns, rest, meta)
  return writeSegment({ documents, lastId, ...meta }, { ...finished, byId, ...rest, ...mergeTexts(sources, numbers) })
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
    const { meta, layoutStock, layoutStart, variantColour, variantSize } = segment
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
      const layout = layoutStock[2 * d]!
      const stock = layoutStock[2 * d + 1]!
      const place = layoutOf(layout)
      const sets = layouts.setsOf(place)
      columns.brandOf[n] = brandOf(segment.brandOf[d]!)
      columns.pathOf[n] = pathOf(segment.pathOf[d]!)
      columns.colourSetOf[n] = sets.colours
      columns.sizeSetOf[n] = sets.sizes
      columns.layoutStock[2 * n] = place
      columns.layoutStock[2 * n + 1] = stock
      if (layoutStart[layout + 1]! - layoutStart[layout]! > VARIANTS_A_WORD) {
        columns.layoutStock[2 * n + 1] = moreStock.length
        const words = segment.layoutMask[layout + 1]! - segment.layoutMask[layout]!
        moreStock.push(...segment.moreStock.subarray(stock, stock + words))
      }
    }
    for (const name of SAME) copyColumn(segment[name], columns[name], numbers[i]!)
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
    if (numbers[d] !== GONE) for (let k = 0; k < 16; k++) to[numbers[d]! * 16 + k] = from[d * 16 + k]!
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

/** Texts of all sources by number, each once, and by the alphabet; `numberOf` has a list for each source. */
function uniteTexts(sources: readonly Source[], of: (segment: Segment) => { start: Uint32Array; units: Uint16Array }) {
  const all = createLists()
  const numberOf = sources.map(({ segment }) => {
    const { start, units } = of(segment)
    const numbers = new Uint32Array(start.length - 1)
    for (let i = 0; i < numbers.length; i++) numbers[i] = all.place(units, start[i], start[i + 1])
    return numbers
  })
  const [starts, values] = [all.starts(), all.values()]
  const texts = Array.from({ length: all.count() }, (_, i) =>
    String.fromCharCode(...values.subarray(starts[i]!, starts[i + 1]!)),
  )
  const sorted = Uint32Array.from(texts, (_, i) => i).toSorted((a, b) => (texts[a]! < texts[b]! ? -1 : 1))
  return { texts, sorted, numberOf }
}

function mergeTexts(sources: readonly Source[], numbers: readonly Uint32Array[]) {
  const { texts, sorted, numberOf } = uniteTexts(sources, ({ termStart, termUnits }) => ({
    start: termStart,
    units: termUnits,
  }))
  const most = sources.reduce((sum, { segment }) => sum + segment.low.length, 0)
  const writer = createPostingWriter(most)
  /** By source, of each text: its term there plus one. */
  const termIn = numberOf.map((list) => {
    const terms = new Uint32Array(texts.length)
    for (let term = 0; term < list.length; term++) terms[list[term]!] = term + 1
    return terms
  })
  const kept: string[] = []
  const counts: number[] = []
  const placeOf = new Uint32Array(texts.length).fill(GONE)
  let before = 0
  for (let n = 0; n < sorted.length; n++) {
    const text = sorted[n]!
    for (let i = 0; i < sources.length; i++)
      if (termIn[i]![text]! > 0) copyPostings(sources[i]!.segment, termIn[i]![text]! - 1, numbers[i]!, writer)
    const after = writer.written()
    if (after === before) continue
    writer.endTerm()
    placeOf[text] = kept.length
    kept.push(texts[text]!)
    counts.push(after - before)
    before = after
  }
  const ranks = rankTerms(counts)
  const termTexts = writeTexts(kept)
  const termOf = numberOf.map((list) => list.map((text) => placeOf[text]!))
  return {
    ...writer.end(),
    ...ranks,
    termStart: termTexts.start,
    termUnits: termTexts.units,
    ...mergeWords(sources, termOf),
    ...mergePhrases(sources, numbers, (i) =>
      sources[i]!.segment.termAtRank.map((term) =>
        termOf[i]![term] === GONE ? GONE : ranks.termRank[termOf[i]![term]!]! + 1,
      ),
    ),
  }
}

function copyPostings(
  { termChunk, chunkNumber, chunkStart, low, impact }: Segment,
  term: number,
  numbers: Uint32Array,
  writer: PostingWriter,
): void {
  for (let chunk = termChunk[term]!; chunk < termChunk[term + 1]!; chunk++) {
    const base = chunkNumber[chunk]! << CHUNK_BITS
    for (let p = chunkStart[chunk]!; p < chunkStart[chunk + 1]!; p++) {
      const document = numbers[base + low[p]!]!
      if (document !== GONE) writer.add(document, impact[p]!)
    }
  }
}

/** The written forms of the terms that are left. */
function mergeWords(sources: readonly Source[], termOf: readonly Uint32Array[]) {
  const { texts, sorted, numberOf } = uniteTexts(sources, ({ wordStart, wordUnits }) => ({
    start: wordStart,
    units: wordUnits,
  }))
  const terms = new Uint32Array(texts.length).fill(GONE)
  const counts = new Uint32Array(texts.length)
  for (const [i, { segment }] of sources.entries()) {
    const { wordTerm, wordCount, words } = segment
    for (let word = 0; word < words; word++) {
      const term = termOf[i]![wordTerm[word]!]!
      if (term === GONE) continue
      terms[numberOf[i]![word]!] = term
      counts[numberOf[i]![word]!]! += wordCount[word]!
    }
  }
  const kept = sorted.filter((word) => terms[word] !== GONE)
  const { start, units } = writeTexts(Array.from(kept, (word) => texts[word]!))
  return {
    wordStart: start,
    wordUnits: units,
    wordTerm: kept.map((word) => terms[word]!),
    wordCount: kept.map((word) => counts[word]!),
  }
}

function mergePhrases(
  sources: readonly Source[],
  numbers: readonly Uint32Array[],
  ranksIn: (source: number) => Uint32Array,
) {
  const bytes = createVarints()
  const documents = numbers.reduce((sum, list) => sum + list.reduce((n, one) => n + (one === GONE ? 0 : 1), 0), 0)
  const phraseStart = new Uint32Array(documents + 1)
  for (const [i, { segment }] of sources.entries()) {
    const { phrases } = segment
    const ranks = ranksIn(i)
    for (let d = 0; d < segment.documents; d++) {
      const n = numbers[i]![d]!
      if (n === GONE) continue
      let value = 0
      let shift = 0
      for (let at = segment.phraseStart[d]!; at < segment.phraseStart[d + 1]!; at++) {
        value |= (phrases[at]! & 127) << shift
        shift += 7
        if (phrases[at]! > 127) continue
        bytes.add(value === 0 ? 0 : ranks[value - 1]!)
        value = 0
        shift = 0
      }
      phraseStart[n + 1] = bytes.length()
    }
  }
  return { phraseStart, phrases: bytes.end() }
}
