import type { About, WebhookEvent } from './driver.ts'
import { fromDecimal } from './pure/decimal.ts'

const TIMEOUT_MS = 10_000

type Asked = { apiUrl: string; webhookId: string; accessToken: string }

/** What PayPal is asked to verify, by the header that carries it. */
const HEADERS = {
  auth_algo: 'paypal-auth-algo',
  cert_url: 'paypal-cert-url',
  transmission_id: 'paypal-transmission-id',
  transmission_sig: 'paypal-transmission-sig',
  transmission_time: 'paypal-transmission-time',
} as const

/** The parts of PayPal's events that we read. */
type Event = {
  id: string
  event_type: string
  create_time: string
  resource: {
    id?: string
    custom_id?: string
    supplementary_data?: { related_ids?: { order_id?: string } }
    dispute_id?: string
    status?: string
    reason?: string
    create_time?: string
    dispute_amount?: { currency_code: string; value: string }
    disputed_transactions?: { seller_transaction_id?: string }[]
  }
}

/**
 * Asks PayPal whether it said these very bytes: they go back as they came, since it signs them and not what they mean.
 * Undefined when it did not. The server SDK has no call for it.
 */
export async function readPaypalEvent(
  raw: Uint8Array,
  headers: Headers,
  { apiUrl, webhookId, accessToken }: Asked,
): Promise<WebhookEvent | undefined> {
  const text = new TextDecoder().decode(raw)
  const event = parse(text)
  const signed = Object.entries(HEADERS).map(([name, header]) => [name, headers.get(header)] as const)
  if (!event || signed.some(([, value]) => value === null)) return undefined
  const fields = JSON.stringify({ ...Object.fromEntries(signed), webhook_id: webhookId })
  const response = await fetch(`${apiUrl}/v1/notifications/verify-webhook-signature`, {
    method: 'POST',
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
    body: `${fields.slice(0, -1)},"webhook_event":${text}}`,
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  if (response.status >= 400 && response.status < 500 && response.status !== 401 && response.status !== 429)
    return undefined
  if (!response.ok) throw new Error(`PayPal: signature not verified (status ${response.status})`)
  const { verification_status } = (await response.json()) as { verification_status?: string }
  if (verification_status !== 'SUCCESS') return undefined
  return { id: event.id, type: event.event_type, about: aboutOf(event) }
}

/** One JSON value and nothing after it: it is about to stand inside another. */
function parse(text: string): Event | undefined {
  try {
    const event = JSON.parse(text) as Partial<Event> | null
    return typeof event?.id === 'string' && typeof event.event_type === 'string' ? (event as Event) : undefined
  } catch {
    return undefined
  }
}

function aboutOf({ event_type, create_time, resource = {} }: Event): About {
  if (event_type.startsWith('CUSTOMER.DISPUTE.')) return disputeOf(resource, create_time)
  if (/^PAYMENT\.(CAPTURE\.(REFUNDED|REVERSED)|REFUND\.)/.test(event_type) && resource.id) {
    const refundId = resource.custom_id
    return { kind: 'refund', ref: resource.id, ...(refundId !== undefined && { refundId }) }
  }
  if (event_type.startsWith('CHECKOUT.ORDER.') && resource.id) return { kind: 'payment', ref: resource.id }
  const ref = resource.supplementary_data?.related_ids?.order_id
  return event_type.startsWith('PAYMENT.CAPTURE.') && ref ? { kind: 'payment', ref } : { kind: 'unknown' }
}

function disputeOf(resource: Event['resource'], saidAt: string): About {
  const { dispute_id, status = '', reason = '', dispute_amount, disputed_transactions, create_time } = resource
  const charge = disputed_transactions?.[0]?.seller_transaction_id
  const sum = dispute_amount && fromDecimal(dispute_amount.value, dispute_amount.currency_code)
  if (!dispute_id || !charge || !sum) return { kind: 'unknown' }
  const words = { status: status.toLowerCase(), reason: reason.toLowerCase() }
  return { kind: 'dispute', ref: dispute_id, charge, ...words, ...sum, openedAt: create_time ?? saidAt, saidAt }
}
