import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from '../../modules/kernel/access.ts'

/** Takes the caller's `X-Request-Id` when it is a plain token, else makes one; every answer carries it. */
export function requestId(newId: () => string): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const given = c.req.header('x-request-id')
    const id = given !== undefined && /^[\w.-]{1,100}$/.test(given) ? given : newId()
    c.set('requestId', id)
    await next()
    c.res.headers.set('x-request-id', id)
  }
}
