import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from '../../modules/kernel/access.ts'

/** What Bun hands to `fetch` beside the request. */
type Server = { requestIP?(request: Request): { address: string } | null }

/**
 * Where a request comes from: the other end of its connection or, behind proxies of ours, what the outermost of them says.
 * Undefined for a request that one of our own pages makes in process. Stands first: later ones may replace the request.
 */
export function clientAddress(trustedProxies: number): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const server = c.env as Server | undefined
    const peer = server?.requestIP?.(c.req.raw)?.address
    const forwarded = trustedProxies > 0 ? (c.req.header('x-forwarded-for') ?? '').split(',') : []
    const said = peer === undefined ? undefined : forwarded.at(-trustedProxies)?.trim()
    c.set('address', said || peer)
    await next()
  }
}
