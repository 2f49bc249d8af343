import { createHash } from 'node:crypto'
import { type Handle, serveStandIn } from './stand-in.ts'

type Money = { currency_code: string; value: string }
type Capture = {
  id: string
  status: string
  amount: Money
  custom_id: string | undefined
  status_details?: { reason: string }
}
type Order = {
  id: string
  intent: 'CAPTURE'
  status: string
  create_time: string
  update_time: string
  links: { href: string; rel: string; method: string }[]
  purchase_units: {
    reference_id: string
    amount: Money
    custom_id?: string
    invoice_id?: string
    payments?: { captures: Capture[] }
  }[]
}
type Refund = {
  id: string
  status: string
  amount: Money
  custom_id?: string
  capture: string
  status_details?: { reason: string }
}
type Answer = { status: number; body: unknown }
type Body = Record<string, unknown>

const ok = (body: unknown, status = 200): Answer => ({ status, body })
const NAMES: Record<number, string> = { 400: 'INVALID_REQUEST', 404: 'RESOURCE_NOT_FOUND', 422: 'UNPROCESSABLE_ENTITY' }
/** The error body of all of PayPal's APIs. */
const refused = (status: number, issue: string, field?: string): Answer => {
  const details = [{ issue, description: issue, ...(field && { field, location: 'body' }) }]
  return { status, body: { name: NAMES[status], message: issue, debug_id: 'f00dfeed0001', details } }
}
const missing = () => refused(404, 'INVALID_RESOURCE_ID')

const DECIMALS: Record<string, number> = { JPY: 0, HUF: 0, TWD: 0 }

/** What the schema `money` says, and what its amounts may be. */
function faultOf(money: unknown, field: string): Answer | undefined {
  const { currency_code, value } = (money ?? {}) as Partial<Money>
  if (typeof currency_code !== 'string') return refused(400, 'MISSING_REQUIRED_PARAMETER', `${field}/currency_code`)
  if (typeof value !== 'string') return refused(400, 'MISSING_REQUIRED_PARAMETER', `${field}/value`)
  if (!/^[A-Z]{3}$/.test(currency_code)) return refused(422, 'INVALID_CURRENCY_CODE', field)
  if (!/^((-?[0-9]+)|(-?([0-9]+)?[.][0-9]+))$/.test(value) || value.length > 32)
    return refused(400, 'INVALID_PARAMETER_SYNTAX', `${field}/value`)
  if (Number(value) <= 0) return refused(422, 'CANNOT_BE_ZERO_OR_NEGATIVE', field)
  const decimals = DECIMALS[currency_code] ?? 2
  if ((value.split('.')[1] ?? '').length > decimals)
    return refused(422, decimals === 0 ? 'DECIMALS_NOT_SUPPORTED' : 'DECIMAL_PRECISION', field)
  return undefined
}

function faultOfReturn(paymentSource: unknown): Answer | undefined {
  const { paypal } = (paymentSource ?? {}) as { paypal?: { experience_context?: Body } }
  const context = paypal?.experience_context ?? {}
  if (context['return_url'] === undefined) return refused(422, 'RETURN_URL_REQUIRED')
  return context['cancel_url'] === undefined ? refused(422, 'CANCEL_URL_REQUIRED') : undefined
}

/** What PayPal would hold of us, with its refusals; after its OpenAPI of Orders v2 and Payments v2. */
class Books {
  readonly orders = new Map<string, Order>()
  readonly refunds = new Map<string, Refund>()
  readonly replays = new Map<string, Answer>()
  url = ''
  declines: string | undefined
  captureStatus = 'COMPLETED'
  refundStatus = 'COMPLETED'
  #count = 0

  newId(): string {
    return `${String((this.#count += 1)).padStart(4, '0')}5O190127TN364715T`.slice(0, 17)
  }

