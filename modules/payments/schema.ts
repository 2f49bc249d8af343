import { z } from '@hono/zod-openapi'

export const ProviderSchema = z
  .object({
    id: z.enum(['stripe', 'paypal', 'test']),
    name: z.string().openapi({ description: 'As a shopper reads it', example: 'Card' }),
    test: z.boolean().openapi({ description: 'No money moves' }),
  })
  .openapi('PaymentProvider')
export type Provider = z.infer<typeof ProviderSchema>

export const ClientActionSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('stripe'), clientSecret: z.string(), publishableKey: z.string() }),
    z.object({ kind: z.literal('redirect'), url: z.string() }),
    z.object({ kind: z.literal('test'), paymentId: z.uuid() }),
  ])
  .openapi('PaymentAction', { description: 'What the client does next to pay' })
export type ClientAction = z.infer<typeof ClientActionSchema>

const MoneySchema = z.object({ amount: z.int(), currency: z.string() })

export const PaymentSchema = z
  .object({
    id: z.uuid(),
    orderId: z.uuid(),
    provider: z.enum(['stripe', 'paypal', 'test']),
    status: z.enum(['prepared', 'started', 'processing', 'succeeded', 'failed', 'cancelled', 'mismatched']).openapi({
      description:
        'prepared: not begun; started: waits for the shopper; processing: the provider works on it; failed: it may be tried again; mismatched: another amount was paid',
    }),
    failure: z.string().nullable().openapi({ example: 'declined' }),
    amount: MoneySchema,
    refunded: MoneySchema,
  })
  .openapi('Payment')
export type Payment = z.infer<typeof PaymentSchema>

export const TestMethodSchema = z.enum(['success', 'decline', 'confirm', 'timeout'])
export type TestMethod = z.infer<typeof TestMethodSchema>

export const ConfirmSchema = z
  .object({
    method: TestMethodSchema.optional().openapi({
      description:
        'Of the test provider only. success: paid; decline: refused, try again; confirm: send it a second time to pay; timeout: paid, which we learn a minute later',
    }),
  })
  .openapi('ConfirmPayment')

export const PaymentHistorySchema = PaymentSchema.extend({
  refunds: z.array(
    z.object({
      id: z.uuid(),
      amount: z.int(),
      reason: z.string(),
      status: z.enum(['pending', 'succeeded', 'failed']),
      failure: z.string().nullable(),
    }),
  ),
  disputes: z.array(
    z.object({ ref: z.string(), status: z.string(), reason: z.string(), amount: z.int(), currency: z.string() }),
  ),
}).openapi('PaymentHistory')
export type PaymentHistory = z.infer<typeof PaymentHistorySchema>
