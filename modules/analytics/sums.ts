import { publish } from '../kernel/events.ts'
import type { AnalyticsNeeds } from './service.ts'
import {
  addWanted,
  listQueries,
  listScores,
  listWanted,
  lockMark,
  replaceQueries,
  setMark,
  takeMoved,
} from './sum-store.ts'

const DAY_MS = 86_400_000
/** Longer than a statement that inserts events may run. */
const SETTLED_MS = 60_000
/** By more than a quarter, roughly. */
const NOTABLE = 0.25
const ANNOUNCED_AT_ONCE = 500
const QUERIES_MS = 30 * DAY_MS
/** A query of fewer people may say who they are. */
const PEOPLE = 3
const MOST_QUERIES = 50_000

/** What is summed up of events now and then, so that reading it costs little. */
export function createSums({ sql, now }: Pick<AnalyticsNeeds, 'sql' | 'now'>) {
  return {
    /** Straight from the events: how much each product was wanted since, the recent more. */
    async popularitySince(since: Date): Promise<Map<string, number>> {
      const time = now()
      // What arrived in this very millisecond counts.
      const rows = await listWanted(sql, { now: time, from: since, until: new Date(time.getTime() + 1) })
      return new Map(rows.map(({ productId, score }) => [productId, score]))
    },

    /** From the sums, at most an hour old: one statement by key. Who is left out is not wanted at all. */
    async popularityOf(productIds: readonly string[]): Promise<Map<string, number>> {
      if (productIds.length === 0) return new Map()
      const rows = await listScores(sql, productIds, now())
      return new Map(rows.map(({ productId, score }) => [productId, score]))
    },

    /**
     * A job: adds what arrived since its last time, and says which products are wanted notably more or less than when
     * that was last said. Sums, mark and events commit together.
     */
    refreshPopularity: (): Promise<void> =>
      sql.transaction().execute(async (tx) => {
        const [from, time] = [await lockMark(tx, 'popularity'), now()]
        const until = new Date(time.getTime() - SETTLED_MS)
        if (until <= from) return
        await addWanted(tx, { now: time, from, until })
        await setMark(tx, 'popularity', until)
        const moved = await takeMoved(tx, time, NOTABLE)
        for (let at = 0; at < moved.length; at += ANNOUNCED_AT_ONCE) {
          const productIds = moved.slice(at, at + ANNOUNCED_AT_ONCE)
          await publish('analytics.popularity_changed', { productIds }, tx)
        }
      }),

    /** What several people searched for and found, beginning with `prefix`; the most frequent first. */
    popularQueries: (prefix: string, limit: number): Promise<string[]> =>
      listQueries(sql, prefix.normalize('NFC').trimStart().replaceAll(/\s+/g, ' ').toLowerCase(), limit),

    /** A job: the queries of the last thirty days anew. */
    refreshQueries: (): Promise<void> =>
      sql.transaction().execute(async (tx) => {
        await lockMark(tx, 'queries')
        const since = new Date(now().getTime() - QUERIES_MS)
        await replaceQueries(tx, { since, people: PEOPLE, limit: MOST_QUERIES })
        await setMark(tx, 'queries', now())
      }),
  }
}
