import type { Money } from '../kernel/pure/money.ts'
import type { ProviderState } from './pure/judge.ts'
import type { ClientAction } from './schema.ts'

/** A payment as its provider needs to know it. `ref` is the provider's own id, `charge` that of what was paid. */
export type Charge = {
  paymentId: string
  orderId: string
  due: Money
  ref: string | undefined
  charge: string | undefined
}

export type RefundState =
  | { status: 'pending'; ref: string }
  | { status: 'succeeded'; ref: string }
  | { status: 'failed'; ref: string | undefined; reason: string }

/** What a webhook is about. The provider is asked for the truth of it, so that late, repeated and reordered ones do no harm. */
export type About =
  | { kind: 'payment'; ref: string }
  | { kind: 'refund'; ref: string; refundId?: string }
  | {
      kind: 'dispute'
      ref: string
      charge: string
      status: string
      reason: string
      amount: number
      currency: string
      openedAt: string
      /** When the provider said so: a later word stands. */
      saidAt: string
    }
  | { kind: 'unknown' }

export type WebhookEvent = { id: string; type: string; about: About }

/**
 * One outside provider. Every call may be made again with the same ids and then changes nothing more. Throws when the
 * provider does not answer, or breaks: whoever called tries again.
 */
export type PaymentDriver = {
  start(charge: Charge): Promise<{ ref: string; action: ClientAction }>
  /** What has become of it; where the money waits for us to take it, it is taken. */
  settle(charge: Charge & { ref: string }): Promise<ProviderState>
  /** No more can be paid after this, unless it says that it has been. */
  cancel(charge: Charge & { ref: string }): Promise<ProviderState>
  refund(refund: { refundId: string; ref: string; charge: string; amount: Money; reason: string }): Promise<RefundState>
  findRefund(refundRef: string): Promise<RefundState>
  /** Undefined when the signature over these very bytes is not the provider's. */
  readWebhook(raw: Uint8Array<ArrayBuffer>, headers: Headers): Promise<WebhookEvent | undefined>
}
