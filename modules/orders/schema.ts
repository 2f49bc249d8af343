import { z } from '@hono/zod-openapi'
import { CartIdSchema, CountrySchema, TotalsSchema } from '../cart/index.ts'
import { ColourSchema, ImageSchema, MoneySchema } from '../catalog/index.ts'
import { PageQuerySchema } from '../kernel/http.ts'
import { ClientActionSchema } from '../payments/index.ts'
import { ORDER_STATUSES } from './pure/states.ts'

const Text = (most: number) => z.string().trim().min(1).max(most)

export const ShippingAddressSchema = z
  .object({
    name: Text(120),
    line1: Text(120),
    line2: z.string().trim().max(120).optional(),
    postalCode: Text(20),
    city: Text(80),
    region: z.string().trim().max(80).optional(),
    country: CountrySchema.openapi({ example: 'DE' }),
    phone: z.string().trim().max(40).optional(),
  })
  .openapi('ShippingAddress')

export const CheckoutSchema = z
  .object({
    cartId: CartIdSchema,
    email: z.string().trim().max(254).pipe(z.email()),
    shippingAddress: ShippingAddressSchema,
    shippingOption: z.string().min(1).max(40),
    payment: z.object({ provider: z.string().min(1).max(40) }),
    expectedTotal: MoneySchema.optional().openapi({
      description:
        'What the shopper was shown (`totals.total` of the shipping option). With it any other total is a 409; without it a changed price or a coupon that does not hold is',
    }),
  })
  .openapi('Checkout')

const LineSchema = z
  .object({
    id: z.int().openapi({ description: 'Its place in the order; names it in a return' }),
    variantId: z.uuid(),
    productId: z.uuid(),
    slug: z.string(),
    name: z.string(),
    brand: z.string(),
    sku: z.string(),
    colour: ColourSchema,
    size: z.string(),
    image: ImageSchema.nullable(),
    quantity: z.int(),
    returned: z.int(),
    unitPrice: MoneySchema,
    discount: MoneySchema,
    tax: MoneySchema,
    total: MoneySchema,
  })
  .openapi('OrderLine')

const TrackingSchema = z.object({ carrier: Text(80), code: Text(120), url: z.url().max(400).optional() })

export const RETURN_REASONS = ['too_small', 'too_large', 'not_as_described', 'faulty', 'changed_mind', 'other'] as const
const ReturnReasonSchema = z.enum(RETURN_REASONS)
const ReturnLineSchema = z.object({ lineId: z.int().min(0), quantity: z.int().min(1) })

export const ReturnSchema = z
  .object({
    id: z.uuid(),
    orderId: z.uuid(),
    orderNumber: z.string(),
    status: z.enum(['requested', 'received', 'refused']),
    reason: ReturnReasonSchema,
    comment: z.string().nullable(),
    lines: z.array(ReturnLineSchema),
    requestedAt: z.iso.datetime(),
    decidedAt: z.iso.datetime().nullable(),
  })
  .openapi('Return')

const RefundSchema = z
  .object({
    id: z.uuid(),
    returnId: z.uuid().nullable(),
    amount: MoneySchema,
    reason: z.string(),
    status: z.enum(['pending', 'done', 'failed']),
    askedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
  })
  .openapi('Refund')

const StatusSchema = z.enum(ORDER_STATUSES)

