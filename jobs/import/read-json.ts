import { z } from 'zod'
import { type SizeChart, readSizeChart } from '../../modules/catalog/pure/size-chart.ts'
import { slugOf } from '../../modules/catalog/pure/slug.ts'
import { AppError } from '../../modules/kernel/errors.ts'
import { type Draft, GARMENTS, isCurrency, type ReadCatalogue, type Remark } from './draft.ts'

const TextSchema = z.string().trim().min(1)

const ProductSchema = z.strictObject({
  handle: TextSchema.optional(),
  name: TextSchema,
  description: z.string().default(''),
  brand: TextSchema,
  category: z.array(TextSchema).min(1),
  price: z.strictObject({
    amount: z.int().nonnegative(),
    currency: z.string().refine(isCurrency, 'is no ISO 4217 currency'),
  }),
  garment: z.enum(GARMENTS).optional(),
  sizeChart: z.unknown().optional(),
  metadata: z.record(z.string(), z.unknown()).default({}),
  colours: z
    .array(
      z
        .strictObject({
          name: TextSchema,
          hex: z
            .string()
            .toLowerCase()
            .regex(/^#[0-9a-f]{6}$/, 'is not of the form #1b2a41')
            .optional(),
          images: z.array(TextSchema).default([]),
          variants: z
            .array(z.strictObject({ size: TextSchema, stock: z.int().nonnegative(), sku: TextSchema.optional() }))
            .min(1),
        })
        .refine(({ hex, images }) => hex !== undefined || images.length > 0, {
          path: ['hex'],
          message: 'is needed when there is no picture to take it from',
        }),
    )
    .min(1),
})

/** A string, a bracket, a comma, a line's end, or one character of anything else that is not blank. */
const TOKEN = /"(?:\\.|[^"\\])*"|\n|\S/g

/** The line, from 1, on which each element of the outermost array begins: JSON itself does not say. */
function linesOfElements(text: string): number[] {
  const lines: number[] = []
  let [depth, line, fresh] = [0, 1, false]
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '\n') {
      line += 1
      continue
    }
    if (fresh && token !== ']') lines.push(line)
    fresh = false
    if (token === '[' || token === '{') fresh = ++depth === 1
    else if (token === ']' || token === '}') depth -= 1
    else fresh = token === ',' && depth === 1
  }
  return lines
}

function readDraft(value: unknown, line: number, refused: Remark[]): Draft | undefined {
  const read = ProductSchema.safeParse(value)
  if (!read.success) {
    for (const { path, message } of read.error.issues) refused.push({ line, column: path.join('.'), reason: message })
    return undefined
  }
  const { handle: given, garment, colours, sizeChart, ...product } = read.data
  const handle = given ?? slugOf(product.name)
  const chart = sizeChart === undefined || sizeChart === null ? undefined : readSizeChart(sizeChart)
  if (chart && !chart.ok) {
    for (const { size, zone, message } of chart.issues)
      refused.push({ line, handle, column: ['sizeChart', size, zone].filter(Boolean).join('.'), reason: message })
    return undefined
  }
  const chartOrNone: SizeChart | null = chart?.ok ? chart.chart : null
  return {
    line,
    handle,
    garment,
    product: { ...product, sizeChart: chartOrNone, metadata: product.metadata as Draft['product']['metadata'] },
    colours: colours.map(({ name, hex, images, variants }) => ({
      line,
      name,
      hex,
      images,
      variants: variants.map(({ size, stock, sku }) => ({
        size,
        stock,
        sku: sku ?? `${handle}-${slugOf(name)}-${size}`,
      })),
    })),
  }
}

/** An array of products. One with anything wrong is refused as a whole, everything wrong named. Throws `invalid` for no JSON array. */
export function readJson(text: string): ReadCatalogue {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new AppError('invalid', `The file is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (!Array.isArray(value)) throw new AppError('invalid', 'The file must hold an array of products')
  const lines = linesOfElements(text)
  const refused: Remark[] = []
  const drafts = value.flatMap((element: unknown, place) => readDraft(element, lines[place] ?? 1, refused) ?? [])
  const seen = new Set<string>()
  const once = drafts.filter(({ handle, line }) => {
    if (!seen.has(handle)) return seen.add(handle)
    refused.push({ line, handle, column: 'handle', reason: 'is that of a product above' })
    return false
  })
  return { drafts: once, refused }
}
