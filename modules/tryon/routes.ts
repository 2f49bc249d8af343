import { createRoute } from '@hono/zod-openapi'
import { stream as streamBody } from 'hono/streaming'
import type { SizeChart } from '../catalog/pure/size-chart.ts'
import { AppError } from '../kernel/errors.ts'
import { allow } from '../kernel/access.ts'
import { createRouter, json, problem } from '../kernel/http.ts'
import type { Pictures } from '../media/index.ts'
import { STAGES, type TryOnOutcome } from './engine.ts'
import type { BodyInput } from './pure/garment-size.ts'
import { TryOnAnswerSchema, TryOnFormSchema } from './schema.ts'
import type { TryOn, TryOnRequest } from './service.ts'

const picture = { schema: { type: 'string', format: 'binary' } } as const

const tryOn = createRoute({
  ...allow('public'),
  method: 'post',
  path: '/try-on',
  tags: ['try-on'],
  summary: 'Put a garment on a person’s picture',
  description:
    'The person’s picture is worked on in memory and not kept. `format=image` answers the picture, `json` the picture as a ' +
    'data: URL with the report, `stream` lines of JSON: `{stage, progress}` as each stage begins, then the answer.',
  request: { body: { required: true, content: { 'multipart/form-data': { schema: TryOnFormSchema } } } },
  responses: {
    200: {
      ...json(TryOnAnswerSchema, 'The person wearing the garment'),
      content: {
        'application/json': { schema: TryOnAnswerSchema },
        'application/x-ndjson': { schema: { type: 'string' } },
        'image/png': picture,
        'image/jpeg': picture,
        'image/webp': picture,
      },
    },
    400: problem('A field does not fit'),
    404: problem('No such product, variant or colour, or it cannot be tried on'),
    413: problem('The pictures are too large to send'),
    422: problem('Refused; `details.reason` is one of a closed list, `details.report` says how far it came'),
    503: problem('Too many try-ons wait'),
  },
})

type Form = ReturnType<(typeof TryOnFormSchema)['parse']>

async function requestOf(form: Form): Promise<TryOnRequest> {
  const { garment, productId, variantId, colour, category, size, sizeChart, body, heightCm } = form
  const given = [garment, productId, variantId].filter((one) => one !== undefined).length
  if (given !== 1) throw new AppError('invalid', 'Give exactly one of garment, productId, variantId')
  const person = new Uint8Array(await form.person.arrayBuffer())
  const known = body ?? (heightCm === undefined ? undefined : { heightCm })
  const rest = { person, size, sizeChart: sizeChart as SizeChart | undefined, body: known as BodyInput | undefined }
  if (garment)
    return { ...rest, garment: { kind: 'picture', bytes: new Uint8Array(await garment.arrayBuffer()), category } }
  if (productId !== undefined) return { ...rest, garment: { kind: 'product', productId, colour } }
  return { ...rest, garment: { kind: 'variant', variantId: variantId ?? '' } }
}

const dataUrl = (bytes: Uint8Array, type: string) =>
  `data:image/${type};base64,${Buffer.from(bytes).toString('base64')}`

const refusal = (outcome: Extract<TryOnOutcome, { ok: false }>) =>
  new AppError('refused', outcome.report.message ?? outcome.reason, {
    reason: outcome.reason,
    report: outcome.report,
  })

export function tryOnRoutes({ tryOn: service, pictures }: { tryOn: TryOn; pictures: Pictures }) {
  return createRouter().openapi(tryOn, async (c) => {
    const form = c.req.valid('form')
    const request = await requestOf(form)
    c.header('cache-control', 'no-store')
    if (form.format === 'stream') {
      c.header('content-type', 'application/x-ndjson')
      return streamBody(c, async (stream) => {
        const line = (value: object) => stream.write(`${JSON.stringify(value)}\n`)
        try {
          const outcome = await service.tryOn(request, (stage) => {
            void line({ stage, progress: STAGES.indexOf(stage) / STAGES.length })
          })
          if (!outcome.ok) {
            await line({
              status: 'refused',
              reason: outcome.reason,
              message: outcome.report.message,
              report: outcome.report,
            })
            return
          }
          const bytes = await pictures.encode(outcome.picture, form.imageType)
          await line({ status: 'ok', image: dataUrl(bytes, form.imageType), report: outcome.report })
        } catch (error) {
          // The status line is sent already: what went wrong has to be the last line.
          if (!(error instanceof AppError)) console.error('try-on stream:', error)
          const message = error instanceof AppError ? error.message : 'Something broke on our side'
          await line({ status: 'failed', code: error instanceof AppError ? error.code : 'internal', message })
        }
      }) as never
    }
    const outcome = await service.tryOn(request)
    if (!outcome.ok) throw refusal(outcome)
    const bytes = await pictures.encode(outcome.picture, form.imageType)
    if (form.format === 'image')
      return c.body(new Uint8Array(bytes), 200, { 'content-type': `image/${form.imageType}` }) as never
    return c.json({ status: 'ok' as const, image: dataUrl(bytes, form.imageType), report: outcome.report }, 200)
  })
}
