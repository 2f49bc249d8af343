import type { Sql } from '../../db/index.ts'
import type { PaymentDriver } from './driver.ts'
import type { ProviderState } from './pure/judge.ts'
import type { TestMethod } from './schema.ts'
import { findTestCharge, insertTestCharge, type TestCharge, updateTestCharge } from './test-store.ts'

/** How long the provider of `timeout` is silent about what it has done. */
const SILENT_MS = 60_000
const OPEN: TestCharge['status'][] = ['started', 'declined', 'confirming']

export type TestProvider = PaymentDriver & { confirm(paymentId: string, method: TestMethod): Promise<void> }

/**
 * A provider that moves no money, for a shop without keys. It keeps its own books, in statements of its own, as a real one
 * does somewhere else: what it has done stands whether or not we commit.
 */
export function createTestProvider({ sql, now }: { sql: Sql; now: () => Date }): TestProvider {
  async function stateOf(paymentId: string): Promise<ProviderState> {
    const charge = await findTestCharge(sql, paymentId)
    if (charge?.status === 'declined') return { status: 'failed', reason: 'declined' }
    if (charge?.status === 'cancelled') return { status: 'cancelled', reason: 'cancelled' }
    if (charge?.status === 'succeeded')
      return { status: 'succeeded', paid: { amount: charge.amount, currency: charge.currency }, charge: paymentId }
    if (charge?.status !== 'silent') return { status: 'waiting' }
    if (charge.told_at > now()) return { status: 'processing' }
    await updateTestCharge(sql, paymentId, { from: ['silent'], status: 'succeeded' })
    return stateOf(paymentId)
  }

  return {
    async start({ paymentId, due }) {
      await insertTestCharge(sql, { payment_id: paymentId, status: 'started', ...due, told_at: now() })
      return { ref: paymentId, action: { kind: 'test', paymentId } }
    },
    settle: ({ paymentId }) => stateOf(paymentId),
    async cancel({ paymentId }) {
      await updateTestCharge(sql, paymentId, { from: OPEN, status: 'cancelled' })
      return stateOf(paymentId)
    },
    refund: async ({ refundId }) => ({ status: 'succeeded', ref: refundId }),
    findRefund: async (ref) => ({ status: 'succeeded', ref }),
    readWebhook: async () => undefined,
    /** What the shopper's bank says, chosen by the shopper. */
    async confirm(paymentId, method) {
      const told_at = new Date(now().getTime() + (method === 'timeout' ? SILENT_MS : 0))
      const asked = await findTestCharge(sql, paymentId)
      const again = asked?.status === 'confirming'
      const outcomes = { success: 'succeeded', decline: 'declined', timeout: 'silent' } as const
      const status = method === 'confirm' ? (again ? 'succeeded' : 'confirming') : outcomes[method]
      await updateTestCharge(sql, paymentId, { from: OPEN, status, told_at })
    },
  }
}
