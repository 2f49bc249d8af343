import { Stripe } from 'stripe'
import type { StripeKeys } from '../../db/index.ts'
import type { About, PaymentDriver, RefundState, WebhookEvent } from './driver.ts'
import type { ProviderState } from './pure/judge.ts'

const TIMEOUT_MS = 15_000

type Answered = { lastResponse?: { statusCode: number } }

/**
 * `refused` answers when Stripe refuses for good: to try the same again would not help. Any other error goes on without
 * what it carries, which is the whole request and answer.
 */
async function asked<T extends Answered, R = T>(
  call: Promise<T>,
  refused?: (code: string) => R | Promise<R>,
): Promise<T | R> {
  const answer = await call.catch((error: unknown) => {
    if (!(error instanceof Stripe.errors.StripeError)) throw error
    const { statusCode = 0, requestId = 'none', type } = error
    const code = error.code ?? type
    if (refused && [400, 402, 404].includes(statusCode)) return refused(code)
    throw new Error(`Stripe: ${code} (status ${statusCode}, request ${requestId})`)
  })
  // The client takes whatever is JSON for an answer, if there is no `error` in it, even of a gateway that broke.
  const status = (answer as Answered).lastResponse?.statusCode ?? 200
  if (status >= 300) throw new Error(`Stripe: no answer (status ${status})`)
  return answer
}

/** Cards and wallets through Stripe's PaymentIntents. The card is typed into Stripe's own frame and never comes here. */
export function createStripe({ secretKey, publishableKey, webhookSecret, apiUrl }: StripeKeys): PaymentDriver {
  const stripe = new Stripe(secretKey, {
    ...(apiUrl !== undefined && addressOf(apiUrl)),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: 1,
    telemetry: false,
  })

  const find = (ref: string) => asked(stripe.paymentIntents.retrieve(ref))

  return {
    async start({ paymentId, orderId, due, ref }) {
      const request = {
        amount: due.amount,
        currency: due.currency.toLowerCase(),
        automatic_payment_methods: { enabled: true },
        metadata: { payment_id: paymentId, order_id: orderId },
      }
      const intent = ref
        ? await find(ref)
        : await asked(stripe.paymentIntents.create(request, { idempotencyKey: `payment:${paymentId}` }))
      if (!intent.client_secret) throw new Error('Stripe: a payment without a client secret')
      return { ref: intent.id, action: { kind: 'stripe', clientSecret: intent.client_secret, publishableKey } }
    },

    settle: async ({ ref }) => stateOf(await find(ref)),

    /** What cannot be cancelled any more is told as it is. */
    cancel: async ({ ref, paymentId }) =>
      stateOf(
        await asked(stripe.paymentIntents.cancel(ref, {}, { idempotencyKey: `cancel:${paymentId}` }), () => find(ref)),
      ),

    async refund({ refundId, ref, amount }) {
      // Stripe forgets an idempotency key after a day; a refund that was asked for before that is found by our id.
      const known = await asked(stripe.refunds.list({ payment_intent: ref, limit: 100 }))
      const mine = known.data.find(({ metadata }) => metadata?.['refund_id'] === refundId)
      if (mine) return refundStateOf(mine)
      const request = { payment_intent: ref, amount: amount.amount, metadata: { refund_id: refundId } }
      const made = await asked(
        stripe.refunds.create(request, { idempotencyKey: `refund:${refundId}` }),
        (reason): RefundState => ({ status: 'failed', ref: undefined, reason }),
      )
      return 'object' in made ? refundStateOf(made) : made
    },

    findRefund: async (refundRef) => refundStateOf(await asked(stripe.refunds.retrieve(refundRef))),

    async readWebhook(raw, headers) {
      try {
        const signature = headers.get('stripe-signature') ?? ''
        return toWebhookEvent(await stripe.webhooks.constructEventAsync(Buffer.from(raw), signature, webhookSecret))
      } catch (error) {
        if (error instanceof Stripe.errors.StripeSignatureVerificationError) return undefined
        throw error
      }
    },
  }
}

function addressOf(apiUrl: string) {
  const { hostname, port, protocol } = new URL(apiUrl)
  return {
    host: hostname,
    protocol: protocol === 'http:' ? ('http' as const) : ('https' as const),
    ...(port && { port }),
  }
}

const idOf = (thing: string | { id: string } | null): string | undefined =>
  typeof thing === 'string' ? thing : thing?.id

function stateOf(intent: Stripe.PaymentIntent): ProviderState {
  const { status, amount_received, currency, latest_charge, last_payment_error } = intent
  switch (status) {
    case 'succeeded':
      return {
        status: 'succeeded',
        paid: { amount: amount_received, currency: currency.toUpperCase() },
        charge: idOf(latest_charge) ?? intent.id,
      }
    case 'processing':
      return { status: 'processing' }
    case 'canceled':
      return { status: 'cancelled', reason: 'cancelled' }
    case 'requires_payment_method':
      if (!last_payment_error) return { status: 'waiting' }
      return { status: 'failed', reason: last_payment_error.decline_code ?? last_payment_error.code ?? 'declined' }
    default:
      return { status: 'waiting' }
  }
}

function refundStateOf({ id, status, failure_reason }: Stripe.Refund): RefundState {
  if (status === 'succeeded') return { status, ref: id }
  if (status === 'failed' || status === 'canceled')
    return { status: 'failed', ref: id, reason: failure_reason ?? status }
  return { status: 'pending', ref: id }
}

const toWebhookEvent = (event: Stripe.Event): WebhookEvent => ({
  id: event.id,
  type: event.type,
  about: aboutOf(event),
})

function aboutOf({ created: saidOn, data: { object } }: Stripe.Event): About {
  if (object.object === 'payment_intent') return { kind: 'payment', ref: object.id }
  if (object.object === 'refund') {
    const refundId = object.metadata?.['refund_id']
    return { kind: 'refund', ref: object.id, ...(refundId !== undefined && { refundId }) }
  }
  if (object.object !== 'dispute') return { kind: 'unknown' }
  const { id, charge, status, reason, amount, currency, created } = object
  const sum = { amount, currency: currency.toUpperCase() }
  const times = { openedAt: isoOf(created), saidAt: isoOf(saidOn) }
  return { kind: 'dispute', ref: id, charge: idOf(charge) ?? '', status, reason, ...sum, ...times }
}

const isoOf = (seconds: number) => new Date(seconds * 1000).toISOString()
