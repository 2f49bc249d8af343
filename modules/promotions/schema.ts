import { z } from '@hono/zod-openapi'
import { PageQuerySchema } from '../kernel/http.ts'

/** Typed as it is printed on a card: capitals, digits and dashes, whatever the case it was entered in. */
export const CouponCodeSchema = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .transform((code) => code.toUpperCase())
  .pipe(z.string().regex(/^[A-Z0-9-]+$/, 'Letters, digits and dashes'))

const AmountSchema = z.int().min(1).max(100_000_000)
/** Years that PostgreSQL and ISO 8601 write alike. */
const isDated = (time: string) => /^(?!0000)\d{4}-/.test(new Date(time).toISOString())
const TimeSchema = z.iso.datetime({ offset: true }).refine(isDated, 'A time of the years 1 to 9999')
const LimitSchema = z.int().min(1).max(100_000_000)

const limits = {
  minimumAmount: AmountSchema.nullable(),
  validFrom: TimeSchema.nullable(),
  validUntil: TimeSchema.nullable(),
  totalLimit: LimitSchema.nullable(),
  perUserLimit: LimitSchema.nullable(),
  stackable: z.boolean(),
  active: z.boolean(),
}

export const CouponSchema = z
  .object({
    id: z.uuid(),
    code: z.string(),
    kind: z.enum(['percent', 'amount', 'free_shipping']),
    percent: z.int().nullable(),
    amount: z.int().nullable().openapi({ description: 'In minor units of `currency`' }),
    currency: z.string().nullable(),
    ...limits,
    used: z.int().nonnegative(),
    createdAt: z.iso.datetime(),
  })
  .openapi('Coupon')

const CurrencySchema = z.string().regex(/^[A-Z]{3}$/)

export const NewCouponSchema = z
  .object({
    code: CouponCodeSchema,
    kind: z.enum(['percent', 'amount', 'free_shipping']),
    percent: z.int().min(1).max(100).nullable().default(null),
    amount: AmountSchema.nullable().default(null),
    currency: CurrencySchema.nullable().default(null),
    minimumAmount: limits.minimumAmount.default(null),
    validFrom: limits.validFrom.default(null),
    validUntil: limits.validUntil.default(null),
    totalLimit: limits.totalLimit.default(null),
    perUserLimit: limits.perUserLimit.default(null),
    stackable: limits.stackable.default(false),
    active: limits.active.default(true),
  })
  .refine(({ kind, percent }) => (kind === 'percent') === (percent !== null), {
    path: ['percent'],
    message: 'A coupon of kind percent has it, and no other',
  })
  .refine(({ kind, amount }) => (kind === 'amount') === (amount !== null), {
    path: ['amount'],
    message: 'A coupon of kind amount has it, and no other',
  })
  .refine(({ amount, minimumAmount, currency }) => currency !== null || (amount === null && minimumAmount === null), {
    path: ['currency'],
    message: 'Amounts need a currency',
  })
  .openapi('NewCoupon')

/** What a coupon gives never changes, for it was promised; when and how often it may be used does. */
export const CouponPatchSchema = z
  .object(limits)
  .omit({ minimumAmount: true })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, 'Nothing to change')
  .openapi('CouponPatch')

export const CouponQuerySchema = PageQuerySchema.extend({
  code: z.string().max(40).optional().openapi({ description: 'How the code begins' }),
})

export type Coupon = z.infer<typeof CouponSchema>
export type NewCoupon = z.infer<typeof NewCouponSchema>
export type CouponPatch = z.infer<typeof CouponPatchSchema>
export type CouponQuery = z.infer<typeof CouponQuerySchema>
