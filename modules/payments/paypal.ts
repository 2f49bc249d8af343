import {
  ApiError,
  CaptureStatus,
  CheckoutPaymentIntent,
  Client,
  Environment,
  type OAuthToken,
  type Order,
  type OrderRequest,
  OrdersController,
  OrderStatus,
  type OrdersCapture,
  PaymentsController,
  PaypalExperienceUserAction,
  PaypalWalletContextShippingPreference,
  type Refund,
  RefundStatus,
} from '@paypal/paypal-server-sdk'
import type { PaypalKeys } from '../../db/index.ts'
import type { Money } from '../kernel/pure/money.ts'
import type { Charge, PaymentDriver, RefundState } from './driver.ts'
import { readPaypalEvent } from './paypal-webhook.ts'
import { fromDecimal, toDecimal } from './pure/decimal.ts'
import type { ProviderState } from './pure/judge.ts'

const LIVE_URL = 'https://api-m.paypal.com'
const TIMEOUT_MS = 15_000

/** The client knows PayPal's own two addresses only. */
class ClientAt extends Client {
  static of(apiUrl: string, keys: PaypalKeys): ClientAt {
    const made = new ClientAt({
      environment: Environment.Production,
      timeout: TIMEOUT_MS,
      clientCredentialsAuthCredentials: { oAuthClientId: keys.clientId, oAuthClientSecret: keys.clientSecret },
    })
    made.#apiUrl = apiUrl
    return made
  }

  #apiUrl = LIVE_URL

