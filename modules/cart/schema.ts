import { z } from '@hono/zod-openapi'
import { ColourSchema, ImageSchema, MoneySchema } from '../catalog/index.ts'
import { CouponCodeSchema } from '../promotions/index.ts'

/** `<uuid>.<signature>`: who holds it may use the cart of a guest; the cart of a user needs the user too. */
export const CartIdSchema = z
  .string()
  .max(120)
  .openapi({ description: 'As `POST /v1/carts` gave it', example: '0198c0de-0000-7000-8000-000000000000.c2lnbmF0dXJl' })

export const MOST_PIECES = 99
const QuantitySchema = z.int().min(1).max(MOST_PIECES)

export const NewItemSchema = z
  .object({ variantId: z.uuid(), quantity: QuantitySchema.default(1) })
  .openapi('NewCartItem')
export const ItemPatchSchema = z.object({ quantity: QuantitySchema }).openapi('CartItemPatch')
export const NewCartCouponSchema = z.object({ code: CouponCodeSchema }).openapi('NewCartCoupon')

export const CartItemSchema = z
  .object({
    id: z.uuid(),
    variantId: z.uuid(),
    name: z.string(),
    quantity: z.int(),
    availability: z.enum(['available', 'insufficient', 'sold_out', 'gone']).openapi({
      description: '`insufficient`: some, but fewer than wanted. `gone`: not sold any more, and not counted',
    }),
    available: z.int().openapi({ description: 'How many are for sale now' }),
    product: z
      .object({
        id: z.uuid(),
        slug: z.string(),
        brand: z.string(),
        sku: z.string(),
        colour: ColourSchema,
        size: z.string(),
        image: ImageSchema.nullable(),
      })
      .nullable()
      .openapi({ description: 'Null when it is gone' }),
    unitPrice: MoneySchema.nullable(),
    previousPrice: MoneySchema.nullable().openapi({
      description: 'What was shown when it was put in, if that differs',
    }),
    discount: MoneySchema,
    total: MoneySchema.openapi({ description: 'After the discount' }),
  })
  .openapi('CartItem')

export const CartCouponSchema = z
  .object({
    code: z.string(),
    applied: z.boolean(),
    reason: z
      .enum([
        'unknown',
        'inactive',
        'not_yet_valid',
        'expired',
        'used_up',
        'other_currency',
        'not_combinable',
        'below_minimum',
      ])
      .nullable()
      .openapi({ description: 'Why it is not applied' }),
    discount: MoneySchema,
    freeShipping: z.boolean(),
  })
  .openapi('CartCoupon')

export const CartSchema = z
  .object({
    id: CartIdSchema,
    currency: z.string().nullable().openapi({ description: 'That of the first item ever put in' }),
    items: z.array(CartItemSchema),
    coupons: z.array(CartCouponSchema),
    totals: z
      .object({ items: MoneySchema, discount: MoneySchema, total: MoneySchema })
      .openapi({ description: 'Before shipping; see shipping-options for the whole bill' }),
    pieces: z.int(),
    priceChanged: z.boolean().openapi({ description: 'Some price is not the one shown when the item was put in' }),
    ready: z.boolean().openapi({ description: 'Not empty, and everything in it can be had now' }),
  })
  .openapi('Cart')

export const TotalsSchema = z
  .object({
    items: MoneySchema,
    discount: MoneySchema,
    shipping: MoneySchema,
    tax: MoneySchema,
    taxIncluded: z.boolean().openapi({ description: 'Whether the tax is a part of the prices or comes on top' }),
    total: MoneySchema,
  })
  .openapi('Totals')

export const CountrySchema = z
  .string()
  .trim()
  .transform((code) => code.toUpperCase())
  .pipe(z.string().regex(/^[A-Z]{2}$/, 'An ISO 3166 code of two letters'))

export const ShippingQuerySchema = z.object({ country: CountrySchema.openapi({ example: 'DE' }) })

export const ShippingOptionsSchema = z
  .object({
    country: z.string(),
    items: z.array(
      z.object({
        id: z.string(),
        name: z.string(),
        price: MoneySchema.openapi({ description: 'Before a coupon that pays for it' }),
        minDays: z.int(),
        maxDays: z.int(),
        totals: TotalsSchema,
      }),
    ),
  })
  .openapi('ShippingOptions')

export type Cart = z.infer<typeof CartSchema>
export type CartItem = z.infer<typeof CartItemSchema>
export type CartCoupon = z.infer<typeof CartCouponSchema>
export type CartTotals = z.infer<typeof TotalsSchema>
export type ShippingOptions = z.infer<typeof ShippingOptionsSchema>
