import type { SearchAnswer, SearchDocument, SearchQuery, SearchSynonym } from '../index.ts'
import { createAnalyzer } from '../words.ts'
import { completeText } from './completing.ts'
import { mergeSegments } from './merge.ts'
import { readSynonyms } from './parse.ts'
import { createVocabulary } from './planning.ts'
import { createScratch } from './scratch.ts'
import { search, type View } from './searching.ts'
import { findDocument, idBytes, openSegment, readId, type Segment } from './segment.ts'
import { buildSegment } from './segment-builder.ts'
import { createTermSpace, type Places } from './term-space.ts'

type Piece = { segment: Segment; dead: Uint8Array | undefined; deadCount: number; places: Places }
export type Base = { name: string; segment: Segment; position: string | undefined }

/** Neighbouring changes are joined until each lump is so many times the next; larger lumps are left alone. */
const GROWTH = 4
const LARGEST_LUMP = 4096
/** Changes are to be merged into the base when they are more than this and than a part of it. */
const MERGE_FLOOR = 256
const MERGE_PART = 16

/**
 * What serves: a base that never changes, small segments of what changed since, and flags on what these replaced. Changes
 * live in memory alone; what is durable is the base, with the position that it has.
 */
export function createLive(self: string) {
  const analyzer = createAnalyzer()
  const scratch = createScratch()
  let base: Base | undefined
  /** The base, if any, then what changed, oldest first. */
  let pieces: Piece[] = []
  let space = createTermSpace(undefined)
  let synonyms = readSynonyms([], analyzer)
  let position: string | undefined
  let version = 0
  /** When each id was put or removed since the base. */
  const touched = new Map<string, number>()
  let view: View | undefined

  function changed(): void {
    version++
    view = undefined
  }

  const addPiece = (segment: Segment) =>
    pieces.push({ segment, dead: undefined, deadCount: 0, places: space.places(segment) })

  function kill(id: Uint8Array, among: readonly Piece[] = pieces): void {
    for (const piece of among) {
      const document = findDocument(piece.segment, id)
      if (document < 0 || piece.dead?.[document]) continue
      piece.dead ??= new Uint8Array(piece.segment.documents)
      piece.dead[document] = 1
      piece.deadCount++
    }
  }

  const changes = () => (base ? pieces.slice(1) : pieces)
  const living = ({ segment, deadCount }: Piece) => segment.documents - deadCount

  /** Joins the newest lumps while they are of a size, so that there are few of them however many changes come. */
  function joinLumps(): void {
    const first = base ? 1 : 0
    while (pieces.length - first >= 2) {
      const [older, newer] = [pieces.at(-2)!, pieces.at(-1)!]
      const sum = living(older) + living(newer)
      if (living(older) > GROWTH * living(newer) || sum > LARGEST_LUMP) return
      pieces.splice(-2)
      const joined = openSegment(mergeSegments([older, newer]))
      if (joined && joined.documents > 0) addPiece(joined)
    }
  }

  /** Puts `next` under what changed since `since`, and lets go of what it has already. */
  function swap(next: Base | undefined, since: number): void {
    const kept = changes()
    base = next
    space = createTermSpace(next?.segment)
    pieces = next ? [{ segment: next.segment, dead: undefined, deadCount: 0, places: space.places(next.segment) }] : []
    for (const [id, at] of touched) {
      if (at < since) {
        touched.delete(id)
        kill(idBytes(id), kept)
      } else if (next) kill(idBytes(id))
    }
    for (const piece of kept) if (living(piece) > 0) pieces.push({ ...piece, places: space.places(piece.segment) })
    changed()
  }

  const currentView = () =>
    (view ??= {
      sources: pieces,
      space,
      vocabulary: createVocabulary(pieces, space.termCount()),
      synonyms,
      analyzer,
      scratch,
    })

  const generation = () => {
    const name = base?.name ?? '0'
    return version === 0 ? name : `${name}.${self}.${version}`
  }

  return {
    put(documents: readonly SearchDocument[], at: number, next: string | undefined): void {
      const byId = new Map(documents.map((document) => [document.id, document]))
      const segment = openSegment(buildSegment([...byId.values()], analyzer))
      for (const id of byId.keys()) {
        kill(idBytes(id))
        touched.set(id, at)
      }
      if (segment && segment.documents > 0) addPiece(segment)
      joinLumps()
      position = next ?? position
      changed()
    },

    remove(ids: readonly string[], at: number, next: string | undefined): void {
      for (const id of ids) {
        const bytes = readId(id)
        if (!bytes) continue
        kill(bytes)
        touched.set(id, at)
      }
      position = next ?? position
      changed()
    },

    useSynonyms(list: readonly SearchSynonym[]): void {
      synonyms = readSynonyms(list, analyzer)
      changed()
    },

    /**
     * Serves `next`. What was put or removed before `since` is in it. A base that others made is only followed from its
     * own position on: whoever replays from there puts again what it may lack.
     */
    swap(next: Base, { since, follow }: { since: number; follow: boolean }): void {
      swap(next, since)
      if (follow || position === undefined) position = next.position
      if (touched.size === 0) version = 0
    },

    base: () => base,
    query: (query: SearchQuery): SearchAnswer => ({ ...search(currentView(), query), generation: generation() }),
    complete: (text: string, limit: number): string[] => completeText(currentView(), text, limit),

    status: () => ({
      generation: generation(),
      documents: pieces.reduce((sum, piece) => sum + living(piece), 0),
      position,
      bytes: pieces.reduce((sum, { segment }) => sum + segment.bytes, 0),
    }),

    /** Whether so much has changed that it should go into the base. */
    wantsMerge(): boolean {
      return touched.size > MERGE_FLOOR + (base?.segment.documents ?? 0) / MERGE_PART
    },

    /** What a merge needs of what is here alone: copies, as they are now. */
    forMerge: () => ({
      base: base?.name,
      dead: base ? pieces[0]?.dead?.slice() : undefined,
      changes: changes().map((piece) => mergeSegments([piece])),
      position,
    }),
  }
}

export type Live = ReturnType<typeof createLive>
