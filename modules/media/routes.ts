import { createRoute, z } from '@hono/zod-openapi'
import { AppError } from '../kernel/errors.ts'
import { allow } from '../kernel/access.ts'
import { createRouter, problem } from '../kernel/http.ts'
import { type Media, VARIANT_WIDTHS } from './service.ts'

const BinarySchema = z.string().openapi({ format: 'binary' })
const picture = (...types: string[]) => ({
  description: 'The picture; it never changes',
  content: Object.fromEntries(types.map((type) => [type, { schema: BinarySchema }])),
})
const KeySchema = z.string().openapi({ example: '0123456789abcdef0123456789abcdef.jpg' })

const getOriginal = createRoute({
  ...allow('public'),
  method: 'get',
  path: '/media/{key}',
  tags: ['media'],
  summary: 'A picture as it is stored',
  request: { params: z.object({ key: KeySchema }) },
  responses: { 200: picture('image/jpeg', 'image/webp'), 404: problem('No such picture') },
})

const getVariant = createRoute({
  ...allow('public'),
  method: 'get',
  path: '/media/{key}/{variant}',
  tags: ['media'],
  summary: `A picture at most ${VARIANT_WIDTHS.join(', ')} px wide as AVIF, WebP or JPEG`,
  request: { params: z.object({ key: KeySchema, variant: z.string().openapi({ example: '480.avif' }) }) },
  responses: {
    200: picture('image/avif', 'image/webp', 'image/jpeg'),
    404: problem('No such picture, width or format'),
  },
})

function answer(
  blob: { bytes: Uint8Array; contentType: string } | undefined,
  name: string,
  known: string | undefined,
): Response {
  if (!blob) throw new AppError('not_found', `No picture ${name}`)
  const tag = `"${name}"`
  const headers = { 'cache-control': 'public, max-age=31536000, immutable', etag: tag }
  if (known?.includes(tag)) return new Response(null, { status: 304, headers })
  return new Response(new Uint8Array(blob.bytes), { headers: { ...headers, 'content-type': blob.contentType } })
}

export function mediaRoutes(media: Media) {
  return createRouter()
    .openapi(getOriginal, async (c) => {
      const { key } = c.req.valid('param')
      return answer(await media.findOriginal(key), key, c.req.header('if-none-match'))
    })
    .openapi(getVariant, async (c) => {
      const { key, variant } = c.req.valid('param')
      return answer(await media.findVariant(key, variant), `${key}/${variant}`, c.req.header('if-none-match'))
    })
}
