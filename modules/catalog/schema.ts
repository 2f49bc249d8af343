import { z } from '@hono/zod-openapi'
import { PageQuerySchema, pageOf } from '../kernel/http.ts'
import { CHART_CATEGORIES, readSizeChart, type SizeChart, ZONES } from './pure/size-chart.ts'

export const MoneySchema = z
  .object({ amount: z.int().nonnegative(), currency: z.string().regex(/^[A-Z]{3}$/) })
  .openapi('Money', { description: 'Integer minor units', example: { amount: 1999, currency: 'EUR' } })

/** Accepts only a chart that a garment can be graded by; the issues name size and zone. */
export const SizeChartSchema = z
  .unknown()
  .transform((value, context): SizeChart => {
    const read = readSizeChart(value)
    if (read.ok) return read.chart
    for (const { size, zone, message } of read.issues)
      context.addIssue({ code: 'custom', message, path: size ? ['sizes', size, ...(zone ? [zone] : [])] : [] })
    return z.NEVER
  })
  .openapi('SizeChart', {
    type: 'object',
    required: ['unit', 'category', 'sizes'],
    properties: {
      unit: { type: 'string', enum: ['cm'] },
      category: { type: 'string', enum: [...CHART_CATEGORIES] },
      sizes: {
        type: 'object',
        additionalProperties: {
          type: 'object',
          additionalProperties: false,
          properties: Object.fromEntries(ZONES.map((zone) => [zone, { type: 'number', exclusiveMinimum: 0 }])),
        },
      },
    },
    description: 'Finished garment measures in cm; girths are full circumferences',
    example: { unit: 'cm', category: 'top', sizes: { M: { chest: 104, length: 70, shoulder: 46, sleeve: 22 } } },
  })

const HexSchema = z.string().regex(/^#[0-9a-f]{6}$/)
const LabelSchema = z.string().trim().min(1).max(60)
const LabelsSchema = z.array(LabelSchema).max(40)

/** What varies from shop to shop, kept as a document; unknown keys stay. */
export const MetadataSchema = z
  .looseObject({
    tags: LabelsSchema.optional(),
    palette: z.array(HexSchema).max(12).optional(),
    pattern: LabelSchema.optional(),
    occasion: LabelsSchema.optional(),
    season: LabelsSchema.optional(),
    fabric: z.string().max(300).optional(),
    care: z.array(z.string().max(120)).max(20).optional(),
  })
  .openapi('ProductMetadata')

const NamedSchema = z.object({ slug: z.string(), name: z.string() })

export const ColourSchema = NamedSchema.extend({ hex: HexSchema }).openapi('Colour')

export const ImageSchema = z
  .object({
    key: z.string(),
    url: z.string().openapi({ description: 'The original; `{url}/{width}.{avif|webp|jpg}` is a responsive variant' }),
    width: z.int().positive(),
    height: z.int().positive(),
    alt: z.string(),
    colour: z.string().nullable(),
  })
  .openapi('ProductImage')

const CountSchema = z.int().nonnegative()

/** Approved reviews only. */
export const ReviewSummarySchema = z
  .object({
    count: CountSchema,
    rating: z.number().min(1).max(5).nullable().openapi({ description: 'The mean, to two decimals' }),
    stars: z.array(CountSchema).length(5).openapi({ description: 'How many gave one star, two, and so on' }),
    fit: z
      .object({ small: CountSchema, true: CountSchema, large: CountSchema })
      .openapi({ description: 'How many of the wearers said that it falls small, true to size, or large' }),
  })
  .openapi('ReviewSummary')

export const ProductCardSchema = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    name: z.string(),
    brand: NamedSchema,
    category: NamedSchema,
    price: MoneySchema,
    colours: z.array(ColourSchema),
    sizes: z.array(z.string()),
    images: z.array(ImageSchema).openapi({ description: 'The first picture of each colour' }),
    reviews: ReviewSummarySchema,
  })
  .openapi('ProductCard')

export const VariantSchema = z
  .object({
    id: z.uuid(),
    sku: z.string(),
    colour: z.string(),
    size: z.string(),
    price: MoneySchema,
    stock: z.int().nonnegative(),
  })
  .openapi('Variant')

export const ProductSchema = ProductCardSchema.extend({
  description: z.string(),
  breadcrumbs: z.array(NamedSchema).openapi({ description: 'Categories from the root to its own' }),
  variants: z.array(VariantSchema),
  sizeChart: SizeChartSchema.nullable(),
  metadata: MetadataSchema,
  listedAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}).openapi('Product')

