import { createHash } from 'node:crypto'
import type { Jobs, Sql } from '../../db/index.ts'
import type { Vault } from '../vault/index.ts'
import type { Outside, Posted } from './post-outside.ts'
import { RETRY_SECONDS, type WebhookEvent } from './pure/webhook.ts'
import { signatureHeaders } from './webhook-signature.ts'
import {
  type DeliveryRow,
  deleteOldDeliveries,
  type EndpointRow,
  findDelivery,
  findEndpoint,
  insertAttempt,
  insertDeliveries,
  listListening,
  lockEndpoint,
  updateDelivery,
  updateEndpoint,
} from './webhook-store.ts'

type Needs = { sql: Sql; jobs: Jobs; vault: Vault; outside: Outside; now: () => Date; newId: () => string }

export const DELIVER_JOB = 'notify.deliver_webhook'

/** An endpoint that has taken nothing for so long is not asked any more. */
const DISABLE_AFTER_MS = 5 * 24 * 60 * 60 * 1000
const KEEP_MS = 90 * 24 * 60 * 60 * 1000
const USER_AGENT = 'EshoTry-Webhooks/1'

const isTaken = ({ status }: Posted) => status !== null && status >= 200 && status < 300
const later = (from: Date, seconds: number) => new Date(from.getTime() + seconds * 1000)

/** The same for the same fact, so an event that is heard twice is one message. Every event says what makes it its own. */
const messageIdOf = (event: string, payload: object) =>
  `msg_${createHash('sha256')
    .update(`${event} ${JSON.stringify(payload)}`)
    .digest('base64url')
    .slice(0, 32)}`

/** Why an endpoint is asked no more, if so; `gone` is what 410 means. */
function reasonToDisable({ failing_since: since }: EndpointRow, posted: Posted, time: Date): string | null {
  if (posted.status === 410) return 'It answered 410 Gone'
  if (since && time.getTime() - since.getTime() >= DISABLE_AFTER_MS) return 'It has taken nothing for five days'
  return null
}

/** One message to one endpoint, and what became of it. */
function createSender({ sql, jobs, vault, outside, now, newId }: Needs) {
  async function secretsOf(endpoint: EndpointRow, time: Date): Promise<string[]> {
    const { id: subjectId, secret, old_secret: old, old_secret_until: until } = endpoint
    const sealed = old !== null && until !== null && until > time ? [secret, old] : [secret]
    const opened = await vault.openAll(sealed.map((text) => ({ subjectId, sealed: text })))
    return opened.filter((text) => text !== undefined)
  }

  async function post(endpoint: EndpointRow, delivery: DeliveryRow, time: Date): Promise<Posted> {
    const { message_id: id, event, payload, created_at: created } = delivery
    const body = JSON.stringify({ type: event, timestamp: created.toISOString(), data: payload })
    const headers = signatureHeaders({ id, at: time, body }, await secretsOf(endpoint, time))
    const all = { ...headers, 'content-type': 'application/json', 'user-agent': USER_AGENT }
    return outside.post(endpoint.url, all, body)
  }

  /** Attempt, delivery, endpoint and the job of the next attempt commit together. */
  function writeDown(delivery: DeliveryRow, posted: Posted, { began, retry }: { began: Date; retry: boolean }) {
    return sql.transaction().execute(async (tx) => {
      const endpoint = await lockEndpoint(tx, delivery.endpoint_id)
      if (!endpoint) return
      const time = now()
      await insertAttempt(tx, {
        id: newId(),
        delivery_id: delivery.id,
        at: began,
        status: posted.status,
        error: posted.status === null ? posted.error : null,
        millis: time.getTime() - began.getTime(),
      })
      const attempts = delivery.attempts + 1
      if (isTaken(posted)) {
        await updateDelivery(tx, delivery.id, { status: 'delivered', attempts, next_at: null })
        if (endpoint.failing_since) await updateEndpoint(tx, endpoint.id, { failing_since: null })
        return
      }
      const reason = reasonToDisable(endpoint, posted, time)
      const failing_since = endpoint.failing_since ?? began
      await updateEndpoint(tx, endpoint.id, {
        failing_since,
        ...(reason !== null && { enabled: false, disabled_reason: reason }),
      })
      const wait = RETRY_SECONDS[delivery.attempts]
      const nextAt = retry && reason === null && wait !== undefined ? later(time, wait) : null
      await updateDelivery(tx, delivery.id, { status: nextAt ? 'waiting' : 'failed', attempts, next_at: nextAt })
      if (nextAt) await jobs.enqueue(DELIVER_JOB, { deliveryId: delivery.id }, { tx, startAfter: nextAt })
    })
  }

  return { post, writeDown }
}

export function createDelivery(needs: Needs) {
  const { sql, jobs, now, newId } = needs
  const { post, writeDown } = createSender(needs)

  async function attempt(deliveryId: string, { retry }: { retry: boolean }): Promise<void> {
    const delivery = await findDelivery(sql, deliveryId)
    if (delivery?.status !== 'waiting') return
    const endpoint = await findEndpoint(sql, delivery.endpoint_id)
    if (!endpoint) return
    if (!endpoint.enabled && delivery.event !== 'webhook.ping')
      return updateDelivery(sql, delivery.id, { status: 'failed', next_at: null })
    const began = now()
    await writeDown(delivery, await post(endpoint, delivery, began), { began, retry })
  }

  return {
    /** For the map: one message for each endpoint that listens, with the job that sends it. */
    async announce(event: WebhookEvent, payload: object): Promise<void> {
      const endpoints = await listListening(sql, event)
      if (endpoints.length === 0) return
      const [message_id, created_at] = [messageIdOf(event, payload), now()]
      const deliveries = endpoints.map((endpoint_id) => ({
        id: newId(),
        endpoint_id,
        message_id,
        event,
        payload,
        created_at,
      }))
      await sql.transaction().execute(async (tx) => {
        const made = await insertDeliveries(tx, deliveries)
        await jobs.enqueueAll(
          made.map((deliveryId) => ({ name: DELIVER_JOB, payload: { deliveryId } })),
          tx,
        )
      })
    },

    /** The job: one attempt, and the job of the next when it fails. */
    deliver: ({ deliveryId }: { deliveryId: string }): Promise<void> => attempt(deliveryId, { retry: true }),

    /** At once, and only once. */
    attemptNow: (deliveryId: string): Promise<void> => attempt(deliveryId, { retry: false }),

    pruneDeliveries: (): Promise<void> => deleteOldDeliveries(sql, new Date(now().getTime() - KEEP_MS)),
  }
}

export type WebhookDelivery = ReturnType<typeof createDelivery>
