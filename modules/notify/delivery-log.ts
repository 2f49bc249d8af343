import type { Jobs, Sql } from '../../db/index.ts'
import { AppError } from '../kernel/errors.ts'
import { DELIVER_JOB, type WebhookDelivery } from './deliver-webhook.ts'
import type { Delivery, DeliveryQuery, WholeDelivery } from './schema.ts'
import {
  type DeliveryRow,
  findDelivery,
  findEndpoint,
  insertDeliveries,
  listAttempts,
  listDeliveries,
  updateDelivery,
} from './webhook-store.ts'

type Needs = { sql: Sql; jobs: Jobs; delivery: WebhookDelivery; now: () => Date; newId: () => string }

const deliveryOf = (row: DeliveryRow): Delivery => ({
  id: row.id,
  messageId: row.message_id,
  event: row.event,
  payload: row.payload as Record<string, unknown>,
  status: row.status,
  attempts: row.attempts,
  nextAt: row.next_at?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
})

/** One row more than the page was asked for tells that there is another. */
export const pageOf = <R extends { id: string }, T>(rows: R[], limit: number, toItem: (row: R) => T) => {
  const page = rows.slice(0, limit)
  return { items: page.map(toItem), nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
}

/** What was sent to an endpoint, and sending it again. */
export function createLog({ sql, jobs, delivery, now, newId }: Needs) {
  async function mustExist(endpointId: string): Promise<void> {
    if (!(await findEndpoint(sql, endpointId))) throw new AppError('not_found', `No webhook ${endpointId}`)
  }

  async function getDeliveryRow(endpointId: string, id: string): Promise<DeliveryRow> {
    const row = await findDelivery(sql, id)
    if (row?.endpoint_id !== endpointId) throw new AppError('not_found', `No delivery ${id}`)
    return row
  }

  async function getDelivery(endpointId: string, id: string): Promise<WholeDelivery> {
    const row = await getDeliveryRow(endpointId, id)
    const log = (await listAttempts(sql, id)).map(({ at, status, error, millis }) => ({
      at: at.toISOString(),
      status,
      error,
      millis,
    }))
    return { ...deliveryOf(row), log }
  }

  return {
    getDelivery,

    async listDeliveries(endpointId: string, { status, cursor, limit }: DeliveryQuery) {
      await mustExist(endpointId)
      const rows = await listDeliveries(sql, { endpointId, status, before: cursor, limit: limit + 1 })
      return pageOf(rows, limit, deliveryOf)
    },

    /** Sends one message to it at once, even when it is disabled, and tells what came back. */
    async ping(endpointId: string): Promise<WholeDelivery> {
      await mustExist(endpointId)
      const id = newId()
      const payload = { endpointId }
      const message = { message_id: `msg_${id}`, event: 'webhook.ping', payload, created_at: now() }
      await insertDeliveries(sql, [{ ...message, id, endpoint_id: endpointId }])
      await delivery.attemptNow(id)
      return getDelivery(endpointId, id)
    },

    /** The same message again, with all its attempts anew. Both commit together. */
    async redeliver(endpointId: string, id: string): Promise<Delivery> {
      await getDeliveryRow(endpointId, id)
      await sql.transaction().execute(async (tx) => {
        await updateDelivery(tx, id, { status: 'waiting', attempts: 0, next_at: now() })
        await jobs.enqueue(DELIVER_JOB, { deliveryId: id }, { tx })
      })
      return deliveryOf(await getDeliveryRow(endpointId, id))
    },
  }
}