export const CategorySchema = NamedSchema.extend({
  id: z.uuid(),
  parent: z.string().nullable().openapi({ description: 'Slug of the category above' }),
  path: z.array(z.string()).openapi({ description: 'Slugs from the root to this one' }),
}).openapi('Category')

export const BrandSchema = NamedSchema.extend({ id: z.uuid() }).openapi('Brand')

const counted = { count: z.int() }
export const FacetsSchema = z
  .object({
    total: z.int(),
    brands: z.array(NamedSchema.extend(counted)),
    colours: z.array(ColourSchema.extend(counted)),
    sizes: z.array(z.object({ size: z.string(), ...counted })),
    price: z.object({ min: MoneySchema, max: MoneySchema }).nullable(),
  })
  .openapi('ProductFacets')

/** A form sends a ticked box once per value, a link one value with commas: both are a list of at most 200. */
const listOf = (what: string) =>
  z
    .union([z.string(), z.array(z.string())])
    .transform((given) =>
      [given]
        .flat()
        .flatMap((one) => one.split(','))
        .map((one) => one.trim())
        .filter(Boolean),
    )
    .pipe(z.array(z.string().max(120)).max(200))
    .optional()
    .openapi({ type: 'string', description: `${what}; several with commas or as a repeated parameter` })

const MinorUnitsSchema = z.coerce.number().int().min(0).max(2_000_000_000).optional()

export const SORTS = ['newest', 'price', '-price', 'name'] as const

export const ListQuerySchema = PageQuerySchema.extend({
  category: z.string().max(120).optional().openapi({ description: 'Slug; its descendants count too' }),
  brand: listOf('Brand slugs'),
  colour: listOf('Colour slugs'),
  size: listOf('Sizes'),
  minPrice: MinorUnitsSchema.openapi({ description: 'In minor units, inclusive' }),
  maxPrice: MinorUnitsSchema.openapi({ description: 'In minor units, inclusive' }),
  sort: z.enum(SORTS).default('newest'),
})

export const FacetQuerySchema = z.object({ category: z.string().max(120).optional() })

export const ProductPageSchema = pageOf(ProductCardSchema).openapi('ProductPage')

const NewVariantSchema = z.object({
  sku: z.string().trim().min(1).max(80),
  colour: z.string().trim().min(1).max(60),
  size: z.string().trim().min(1).max(20),
  stock: z.int().min(0).max(1_000_000),
  priceAmount: z.int().nonnegative().optional(),
  weightGrams: z.int().min(1).max(100_000).optional(),
})

/** A whole product as a retailer gives it. `colour` is a colour's name; a picture belongs to the colour it names. */
export const NewProductSchema = z.object({
  handle: z
    .string()
    .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/)
    .max(120),
  name: z.string().trim().min(1).max(200),
  description: z.string().max(5000).default(''),
  brand: z.string().trim().min(1).max(80),
  category: z.array(z.string().trim().min(1).max(60)).min(1).max(5),
  price: MoneySchema,
  colours: z
    .array(z.object({ name: LabelSchema, hex: HexSchema }))
    .min(1)
    .max(40),
  variants: z.array(NewVariantSchema).min(1).max(400),
  images: z
    .array(
      z.object({
        key: z.string(),
        width: z.int().positive(),
        height: z.int().positive(),
        alt: z.string().max(300),
        colour: LabelSchema.nullable(),
      }),
    )
    .max(100),
  sizeChart: SizeChartSchema.nullable(),
  metadata: MetadataSchema,
  listedAt: z.iso.datetime().optional(),
})

export type ListQuery = z.infer<typeof ListQuerySchema>
export type Sort = (typeof SORTS)[number]
export type Metadata = z.infer<typeof MetadataSchema>
export type Colour = z.infer<typeof ColourSchema>
export type ProductImage = z.infer<typeof ImageSchema>
export type ReviewSummary = z.infer<typeof ReviewSummarySchema>
export type ProductCard = z.infer<typeof ProductCardSchema>
export type Variant = z.infer<typeof VariantSchema>
export type Product = z.infer<typeof ProductSchema>
/** A variant as a line of a cart or an order needs it; `categoryIds` from the root down, `weightGrams` null when unsaid. */
export type DescribedVariant = {
  variantId: string
  productId: string
  slug: string
  name: string
  brand: string
  sku: string
  colour: Colour
  size: string
  price: z.infer<typeof MoneySchema>
  image: ProductImage | null
  weightGrams: number | null
  categoryIds: string[]
}
export type Category = z.infer<typeof CategorySchema>
export type Brand = z.infer<typeof BrandSchema>
export type Facets = z.infer<typeof FacetsSchema>
export type NewProduct = z.infer<typeof NewProductSchema>
