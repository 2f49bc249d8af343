import type { Sql } from '../../db/index.ts'

/** Every event any module may publish: past-tense name to payload. Adding one is a line here. */
export type Events = {
  'catalog.product_changed': { productId: string }
}

type EventName = keyof Events
export type Handlers = { [E in EventName]?: (payload: Events[E]) => Promise<void> }

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
        await handlers[name as EventName]?.(payload as Events[EventName])
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
