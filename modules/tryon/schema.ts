import { z } from '@hono/zod-openapi'
import { readSizeChart } from '../catalog/pure/size-chart.ts'
import { GARMENT_CATEGORIES, GARMENT_CUTS } from './pure/garment.ts'

/** Every reason for which a picture is refused; the list is closed, and each has one sentence that helps. */
export const REFUSALS = {
  no_person: 'No person was found in the photo. Use one that shows you from head to hips, facing the camera.',
  several_people: 'There is more than one person in the photo. Use one with only you in it.',
  person_cropped: 'Too much of the body is outside the photo. Step back until shoulders and hips are in it.',
  person_from_behind: 'The photo shows a person from behind. Face the camera.',
  pose_unsupported: 'This pose cannot be dressed honestly yet. Stand upright, facing the camera.',
  garment_not_found: 'No garment was found in its picture. Lay it flat on a plain ground, all of it in view.',
  size_unknown: 'The size chart has no such size.',
  image_unreadable: 'The file is not a picture that can be read, or it is damaged.',
  image_too_small: 'The picture is too small to work with.',
  image_too_large: 'The picture is too large.',
} as const

export type Refusal = keyof typeof REFUSALS
const REASONS = Object.keys(REFUSALS) as [Refusal, ...Refusal[]]

const cm = (least: number, most: number) => z.number().min(least).max(most)

export const BodySchema = z
  .strictObject({
    heightCm: cm(100, 230),
    weightKg: cm(25, 300).optional(),
    sex: z.enum(['female', 'male']).optional(),
    age: cm(5, 120).optional(),
    chestCm: cm(50, 200).optional(),
    waistCm: cm(40, 200).optional(),
    hipCm: cm(50, 220).optional(),
    shoulderCm: cm(25, 70).optional(),
    inseamCm: cm(40, 120).optional(),
  })
  .openapi('Body', { description: 'What is known of the body; lengths in cm', example: { heightCm: 172 } })

const PointSchema = z.object({ x: z.number(), y: z.number() })
const PlacesSchema = z.record(z.string(), PointSchema)

export const ReportSchema = z
  .object({
    status: z.enum(['ok', 'refused']),
    reason: z.enum(REASONS).optional(),
    message: z.string().optional(),
    landmarks: z
      .array(PointSchema.extend({ visibility: z.number() }))
      .openapi({ description: 'The 33 pose landmarks in px of the person picture; empty when none were found' }),
    garment: z
      .object({
        category: z.enum(GARMENT_CATEGORIES),
        cut: z.enum(GARMENT_CUTS),
        openFront: z.boolean(),
        confidence: z.number(),
        landmarks: PlacesSchema.openapi({ description: 'In px of the garment picture' }),
      })
      .optional(),
    pixelsPerCm: z.number().optional(),
    scaleSource: z
      .enum(['height', 'proportions'])
      .optional()
      .openapi({ description: 'Whether head and feet were seen, or the scale follows from proportions' }),
    heightCm: z.number().optional(),
    heightAssumed: z.boolean().optional(),
    size: z.string().nullable().optional().openapi({ description: 'The size that was drawn; null without a chart' }),
    measuresCm: z.record(z.string(), z.number()).optional().openapi({ description: 'Finished garment measures drawn' }),
    fit: z
      .array(z.object({ zone: z.string(), garmentCm: z.number(), bodyCm: z.number(), easeCm: z.number() }))
      .optional()
      .openapi({ description: 'Girths of cloth and body as drawn; ease is the difference' }),
    placement: PlacesSchema.optional().openapi({
      description: 'Where the landmarks came to lie, px of the person picture',
    }),
    timingsMs: z.record(z.string(), z.number()),
    device: z.string(),
  })
  .openapi('TryOnReport')

export type Report = z.infer<typeof ReportSchema>

/** A part of a form that carries JSON: `body={"heightCm":172}`. */
const jsonPart = <T extends z.ZodType>(schema: T, what: string) =>
  z
    .string()
    .max(20_000)
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown
      } catch {
        context.addIssue({ code: 'custom', message: `${what} is not JSON` })
        return z.NEVER
      }
    })
    .pipe(schema)
    .optional()
    .openapi({ type: 'string', description: `${what}, as JSON` })

const SizeChartSchema = z.unknown().transform((value, context) => {
  const read = readSizeChart(value)
  if (read.ok) return read.chart
  for (const { size, zone, message } of read.issues)
    context.addIssue({
      code: 'custom',
      message,
      path: zone ? [size, zone] : [size],
    })
  return z.NEVER
})

const FileSchema = z.instanceof(File).openapi({ type: 'string', format: 'binary' })
const optionalText = z.preprocess((value) => (value === '' ? undefined : value), z.string().trim().max(60).optional())

export const TryOnFormSchema = z
  .object({
    person: FileSchema,
    garment: z
      .preprocess((value) => (value instanceof File && value.size === 0 ? undefined : value), FileSchema.optional())
      .openapi({
        type: 'string',
        format: 'binary',
        description: 'A picture of the garment; or give productId or variantId',
      }),
    productId: optionalText,
    variantId: optionalText,
    colour: optionalText.openapi({ description: 'Colour slug of the product; its first without one' }),
    category: z.preprocess((value) => (value === '' ? undefined : value), z.enum(GARMENT_CATEGORIES).optional()),
    size: optionalText,
    sizeChart: jsonPart(SizeChartSchema, 'The size chart'),
    body: jsonPart(BodySchema, 'The body'),
    heightCm: z
      .preprocess((value) => (value === '' ? undefined : value), z.coerce.number().min(100).max(230).optional())
      .openapi({ description: 'The height alone, for a plain form; `body` wins' }),
    format: z.enum(['image', 'json', 'stream']).default('json'),
    imageType: z.enum(['png', 'jpeg', 'webp']).default('png'),
  })
  .openapi('TryOnForm')

export const TryOnAnswerSchema = z
  .object({
    status: z.literal('ok'),
    image: z.string().openapi({ description: 'data: URL of the result' }),
    report: ReportSchema,
  })
  .openapi('TryOnAnswer')
