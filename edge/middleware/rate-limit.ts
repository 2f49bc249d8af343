import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import type { Cache } from '../../db/index.ts'
import type { AppEnv } from '../../modules/kernel/access.ts'
import { AppError } from '../../modules/kernel/errors.ts'

type Limits = { cache: Cache; now: () => number; /** For each caller on each route. */ perMinute: number }

const WINDOW_SECONDS = 60
/** Of one address on everything that takes a password or a token of a mail, by API and by page together. */
const AUTH_PER_MINUTE = 30
const AUTH = /^\/(?:v1\/auth|login|register|forgot-password|reset-password|verify-email)(?:\/|$)/
/** The same for everybody, and cheaper to give than to count; and what Stripe says: signed, and in bursts. */
const FREE = /^\/(?:v1\/webhooks\/stripe|assets|media|blobs|healthz|readyz|metrics)(?:\/|$)/

/** Enough to tell households apart: who has one IPv6 address has the other 2^64 of its network, too. */
function networkOf(address: string): string {
  if (!address.includes(':') || address.includes('.')) return address
  const [before = [], after = []] = address.split('::').map((part) => part.split(':').filter(Boolean))
  // What `::` leaves out belongs to the network, where it stands within its half.
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  return [...before, ...zeros, ...after].slice(0, 4).join(':')
}

/** The pattern that a request matches, not its path: there are as many paths as products. */
function routeOf(c: Context): string {
  const route = matchedRoutes(c).findLast(({ method }) => method !== 'ALL')
  return `${c.req.method} ${route?.path ?? 'nothing'}`
}

/** Whose requests are counted together, and how many may come in a window; undefined for those that are not counted. */
function accountOf(c: Context<AppEnv>, perMinute: number): { key: string; limit: number } | undefined {
  const address = c.get('address')
  if (perMinute === 0 || address === undefined || FREE.test(c.req.path)) return undefined
  const network = networkOf(address)
  if (c.req.method !== 'GET' && c.req.method !== 'HEAD' && AUTH.test(c.req.path))
    return { key: `auth:${network}`, limit: Math.min(perMinute, AUTH_PER_MINUTE) }
  return { key: `${c.get('actor')?.userId ?? network}:${routeOf(c)}`, limit: perMinute }
}

/**
 * Counts requests in the cache, a window of a minute each: by user and route, by address and route for guests, and by
 * address alone where somebody could guess. Past the limit the answer is 429 with `Retry-After`; every counted answer says
 * in `RateLimit-*` how much is left. Costs no SQL. Requests of our own pages in process have been counted as the page.
 */
export function rateLimit({ cache, now, perMinute }: Limits): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const account = accountOf(c, perMinute)
    if (!account) return next()
    const time = Math.floor(now() / 1000)
    const reset = WINDOW_SECONDS - (time % WINDOW_SECONDS)
    const window = Math.floor(time / WINDOW_SECONDS)
    const { key, limit } = account
    const count = await cache.increment(`rate:${window}:${key}`, WINDOW_SECONDS)
    const headers = {
      'ratelimit-limit': String(limit),
      'ratelimit-remaining': String(Math.max(0, limit - count)),
      'ratelimit-reset': String(reset),
    }
    if (count > limit) {
      for (const [name, value] of Object.entries(headers)) c.header(name, value)
      throw new AppError('rate_limited', `At most ${limit} a minute`, { retryAfterSeconds: reset })
    }
    await next()
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value)
  }
}