  createOrder({ intent, purchase_units, payment_source }: Body): Answer {
    if (intent !== 'CAPTURE') return refused(400, 'INVALID_PARAMETER_VALUE', '/intent')
    const [unit, ...more] = Array.isArray(purchase_units) ? (purchase_units as Order['purchase_units']) : []
    if (!unit || more.length > 0) return refused(400, 'MISSING_REQUIRED_PARAMETER', '/purchase_units')
    const fault = faultOf(unit.amount, '/purchase_units/@reference_id==default/amount')
    if (fault) return fault
    const { custom_id = '', invoice_id = '' } = unit
    if (custom_id.length > 255 || invoice_id.length > 127) return refused(400, 'INVALID_STRING_LENGTH')
    const astray = faultOfReturn(payment_source)
    if (astray) return astray
    const id = this.newId()
    const now = new Date().toISOString()
    const links = [{ href: `${this.url}/checkoutnow?token=${id}`, rel: 'payer-action', method: 'GET' }]
    const times = { create_time: now, update_time: now }
    const status = 'PAYER_ACTION_REQUIRED'
    const order: Order = { id, intent, status, ...times, links, purchase_units: [{ ...unit, reference_id: 'default' }] }
    this.orders.set(id, order)
    return ok(order)
  }

  capture(id: string): Answer {
    const order = this.orders.get(id)
    const unit = order?.purchase_units[0]
    if (!order || !unit) return missing()
    if (order.status === 'COMPLETED') return refused(422, 'ORDER_ALREADY_CAPTURED')
    if (order.status !== 'APPROVED') return refused(422, 'ORDER_NOT_APPROVED')
    if (this.declines) return refused(422, this.declines)
    const paid = [...this.orders.values()].filter((one) => one.status === 'COMPLETED')
    if (paid.some((one) => one.purchase_units[0]?.invoice_id === unit.invoice_id))
      return refused(422, 'DUPLICATE_INVOICE_ID')
    order.status = 'COMPLETED'
    order.links = []
    const captured = { id: this.newId(), status: this.captureStatus, amount: unit.amount, custom_id: unit.custom_id }
    unit.payments = { captures: [captured] }
    return ok(order, 201)
  }

  findCapture = (id: string): Capture | undefined =>
    [...this.orders.values()]
      .flatMap((order) => order.purchase_units[0]?.payments?.captures ?? [])
      .find((one) => one.id === id)

  refund(captureId: string, { amount, custom_id }: Body): Answer {
    const capture = this.findCapture(captureId)
    if (!capture) return missing()
    const fault = amount === undefined ? undefined : faultOf(amount, '/amount')
    if (fault) return fault
    const sum = (amount ?? capture.amount) as Money
    if (sum.currency_code !== capture.amount.currency_code) return refused(422, 'REFUND_CAPTURE_CURRENCY_MISMATCH')
    if (capture.status === 'PENDING') return refused(422, 'PENDING_CAPTURE')
    const back = [...this.refunds.values()].filter((one) => one.capture === captureId && one.status !== 'FAILED')
    const cents = (money: Money) => Math.round(Number(money.value) * 100)
    const left = back.reduce((rest, one) => rest - cents(one.amount), cents(capture.amount))
    if (left <= 0) return refused(422, 'CAPTURE_FULLY_REFUNDED')
    if (cents(sum) > left) return refused(422, 'REFUND_AMOUNT_EXCEEDED')
    const id = this.newId()
    const refund: Refund = {
      id,
      status: this.refundStatus,
      amount: sum,
      custom_id: String(custom_id),
      capture: captureId,
    }
    this.refunds.set(id, refund)
    return ok(refund, 201)
  }
}

/** Signs as a stand-in can: over the bytes, the transmission and the webhook's id. */
const signatureOf = (text: string, id: string, webhookId: string) =>
  `s${createHash('sha256').update(`${id}|${webhookId}|${text}`).digest('base64url')}`

const REQUIRED = [
  'auth_algo',
  'cert_url',
  'transmission_id',
  'transmission_sig',
  'transmission_time',
  'webhook_id',
] as const

function verify(body: string): Answer {
  const sent = JSON.parse(body) as Record<(typeof REQUIRED)[number], string>
  const absent = REQUIRED.find((name) => typeof sent[name] !== 'string')
  if (absent) return refused(400, 'MISSING_REQUIRED_PARAMETER', `/${absent}`)
  // The event stands last, as the very text that was delivered.
  const text = body.slice(body.indexOf('"webhook_event":') + '"webhook_event":'.length, -1)
  const right = sent.transmission_sig === signatureOf(text, sent.transmission_id, sent.webhook_id)
  return ok({ verification_status: right ? 'SUCCESS' : 'FAILURE' })
}

