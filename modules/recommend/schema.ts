import { z } from '@hono/zod-openapi'
import { CartIdSchema } from '../cart/index.ts'
import { ColourSchema, ImageSchema, ProductCardSchema } from '../catalog/index.ts'

export const REASONS = [
  'liked',
  'quiz',
  'brand',
  'size',
  'fit',
  'budget',
  'occasion',
  'season',
  'popular',
  'new',
  'similar',
  'together',
  'completes',
  'viewed',
  'featured',
  'rated',
] as const

export const ReasonSchema = z
  .object({
    kind: z.enum(REASONS),
    text: z.string().openapi({ example: 'Because you liked Linnea Tea Dress' }),
    productId: z.uuid().optional().openapi({ description: 'The product that it speaks of, where it speaks of one' }),
  })
  .openapi('RecommendationReason', { description: 'What counted most for this product; never made up' })

export const RecommendationSchema = z
  .object({ product: ProductCardSchema, reason: ReasonSchema, score: z.number() })
  .openapi('Recommendation')

export const RecommendationsSchema = z
  .object({
    items: z.array(RecommendationSchema),
    model: z.string().openapi({ description: 'Version of the model that was asked; `none` before the first training' }),
  })
  .openapi('Recommendations')

const LimitSchema = z.coerce.number().int().min(1).max(60)

export const LimitQuerySchema = z.object({ limit: LimitSchema.default(12) })

export const AnswersSchema = z.string().max(1200).openapi({
  description: 'What the style quiz was told so far, as it gave it out; kept by the caller',
  example: 'department:women;occasion:work,party',
})

export const RecommendationsQuerySchema = z.object({
  limit: LimitSchema.default(24),
  context: z.string().max(120).optional().openapi({
    description: '`home`, `cart`, an occasion such as `wedding`, or the slug of the category that is seen',
  }),
  answers: AnswersSchema.optional(),
  cart: CartIdSchema.optional().openapi({ description: 'What is in this cart is not recommended again' }),
})

const OptionSchema = z.object({
  id: z.string(),
  label: z.string(),
  image: ImageSchema.nullable().openapi({ description: 'Of a product that is typical of it' }),
  hex: ColourSchema.shape.hex.nullable(),
})

export const QuizSchema = z
  .object({
    answers: AnswersSchema,
    question: z
      .object({
        id: z.string(),
        text: z.string(),
        kind: z.enum(['one', 'many']),
        options: z.array(OptionSchema),
        chosen: z.array(z.string()).openapi({ description: 'What was answered before' }),
      })
      .nullable()
      .openapi({ description: 'Null when nothing is left that would tell us more' }),
    progress: z.object({ answered: z.int(), of: z.int() }),
    given: z
      .array(z.object({ questionId: z.string(), text: z.string(), labels: z.array(z.string()) }))
      .openapi({ description: 'What was answered, in the order of the quiz; each can be asked again' }),
  })
  .openapi('Quiz')

export const QuizQuerySchema = z.object({
  answers: AnswersSchema.optional(),
  question: z.string().max(40).optional().openapi({ description: 'Ask this one again' }),
})

export const QuizAnswerSchema = z
  .object({
    questionId: z.string().min(1).max(40),
    optionIds: z.array(z.string().max(60)).max(12).openapi({ description: 'Empty for a question that is passed over' }),
    answers: AnswersSchema.optional(),
  })
  .openapi('QuizAnswer')

export const VectorsSchema = z
  .object({
    url: z.string().openapi({ description: 'Never changes under this address' }),
    version: z.string(),
    items: z.int(),
    dimensions: z.int(),
    bytes: z.int(),
  })
  .openapi('RecommendationVectors')

export type Reason = z.infer<typeof ReasonSchema>
export type ReasonKind = (typeof REASONS)[number]
export type Recommendation = z.infer<typeof RecommendationSchema>
export type Recommendations = z.infer<typeof RecommendationsSchema>
export type RecommendationsQuery = z.infer<typeof RecommendationsQuerySchema>
export type Quiz = z.infer<typeof QuizSchema>
export type QuizQuery = z.infer<typeof QuizQuerySchema>
export type QuizAnswer = z.infer<typeof QuizAnswerSchema>
export type Vectors = z.infer<typeof VectorsSchema>
