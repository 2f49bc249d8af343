import type { OpenedInfra, PaymentKeys, Sql } from '../../db/index.ts'
import { drainJobs } from '../../db/testing.ts'
import type { Audit } from '../audit/index.ts'
import type { Events } from '../kernel/events.ts'
import type { Money } from '../kernel/pure/money.ts'
import { createPayments } from './service.ts'

export const EUR = (amount: number): Money => ({ amount, currency: 'EUR' })

/** Payments with the given keys, a clock that can be put on, and everything that they publish. */
export function openPayments(infra: OpenedInfra, keys: Partial<PaymentKeys>, audit: Pick<Audit, 'record'>) {
  let later = 0
  const now = () => new Date(Date.now() + later)
  const paymentKeys = { stripe: undefined, paypal: undefined, test: false, baseUrl: 'http://localhost:3000', ...keys }
  const payments = createPayments({ ...infra, now, audit, paymentKeys })
  const heard: string[] = []
  const hear =
    <E extends keyof Events>(name: E) =>
    async (payload: Events[E]) =>
      void heard.push(`${name} ${'reason' in payload ? payload.reason : 'amount' in payload ? payload.amount : ''}`)
  const handlers = {
    'payments.succeeded': { test: hear('payments.succeeded') },
    'payments.failed': { test: hear('payments.failed') },
    'payments.refunded': { test: hear('payments.refunded') },
    'payments.refund_failed': { test: hear('payments.refund_failed') },
    'payments.disputed': { test: hear('payments.disputed') },
  }
  const inTransaction = <T>(work: (tx: Sql) => Promise<T>) => infra.sql.transaction().execute(work)

  return {
    payments,
    heard,
    inTransaction,
    drain: (how?: Parameters<typeof drainJobs>[1]) =>
      drainJobs({ infra, handlers, jobs: payments.jobs, schedules: {} }, how),
    passes(milliseconds: number): void {
      later += milliseconds
    },
    async ordered(provider: string, amount: number): Promise<{ orderId: string; paymentId: string }> {
      const orderId = infra.newId()
      const order = { orderId, provider, amount: EUR(amount) }
      return { orderId, ...(await inTransaction((tx) => payments.prepare(order, tx))) }
    },
    refund: (refund: Parameters<typeof payments.refund>[0]) => inTransaction((tx) => payments.refund(refund, tx)),
  }
}
