import type { SearchAnswer, SearchDocument, SearchQuery, SearchSynonym } from '../index.ts'
import { createAnalyzer } from '../words.ts'
import { completeText } from './completing.ts'
import { readSynonyms } from './parse.ts'
import { createPieces, type Pieces } from './pieces.ts'
import { createStatistics } from './planning.ts'
import { createScratch } from './scratch.ts'
import { search, type View } from './searching.ts'
import { idBytes, openSegment, readId, type Segment } from './segment.ts'
import { buildSegment } from './segment-builder.ts'

export type Base = { name: string; segment: Segment; position: string | undefined }

/** Changes are to be merged into the base when they are more than this and a part of it. */
const MERGE_FLOOR = 256
const MERGE_PART = 16

/**
 * What serves: a generation, and what changed since. Changes live in memory alone; what is durable is the generation, with
 * the position that it has.
 */
export function createLive(self: string) {
  const analyzer = createAnalyzer()
  const scratch = createScratch()
  const pieces = createPieces()
  let base: Base | undefined
  let synonyms = readSynonyms([], analyzer)
  let synonymsMark = ''
  let position: string | undefined
  let version = 0
  /** When each id was put or removed since the base. */
  const touched = new Map<string, number>()
  let view: View | undefined

  function changed(next: string | undefined): void {
    version++
    view = undefined
    position = next ?? position
  }

  function replace(ids: readonly string[], at: number): void {
    for (const id of ids) {
      pieces.kill(idBytes(id))
      touched.set(id, at)
    }
  }

  /** Processes that serve a generation without changes name it alike, so that they can share answers. */
  const generation = () =>
    [base?.name ?? '0', synonymsMark, version === 0 ? '' : `${self}.${version}`].filter(Boolean).join('.')

  const currentView = () => (view ??= viewOf(pieces, { synonyms, analyzer, scratch }))

  return {
    /** Later ones of an id replace earlier ones. `at` is when, on the clock that `swap` goes by. */
    put(documents: readonly SearchDocument[], at: number, next: string | undefined): void {
      const byId = new Map(documents.map((document) => [document.id, document]))
      // Refuses what it cannot read before anything is replaced.
      const segment = openSegment(buildSegment([...byId.values()], analyzer))
      replace([...byId.keys()], at)
      pieces.add(segment)
      changed(next)
    },

    remove(ids: readonly string[], at: number, next: string | undefined): void {
      replace(
        ids.filter((id) => readId(id) !== undefined),
        at,
      )
      changed(next)
    },

    useSynonyms(list: readonly SearchSynonym[]): void {
      synonyms = readSynonyms(list, analyzer)
      synonymsMark = list.length === 0 ? '' : Bun.hash.crc32(JSON.stringify(list)).toString(36)
      view = undefined
    },

    /**
     * Serves `next`. What was put or removed before `since` is in it. A base that others made is only followed from its
     * own position on: whoever replays from there puts again what it may lack.
     */
    swap(next: Base, { since, follow }: { since: number; follow: boolean }): void {
      const merged = takeBefore(touched, since)
      pieces.rebase(next.segment, merged, [...touched.keys()])
      base = next
      changed(follow || position === undefined ? next.position : undefined)
      if (touched.size === 0) version = 0
    },

    base: () => base,
    query: (query: SearchQuery): SearchAnswer => ({ ...search(currentView(), query), generation: generation() }),
    complete: (text: string, limit: number): string[] => completeText(currentView(), text, limit),
    status: () => ({ generation: generation(), documents: pieces.documents(), position, bytes: pieces.bytes() }),
    wantsMerge: () => touched.size > MERGE_FLOOR + (base?.segment.documents ?? 0) / MERGE_PART,
    forMerge: () => ({ base: base?.name, position, ...pieces.copy() }),
  }
}

function viewOf(pieces: Pieces, rest: Pick<View, 'synonyms' | 'analyzer' | 'scratch'>): View {
  const sources = pieces.all().map((piece) => Object.assign({}, piece, { gone: goneIn(piece) }))
  return { sources, space: pieces.space(), statistics: createStatistics(sources[0]?.segment), ...rest }
}

function goneIn({ dead = new Uint8Array(), deadCount }: ReturnType<Pieces['all']>[number]): Uint32Array {
  const gone = new Uint32Array(deadCount)
  let n = 0
  for (let document = 0; document < dead.length; document++) if (dead[document] === 1) gone[n++] = document
  return gone
}

/** Takes the ids out that were touched before `since`. */
function takeBefore(touched: Map<string, number>, since: number): string[] {
  const taken = Array.from(touched).filter(([, at]) => at < since)
  for (const [id] of taken) touched.delete(id)
  return taken.map(([id]) => id)
}
