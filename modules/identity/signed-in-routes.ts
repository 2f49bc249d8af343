import type { Context } from 'hono'
import type { AppEnv } from '../kernel/access.ts'
import { clearedCookies, sessionCookies } from './pure/session-cookies.ts'
import type { Identity } from './service.ts'
import type { Grant } from './sessions.ts'

function setCookies(c: Context<AppEnv>, values: string[]): void {
  for (const value of values) c.header('set-cookie', value, { append: true })
}

/** What every way to sign in answers with: cookies for a browser, a token for a program. */
export function createSignedIn(identity: Pick<Identity, 'publicUrl' | 'getUser'>) {
  /** Where the caller sees the shop. */
  const originOf = (c: Context<AppEnv>) => identity.publicUrl ?? new URL(c.req.url).origin
  const isSecure = (c: Context<AppEnv>) => originOf(c).startsWith('https:')
  const keep = (c: Context<AppEnv>, grant: Grant) => setCookies(c, sessionCookies(grant, isSecure(c)))

  return {
    originOf,
    isSecure,
    clientOf: (c: Context<AppEnv>) => c.req.header('user-agent') ?? '',
    keep,
    forget: (c: Context<AppEnv>) => setCookies(c, clearedCookies(isSecure(c))),
    async answer(c: Context<AppEnv>, grant: Grant) {
      keep(c, grant)
      c.header('cache-control', 'no-store')
      const user = await identity.getUser(grant.userId)
      return { accessToken: grant.accessToken, expiresAt: grant.accessExpiresAt.toISOString(), user }
    },
  }
}
