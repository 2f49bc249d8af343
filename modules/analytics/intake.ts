import { createHash } from 'node:crypto'
import { createBatch } from '../../db/batch.ts'
import type { Asking } from './pure/asking.ts'
import { isPurpose } from './pure/asking.ts'
import type { Event, EventBatch, Intake } from './schema.ts'
import type { AnalyticsNeeds } from './service.ts'
import { deleteEvents, type EventRow, insertEvents } from './store.ts'
import type { Asker, createSubjects } from './subjects.ts'

const DAY_MS = 86_400_000
/** A phone may be without a network for days; a clock that is further off is wrong. */
const OLDEST_MS = 7 * DAY_MS
const KEEP_MS = 400 * DAY_MS
const PRUNED_AT_ONCE = 10_000

type Needs = AnalyticsNeeds & Pick<ReturnType<typeof createSubjects>, 'findAsker' | 'subjectOf'>

/** How events come in. */
export function createIntake(needs: Needs) {
  const { sql, catalog, orders, now, findAsker, subjectOf } = needs

  /** Whether each row is new. What arrives at the same time is one statement, and two are under way at most. */
  const insert = createBatch(async (rows: EventRow[]) => {
    const fresh = await insertEvents(sql, rows)
    return new Map(rows.map((row) => [row, fresh.delete(row.id)]))
  })
  const known = createBatch(async (ids: string[]) => {
    const found = await catalog.listKnown(ids)
    return new Map(ids.map((id) => [id, found.has(id)]))
  })

  async function keep(events: readonly Event[], asker: Asker): Promise<Intake> {
    const ids = new Set(events.flatMap(({ productId }) => productId ?? []))
    const isKnown = ids.size > 0 ? await known([...ids]) : new Map<string, boolean>()
    const taken = events.filter(
      ({ kind, productId }) => kind !== 'buy' && (productId === undefined || isKnown.get(productId) === true),
    )
    const rows = taken.map((event) => rowOf(event, asker, now()))
    const isNew = rows.length > 0 ? await insert(rows) : new Map<EventRow, boolean>()
    const accepted = rows.filter((row) => isNew.get(row)).length
    return { accepted, duplicates: rows.length - accepted, ignored: events.length - rows.length }
  }

  return {
    /** Three statements at most, two of them shared with who sends at the same time. */
    async takeEvents({ visitor, consents, events }: EventBatch, asking: Asking): Promise<Intake> {
      const asker = await findAsker({
        actor: asking.actor,
        visitor: visitor ?? asking.visitor,
        consents: consents?.filter(isPurpose) ?? asking.consents,
      })
      const nothing = { accepted: 0, duplicates: 0, ignored: events.length }
      if (!asker) return { ...nothing, reason: 'no_visitor' }
      if (!asker.analytics) return { ...nothing, reason: 'no_consent' }
      return keep(events, asker)
    },

    /** A sale. Who allowed nothing is not noted with it: it only counts. Again is no news. */
    async onPaid({ orderId }: { orderId: string }): Promise<void> {
      const { userId, productIds } = await orders.saleOf(orderId)
      const actor = userId === null ? undefined : { userId }
      const asker = actor && (await findAsker({ actor, consents: [] }))
      const time = now()
      const by = asker?.analytics ? asker : undefined
      const rows = productIds.map((productId) =>
        rowOf({ id: idOf(`${orderId} ${productId}`), kind: 'buy', at: time.toISOString(), productId }, by, time),
      )
      await insertEvents(sql, rows)
    },

    /** A job: what is older than about thirteen months goes. Gives how many. */
    async prune(): Promise<number> {
      const before = new Date(now().getTime() - KEEP_MS)
      let pruned = 0
      for (let gone = PRUNED_AT_ONCE; gone === PRUNED_AT_ONCE; pruned += gone)
        gone = await deleteEvents(sql, before, PRUNED_AT_ONCE)
      return pruned
    },
  }

  /** Always the same for the same, and without the shop's key nobody can say of what. */
  function idOf(text: string): string {
    const name = subjectOf({ actor: { userId: text } }) ?? text
    const hex = createHash('sha256').update(name).digest('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
  }
}

function rowOf(event: Event, asker: Asker | undefined, now: Date): EventRow {
  const at = Math.min(Math.max(Date.parse(event.at), now.getTime() - OLDEST_MS), now.getTime())
  return {
    id: event.id,
    subject: asker?.subject ?? null,
    personal: asker?.personalisation ?? false,
    kind: event.kind,
    at: new Date(at),
    received_at: now,
    product_id: event.productId ?? null,
    query: event.query === undefined ? null : tidy(event.query),
    search_id: event.searchId ?? null,
    position: event.position ?? null,
    shown: event.shown ?? null,
    context: event.context ?? null,
  }
}

/** The same query in one spelling. */
const tidy = (query: string) => query.normalize('NFC').trim().replaceAll(/\s+/g, ' ').toLowerCase()
