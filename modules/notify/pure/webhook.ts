/** Events that others may hear. Their payloads name things by id and sum, never people: who may know more asks the API. */
export const WEBHOOK_EVENTS = [
  'orders.placed',
  'orders.paid',
  'orders.packed',
  'orders.shipped',
  'orders.delivered',
  'orders.cancelled',
  'orders.return_requested',
  'orders.returned',
  'orders.refunded',
  'payments.disputed',
] as const

export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number]

/** Seconds to wait after the first, second, ... failed attempt: the schedule that Standard Webhooks recommends. */
export const RETRY_SECONDS = [5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400] as const
