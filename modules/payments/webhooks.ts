import { AppError } from '../kernel/errors.ts'
import { publish } from '../kernel/events.ts'
import type { About } from './driver.ts'
import type { Drivers } from './drivers.ts'
import type { PaymentNeeds } from './needs.ts'
import {
  endWebhookEvent,
  findPaymentByCharge,
  findPaymentByRef,
  findRefund,
  findRefundByRef,
  findWebhookEvent,
  insertWebhookEvent,
  upsertDispute,
} from './store.ts'

type Asks = {
  drivers: Drivers
  settle: (paymentId: string) => Promise<unknown>
  settleRefund: (refundId: string) => Promise<void>
}

/** What providers tell us by themselves: each event kept once, its work done in a job that asks the provider for the truth. */
export function createWebhooks(needs: PaymentNeeds, { drivers, settle, settleRefund }: Asks) {
  const { sql, jobs, now } = needs

  /** Throws `invalid` for a signature that is not the provider's over these very bytes, and then keeps nothing. */
  async function receive(provider: string, raw: Uint8Array<ArrayBuffer>, headers: Headers): Promise<void> {
    if (!drivers.has(provider)) throw new AppError('not_found', 'No such provider here')
    const driver = await drivers.get(provider)
    const event = await driver.readWebhook(raw, headers).catch((cause: unknown) => {
      console.error(`a webhook of ${provider} could not be verified:`, cause)
      throw new AppError('unavailable', 'The signature could not be checked; send it again')
    })
    if (!event) throw new AppError('invalid', 'The signature does not fit')
    // The event and its job commit together: one that was answered with 200 is worked on.
    await sql.transaction().execute(async (tx) => {
      const { id, type, about } = event
      if (await insertWebhookEvent(tx, { provider, id, type, about, receivedAt: now() }))
        await jobs.enqueue('payments.webhook', { provider, id }, { tx })
    })
  }

  const refundOf = async (about: About & { kind: 'refund' }) =>
    (await findRefundByRef(sql, about.ref)) ?? (about.refundId ? await findRefund(sql, about.refundId) : undefined)

  /** Says what was done, for whoever looks into the events later. */
  async function follow(provider: string, about: About): Promise<string> {
    if (about.kind === 'unknown') return 'kept'
    if (about.kind === 'dispute') return recordDispute(needs, provider, about)
    if (about.kind === 'refund') {
      const refund = await refundOf(about)
      if (refund) await settleRefund(refund.id)
      return refund ? `refund ${refund.id}` : 'of no refund of ours'
    }
    const payment = await findPaymentByRef(sql, provider, about.ref)
    if (payment) await settle(payment.id)
    return payment ? `payment ${payment.id}` : 'of no payment of ours'
  }

  async function handle({ provider, id }: { provider: string; id: string }): Promise<void> {
    const about = await findWebhookEvent(sql, provider, id)
    if (about) await endWebhookEvent(sql, { provider, id, outcome: await follow(provider, about) })
  }

  return { receive, handle }
}

/** The dispute, the event and the audit's entry commit together. */
async function recordDispute(
  needs: PaymentNeeds,
  provider: string,
  about: About & { kind: 'dispute' },
): Promise<string> {
  const { sql, audit } = needs
  const payment = await findPaymentByCharge(sql, provider, about.charge)
  if (!payment) return 'of no payment of ours'
  const { status, reason, amount, currency } = about
  const [opened_at, said_at] = [new Date(about.openedAt), new Date(about.saidAt)]
  const row = {
    provider,
    provider_ref: about.ref,
    payment_id: payment.id,
    status,
    reason,
    amount,
    currency,
    opened_at,
    said_at,
  }
  await sql.transaction().execute(async (tx) => {
    const isNew = await upsertDispute(tx, row)
    if (isNew) await publish('payments.disputed', { paymentId: payment.id, orderId: payment.order_id, reason }, tx)
    const details = { dispute: about.ref, status, reason, amount, currency }
    const subject = `order:${payment.order_id}`
    await audit.record({ actor: { system: 'payments' }, action: 'payments.disputed', subject, details }, tx)
  })
  return `dispute of payment ${payment.id}`
}
