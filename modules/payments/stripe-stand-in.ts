import { type Handle, serveStandIn } from './stand-in.ts'

type Intent = {
  id: string
  object: 'payment_intent'
  amount: number
  amount_received: number
  currency: string
  status: string
  client_secret: string
  latest_charge: string | null
  last_payment_error: { code: string; decline_code?: string; type: 'card_error' } | null
  metadata: Record<string, string>
}
type Refund = {
  id: string
  object: 'refund'
  amount: number
  currency: string
  payment_intent: string
  status: string
  failure_reason?: string
  metadata: Record<string, string>
}
type Form = Record<string, string>

/** The words of the documented error bodies. */
const refused = (code: string, message: string, status = 400) => ({
  status,
  body: { error: { type: 'invalid_request_error', code, message } },
})
const missing = (id: string) => refused('resource_missing', `No such thing: ${id}`, 404)
const ok = (body: unknown) => ({ status: 200, body })

const metadataOf = (form: Form): Record<string, string> =>
  Object.fromEntries(
    Object.entries(form).flatMap(([name, value]) => {
      const key = /^metadata\[(\w+)\]$/.exec(name)?.[1]
      return key ? [[key, value]] : []
    }),
  )

type Answer = ReturnType<typeof ok>

/** What Stripe would hold of us: its refusals, its limits and its idempotency. */
class Books {
  readonly intents = new Map<string, Intent>()
  readonly refunds = new Map<string, Refund>()
  readonly replays = new Map<string, { request: string; answer: Answer }>()
  refundStatus = 'succeeded'
  #count = 0

  newId(prefix: string): string {
    return `${prefix}_${String((this.#count += 1)).padStart(6, '0')}`
  }

  createIntent(form: Form): Answer {
    const [amount, currency] = [Number(form['amount']), form['currency'] ?? '']
    if (!Number.isInteger(amount) || amount < 1) return refused('parameter_invalid_integer', 'Invalid integer: amount')
    if (!/^[a-z]{3}$/.test(currency)) return refused('parameter_missing', 'Missing or invalid: currency')
    const id = this.newId('pi')
    const intent: Intent = {
      id,
      object: 'payment_intent',
      amount,
      amount_received: 0,
      currency,
      status: 'requires_payment_method',
      client_secret: `${id}_secret_x`,
      latest_charge: null,
      last_payment_error: null,
      metadata: metadataOf(form),
    }
    this.intents.set(id, intent)
    return ok(intent)
  }

  findIntent(id: string): Answer {
    const intent = this.intents.get(id)
    return intent ? ok(intent) : missing(id)
  }

  cancelIntent(id: string): Answer {
    const intent = this.intents.get(id)
    if (!intent) return missing(id)
    if (intent.status === 'succeeded' || intent.status === 'canceled')
      return refused('payment_intent_unexpected_state', `It is ${intent.status}`)
    intent.status = 'canceled'
    return ok(intent)
  }

  createRefund(form: Form): Answer {
    const intent = this.intents.get(form['payment_intent'] ?? '')
    if (!intent) return missing(form['payment_intent'] ?? '')
    const amount = Number(form['amount'])
    const back = this.refundsOf(intent.id).filter(({ status }) => status !== 'failed')
    const left = back.reduce((rest, refund) => rest - refund.amount, intent.amount_received)
    if (left <= 0) return refused('charge_already_refunded', 'It has been refunded')
    if (!(amount > 0 && amount <= left)) return refused('amount_too_large', 'Greater than the unrefunded amount')
    const refund: Refund = {
      id: this.newId('re'),
      object: 'refund',
      amount,
      currency: intent.currency,
      payment_intent: intent.id,
      status: this.refundStatus,
      metadata: metadataOf(form),
    }
    this.refunds.set(refund.id, refund)
    return ok(refund)
  }

  refundsOf = (intent: string | null) => [...this.refunds.values()].filter((refund) => refund.payment_intent === intent)

  findRefund(id: string): Answer {
    const refund = this.refunds.get(id)
    return refund ? ok(refund) : missing(id)
  }
}

