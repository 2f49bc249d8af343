import { z } from '@hono/zod-openapi'
import { PageQuerySchema, pageOf } from '../kernel/http.ts'

export const FITS = ['small', 'true', 'large'] as const
export const STATUSES = ['pending', 'approved', 'rejected'] as const
export const MOST_PHOTOS = 4

const RatingSchema = z.int().min(1).max(5)
const FitSchema = z.enum(FITS).openapi({ description: 'How it falls, said by the wearer' })

const PhotoSchema = z.object({
  key: z.string(),
  url: z.string().openapi({ description: '`{url}/{width}.{avif|webp|jpg}` is a responsive variant' }),
  width: z.int().positive(),
  height: z.int().positive(),
})

export const ReviewSchema = z
  .object({
    id: z.uuid(),
    author: z.string().nullable().openapi({ description: 'The name its author chose to show, if any' }),
    verified: z.boolean().openapi({ description: 'Its author has bought the product here' }),
    rating: RatingSchema,
    fit: FitSchema.nullable(),
    text: z.string(),
    photos: z.array(PhotoSchema),
    helpful: z.int().nonnegative().openapi({ description: 'How many found it helpful' }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .openapi('Review')

/** As its author and the moderators see it. */
export const OwnReviewSchema = ReviewSchema.extend({
  productId: z.uuid(),
  status: z.enum(STATUSES),
  reason: z.string().nullable().openapi({ description: 'Why it was rejected' }),
}).openapi('OwnReview')

export const QueuedReviewSchema = OwnReviewSchema.extend({
  product: z.object({ slug: z.string(), name: z.string() }).nullable(),
}).openapi('QueuedReview')

export const ReviewPageSchema = pageOf(ReviewSchema).openapi('ReviewPage')
export const QueuePageSchema = pageOf(QueuedReviewSchema).openapi('ReviewQueuePage')

export const ReviewQuerySchema = PageQuerySchema.extend({
  sort: z.enum(['newest', 'helpful']).default('newest'),
  rating: z.coerce.number().int().min(1).max(5).optional(),
})

export const QueueQuerySchema = PageQuerySchema.extend({ status: z.enum(STATUSES).default('pending') })

const emptyIsAbsent = (value: unknown) => (value === '' ? undefined : value)
const file = z.instanceof(File).openapi({ type: 'string', format: 'binary' })
/** A form sends one value bare and several as a list; a file field left empty is a file without a name. */
const several = (value: unknown) =>
  (value === undefined ? [] : [value].flat()).filter((one) => one !== '' && !(one instanceof File && one.size === 0))

export const ReviewFormSchema = z
  .object({
    rating: z.coerce.number().int().min(1).max(5),
    fit: z.preprocess(emptyIsAbsent, FitSchema.optional()),
    text: z.string().trim().max(4000).default(''),
    author: z.preprocess(emptyIsAbsent, z.string().trim().min(1).max(60).optional()).openapi({
      description: 'The name to show beside it',
    }),
    keep: z.preprocess(several, z.array(z.string().max(80)).max(MOST_PHOTOS)).openapi({
      type: 'array',
      items: { type: 'string' },
      description: 'Keys of the photos that stay, when a review is written anew',
    }),
    photos: z.preprocess(several, z.array(file).max(MOST_PHOTOS)).openapi({
      type: 'array',
      items: { type: 'string', format: 'binary' },
      description: `Photos to add; ${MOST_PHOTOS} at most in all`,
    }),
  })
  .openapi('ReviewForm')

export const RejectionSchema = z.object({ reason: z.string().trim().min(1).max(500) })

export type Review = z.infer<typeof ReviewSchema>
export type OwnReview = z.infer<typeof OwnReviewSchema>
export type QueuedReview = z.infer<typeof QueuedReviewSchema>
export type ReviewQuery = z.infer<typeof ReviewQuerySchema>
export type QueueQuery = z.infer<typeof QueueQuerySchema>
export type ReviewForm = z.infer<typeof ReviewFormSchema>
