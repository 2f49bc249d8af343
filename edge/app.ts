import { OpenAPIHono } from '@hono/zod-openapi'
import { type Context, Hono } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { Modules } from '../modules/index.ts'
import type { AppEnv } from '../modules/kernel/access.ts'
import { AppError, ERRORS, type ErrorCode } from '../modules/kernel/errors.ts'
import { toProblem } from '../modules/kernel/http.ts'
import type { Assets } from '../web/assets.ts'
import { createPages, drawError } from '../web/pages.tsx'
import { docsPages } from './docs.ts'
import { authenticate } from './middleware/authenticate.ts'
import { bodyGuard } from './middleware/body-guard.ts'
import { clientAddress } from './middleware/client-address.ts'
import { etag } from './middleware/etag.ts'
import { idempotency } from './middleware/idempotency.ts'
import { rateLimit } from './middleware/rate-limit.ts'
import { requestId } from './middleware/request-id.ts'
import { securityHeaders } from './middleware/security-headers.ts'
import { allowedMethods, bodyTypes } from './paths.ts'

const SMALL_BODY = 256 * 1024
/** Two phone photos and a little. */
const PHOTO_BODY = 40 * 1024 * 1024
const bodyLimit = (path: string) => (/\/try-on(\/|$)|\/products\/[^/]+\/reviews$/.test(path) ? PHOTO_BODY : SMALL_BODY)

/** Without `identity` everybody is a guest. */
type Needs = Pick<Modules, 'infra' | 'routes'> & Partial<Pick<Modules, 'identity'>>
/** Requests a minute of one caller on one route, 0 for no limit; how many proxies of ours stand before the shop. */
type Limits = { perMinute: number; trustedProxies: number }

/** Web standards only: runs in Bun, Deno, or a test with no socket. With `assets` it shows pages, without it is the API alone. */
export function createApp({ infra, routes, identity }: Needs, assets?: Assets, limits?: Limits) {
  const app = new OpenAPIHono<AppEnv>()
  app.use(
    requestId(() => crypto.randomUUID()),
    securityHeaders({ stripe: infra.paymentKeys?.stripe !== undefined }),
    clientAddress(limits?.trustedProxies ?? 0),
  )
  if (identity) app.use('/v1/*', authenticate(identity))
  if (limits) app.use(rateLimit({ cache: infra.cache, now: Date.now, perMinute: limits.perMinute }))
  app.use(bodyGuard({ limit: bodyLimit, types: bodyTypes(routes) }))
  app.use('/v1/*', etag, idempotency(infra.idempotency))

  app.route('/', storeRoutes(infra))
  app.route('/docs', docsPages())
  app.route('/', routes)
  app.openAPIRegistry.registerComponent('securitySchemes', 'bearer', {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'The access token of a sign-in. A browser sends it as the HttpOnly cookie `access` instead.',
  })
  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'EshoTry',
      version: '1',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    servers: [{ url: '/' }],
  })
  if (assets) app.route('/', createPages({ fetch: (request) => app.fetch(request), assets }))

  const answer = createAnswer(assets)
  app.notFound((c) => {
    const allowed = allowedMethods(app.routes, c.req.path)
    if (allowed.length === 0 || allowed.includes(c.req.method))
      return answer(c, new AppError('not_found', `Nothing at ${c.req.path}`))
    const res = answer(c, new AppError('method_not_allowed', `${c.req.path} takes ${allowed.join(', ')}`))
    res.headers.set('allow', allowed.join(', '))
    return res
  })
  app.onError((error, c) => {
    if (error instanceof AppError) return answer(c, error)
    if (error instanceof HTTPException && error.status < 500)
      return answer(c, new AppError(codeOf(error.status), error.message))
    console.error(c.get('requestId'), error)
    return answer(c, new AppError('internal', 'Something broke; it was logged under this request id'))
  })
  return app
}

/** Whether we and our stores are well, and the files that we keep ourselves. */
function storeRoutes(infra: Modules['infra']) {
  const app = new Hono<AppEnv>()
  app.get('/healthz', (c) => c.json({ status: 'alive' }))
  app.get('/readyz', async (c) => {
    await infra.ready().catch((error: Error) => {
      throw new AppError('unavailable', `Not answering: ${error.message}`)
    })
    return c.json({ status: 'ready' })
  })
  app.get('/blobs/:key{.+}', async (c) => {
    const { expires = '', signature = '' } = c.req.query()
    const key = c.req.param('key')
    const allowed = infra.verifyBlobUrl({ key, expires: Number(expires), signature })
    const blob = allowed ? await infra.blobs.get(key) : undefined
    if (!blob) throw new AppError('not_found', 'No such file, or its link has expired')
    return c.body(new Uint8Array(blob.bytes), 200, {
      'content-type': blob.contentType,
      'cache-control': 'private, no-store',
    })
  })
  return app
}

/** A problem for a program, and for a browser the shop's own page of it where there are pages. */
const createAnswer =
  (assets: Assets | undefined) =>
  (c: Context<AppEnv>, error: AppError): Response => {
    const { status } = ERRORS[error.code]
    c.header('cache-control', 'no-store')
    const wait = error.details?.['retryAfterSeconds']
    if (typeof wait === 'number') c.header('retry-after', String(wait))
    const page = assets && drawError(assets, c.req.raw, status)
    if (page !== undefined) return c.html(page, status)
    const body = toProblem(error, c.get('requestId'))
    return c.json(body, status, { 'content-type': 'application/problem+json' })
  }

function codeOf(status: number): ErrorCode {
  const found = (Object.keys(ERRORS) as ErrorCode[]).find((code) => ERRORS[code].status === status)
  return found ?? 'invalid'
}