type Route = [request: RegExp, work: (books: Books, id: string, body: Body, text: string) => Answer]
const ROUTES: Route[] = [
  [/^POST \/v2\/checkout\/orders$/, (books, _, body) => books.createOrder(body)],
  [/^GET \/v2\/checkout\/orders\/(\w+)$/, (books, id) => (books.orders.has(id) ? ok(books.orders.get(id)) : missing())],
  [/^POST \/v2\/checkout\/orders\/(\w+)\/capture$/, (books, id) => books.capture(id)],
  [/^POST \/v2\/payments\/captures\/(\w+)\/refund$/, (books, id, body) => books.refund(id, body)],
  [
    /^GET \/v2\/payments\/refunds\/(\w+)$/,
    (books, id) => (books.refunds.has(id) ? ok(books.refunds.get(id)) : missing()),
  ],
  [/^POST \/v1\/notifications\/verify-webhook-signature$/, (_books, _id, _body, text) => verify(text)],
]

type Keys = { clientId: string; clientSecret: string; webhookId: string }

function tokenFor({ clientId, clientSecret }: Keys, authorization: string | null, text: string): Answer {
  const right = authorization === `Basic ${btoa(`${clientId}:${clientSecret}`)}` && text.includes('client_credentials')
  if (!right)
    return { status: 401, body: { error: 'invalid_client', error_description: 'Client Authentication failed' } }
  return ok({
    scope: 'all',
    access_token: 'A21AA',
    token_type: 'Bearer',
    app_id: 'APP-1',
    expires_in: 31_668,
    nonce: '1',
  })
}

/** The token first, then what was asked under the same request id, then the work. */
function answer(books: Books, keys: Keys, request: Request, text: string): Answer {
  const { pathname } = new URL(request.url)
  const authorization = request.headers.get('authorization')
  if (pathname === '/v1/oauth2/token') return tokenFor(keys, authorization, text)
  if (authorization !== 'Bearer A21AA')
    return { status: 401, body: { name: 'AUTHENTICATION_FAILURE', message: 'Authentication failed', debug_id: '1' } }
  const line = `${request.method} ${pathname}`
  const key = `${line} ${request.headers.get('paypal-request-id') ?? crypto.randomUUID()}`
  const known = books.replays.get(key)
  if (known) return known
  const [pattern, work] = ROUTES.find(([one]) => one.test(line)) ?? []
  if (!work) return missing()
  const done = work(books, pattern?.exec(line)?.[1] ?? '', text ? (JSON.parse(text) as Body) : {}, text)
  if (done.status < 300) books.replays.set(key, structuredClone(done))
  return done
}

/** PayPal for tests: the calls that the shop makes, with their state, refusing what the published OpenAPI says they refuse. */
export function startPaypalStandIn(keys: Keys) {
  const books = new Books()
  const handle: Handle = (request, text) => answer(books, keys, request, text)
  const server = serveStandIn(handle)
  books.url = server.url
  const orderOf = (id: string): Order => {
    const order = books.orders.get(id)
    if (!order) throw new Error(`No order ${id}`)
    return order
  }

  return {
    ...server,
    books,
    /** What the shopper does on PayPal's page. */
    approve(id: string): void {
      Object.assign(orderOf(id), { status: 'APPROVED', update_time: `2026-01-01T00:00:00.${books.orders.size}Z` })
    },
    order: orderOf,
    /** As after some hours in which nobody approved it. */
    expire: (id: string) => books.orders.delete(id),
    /** A webhook as PayPal would send it now: its text and its headers. */
    event(event_type: string, resource: object, create_time = new Date().toISOString()) {
      const id = `WH-${books.newId()}`
      const text = JSON.stringify({ id, event_version: '1.0', create_time, event_type, resource }, null, 1)
      const transmission = crypto.randomUUID()
      const headers = new Headers({
        'paypal-auth-algo': 'SHA256withRSA',
        'paypal-cert-url': `${server.url}/certs/CERT-1`,
        'paypal-transmission-id': transmission,
        'paypal-transmission-sig': signatureOf(text, transmission, keys.webhookId),
        'paypal-transmission-time': create_time,
      })
      return { text, headers }
    },
  }
}
