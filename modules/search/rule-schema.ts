import { z } from '@hono/zod-openapi'
import { PageQuerySchema } from '../kernel/http.ts'

const WordSchema = z.string().trim().min(1).max(60)
const WordsSchema = z.array(WordSchema).min(1).max(30)
const SlugsSchema = z.array(z.string().min(1).max(120)).max(100)
/** Years that PostgreSQL and ISO 8601 write alike. */
const isDated = (time: string) => /^(?!0000)\d{4}-/.test(new Date(time).toISOString())
const TimeSchema = z.iso.datetime({ offset: true }).refine(isDated, 'A time of the years 1 to 9999')

export const RULE_KINDS = ['synonym', 'pin', 'boost', 'bury', 'hide'] as const

const effect = {
  words: WordsSchema.optional().openapi({ description: 'Of a synonym: they stand for each other' }),
  oneWay: z
    .object({ from: WordSchema, to: WordsSchema })
    .optional()
    .openapi({ description: 'Of a synonym: `from` finds what has one of `to`, and not the other way round' }),
  products: z
    .array(z.object({ productId: z.uuid(), position: z.int().min(1).max(100).optional() }))
    .max(100)
    .optional()
    .openapi({ description: '`position` is of a pin, 1 being the first; without one they follow each other' }),
  brands: SlugsSchema.optional(),
  categories: SlugsSchema.optional(),
  factor: z
    .number()
    .min(0.01)
    .max(100)
    .optional()
    .openapi({ description: 'Of boost (above 1, else 2) and bury (below 1, else 0.5)' }),
}

const RuleFields = z.object({
  kind: z.enum(RULE_KINDS),
  on: z
    .object({ query: z.string().trim().min(1).max(200).optional(), category: z.string().min(1).max(120).optional() })
    .default({})
    .openapi({ description: 'When it holds: for this query, in this category, for both, or with neither everywhere' }),
  ...effect,
  active: z.boolean().default(true),
  note: z.string().max(500).optional(),
  from: TimeSchema.optional(),
  until: TimeSchema.optional(),
})

type Fields = z.infer<typeof RuleFields>

type Fault = [path: string, message: string]
const namesIn = ({ products, brands, categories }: Fields) =>
  (products?.length ?? 0) + (brands?.length ?? 0) + (categories?.length ?? 0)

function faultOfSynonym(rule: Fields): Fault | null {
  const { on, words, oneWay } = rule
  if (on.query !== undefined || on.category !== undefined) return ['on', 'Synonyms hold everywhere']
  if ((words === undefined) === (oneWay === undefined)) return ['words', 'A synonym has either words or oneWay']
  if (words?.length === 1) return ['words', 'One word stands for nothing but itself']
  return namesIn(rule) > 0 ? ['products', 'A synonym is of words alone'] : null
}

function faultOfPin(rule: Fields): Fault | null {
  const { products = [] } = rule
  if (products.length === 0 || namesIn(rule) > products.length)
    return ['products', 'A pin names products, and them alone']
  const twice = new Set(products.map(({ productId }) => productId)).size < products.length
  return twice ? ['products', 'A product is pinned twice'] : null
}

/** What a rule of its kind lacks, or has too much. */
function faultOf(rule: Fields): Fault | null {
  const { kind, words, oneWay, factor } = rule
  if (kind === 'synonym') return faultOfSynonym(rule)
  if (words !== undefined || oneWay !== undefined) return ['words', 'Only a synonym has words']
  if (kind === 'pin') return faultOfPin(rule)
  if (namesIn(rule) === 0) return ['products', `What does it ${kind}? Name products, brands or categories`]
  if (factor === undefined || kind === 'hide') return null
  return (kind === 'boost') === factor > 1 ? null : ['factor', 'A boost is above 1, a bury below']
}

const checked = <T extends Fields>(rule: T, context: z.core.$RefinementCtx<T>): void => {
  const fault = faultOf(rule)
  if (fault) context.addIssue({ code: 'custom', path: [fault[0]], message: fault[1], input: rule })
  if (rule.from && rule.until && Date.parse(rule.from) >= Date.parse(rule.until))
    context.addIssue({ code: 'custom', path: ['until'], message: 'It ends before it begins', input: rule })
}

export const NewRuleSchema = RuleFields.superRefine(checked).openapi('NewSearchRule')

/** A field that is given replaces the one before, null takes it away; the kind stays. */
export const RulePatchSchema = z
  .object({
    on: RuleFields.shape.on.unwrap(),
    active: z.boolean(),
    words: effect.words.unwrap().nullable(),
    oneWay: effect.oneWay.unwrap().nullable(),
    products: effect.products.unwrap().nullable(),
    brands: SlugsSchema.nullable(),
    categories: SlugsSchema.nullable(),
    factor: effect.factor.unwrap().nullable(),
    note: z.string().max(500).nullable(),
    from: TimeSchema.nullable(),
    until: TimeSchema.nullable(),
  })
  .partial()
  .refine((patch) => Object.keys(patch).length > 0, 'Nothing to change')
  .openapi('SearchRulePatch')

export const RuleSchema = RuleFields.extend({
  id: z.uuid(),
  on: RuleFields.shape.on.unwrap(),
  active: z.boolean(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
}).openapi('SearchRule')

export const RuleQuerySchema = PageQuerySchema.extend({ kind: z.enum(RULE_KINDS).optional() })

export type Rule = z.infer<typeof RuleSchema>
export type NewRule = z.infer<typeof NewRuleSchema>
export type RulePatch = z.infer<typeof RulePatchSchema>
export type RuleQuery = z.infer<typeof RuleQuerySchema>
