import type { MiddlewareHandler } from 'hono'
import { AppError } from './errors.ts'

/** Who asks; nobody is a guest. Set by the edge from a token that identity has verified. */
export type Actor = { userId: string; role: Role; sessionId: string }
export type Role = 'customer' | 'retailer' | 'admin'
/** `accessToken` is what the actor was recognised by; `address` is unknown for what our own pages ask in process. */
export type AppEnv = {
  Variables: {
    requestId: string
    actor?: Actor | undefined
    accessToken?: string
    address?: string | undefined
    idempotencyKey?: string
  }
}

const STAFF: readonly Role[] = ['retailer', 'admin']
const ADMIN: readonly Role[] = ['admin']

/** Every permission a route can ask for, and the roles that have it; `public` is open to guests too. */
export const PERMISSIONS = {
  public: ['customer', 'retailer', 'admin'],
  account: ['customer', 'retailer', 'admin'],
  'orders.manage': STAFF,
  'orders.refund': STAFF,
  'coupons.manage': STAFF,
  'reviews.moderate': STAFF,
  'search.manage': STAFF,
  'users.manage': ADMIN,
  'audit.read': ADMIN,
  'mail.read': ADMIN,
  'webhooks.manage': ADMIN,
  'jobs.manage': ADMIN,
} as const satisfies Record<string, readonly Role[]>

export type Permission = keyof typeof PERMISSIONS

export const isAllowed = (permission: Permission, actor: Actor | undefined): boolean =>
  permission === 'public' || (actor !== undefined && (PERMISSIONS[permission] as readonly Role[]).includes(actor.role))

/**
 * Spread into `createRoute`: the route answers only who has the permission (401 for nobody, 403 for the wrong role), and
 * the OpenAPI document says so. Every route declares one.
 */
export const allow = <P extends Permission>(permission: P) => ({
  'x-permission': permission,
  security: permission === 'public' ? [] : [{ bearer: [] as string[] }],
  middleware: [requires(permission)] as [MiddlewareHandler<AppEnv>],
})

const requires =
  (permission: Permission): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const actor = c.get('actor')
    if (isAllowed(permission, actor)) return next()
    if (!actor) throw new AppError('unauthenticated', 'This needs a signed-in user')
    throw new AppError('forbidden', `This needs the permission ${permission}`)
  }

/** The signed-in user of a route that asks for any permission but `public`. */
export function actorOf(c: { get(key: 'actor'): Actor | undefined }): Actor {
  const actor = c.get('actor')
  if (!actor) throw new AppError('unauthenticated', 'This needs a signed-in user')
  return actor
}