type Route = [request: RegExp, answer: (asked: { books: Books; id: string; form: Form; url: URL }) => Answer]
const ROUTES: Route[] = [
  [/^POST payment_intents$/, ({ books, form }) => books.createIntent(form)],
  [/^GET payment_intents\/(\w+)$/, ({ books, id }) => books.findIntent(id)],
  [/^POST payment_intents\/(\w+)\/cancel$/, ({ books, id }) => books.cancelIntent(id)],
  [/^POST refunds$/, ({ books, form }) => books.createRefund(form)],
  [
    /^GET refunds$/,
    ({ books, url }) => {
      const data = books.refundsOf(url.searchParams.get('payment_intent'))
      return ok({ object: 'list', url: '/v1/refunds', has_more: false, data })
    },
  ],
  [/^GET refunds\/(\w+)$/, ({ books, id }) => books.findRefund(id)],
]

/** As Stripe does: the key first, then what was asked under the same idempotency key, then the work. */
function answer(books: Books, secretKey: string, request: Request, body: string): Answer & { headers?: Form } {
  const url = new URL(request.url)
  if (request.headers.get('authorization') !== `Bearer ${secretKey}`)
    return refused('api_key_invalid', 'Invalid API Key provided', 401)
  const key = request.headers.get('idempotency-key')
  const known = key === null ? undefined : books.replays.get(key)
  const asked = `${request.method} ${url.pathname} ${body}`
  if (known && known.request !== asked) return refused('idempotency_error', 'Other parameters under this key')
  if (known) return { ...known.answer, headers: { 'idempotent-replayed': 'true' } }
  const line = `${request.method} ${url.pathname.replace('/v1/', '')}`
  const form = Object.fromEntries(new URLSearchParams(body))
  const [pattern, work] = ROUTES.find(([one]) => one.test(line)) ?? []
  const done = work
    ? work({ books, id: pattern?.exec(line)?.[1] ?? '', form, url })
    : refused('url_invalid', `Unrecognized request URL (${line})`, 404)
  // What a thing was when it was answered, not what becomes of it.
  if (key !== null) books.replays.set(key, { request: asked, answer: structuredClone(done) })
  return done
}

/**
 * The few endpoints of Stripe that the shop asks, with their state, for tests. The official mock keeps no state, so it
 * cannot tell a payment that was made from one that was not.
 */
export function startStripeStandIn({ secretKey }: { secretKey: string }) {
  const books = new Books()
  const handle: Handle = (request, body) => answer(books, secretKey, request, body)
  const intentOf = (id: string): Intent => {
    const intent = books.intents.get(id)
    if (!intent) throw new Error(`No payment intent ${id}`)
    return intent
  }

  return {
    ...serveStandIn(handle),
    intents: books.intents,
    refunds: books.refunds,
    /** As if a day had passed: no idempotency key is remembered. */
    forgetKeys: () => books.replays.clear(),
    /** What the shopper does in the payment element; `amount` when another one was taken than we asked for. */
    pay(id: string, amount?: number): void {
      const intent = intentOf(id)
      if (intent.status === 'canceled') throw new Error(`${id} is canceled`)
      const latest_charge = books.newId('ch')
      const amount_received = amount ?? intent.amount
      Object.assign(intent, { status: 'succeeded', amount_received, latest_charge, last_payment_error: null })
    },
    decline(id: string, decline_code: string): void {
      const last_payment_error = { type: 'card_error', code: 'card_declined', decline_code } as const
      Object.assign(intentOf(id), { status: 'requires_payment_method', last_payment_error })
    },
    /** The status of refunds from now on, and of those that were made. */
    setRefunds(status: string, failure_reason?: string): void {
      books.refundStatus = status
      for (const refund of books.refunds.values())
        Object.assign(refund, { status, ...(failure_reason && { failure_reason }) })
    },
    /** The text of a webhook, as Stripe would send it; `created` in seconds. */
    event(type: string, object: object, created = Math.floor(Date.now() / 1000)): string {
      return JSON.stringify({ id: books.newId('evt'), object: 'event', type, created, data: { object } }, null, 2)
    },
  }
}
