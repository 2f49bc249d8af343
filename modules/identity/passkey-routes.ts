import { createRoute, z } from '@hono/zod-openapi'
import { actorOf, allow } from '../kernel/access.ts'
import { createRouter, json, problem } from '../kernel/http.ts'
import {
  DoneSchema,
  NewPasskeySchema,
  PasskeyOptionsSchema,
  PasskeyResponseSchema,
  PasskeySchema,
  SignedInSchema,
} from './schema.ts'
import type { Identity } from './service.ts'
import { createSignedIn } from './signed-in-routes.ts'

const given = (description: string) => ({ 200: json(PasskeyOptionsSchema, description) })
const REFUSED = { 400: problem('A field does not fit'), 422: problem('It does not verify') }

const signInOptions = createRoute({
  ...allow('public'),
  method: 'post',
  path: '/auth/passkeys/options',
  tags: ['auth'],
  summary: 'Begin to sign in by passkey',
  responses: given('For `navigator.credentials.get`'),
})

const signIn = createRoute({
  ...allow('public'),
  method: 'post',
  path: '/auth/passkeys/sign-in',
  tags: ['auth'],
  summary: 'Sign in by passkey',
  request: {
    body: {
      required: true,
      content: { 'application/json': { schema: z.object({ response: PasskeyResponseSchema }) } },
    },
  },
  responses: { 200: json(SignedInSchema, 'Signed in'), ...REFUSED },
})

const creationOptions = createRoute({
  ...allow('account'),
  method: 'post',
  path: '/me/passkeys/options',
  tags: ['me'],
  summary: 'Begin to add a passkey',
  responses: given('For `navigator.credentials.create`'),
})

const add = createRoute({
  ...allow('account'),
  method: 'post',
  path: '/me/passkeys',
  tags: ['me'],
  summary: 'Add a passkey',
  request: { body: { required: true, content: { 'application/json': { schema: NewPasskeySchema } } } },
  responses: { 201: json(DoneSchema, 'Added'), 409: problem('It is known already'), ...REFUSED },
})

const list = createRoute({
  ...allow('account'),
  method: 'get',
  path: '/me/passkeys',
  tags: ['me'],
  summary: 'The passkeys of the account',
  responses: { 200: json(z.object({ items: z.array(PasskeySchema), nextCursor: z.null() }), 'All passkeys') },
})

const remove = createRoute({
  ...allow('account'),
  method: 'delete',
  path: '/me/passkeys/{id}',
  tags: ['me'],
  summary: 'Remove a passkey',
  request: { params: z.object({ id: z.string().max(1400) }) },
  responses: { 204: { description: 'Removed' }, 404: problem('No such passkey') },
})

/** Plain JSON, whatever its author calls its parts. */
const asJson = (options: object) => ({ options: options as Record<string, never> })

export function passkeyRoutes(identity: Identity) {
  const { answer, clientOf, originOf } = createSignedIn(identity)
  return createRouter()
    .openapi(signInOptions, async (c) => {
      c.header('cache-control', 'no-store')
      return c.json(asJson(await identity.passkeySignInOptions(originOf(c))), 200)
    })
    .openapi(signIn, async (c) => {
      const { response } = c.req.valid('json')
      return c.json(await answer(c, await identity.signInByPasskey(response, originOf(c), clientOf(c))), 200)
    })
    .openapi(creationOptions, async (c) => {
      c.header('cache-control', 'no-store')
      return c.json(asJson(await identity.passkeyCreationOptions(actorOf(c).userId, originOf(c))), 200)
    })
    .openapi(add, async (c) => {
      await identity.addPasskey(actorOf(c), c.req.valid('json'), originOf(c))
      return c.json({ status: 'done' } as const, 201)
    })
    .openapi(list, async (c) =>
      c.json({ items: await identity.listPasskeys(actorOf(c).userId), nextCursor: null }, 200),
    )
    .openapi(remove, async (c) => {
      await identity.removePasskey(actorOf(c), c.req.valid('param').id)
      return c.body(null, 204)
    })
}
