import { z } from '@hono/zod-openapi'
import { SEARCH_SORTS } from '../../db/search/index.ts'
import { ColourSchema, ImageSchema, ListQuerySchema, MoneySchema, ProductCardSchema } from '../catalog/index.ts'
import { pageOf } from '../kernel/http.ts'

const TextSchema = z.string().max(200).default('')
const FlagSchema = z.enum(['true', 'false']).transform((flag) => flag === 'true')

/** Filters as in a listing, `color` being the same as `colour`. */
export const SearchQuerySchema = ListQuerySchema.extend({
  q: TextSchema.openapi({ description: 'As typed; `"..."` is a phrase; empty finds everything' }),
  exact: FlagSchema.optional().openapi({
    description: '`true`: the words as they stand, neither corrected nor only some of them',
  }),
  color: ListQuerySchema.shape.colour.openapi({ description: 'The same as `colour`' }),
  colourFamily: ListQuerySchema.shape.colour.openapi({
    description: 'Slugs of families of colours, as the facet has them; any colour of `colour` or of these is enough',
  }),
  minRating: z.coerce.number().min(0).max(5).optional().openapi({ description: 'Stars, inclusive' }),
  inStock: FlagSchema.optional().openapi({ description: '`true`: only what can be bought in what is asked for' }),
  sort: z.enum(SEARCH_SORTS).default('relevance'),
  facetField: z.enum(['category', 'brand', 'colour', 'size']).optional(),
  facetText: z
    .string()
    .max(60)
    .optional()
    .openapi({ description: 'Only the values of the facet `facetField` that have a word which begins so' }),
  explain: FlagSchema.optional().openapi({ description: 'Why each is where it is; for staff' }),
})

const counted = { count: z.int().nonnegative() }
const NamedSchema = z.object({ slug: z.string(), name: z.string() })

const FacetsSchema = z
  .object({
    categories: z
      .array(NamedSchema.extend({ parent: z.string().nullable(), ...counted }))
      .openapi({ description: 'Each after the one above it' }),
    brands: z.array(NamedSchema.extend(counted)),
    colours: z.array(ColourSchema.extend(counted)),
    colourFamilies: z
      .array(ColourSchema.extend(counted))
      .openapi({ description: 'Of products that have any of its shades, each product once' }),
    sizes: z.array(z.object({ size: z.string(), ...counted })),
    price: z
      .object({
        min: MoneySchema,
        max: MoneySchema,
        ranges: z.array(z.object({ from: MoneySchema, to: MoneySchema, ...counted })),
      })
      .nullable(),
    ratings: z.array(z.object({ from: z.int(), ...counted })).openapi({ description: 'So many stars or more' }),
    inStock: z.object(counted),
    currency: z.string().nullable().openapi({ description: 'What the shop sells in; null before its first product' }),
  })
  .openapi('SearchFacets', {
    description: 'Counts of all that is found. A filter does not narrow the values of its own facet.',
  })

const RunsSchema = z
  .array(z.object({ text: z.string(), marked: z.boolean() }))
  .openapi({ description: 'Put together they are the text; those that are marked were searched for' })

const ExplanationSchema = z
  .object({
    score: z.number(),
    features: z.array(z.object({ name: z.string(), value: z.number(), contribution: z.number() })),
  })
  .openapi('SearchExplanation', { description: 'Contributions add up to the score' })

export const SearchItemSchema = ProductCardSchema.extend({
  highlight: z.object({ name: RunsSchema, snippet: RunsSchema.optional() }),
  matchedColour: z.string().nullable().openapi({ description: 'Slug of the colour that was asked for, to be shown' }),
  pinned: z.boolean(),
  explanation: ExplanationSchema.optional(),
}).openapi('SearchItem')

export const SearchPageSchema = pageOf(SearchItemSchema)
  .extend({
    searchId: z.uuid().openapi({ description: 'Names this list; send it with clicks on it' }),
    facets: FacetsSchema,
    total: z.int().nonnegative(),
    correctedQuery: z.string().optional().openapi({ description: 'What was searched instead of a word unknown here' }),
    relaxed: z.boolean().openapi({ description: 'Nothing had all of the words, so any of them was enough' }),
  })
  .openapi('SearchPage')

export const SuggestQuerySchema = z.object({
  q: TextSchema,
  limit: z.coerce.number().int().min(1).max(10).default(5),
})

export const SuggestionsSchema = z
  .object({
    queries: z.array(z.object({ text: z.string() })),
    products: z.array(
      z.object({
        id: z.uuid(),
        slug: z.string(),
        name: z.string(),
        brand: NamedSchema,
        price: MoneySchema,
        image: ImageSchema.nullable(),
      }),
    ),
    categories: z.array(
      NamedSchema.extend({ path: z.array(z.string()).openapi({ description: 'Names, root first' }) }),
    ),
    brands: z.array(NamedSchema),
  })
  .openapi('SearchSuggestions')

export type SearchQueryParams = z.infer<typeof SearchQuerySchema>
export type SearchPage = z.infer<typeof SearchPageSchema>
export type SearchItem = z.infer<typeof SearchItemSchema>
export type PageFacets = z.infer<typeof FacetsSchema>
export type Runs = z.infer<typeof RunsSchema>
export type Explanation = z.infer<typeof ExplanationSchema>
export type SuggestQuery = z.infer<typeof SuggestQuerySchema>
export type Suggestions = z.infer<typeof SuggestionsSchema>
