import { type ProductKind, WEIGHTS } from './pure/weights.ts'
import type { AnalyticsNeeds } from './service.ts'
import { listDeeds, listInteractions, listSessions, type SearchSession } from './store.ts'

export type Deed = { productId: string; kind: ProductKind; at: Date }
/** `subject` is a pseudonym, and `weight` how much the deed says that the product is wanted. */
export type Interaction = {
  subject: string
  productId: string
  kind: ProductKind
  weight: number
  /** Whether it may be used to suggest things to its subject. */
  personal: boolean
  at: Date
}

const NO_ID = '00000000-0000-0000-0000-000000000000'
const BATCH = 10_000

/** What others learn from events. */
export function createReading({ sql }: Pick<AnalyticsNeeds, 'sql'>) {
  return {
    /** The latest first; nothing of who did not allow that it suggests things to them. One statement. */
    historyOf: (subject: string, limit: number): Promise<Deed[]> => listDeeds(sql, subject, limit),

    /** Everything since, in the order of its arrival, in batches. */
    async *interactionsSince(since: Date): AsyncGenerator<Interaction[]> {
      for (let after = { receivedAt: since, id: NO_ID }; ;) {
        const rows = await listInteractions(sql, { since, after, limit: BATCH })
        const last = rows.at(-1)
        if (last)
          yield rows.map(({ subject, productId, kind, personal, at }) => ({
            subject,
            productId,
            kind,
            weight: WEIGHTS[kind],
            personal,
            at,
          }))
        if (!last || rows.length < BATCH) return
        after = last
      }
    },

    /** The newest `limit` pages of answers that were shown in the span, oldest first, with what was clicked in them. */
    clickLog: (span: { since: Date; until: Date }, limit: number): Promise<SearchSession[]> =>
      listSessions(sql, { ...span, limit }),
  }
}
