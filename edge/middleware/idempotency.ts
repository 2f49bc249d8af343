import type { Context, MiddlewareHandler } from 'hono'
import type { Claim, Idempotency, KeptAnswer } from '../../db/idempotency.ts'
import type { AppEnv } from '../../modules/kernel/access.ts'
import { AppError } from '../../modules/kernel/errors.ts'

/** What creates an order or moves money. Sign-ins stay out: their answers are secrets. */
const COVERED =
  /^\/v1\/(checkout|orders\/[^/]+\/(pay|cancel|returns)|payments\/[^/]+\/(start|confirm)|admin\/orders\/[^/]+\/refund|admin\/returns\/[^/]+\/receive)$/
const KEY = /^[\x21-\x7e]{8,200}$/
/** Refused before anything was looked at, or broken: not an answer to keep. */
const NOT_KEPT = new Set([400, 401, 403, 404, 413, 415, 429])

/**
 * `Idempotency-Key`: the first answer is kept for 24 hours and given again, marked `Idempotent-Replayed: true`, to the
 * same caller with the same request; with another it is 422, and 409 while the first still runs.
 */
export function idempotency(store: Idempotency): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const key = c.req.header('idempotency-key')
    if (key === undefined || c.req.method !== 'POST' || !COVERED.test(c.req.path)) return next()
    if (!KEY.test(key)) throw new AppError('invalid', 'The Idempotency-Key is 8 to 200 visible ASCII characters')
    const claim = await claimOf(c, key)
    const claimed = await store.claim(claim)
    if (claimed.kind === 'other')
      throw new AppError('refused', 'This Idempotency-Key was used for another request', { reason: 'key_reused' })
    if (claimed.kind === 'running')
      throw new AppError('conflict', 'The first request with this Idempotency-Key still runs', { reason: 'running' })
    if (claimed.kind === 'replay') return replay(claimed.answer)
    c.set('idempotencyKey', claimed.id)
    await next()
    const { status, headers } = c.res
    if (status >= 500 || NOT_KEPT.has(status)) return store.free(claim)
    const contentType = headers.get('content-type') ?? 'application/json'
    await store.keep(claim, { status, contentType, body: await c.res.clone().text() })
  }
}

async function claimOf(c: Context<AppEnv>, key: string): Promise<Claim> {
  const scope = `${c.get('actor')?.userId ?? 'guest'} ${c.req.path}`
  const request = `${c.req.header('x-order-token') ?? ''}\n${new URL(c.req.url).search}\n${await c.req.text()}`
  return { scope, key, request }
}

function replay({ status, contentType, body }: KeptAnswer): Response {
  const headers = { 'content-type': contentType, 'cache-control': 'private, no-store', 'idempotent-replayed': 'true' }
  return new Response(body, { status, headers })
}
