import type { Context, MiddlewareHandler } from 'hono'
import type { Identity } from '../../modules/identity/index.ts'
import {
  ACCESS_COOKIE,
  readCookie,
  REFRESH_COOKIE,
  sessionCookies,
} from '../../modules/identity/pure/session-cookies.ts'
import type { AppEnv } from '../../modules/kernel/access.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])
/** A provider may send its answer as a form from its own page: the state in it proves whose it is, and nobody else acts. */
const FROM_ELSEWHERE = /^\/v1\/auth\/oauth\/[^/]+\/callback$/
/** These use up the refresh token themselves. */
const LEAVES_COOKIES = /^\/v1\/auth\/(?:refresh|logout)$/

/**
 * Who asks: by `Authorization: Bearer`, else by the cookies that a sign-in has set. A request that may change something
 * and does not come from our own pages loses its cookies here, so no foreign page can act for a visitor (CSRF). Where the
 * access token has expired and the session has not, it is renewed on the way.
 */
export function authenticate(
  identity: Pick<Identity, 'authenticate' | 'refresh' | 'publicUrl'>,
): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const renewed = await recognise(c)
    await next()
    if (!renewed || c.res.headers.getSetCookie().some((line) => line.startsWith(`${ACCESS_COOKIE}=`))) return
    for (const value of renewed) c.res.headers.append('set-cookie', value)
    // A cache must not hand one visitor's cookies to another.
    c.res.headers.set('cache-control', 'private, no-store')
  }

  /** The cookies to set, where the session was renewed. */
  async function recognise(c: Context<AppEnv>): Promise<string[] | undefined> {
    const bearer = /^Bearer (\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
    if (bearer !== undefined) await setActor(c, bearer)
    if (bearer !== undefined || !c.req.header('cookie') || FROM_ELSEWHERE.test(c.req.path)) return undefined
    if (!SAFE.has(c.req.method) && !isOurOwn(c, identity.publicUrl)) {
      c.req.raw = withoutCookies(c.req.raw)
      return undefined
    }
    const token = cookieOf(c, ACCESS_COOKIE)
    if (token && (await setActor(c, token))) return undefined
    return LEAVES_COOKIES.test(c.req.path) ? undefined : renew(c)
  }

  async function setActor(c: Context<AppEnv>, token: string): Promise<boolean> {
    const actor = await identity.authenticate(token)
    if (!actor) return false
    c.set('actor', actor)
    c.set('accessToken', token)
    return true
  }

  /** The cookies to set; undefined when the session is over, too. */
  async function renew(c: Context<AppEnv>): Promise<string[] | undefined> {
    const token = cookieOf(c, REFRESH_COOKIE)
    const grant = token ? await identity.refresh(token) : undefined
    if (!grant) return undefined
    await setActor(c, grant.accessToken)
    return sessionCookies(grant, (identity.publicUrl ?? c.req.url).startsWith('https:'))
  }
}

const cookieOf = (c: Context, name: string) => readCookie(c.req.header('cookie'), name)

/** Browsers say where a request comes from, in a header that no script can set. */
function isOurOwn(c: Context, publicUrl: string | undefined): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined) return site === 'same-origin' || site === 'none'
  const origin = c.req.header('origin')
  if (origin === undefined || !URL.canParse(origin)) return false
  return [new URL(c.req.url).host, publicUrl && new URL(publicUrl).host].includes(new URL(origin).host)
}

function withoutCookies(request: Request): Request {
  const stripped = new Request(request)
  stripped.headers.delete('cookie')
  return stripped
}
