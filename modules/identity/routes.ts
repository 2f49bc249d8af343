import { createRoute } from '@hono/zod-openapi'
import { allow } from '../kernel/access.ts'
import { createRouter, json } from '../kernel/http.ts'
import { accountRoutes } from './account-routes.ts'
import { authRoutes } from './auth-routes.ts'
import { oauthRoutes } from './oauth-routes.ts'
import { passkeyRoutes } from './passkey-routes.ts'
import { JwksSchema } from './schema.ts'
import type { Identity } from './service.ts'

export const identityRoutes = (identity: Identity) =>
  createRouter()
    .route('/', authRoutes(identity))
    .route('/', oauthRoutes(identity))
    .route('/', passkeyRoutes(identity))
    .route('/', accountRoutes(identity))

const jwks = createRoute({
  ...allow('public'),
  method: 'get',
  path: '/.well-known/jwks.json',
  tags: ['auth'],
  summary: 'The keys that verify access tokens',
  responses: { 200: json(JwksSchema, 'RFC 7517') },
})

/** At the root, where RFC 8615 puts it. */
export const jwksRoutes = (identity: Identity) =>
  createRouter().openapi(jwks, async (c) => {
    c.header('cache-control', 'public, max-age=60')
    return c.json(await identity.jwks(), 200)
  })
