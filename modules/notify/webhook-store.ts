import type { Insertable, Selectable } from 'kysely'
import type { Sql } from '../../db/index.ts'
import type { Tables } from '../../db/tables.ts'

export type EndpointRow = Selectable<Tables['notify.endpoint']>
export type DeliveryRow = Selectable<Tables['notify.delivery']>
export type AttemptRow = Selectable<Tables['notify.attempt']>
type Page = { before: string | undefined; limit: number }

export async function insertEndpoint(tx: Sql, row: Insertable<Tables['notify.endpoint']>): Promise<void> {
  await tx.insertInto('notify.endpoint').values(row).execute()
}

export function listEndpoints(sql: Sql, { before, limit }: Page): Promise<EndpointRow[]> {
  let query = sql.selectFrom('notify.endpoint').selectAll()
  if (before) query = query.where('id', '<', before)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

/** Those that want to hear of this event, in order of id. */
export async function listListening(sql: Sql, event: string): Promise<string[]> {
  const rows = await sql
    .selectFrom('notify.endpoint')
    .select('id')
    .where('enabled', '=', true)
    .where((eb) => eb(eb.val(event), '=', eb.fn.any('events')))
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

export function findEndpoint(sql: Sql, id: string): Promise<EndpointRow | undefined> {
  return sql.selectFrom('notify.endpoint').selectAll().where('id', '=', id).executeTakeFirst()
}

export function lockEndpoint(tx: Sql, id: string): Promise<EndpointRow | undefined> {
  return tx.selectFrom('notify.endpoint').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export async function updateEndpoint(tx: Sql, id: string, change: Partial<Omit<EndpointRow, 'id'>>): Promise<void> {
  if (Object.keys(change).length > 0) await tx.updateTable('notify.endpoint').set(change).where('id', '=', id).execute()
}

export async function deleteEndpoint(tx: Sql, id: string): Promise<void> {
  await tx.deleteFrom('notify.endpoint').where('id', '=', id).execute()
}

export type NewDelivery = Pick<DeliveryRow, 'id' | 'endpoint_id' | 'message_id' | 'event' | 'created_at'> & {
  payload: object
}

/** The ids of those that are news: a message that an endpoint has already is left as it is. */
export async function insertDeliveries(tx: Sql, deliveries: NewDelivery[]): Promise<string[]> {
  if (deliveries.length === 0) return []
  const rows = await tx
    .insertInto('notify.delivery')
    .values(
      deliveries.map((delivery) => ({
        ...delivery,
        payload: JSON.stringify(delivery.payload),
        status: 'waiting' as const,
        next_at: delivery.created_at,
      })),
    )
    .onConflict((on) => on.columns(['endpoint_id', 'message_id']).doNothing())
    .returning('id')
    .execute()
  return rows.map(({ id }) => id)
}

export function findDelivery(sql: Sql, id: string): Promise<DeliveryRow | undefined> {
  return sql.selectFrom('notify.delivery').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function updateDelivery(
  tx: Sql,
  id: string,
  change: Partial<Pick<DeliveryRow, 'status' | 'attempts' | 'next_at'>>,
): Promise<void> {
  await tx.updateTable('notify.delivery').set(change).where('id', '=', id).execute()
}

/** The newest first. */
export function listDeliveries(
  sql: Sql,
  { endpointId, status, before, limit }: Page & { endpointId: string; status: DeliveryRow['status'] | undefined },
): Promise<DeliveryRow[]> {
  let query = sql.selectFrom('notify.delivery').selectAll().where('endpoint_id', '=', endpointId)
  if (status) query = query.where('status', '=', status)
  if (before) query = query.where('id', '<', before)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

export async function insertAttempt(tx: Sql, attempt: AttemptRow): Promise<void> {
  await tx.insertInto('notify.attempt').values(attempt).execute()
}

/** The latest first. */
export function listAttempts(sql: Sql, deliveryId: string): Promise<AttemptRow[]> {
  return sql
    .selectFrom('notify.attempt')
    .selectAll()
    .where('delivery_id', '=', deliveryId)
    .orderBy('id', 'desc')
    .limit(100)
    .execute()
}

export async function deleteOldDeliveries(sql: Sql, before: Date): Promise<void> {
  await sql.deleteFrom('notify.delivery').where('status', '!=', 'waiting').where('created_at', '<', before).execute()
}
