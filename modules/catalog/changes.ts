import type { Sql } from '../../db/index.ts'
import {
  type Change,
  type ChangeLook,
  type ChangePlace,
  findDatabaseName,
  insertChanges,
  lookForChanges,
  pruneChanges,
} from './change-store.ts'
import { listProductIdsOf } from './searchables-store.ts'

const START: ChangePlace = { tx: '0', id: '0' }
/** Changes given out at once. */
const AT_ONCE = 500
const KEEP_MS = 2 * 86_400_000

export type News = {
  /** Each once; one that is gone is a change too. */
  productIds: string[]
  /** Where to go on once they are taken up; undefined for where one was. */
  position: string | undefined
  /** There is no more for now. */
  isAll: boolean
  /** To be called when they are taken up: who fails before gets them again. */
  taken(): void
}

/** Somebody who keeps things made from products: knows what they have taken up beyond the position that they keep. */
export type ChangeReader = {
  /** Undefined when what has changed since cannot be told: all is to be read anew, from `changesFrom()` on. */
  after(position: string | undefined): Promise<News | undefined>
}

/**
 * What has changed about products: their own facts, their stock, how wanted they are, what is made of them. Every process
 * that keeps something made from products follows at its own pace; a position is a text that holds in this database alone.
 */
export function createChanges({ sql, now }: { sql: Sql; now: () => Date }) {
  let database: string | undefined
  const databaseName = async () => (database ??= await findDatabaseName(sql))

  return {
    noteChanged: (productIds: readonly string[], tx: Sql = sql): Promise<void> => insertChanges(tx, productIds, now()),

    /** As `noteChanged`, of the products that these variants belong to. */
    async noteVariantsChanged(variantIds: readonly string[]): Promise<void> {
      await insertChanges(sql, await listProductIdsOf(sql, variantIds), now())
    },

    /** Positions to read on from: `now`, for who reads the products after asking, and `oldest`, from where all is known. */
    async changesFrom(): Promise<{ now: string; oldest: string }> {
      const [name, { horizon, pruned }] = await Promise.all([databaseName(), lookForChanges(sql, START, { limit: 0 })])
      return { now: writePlace(name, { tx: horizon, id: '0' }), oldest: writePlace(name, pruned) }
    },

    readChanges(): ChangeReader {
      const ahead = createAhead()
      return {
        async after(position) {
          const name = await databaseName()
          const place = readPlace(name, position)
          if (!place || position === undefined) return undefined
          const look = await lookForChanges(sql, place, { limit: AT_ONCE, except: ahead.after(position) })
          if (!canFollow(place, look)) return undefined
          const isAll = look.changes.length < AT_ONCE
          const passed = ahead.pass(look, isAll)
          const next = passed && writePlace(name, passed)
          return {
            productIds: [...new Set(look.changes.map(({ productId }) => productId))],
            position: next,
            isAll,
            taken: () => ahead.left(next, passed, look.changes),
          }
        },
      }
    },

    /** Who was away for longer reads all anew. */
    jobs: { 'catalog.prune_changes': () => pruneChanges(sql, new Date(now().getTime() - KEEP_MS)) },
    schedules: { 'catalog.prune_changes': 86_400 },
  }
}

/** How far the changes of which database are taken up. */
const writePlace = (database: string, { tx, id }: ChangePlace) => `${database}/${tx}:${id}`

/** Undefined for a place in another database, and for what is none. */
function readPlace(database: string, position: string | undefined): ChangePlace | undefined {
  const [, name, tx, id] = /^(.*)\/(\d{1,20}):(\d{1,19})$/.exec(position ?? '') ?? []
  return name === database && tx !== undefined && id !== undefined ? { tx, id } : undefined
}

const compare = (a: ChangePlace, b: ChangePlace) => Number(BigInt(a.tx) - BigInt(b.tx) || BigInt(a.id) - BigInt(b.id))

/**
 * Whether the changes after `place` are all there still. They are not when some were forgotten, nor when the database was
 * put back to a state in which the transaction of `place` has not been.
 */
const canFollow = (place: ChangePlace, { pruned, horizon }: ChangeLook): boolean =>
  compare(place, pruned) >= 0 && BigInt(place.tx) <= BigInt(horizon)

/**
 * Changes that were taken up although an older transaction was still running. They are not passed by until it has ended,
 * since it may yet write changes that come before them; nor are they taken up twice.
 */
function createAhead() {
  let taken: Change[] = []
  let from: string | undefined

  return {
    /** Ids to leave out after this position. One that we did not leave behind is somebody else's: begin anew. */
    after(position: string): string[] {
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

    /** The position is `next` now, which stands for `place`. */
    left(next: string | undefined, place: ChangePlace | undefined, changes: readonly Change[]): void {
      from = next ?? from
      taken = [...taken, ...changes].filter((one) => !place || compare(one, place) > 0)
    },
  }
}
