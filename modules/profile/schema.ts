import { z } from '@hono/zod-openapi'
import { ProductCardSchema } from '../catalog/index.ts'
import { PageQuerySchema, pageOf } from '../kernel/http.ts'
import { OrderSummarySchema, ShippingAddressSchema } from '../orders/index.ts'

const ROLES = ['customer', 'retailer', 'admin'] as const
/** What a person may allow or not; nothing is allowed until they say so. */
export const PURPOSES = ['marketing_mail', 'personalisation', 'analytics'] as const

const NameSchema = z.string().trim().min(1).max(120)
const PhoneSchema = z
  .string()
  .trim()
  .regex(/^\+?[\d ()/.-]{3,40}$/, 'A telephone number')
const LocaleSchema = z.string().regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, 'A BCP 47 language tag')

export const MeSchema = z
  .object({
    id: z.uuid(),
    email: z.string(),
    emailVerified: z.boolean(),
    role: z.enum(ROLES),
    name: z.string().nullable(),
    phone: z.string().nullable(),
    locale: z.string().nullable(),
    createdAt: z.iso.datetime(),
  })
  .openapi('Me')

export const MeChangeSchema = z
  .object({ name: NameSchema.nullable(), phone: PhoneSchema.nullable(), locale: LocaleSchema.nullable() })
  .partial()
  .openapi('MeChange')

export const AddressSchema = ShippingAddressSchema.extend({
  id: z.uuid(),
  isDefault: z.boolean(),
}).openapi('Address')

export const NewAddressSchema = ShippingAddressSchema.extend({
  isDefault: z.boolean().default(false).openapi({ description: 'The first one is in any case' }),
}).openapi('NewAddress')

const LabelsSchema = z.array(z.string().trim().min(1).max(60)).max(40).default([])
const SizeSchema = z.string().trim().min(1).max(20).nullable().default(null)

export const PreferencesSchema = z
  .object({
    fit: z.enum(['close', 'regular', 'loose']).nullable().default(null),
    sizes: z.object({ top: SizeSchema, bottom: SizeSchema, dress: SizeSchema }).prefault({}),
    colours: LabelsSchema,
    styles: LabelsSchema,
    brands: LabelsSchema,
    quiz: z
      .record(z.string().max(40), z.array(z.string().max(60)).max(12))
      .optional()
      .openapi({ description: 'What the style quiz was told, by question; left out, it stays as it is' }),
  })
  .openapi('Preferences')

export const ConsentSchema = z
  .object({
    purpose: z.enum(PURPOSES),
    granted: z.boolean(),
    at: z.iso.datetime().nullable().openapi({ description: 'When it was said; null when never asked' }),
  })
  .openapi('Consent')

export const ConsentChangeSchema = z.object({ granted: z.boolean() })
export const PurposeSchema = z.enum(PURPOSES)

export const WishSchema = z.object({ product: ProductCardSchema, addedAt: z.iso.datetime() }).openapi('Wish')

export const MyOrdersSchema = pageOf(OrderSummarySchema)
export const OrdersQuerySchema = PageQuerySchema

export const ErasureSchema = z
  .object({
    password: z.string().min(1).max(200).optional().openapi({
      description: 'Needed unless the session began in the last ten minutes',
    }),
  })
  .openapi('ErasureRequest')

export type Me = z.infer<typeof MeSchema>
export type MeChange = z.infer<typeof MeChangeSchema>
export type Address = z.infer<typeof AddressSchema>
export type NewAddress = z.infer<typeof NewAddressSchema>
export type Preferences = z.infer<typeof PreferencesSchema>
export type Purpose = z.infer<typeof PurposeSchema>
export type Consent = z.infer<typeof ConsentSchema>
export type Wish = z.infer<typeof WishSchema>
