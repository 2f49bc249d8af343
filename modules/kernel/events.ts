import type { Sql } from '../../db/index.ts'

/** Every event any module may publish: past-tense name to payload. Adding one is a line here. */
export type Events = {
  'catalog.product_changed': { productId: string }
  'identity.verification_requested': { userId: string; requestId: string }
  'identity.reset_requested': { userId: string; requestId: string }
  'identity.user_erased': { userId: string }
  'orders.placed': { orderId: string }
  'orders.paid': { orderId: string }
  'orders.packed': { orderId: string }
  'orders.shipped': { orderId: string }
  'orders.delivered': { orderId: string }
  'orders.cancelled': { orderId: string }
  'orders.return_requested': { orderId: string; returnId: string }
  'orders.returned': { orderId: string; returnId: string }
  'orders.refunded': { orderId: string; refundId: string; amount: number; currency: string }
  'payments.succeeded': { paymentId: string; orderId: string; amount: number; currency: string }
  'payments.failed': { paymentId: string; orderId: string; reason: string }
  'payments.refunded': { refundId: string; orderId: string; amount: number; currency: string }
  'payments.refund_failed': { refundId: string; orderId: string; reason: string }
  'payments.disputed': { paymentId: string; orderId: string; reason: string }
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

/**
 * Delivers up to `limit` events in order, each at least once, and returns how many. Rows are locked while handled, so
 * two workers never handle one event together; a handler that throws leaves its event and the later ones for the next call.
 */
export function deliverOutbox(sql: Sql, handlers: Handlers, limit = 100): Promise<number> {
  return sql.transaction().execute(async (tx) => {
    const events = await tx
      .selectFrom('kernel.outbox')
      .select(['id', 'name', 'payload'])
      .where('done_at', 'is', null)
      .orderBy('id')
      .limit(limit)
      .forUpdate()
      .skipLocked()
      .execute()
    let done = 0
    for (const { id, name, payload } of events) {
      try {
        for (const hear of Object.values(handlers[name as EventName] ?? {})) await hear(payload as never)
      } catch (error) {
        console.error(`event ${name} ${id} will be tried again:`, error)
        break
      }
      await tx.updateTable('kernel.outbox').set({ done_at: new Date() }).where('id', '=', id).execute()
      done += 1
    }
    return done
  })
}
