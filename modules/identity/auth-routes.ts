import { createRoute, type z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { allow, type AppEnv } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import { createRouter, json, problem } from '../kernel/http.ts'
import { readCookie, REFRESH_COOKIE } from './pure/session-cookies.ts'
import {
  AcceptedSchema,
  DoneSchema,
  ForgotPasswordSchema,
  LoginSchema,
  RegisterSchema,
  ResetPasswordSchema,
  SignedInSchema,
  VerifyEmailSchema,
} from './schema.ts'
import type { Identity } from './service.ts'
import { createSignedIn } from './signed-in-routes.ts'

const body = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { 'application/json': { schema } } },
})
const LIMITED = { 429: problem('Too many attempts; `Retry-After` says how long to wait') }
const WRONG = 'The mail or the password is wrong, or the mail is not verified yet'

const register = createRoute({
  ...allow('public'),
  method: 'post',
  path: '/auth/register',
  tags: ['auth'],
  summary: 'Ask for an account',
  description:
    'The answer is the same whether or not the address has an account already; the mail says how it goes on.',
  request: body(RegisterSchema),
  responses: { 202: json(AcceptedSchema, 'A mail is on its way'), 400: problem('A field does not fit'), ...LIMITED },
})

const login = createRoute({
  ...allow('public'),
  method: 'post',
  path: '/auth/login',
  tags: ['auth'],
  summary: 'Sign in by password',
  description:
    'The access token is in the answer and in the cookie `access`, the refresh token in the cookie `refresh`.',
  request: body(LoginSchema),
  responses: {
    200: json(SignedInSchema, 'Signed in'),
    400: problem('A field does not fit'),
    401: problem(WRONG),
    ...LIMITED,
  },
})

const refresh = createRoute({
  ...allow('public'),
  method: 'post',
  path: '/auth/refresh',
  tags: ['auth'],
  summary: 'A new access token for the cookie `refresh`, which is replaced',
  responses: { 200: json(SignedInSchema, 'Still signed in'), 401: problem('The session is over') },
})

const logout = createRoute({
  ...allow('public'),
  method: 'post',
  path: '/auth/logout',
  tags: ['auth'],
  summary: 'End the session',
  responses: { 200: json(DoneSchema, 'Signed out') },
})

const verifyEmail = createRoute({
  ...allow('public'),
  method: 'post',
  path: '/auth/verify-email',
  tags: ['auth'],
  summary: 'Prove an address with the token of a mail',
  request: body(VerifyEmailSchema),
  responses: { 200: json(DoneSchema, 'Proved'), 422: problem('The link is not, or no longer, good'), ...LIMITED },
})

const forgotPassword = createRoute({
  ...allow('public'),
  method: 'post',
  path: '/auth/forgot-password',
  tags: ['auth'],
  summary: 'Ask for a link that sets a new password',
  description: 'The answer is the same whether or not the address has an account.',
  request: body(ForgotPasswordSchema),
  responses: { 202: json(AcceptedSchema, 'If there is an account, a mail is on its way'), ...LIMITED },
})

const resetPassword = createRoute({
  ...allow('public'),
  method: 'post',
  path: '/auth/reset-password',
  tags: ['auth'],
  summary: 'Set a new password with the token of a mail; every session ends',
  request: body(ResetPasswordSchema),
  responses: { 200: json(DoneSchema, 'Set'), 422: problem('The link is not, or no longer, good'), ...LIMITED },
})

const accepted = { status: 'accepted' } as const
const done = { status: 'done' } as const
const staleLink = () =>
  new AppError('refused', 'This link is not good any more; ask for another', { reason: 'stale_link' })

const refreshTokenOf = (c: Context<AppEnv>) => readCookie(c.req.header('cookie'), REFRESH_COOKIE) ?? ''

export function authRoutes(identity: Identity) {
  const { answer, clientOf, forget } = createSignedIn(identity)

  return createRouter()
    .openapi(register, async (c) => {
      await identity.register(c.req.valid('json'))
      return c.json(accepted, 202)
    })
    .openapi(login, async (c) => {
      const outcome = await identity.login(c.req.valid('json'), clientOf(c))
      if (outcome.ok) return c.json(await answer(c, outcome.grant), 200)
      if (outcome.reason === 'wrong') throw new AppError('unauthenticated', WRONG)
      const { retryAfterSeconds } = outcome
      throw new AppError('rate_limited', `Wait ${retryAfterSeconds} seconds`, { retryAfterSeconds })
    })
    .openapi(refresh, async (c) => {
      const grant = await identity.refresh(refreshTokenOf(c))
      if (grant) return c.json(await answer(c, grant), 200)
      forget(c)
      throw new AppError('unauthenticated', 'The session is over')
    })
    .openapi(logout, async (c) => {
      await identity.endOfToken(refreshTokenOf(c))
      const actor = c.get('actor')
      if (actor) await identity.endSession(actor)
      forget(c)
      return c.json(done, 200)
    })
    .openapi(verifyEmail, async (c) => {
      if (!(await identity.verifyEmail(c.req.valid('json').token))) throw staleLink()
      return c.json(done, 200)
    })
    .openapi(forgotPassword, async (c) => {
      await identity.forgotPassword(c.req.valid('json').email)
      return c.json(accepted, 202)
    })
    .openapi(resetPassword, async (c) => {
      const { token, password } = c.req.valid('json')
      if (!(await identity.resetPassword(token, password))) throw staleLink()
      return c.json(done, 200)
    })
}
