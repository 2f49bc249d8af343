import type { MiddlewareHandler } from 'hono'
import { AppError } from '../../modules/kernel/errors.ts'

/** What a form of a page may send, where the API document says nothing. */
const FORM_AND_JSON = ['application/json', 'multipart/form-data', 'application/x-www-form-urlencoded']

/** A NUL that JSON escapes: PostgreSQL can store it in neither text nor jsonb. */
const ESCAPED_NUL = /(?<!\\)(?:\\\\)*\\u0000/

/** Half of a surrogate pair, escaped: JSON may hold it, UTF-8 cannot, nor can jsonb. */
const ESCAPED_HALF = /(?<!\\)(?:\\\\)*\\ud[89a-f]/i

type Rules = {
  /** In bytes. */
  limit: (path: string) => number
  types: (request: { method: string; path: string }) => string[] | undefined
}

/**
 * What a body must be before a route sees it: at most `limit` bytes whether or not its length was declared, of a type
 * that the route takes, and JSON in valid UTF-8.
 */
export function bodyGuard({ limit, types }: Rules): MiddlewareHandler {
  return async (c, next) => {
    if (/%00/.test(c.req.url)) throw new AppError('invalid', 'The address has a NUL in it')
    const { body, headers } = c.req.raw
    if (!body) return next()
    const most = limit(c.req.path)
    const declared = headers.get('content-length')
    if (Number(declared ?? 0) > most) throw tooLarge(most)
    const type = typeOf(headers)
    const taken = types(c.req) ?? FORM_AND_JSON
    if (!taken.includes(type))
      throw new AppError('unsupported_media_type', `Send ${taken.join(' or ')}, not ${type || 'an unnamed type'}`)
    // A server gives no more than was declared, and all of it at once, which is much cheaper than piece by piece.
    const bytes = declared === null ? await readAtMost(body, most) : await readWhole(c.req.raw, most)
    if (type === 'application/json') assertJsonText(bytes)
    c.req.raw = new Request(c.req.url, { method: c.req.method, headers, body: bytes })
    return next()
  }
}

async function readWhole(request: Request, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const whole = new Uint8Array(await request.arrayBuffer())
  if (whole.byteLength > most) throw tooLarge(most)
  return whole
}

const typeOf = (headers: Headers) => headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? ''

async function readAtMost(body: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.byteLength
    if (length > most) throw tooLarge(most)
    chunks.push(chunk)
  }
  const whole = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}

function assertJsonText(bytes: Uint8Array): void {
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new AppError('invalid', 'The body is not valid UTF-8')
  }
  if (ESCAPED_NUL.test(text)) throw new AppError('invalid', 'The body has a NUL in it')
  if (ESCAPED_HALF.test(text) && hasLoneSurrogate(text))
    throw new AppError('invalid', 'The body has half a surrogate pair in it')
}

const tooLarge = (most: number) => new AppError('too_large', `At most ${most} bytes`)

/** Written out again, whole pairs are characters and halves are still escaped. What is no JSON is the route's to refuse. */
function hasLoneSurrogate(text: string): boolean {
  try {
    return ESCAPED_HALF.test(JSON.stringify(JSON.parse(text)))
  } catch {
    return false
  }
}
