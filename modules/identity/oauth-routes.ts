import { createRoute, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { type AppEnv, allow } from '../kernel/access.ts'
import { createRouter, json, problem } from '../kernel/http.ts'
import { readCookie } from './pure/session-cookies.ts'
import type { Identity } from './service.ts'
import { createSignedIn } from './signed-in-routes.ts'

const COOKIE = 'oauth'
const PATH = '/v1/auth/oauth'
const params = z.object({ provider: z.string().max(40) })
/** OpenID providers add fields of their own. */
const AnswerSchema = z.looseObject({ state: z.string().max(500).optional() })

const list = createRoute({
  ...allow('public'),
  method: 'get',
  path: '/auth/oauth',
  tags: ['auth'],
  summary: 'Where else one may sign in',
  responses: {
    200: json(z.object({ items: z.array(z.object({ id: z.string(), name: z.string() })) }), 'As this shop is set up'),
  },
})

const start = createRoute({
  ...allow('public'),
  method: 'get',
  path: '/auth/oauth/{provider}/start',
  tags: ['auth'],
  summary: 'Go and sign in at a provider',
  request: { params, query: z.object({ returnTo: z.string().max(500).optional() }) },
  responses: {
    302: { description: 'To the provider' },
    404: problem('No such provider'),
    503: problem('The provider does not answer'),
  },
})

const callback = {
  ...allow('public'),
  path: '/auth/oauth/{provider}/callback',
  summary: 'Come back from a provider',
  responses: {
    302: { description: 'Signed in, to where one came from; else to `/login?failed=expired|provider|mail_unverified`' },
    404: problem('No such provider'),
  },
} as const
const byQuery = createRoute({ ...callback, tags: ['auth'], method: 'get', request: { params, query: AnswerSchema } })
const byForm = createRoute({
  ...callback,
  tags: ['auth'],
  method: 'post',
  request: { params, body: { content: { 'application/x-www-form-urlencoded': { schema: AnswerSchema } } } },
})

export function oauthRoutes(identity: Identity) {
  const { clientOf, isSecure, keep, originOf } = createSignedIn(identity)

  function remember(
    c: Context<AppEnv>,
    state: string,
    { crossSite, seconds }: { crossSite: boolean; seconds: number },
  ) {
    const secure = isSecure(c)
    // A form that the provider's page sends here is not a visit to us: Lax would keep the cookie back.
    const sameSite = crossSite && secure ? 'None' : 'Lax'
    const value = `${COOKIE}=${state}; Path=${PATH}; Max-Age=${seconds}; HttpOnly; SameSite=${sameSite}`
    c.header('set-cookie', secure ? `${value}; Secure` : value, { append: true })
  }

  async function finish(c: Context<AppEnv>, provider: string, answer: URLSearchParams) {
    const state = readCookie(c.req.header('cookie'), COOKIE)
    const outcome = await identity.finishOAuth(provider, { answer, state, client: clientOf(c) })
    remember(c, '', { crossSite: false, seconds: 0 })
    c.header('cache-control', 'no-store')
    if (!outcome.ok) return c.redirect(`/login?failed=${outcome.reason}`, 302)
    keep(c, outcome.grant)
    return c.redirect(outcome.returnTo, 302)
  }

  return createRouter()
    .openapi(list, (c) => c.json({ items: identity.listProviders() }, 200))
    .openapi(start, async (c) => {
      const { returnTo } = c.req.valid('query')
      const begun = await identity.beginOAuth(c.req.valid('param').provider, { origin: originOf(c), returnTo })
      remember(c, begun.state, { crossSite: begun.crossSite, seconds: 600 })
      c.header('cache-control', 'no-store')
      return c.redirect(begun.url, 302)
    })
    .openapi(byQuery, (c) => finish(c, c.req.valid('param').provider, new URL(c.req.url).searchParams))
    .openapi(byForm, async (c) => {
      const fields = Object.entries(c.req.valid('form')).map(([name, value]) => [name, String(value)])
      return finish(c, c.req.valid('param').provider, new URLSearchParams(fields))
    })
}
