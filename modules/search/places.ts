import type { ChangeLook, ChangePlace } from './change-store.ts'

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
