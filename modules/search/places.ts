import type { Change, ChangeLook, ChangePlace } from './change-store.ts'

export const START: ChangePlace = { tx: '0', id: '0' }

/** What the index keeps with its documents: how far the changes of which database are in it. */
export const writePlace = (database: string, { tx, id }: ChangePlace) => `${database}/${tx}:${id}`

/** Undefined for a place in another database, and for what is none. */
export function readPlace(database: string, position: string | undefined): ChangePlace | undefined {
  const [, name, tx, id] = /^(.*)\/(\d{1,20}):(\d{1,19})$/.exec(position ?? '') ?? []
  return name === database && tx !== undefined && id !== undefined ? { tx, id } : undefined
}

const compare = (a: ChangePlace, b: ChangePlace) => Number(BigInt(a.tx) - BigInt(b.tx) || BigInt(a.id) - BigInt(b.id))

/**
 * Whether the changes after `place` are all there still. They are not when some were forgotten, nor when the database was
 * put back to a state in which the transaction of `place` has not been.
 */
export const canFollow = (place: ChangePlace, { pruned, horizon }: ChangeLook): boolean =>
  compare(place, pruned) >= 0 && BigInt(place.tx) <= BigInt(horizon)

/**
 * Changes that were taken up although an older transaction was still running. They are not passed by until it has ended,
 * since it may yet write changes that come before them; nor are they taken up twice.
 */
export function createAhead() {
  let taken: Change[] = []
  let from: string | undefined

  return {
    /** Ids to leave out after this position of the index. One that we did not leave behind is somebody else's: begin anew. */
    after(position: string | undefined): string[] {
      if (position !== from) taken = []
      from = position
      return taken.map(({ id }) => id)
    },

    /** Up to where all changes are taken up for good, now that `changes` are; undefined for no further than before. */
    pass({ changes, horizon }: ChangeLook, isWhole: boolean): ChangePlace | undefined {
      const last = changes.at(-1)
      const settled = [...taken, ...changes]
        .filter((one) => BigInt(one.tx) < BigInt(horizon) && (isWhole || !last || compare(one, last) <= 0))
        .toSorted(compare)
      return settled.at(-1)
    },

    /** The index is at `position` now, which stands for `place`. */
    left(position: string | undefined, place: ChangePlace | undefined, changes: readonly Change[]): void {
      from = position ?? from
      taken = [...taken, ...changes].filter((one) => !place || compare(one, place) > 0)
    },
  }
}
