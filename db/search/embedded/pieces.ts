import { mergeSegments } from './merge.ts'
import type { PlacedSource } from './planning.ts'
import { findDocument, idBytes, openSegment, type Segment } from './segment.ts'
import { createTermSpace } from './term-space.ts'

type Piece = PlacedSource & { deadCount: number }

/** Neighbouring changes are joined until each lump is so many times the next; larger lumps are left alone. */
const GROWTH = 4
const LARGEST_LUMP = 4096

const living = ({ segment, deadCount }: Piece) => segment.documents - deadCount

/** A base, if any, and small segments of what changed since, oldest first. A document that was replaced is flagged dead. */
export function createPieces() {
  let base: Segment | undefined
  let pieces: Piece[] = []
  let space = createTermSpace(undefined)

  /** An empty base is no piece. */
  const changes = () => pieces.filter(({ segment }) => segment !== base)

  function kill(id: Uint8Array, among: readonly Piece[] = pieces): void {
    for (const piece of among) {
      const document = findDocument(piece.segment, id)
      if (document < 0 || piece.dead?.[document]) continue
      piece.dead ??= new Uint8Array(piece.segment.documents)
      piece.dead[document] = 1
      piece.deadCount++
    }
  }

  function add(segment: Segment | undefined): void {
    if (!segment || segment.documents === 0) return
    pieces.push({ segment, dead: undefined, deadCount: 0, places: space.places(segment) })
  }

  /** Joins the newest lumps while they are of a size, so that there are few of them however many changes come. */
  function joinLumps(): void {
    while (changes().length >= 2) {
      const [older, newer] = [pieces.at(-2)!, pieces.at(-1)!]
      if (living(older) > GROWTH * living(newer) || living(older) + living(newer) > LARGEST_LUMP) return
      pieces = pieces.slice(0, -2)
      add(openSegment(mergeSegments([older, newer])))
    }
  }

  return {
    kill,
    add(segment: Segment | undefined): void {
      // The list of a view that is in use stays as it is.
      pieces = [...pieces]
      add(segment)
      joinLumps()
    },

    /** Puts `next` under the changes: `merged` are in it already, `newer` in the changes alone. */
    rebase(next: Segment, merged: readonly string[], newer: readonly string[]): void {
      const kept = changes()
      for (const id of merged) kill(idBytes(id), kept)
      base = next
      pieces = []
      space = createTermSpace(next)
      add(next)
      for (const id of newer) kill(idBytes(id))
      for (const piece of kept)
        if (living(piece) > 0) pieces.push(Object.assign({}, piece, { places: space.places(piece.segment) }))
    },

    base: () => base,
    all: () => pieces,
    space: () => space,
    documents: () => pieces.reduce((sum, piece) => sum + living(piece), 0),
    bytes: () => pieces.reduce((sum, { segment }) => sum + segment.bytes, 0),
    /** Copies, for a merge elsewhere. */
    copy: () => ({
      dead: pieces.find(({ segment }) => segment === base)?.dead?.slice(),
      changes: changes().map((piece) => mergeSegments([piece])),
    }),
  }
}

export type Pieces = ReturnType<typeof createPieces>