  override getRequestBuilderFactory() {
    const build = super.getRequestBuilderFactory()
    return (...args: Parameters<typeof build>) => {
      const request = build(...args)
      request.interceptRequest((sent) => ({ ...sent, url: sent.url.replace(LIVE_URL, this.#apiUrl) }))
      return request
    }
  }
}

/** The words of PayPal's error bodies; the first issue says most. */
type Problem = { name?: string; debug_id?: string; details?: { issue?: string }[] }

/** Without what the error carries, which is the whole request with its token. */
function problemOf(error: unknown): { status: number; issue: string; message: string } {
  const status = error instanceof ApiError ? error.statusCode : 0
  const body = (error instanceof ApiError ? (error.result ?? {}) : {}) as Problem
  const issue = body.details?.[0]?.issue ?? body.name ?? 'NO_ANSWER'
  return { status, issue, message: `PayPal: ${issue} (status ${status}, debug id ${body.debug_id ?? 'none'})` }
}

/** `refused` answers when PayPal refuses for good: to try the same again would not help. */
const asked = <T, R = T>(call: Promise<{ result: T }>, refused?: (issue: string) => R): Promise<T | R> =>
  call.then(
    ({ result }) => result,
    (error: unknown) => {
      const { status, issue, message } = problemOf(error)
      if (refused && (status === 404 || status === 422)) return refused(issue)
      throw new Error(message)
    },
  )

const findOrder = (orders: OrdersController, id: string) =>
  asked<Order, undefined>(orders.getOrder({ id }), () => undefined)

function isFor({ purchaseUnits }: Order, due: Money): boolean {
  const sum = purchaseUnits?.[0]?.amount
  const offered = sum && fromDecimal(sum.value, sum.currencyCode)
  return offered?.amount === due.amount && offered.currency === due.currency
}

/** Nothing is taken of an order that is not for our amount. */
async function capture(orders: OrdersController, order: Order, { due }: Charge): Promise<ProviderState> {
  if (!isFor(order, due)) return { status: 'failed', reason: 'amount_mismatch' }
  const { id = '', updateTime } = order
  // The same for one approval; after a refusal the shopper approves anew, and that is another request.
  const request = { id, paypalRequestId: `capture:${id}:${updateTime ?? ''}`, prefer: 'return=representation' }
  const taken = await asked<Order, string>(orders.captureOrder(request), (issue) => issue)
  if (typeof taken !== 'string') return stateOf(taken)
  // Somebody else was quicker, such as the webhook: what came of it is what counts.
  const known = await findOrder(orders, id)
  if (known?.status === OrderStatus.Completed) return stateOf(known)
  if (taken === 'ORDER_COMPLETION_IN_PROGRESS' || taken === 'ORDER_ALREADY_CAPTURED') return { status: 'processing' }
  return { status: 'failed', reason: taken.toLowerCase() }
}

type Needs = PaypalKeys & {
  /** Where PayPal sends the shopper back to. */
  returnUrl(paymentId: string): string
}

/** PayPal's own button and account, by Orders v2: the shopper approves there, and we take the money when they are back. */
export function createPaypal({ returnUrl, ...keys }: Needs): PaymentDriver {
  const apiUrl = keys.apiUrl ?? LIVE_URL
  const client = ClientAt.of(apiUrl, keys)
  const [orders, payments] = [new OrdersController(client), new PaymentsController(client)]
  let token: OAuthToken | undefined

  async function begin({ paymentId, due, ref }: Charge): Promise<Order> {
    const known = ref === undefined ? undefined : await findOrder(orders, ref)
    if (known) return known
    const body = orderRequest(paymentId, toDecimal(due), due.currency, returnUrl(paymentId))
    // An order that nobody approved is gone after some hours; the next one must not be the old one's replay.
    const paypalRequestId = `payment:${paymentId}${ref === undefined ? '' : `:${ref}`}`
    return asked(orders.createOrder({ body, paypalRequestId, prefer: 'return=representation' }))
  }

  return {
    async start(charge) {
      const order = await begin(charge)
      const link = order.links?.find(({ rel }) => rel === 'payer-action' || rel === 'approve')
      if (!order.id) throw new Error('PayPal: an order without an id')
      return { ref: order.id, action: { kind: 'redirect', url: link?.href ?? returnUrl(charge.paymentId) } }
    },

    async settle(charge) {
      const order = await findOrder(orders, charge.ref)
      return order?.status === OrderStatus.Approved ? capture(orders, order, charge) : stateOf(order)
    },

    /**
     * Nothing is to be cancelled there: an order that we do not take costs nobody anything, and lapses. One that is approved
     * may be being taken at this moment, so it is not over before it has lapsed.
     */
    async cancel({ ref }) {
      const order = await findOrder(orders, ref)
      if (order?.status === OrderStatus.Approved) return { status: 'processing' }
      const state = stateOf(order)
      return state.status === 'waiting' ? { status: 'cancelled', reason: 'cancelled' } : state
    },

    async refund({ refundId, charge, amount }) {
      const sum = { currencyCode: amount.currency, value: toDecimal(amount) }
      const made = await asked<Refund, string>(
        payments.refundCapturedPayment({
          captureId: charge,
          paypalRequestId: `refund:${refundId}`,
          prefer: 'return=representation',
          body: { amount: sum, customId: refundId },
        }),
        (issue) => issue,
      )
      if (typeof made === 'string') return { status: 'failed', ref: undefined, reason: made.toLowerCase() }
      return refundStateOf(made)
    },

    findRefund: async (refundId) => refundStateOf(await asked(payments.getRefund({ refundId }))),

    async readWebhook(raw, headers) {
      token = await client.clientCredentialsAuthManager.updateToken(token).catch(() => {
        throw new Error('PayPal: no token')
      })
      return readPaypalEvent(raw, headers, { apiUrl, webhookId: keys.webhookId, accessToken: token.accessToken })
    },
  }
}

function orderRequest(paymentId: string, value: string, currencyCode: string, returnUrl: string): OrderRequest {
  return {
    intent: CheckoutPaymentIntent.Capture,
    // PayPal takes money once for an invoice id: one more guard against paying twice.
    purchaseUnits: [{ customId: paymentId, invoiceId: paymentId, amount: { currencyCode, value } }],
    paymentSource: {
      paypal: {
        experienceContext: {
          returnUrl,
          cancelUrl: returnUrl,
          userAction: PaypalExperienceUserAction.PayNow,
          shippingPreference: PaypalWalletContextShippingPreference.NoShipping,
        },
      },
    },
  }
}

/** An order that is gone was never approved in its time. */
function stateOf(order: Order | undefined): ProviderState {
  if (!order || order.status === OrderStatus.Voided) return { status: 'cancelled', reason: 'expired' }
  const captured = order.purchaseUnits?.[0]?.payments?.captures?.at(-1)
  return order.status === OrderStatus.Completed && captured ? captureStateOf(captured) : { status: 'waiting' }
}

const TAKEN: ReadonlySet<unknown> = new Set([
  CaptureStatus.Completed,
  CaptureStatus.PartiallyRefunded,
  CaptureStatus.Refunded,
])

function captureStateOf({ id = '', status, amount, statusDetails }: OrdersCapture): ProviderState {
  if (status === CaptureStatus.Pending) return { status: 'processing' }
  const paid = amount && fromDecimal(amount.value, amount.currencyCode)
  if (TAKEN.has(status) && paid) return { status: 'succeeded', paid, charge: id }
  return { status: 'failed', reason: (statusDetails?.reason ?? status ?? 'declined').toLowerCase() }
}

function refundStateOf({ id = '', status, statusDetails }: Refund): RefundState {
  if (status === RefundStatus.Completed) return { status: 'succeeded', ref: id }
  if (status === RefundStatus.Pending) return { status: 'pending', ref: id }
  return { status: 'failed', ref: id, reason: (statusDetails?.reason ?? status ?? 'failed').toLowerCase() }
}
