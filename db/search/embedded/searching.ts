import type { SearchAnswer, SearchHit, SearchQuery } from '../index.ts'
import type { Analyzer } from '../words.ts'
import { correctText } from './correcting.ts'
import { createFacetCounter } from './facets.ts'
import { stockWord } from './facet-columns.ts'
import { isAsking, testFilters } from './filtering.ts'
import { matchAll, matchAny } from './matching.ts'
import { type Part, parseQuery, type Synonyms, type Word } from './parse.ts'
import { type PlacedSource, planSlots, type Statistics } from './planning.ts'
import { rank, readCursor, writeCursor } from './ranking.ts'
import { EVERYTHING, type Matches, type Scratch } from './scratch.ts'
import { idText, type Segment } from './segment.ts'
import type { TermSpace } from './term-space.ts'
import { createTop, type Ranked } from './top.ts'

/** With the documents that do not live on, by ascending number. */
export type ServedSource = PlacedSource & { gone: Uint32Array }

/** All that a query looks at, as it stands at one moment. */
export type View = {
  sources: readonly ServedSource[]
  space: TermSpace
  statistics: Statistics
  synonyms: Synonyms
  analyzer: Analyzer
  scratch: Scratch
}

export function search(view: View, query: SearchQuery): Omit<SearchAnswer, 'generation'> {
  const { sources, scratch } = view
  scratch.reset()
  const after = readCursor(query)
  const { parts, correctedText } = readText(view, query)
  const { found, relaxed } = match(view, parts, query)
  const facets = query.facets ? createFacetCounter(view.space, scratch) : undefined
  const top = createTop(query.limit, after)
  let total = 0
  for (const [i, source] of sources.entries()) {
    const matches = found[i]!
    if (matches.count === 0) continue
    const isOpen = source.gone.length === 0 && !isAsking(query.filter ?? {})
    const tested = isOpen ? undefined : testFilters(source, query.filter ?? {}, matches, scratch)
    facets?.count({ ...source, matches, tested })
    total += tested ? tested.split.passingCount : matches.count
    rank(source.segment, { matches, split: tested?.split }, { query, top, isScored: parts.length > 0 })
  }
  const { ranked, more } = top.end()
  const last = ranked.at(-1)
  return {
    total,
    hits: readHits(ranked, query),
    ...(facets ? { facets: facets.finish(query, view.analyzer) } : {}),
    ...(correctedText === undefined ? {} : { correctedText }),
    relaxed,
    terms: [...new Set(parts.flatMap(({ ways }) => ways.flatMap(({ words }) => words.flatMap(termOf))))],
    next: more && last ? writeCursor(query, last) : null,
  }
}

const termOf = ({ word, term, prefix }: Word) => (prefix ? [term, `${word}*`] : [term])

/** The words, those that nothing has replaced by those that were likely meant. */
function readText(view: View, { text, exactly }: SearchQuery): { parts: Part[]; correctedText: string | undefined } {
  const { analyzer, synonyms, sources, statistics } = view
  const parts = parseQuery(text, analyzer, synonyms)
  const corrected = exactly ? text : correctText(text, parts, sources, statistics)
  if (corrected === text) return { parts, correctedText: undefined }
  return { parts: parseQuery(corrected, analyzer, synonyms), correctedText: corrected }
}

/** What of each source the text matches, before any filter. */
function match({ sources, statistics, space, scratch }: View, parts: readonly Part[], query: SearchQuery) {
  const slots = planSlots({ sources, statistics, termCount: space.termCount() }, parts)
  const everything = ({ documents }: Segment): Matches => ({
    documents: scratch.all(documents),
    scores: new Int32Array(),
    count: documents,
    kept: { name: EVERYTHING, has: () => true },
  })
  if (parts.length === 0) {
    // Signs that make no word are no question at all.
    const asked = query.text.trim() !== ''
    return { found: sources.map(({ segment }) => (asked ? scratch.matches(0) : everything(segment))), relaxed: false }
  }
  const all = sources.map((source) => matchAll(source.segment, slots(source), scratch))
  if (query.exactly || parts.length === 1 || all.some((one, i) => hasLiving(one, sources[i]!.dead)))
    return { found: all, relaxed: false }
  const any = sources.map((source) => matchAny(source.segment, slots(source), scratch))
  return { found: any, relaxed: any.some((one, i) => hasLiving(one, sources[i]!.dead)) }
}

function hasLiving({ documents, count }: Matches, dead: Uint8Array | undefined): boolean {
  if (!dead) return count > 0
  for (let i = 0; i < count; i++) if (!dead[documents[i]!]) return true
  return false
}

function readHits(ranked: readonly Ranked[], { filter = {} }: SearchQuery): SearchHit[] {
  const open = filter.colours && new Set(filter.colours)
  return ranked.map(({ segment, document, score }) => {
    const { meta } = segment
    return {
      id: idText(segment, document),
      score,
      brand: meta.brands[segment.brandOf[document]!]!.value,
      categories: meta.paths[segment.pathOf[document]!]!.map((category) => meta.categories[category]!.value),
      ...readVariants(segment, document, open),
      priceAmount: segment.price[document]!,
      rating: segment.rated[document]! / 1000,
      popularity: segment.popularity[document]!,
      listedAt: segment.listedAt[document]!,
    }
  })
}

function readVariants(segment: Segment, document: number, open: ReadonlySet<string> | undefined) {
  const { layoutStart, meta } = segment
  const layout = segment.layoutStock[2 * document]!
  const colours = new Set<string>()
  const sizes = new Set<string>()
  for (let v = layoutStart[layout]!, i = 0; v < layoutStart[layout + 1]!; v++, i++) {
    const colour = meta.colours[segment.variantColour[v]!]!.value
    colours.add(colour)
    const inStock = (stockWord(segment, document, i >> 5) >>> (i & 31)) & 1
    if (inStock && (open?.has(colour) ?? true)) sizes.add(meta.sizes[segment.variantSize[v]!]!)
  }
  return { colours: [...colours], sizesInStock: [...sizes] }
}