export const OrderSchema = z
  .object({
    id: z.uuid(),
    number: z.string(),
    status: StatusSchema,
    lines: z.array(LineSchema),
    coupons: z.array(z.object({ code: z.string(), discount: MoneySchema, freeShipping: z.boolean() })),
    totals: TotalsSchema,
    refunded: MoneySchema.openapi({ description: 'Given back so far' }),
    refundable: MoneySchema.openapi({ description: 'Paid, and neither given back nor on its way' }),
    email: z.string().nullable().openapi({ description: 'Null once the person was erased' }),
    shippingAddress: ShippingAddressSchema.nullable(),
    shipping: z.object({ option: z.string(), name: z.string(), tracking: TrackingSchema.nullable() }),
    payment: z.object({
      provider: z.string(),
      paymentId: z.uuid().nullable(),
      failure: z.string().nullable().openapi({ description: 'Why the last try to pay failed' }),
      payUntil: z.iso.datetime().nullable().openapi({ description: 'A pending order is cancelled then' }),
    }),
    timeline: z.array(
      z.object({
        at: z.iso.datetime(),
        kind: z.string().openapi({ description: 'A status, or payment_failed, refund_requested, refund_failed' }),
        by: z.enum(['customer', 'staff', 'system']),
        amount: MoneySchema.nullable(),
        note: z.string().nullable(),
      }),
    ),
    returns: z.array(ReturnSchema),
    refunds: z.array(RefundSchema),
    cancelReason: z.string().nullable(),
    canCancel: z.boolean().openapi({ description: 'By the shopper, now' }),
    canReturn: z.boolean().openapi({ description: 'By the shopper, now' }),
    placedAt: z.iso.datetime(),
    deliveredAt: z.iso.datetime().nullable(),
  })
  .openapi('Order')

export const CheckoutAnswerSchema = z
  .object({
    order: OrderSchema,
    payment: z.union([
      ClientActionSchema,
      z.object({ kind: z.literal('none') }).openapi({ description: 'Nothing is left to pay' }),
      z
        .object({ kind: z.literal('retry'), path: z.string() })
        .openapi({ description: 'The provider did not answer; the order stands: POST to `path` to try again' }),
    ]),
    orderToken: z
      .string()
      .openapi({ description: 'Lets its holder see and pay the order: `?token=` or `X-Order-Token`' }),
  })
  .openapi('CheckoutAnswer')

export const OrderSummarySchema = z
  .object({
    id: z.uuid(),
    number: z.string(),
    status: StatusSchema,
    placedAt: z.iso.datetime(),
    total: MoneySchema,
    refunded: MoneySchema,
    pieces: z.int(),
    names: z.array(z.string()),
    image: ImageSchema.nullable(),
    email: z.string().nullable().openapi({ description: 'For staff only' }),
  })
  .openapi('OrderSummary')

export const OrderQuerySchema = PageQuerySchema.extend({
  status: StatusSchema.optional(),
  q: z.string().trim().max(254).optional().openapi({ description: 'A whole order number or mail address' }),
})
export const ReturnQuerySchema = PageQuerySchema.extend({ status: ReturnSchema.shape.status.optional() })

export const NewReturnSchema = z
  .object({
    lines: z.array(ReturnLineSchema).min(1).max(100),
    reason: ReturnReasonSchema,
    comment: z.string().trim().max(1000).optional(),
  })
  .openapi('NewReturn')

export const NewRefundSchema = z
  .object({
    amount: MoneySchema.optional().openapi({ description: 'All that is left when absent' }),
    reason: Text(200),
  })
  .openapi('NewRefund')

export const ReceiveReturnSchema = z
  .object({
    restock: z.boolean().default(true).openapi({ description: 'The pieces can be sold again' }),
    refund: MoneySchema.optional().openapi({ description: 'What the pieces cost when absent; shipping stays paid' }),
  })
  .openapi('ReceiveReturn')

export const ShipSchema = z.object({ tracking: TrackingSchema.optional() }).openapi('ShipOrder')

export type Checkout = z.infer<typeof CheckoutSchema>
export type CheckoutAnswer = z.infer<typeof CheckoutAnswerSchema>
export type Order = z.infer<typeof OrderSchema>
export type OrderSummary = z.infer<typeof OrderSummarySchema>
export type OrderQuery = z.infer<typeof OrderQuerySchema>
export type OrderReturn = z.infer<typeof ReturnSchema>
export type ReturnQuery = z.infer<typeof ReturnQuerySchema>
export type NewReturn = z.infer<typeof NewReturnSchema>
export type NewRefund = z.infer<typeof NewRefundSchema>
export type ReceiveReturn = z.infer<typeof ReceiveReturnSchema>
export type ShippingAddress = z.infer<typeof ShippingAddressSchema>
export type Tracking = z.infer<typeof TrackingSchema>
