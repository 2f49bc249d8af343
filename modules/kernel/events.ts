import type { Jobs, Sql } from '../../db/index.ts'

/** Every event any module may publish: past-tense name to payload. Adding one is a line here. */
export type Events = {
  'analytics.popularity_changed': { productIds: string[] }
  'catalog.product_changed': { productId: string }
  /** Pieces for sale went from none to some, or back. */
  'inventory.availability_changed': { variantIds: string[] }
  'identity.verification_requested': { userId: string; requestId: string }
  'identity.reset_requested': { userId: string; requestId: string }
  'identity.email_changed': { userId: string; requestId: string }
  'identity.user_erased': { userId: string }
  'orders.placed': { orderId: string }
  'orders.paid': { orderId: string }
  'orders.packed': { orderId: string }
  'orders.shipped': { orderId: string }
  'orders.delivered': { orderId: string }
  'orders.cancelled': { orderId: string }
  'orders.return_requested': { orderId: string; returnId: string }
  'orders.return_refused': { orderId: string; returnId: string }
  'orders.returned': { orderId: string; returnId: string }
  'orders.refunded': { orderId: string; refundId: string; amount: number; currency: string }
  'payments.succeeded': { paymentId: string; orderId: string; amount: number; currency: string }
  'payments.failed': { paymentId: string; orderId: string; reason: string }
  'payments.refunded': { refundId: string; orderId: string; amount: number; currency: string }
  'payments.refund_failed': { refundId: string; orderId: string; reason: string }
  'payments.disputed': { paymentId: string; orderId: string; reason: string }
  'profile.consent_changed': { userId: string; purpose: string; granted: boolean }
  'reviews.summary_changed': { productId: string }
}

type EventName = keyof Events
/** Who hears what; each listener has a name that stays, since it is retried apart from the others. */
export type Handlers = { [E in EventName]?: Record<string, (payload: Events[E]) => Promise<void>> }

/** Written in the caller's transaction, so it is heard if and only if the caller commits. */
export async function publish<E extends EventName>(name: E, payload: Events[E], tx: Sql): Promise<void> {
  await tx
    .insertInto('kernel.outbox')
    .values({ name, payload: JSON.stringify(payload) })
    .execute()
}

/** What hears an event, by the name of its job: each is retried apart from the others. */
export const listenersOf = (handlers: Handlers): Record<string, (payload: never) => Promise<void>> =>
  Object.fromEntries(
    Object.entries(handlers).flatMap(([event, heard]) =>
      Object.entries(heard).map(([listener, hear]) => [`${event}:${listener}`, hear]),
    ),
  )

/**
 * Makes each listener of up to `limit` events a job, in the transaction that ends the events, and returns how many events
 * that were. Two deliveries at once share the events between them. Jobs run at once with others: a listener can rely on
 * no order, and hears an event at least once.
 */
export function deliverOutbox(infra: { sql: Sql; jobs: Jobs }, handlers: Handlers, limit = 100): Promise<number> {
  return infra.sql.transaction().execute(async (tx) => {
    const waiting = tx.selectFrom('kernel.outbox').select('id').where('done_at', 'is', null).orderBy('id')
    const events = await tx
      .updateTable('kernel.outbox')
      .set({ done_at: new Date() })
      .where('id', 'in', waiting.limit(limit).forUpdate().skipLocked())
      .returning(['id', 'name', 'payload'])
      .execute()
    const jobs = events
      .toSorted((a, b) => a.id - b.id)
      .flatMap(({ name, payload }) =>
        Object.keys(handlers[name as EventName] ?? {}).map((listener) => ({ name: `${name}:${listener}`, payload })),
      )
    await infra.jobs.enqueueAll(jobs, tx)
    return events.length
  })
}
