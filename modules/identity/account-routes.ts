import { createRoute } from '@hono/zod-openapi'
import { actorOf, allow, isAllowed, PERMISSIONS, type Permission } from '../kernel/access.ts'
import { createRouter, json, pageOf, problem } from '../kernel/http.ts'
import { z } from '@hono/zod-openapi'
import {
  AcceptedSchema,
  ChangeEmailSchema,
  ChangePasswordSchema,
  DoneSchema,
  IdSchema,
  RoleChangeSchema,
  SessionSchema,
  UserQuerySchema,
  UserSchema,
} from './schema.ts'
import type { Identity } from './service.ts'

const WRONG_PASSWORD = { 422: problem('The password is wrong'), 429: problem('Too many attempts') }

const changeEmail = createRoute({
  ...allow('account'),
  method: 'post',
  path: '/me/email',
  tags: ['me'],
  summary: 'Change to another address',
  description: 'A link goes to the new address; until it is followed the old one stays.',
  request: { body: { required: true, content: { 'application/json': { schema: ChangeEmailSchema } } } },
  responses: {
    202: json(AcceptedSchema, 'A mail is on its way'),
    400: problem('A field does not fit'),
    ...WRONG_PASSWORD,
  },
})

const changePassword = createRoute({
  ...allow('account'),
  method: 'post',
  path: '/me/password',
  tags: ['me'],
  summary: 'Change the password; the other sessions end',
  request: { body: { required: true, content: { 'application/json': { schema: ChangePasswordSchema } } } },
  responses: { 200: json(DoneSchema, 'Changed'), 400: problem('A field does not fit'), ...WRONG_PASSWORD },
})

const listSessions = createRoute({
  ...allow('account'),
  method: 'get',
  path: '/me/sessions',
  tags: ['me'],
  summary: 'Where the user is signed in, last used first',
  responses: { 200: json(z.object({ items: z.array(SessionSchema), nextCursor: z.null() }), 'All sessions') },
})

const endSession = createRoute({
  ...allow('account'),
  method: 'delete',
  path: '/me/sessions/{id}',
  tags: ['me'],
  summary: 'Sign out one session',
  request: { params: IdSchema },
  responses: { 204: { description: 'Signed out' }, 404: problem('No such session') },
})

const endSessions = createRoute({
  ...allow('account'),
  method: 'delete',
  path: '/me/sessions',
  tags: ['me'],
  summary: 'Sign out everywhere, or everywhere else',
  request: { query: z.object({ keepCurrent: z.stringbool().default(false) }) },
  responses: { 204: { description: 'Signed out' } },
})

const PERMISSION_NAMES = Object.keys(PERMISSIONS) as [Permission, ...Permission[]]
const PermissionsSchema = z
  .object({ user: UserSchema, permissions: z.array(z.enum(PERMISSION_NAMES)) })
  .openapi('MyPermissions')

const getPermissions = createRoute({
  ...allow('account'),
  method: 'get',
  path: '/me/permissions',
  tags: ['me'],
  summary: 'What the user may do: the permissions that routes name as `x-permission`',
  responses: { 200: json(PermissionsSchema, 'The user and its permissions') },
})

const listUsers = createRoute({
  ...allow('users.manage'),
  method: 'get',
  path: '/admin/users',
  tags: ['admin'],
  summary: 'Users, newest first; or the one with an address',
  request: { query: UserQuerySchema },
  responses: { 200: json(pageOf(UserSchema), 'A page of users'), 400: problem('A field does not fit') },
})

const getUser = createRoute({
  ...allow('users.manage'),
  method: 'get',
  path: '/admin/users/{id}',
  tags: ['admin'],
  summary: 'One user',
  request: { params: IdSchema },
  responses: { 200: json(UserSchema, 'The user'), 404: problem('No such user') },
})

const changeRole = createRoute({
  ...allow('users.manage'),
  method: 'patch',
  path: '/admin/users/{id}',
  tags: ['admin'],
  summary: 'Give a user another role',
  request: {
    params: IdSchema,
    body: { required: true, content: { 'application/json': { schema: RoleChangeSchema } } },
  },
  responses: {
    200: json(UserSchema, 'The user'),
    404: problem('No such user'),
    409: problem('It is the only administrator'),
  },
})

/** What a user does with the own account, and an administrator with those of others. */
export const accountRoutes = (identity: Identity) =>
  createRouter()
    .openapi(changeEmail, async (c) => {
      const { email, password } = c.req.valid('json')
      await identity.changeEmail(actorOf(c).userId, email, password)
      return c.json({ status: 'accepted' } as const, 202)
    })
    .openapi(changePassword, async (c) => {
      const { current, next } = c.req.valid('json')
      await identity.changePassword(actorOf(c), current, next)
      return c.json({ status: 'done' } as const, 200)
    })
    .openapi(listSessions, async (c) => {
      const { userId, sessionId } = actorOf(c)
      return c.json({ items: await identity.listSessions(userId, sessionId), nextCursor: null }, 200)
    })
    .openapi(endSession, async (c) => {
      await identity.revokeSession(actorOf(c).userId, c.req.valid('param').id)
      return c.body(null, 204)
    })
    .openapi(endSessions, async (c) => {
      const { userId, sessionId } = actorOf(c)
      await identity.revokeSessions(userId, { except: c.req.valid('query').keepCurrent ? sessionId : undefined })
      return c.body(null, 204)
    })
    .openapi(getPermissions, async (c) => {
      const actor = actorOf(c)
      const permissions = PERMISSION_NAMES.filter((permission) => isAllowed(permission, actor))
      return c.json({ user: await identity.getUser(actor.userId), permissions }, 200)
    })
    .openapi(listUsers, async (c) => c.json(await identity.listUsers(c.req.valid('query')), 200))
    .openapi(getUser, async (c) => c.json(await identity.getUser(c.req.valid('param').id), 200))
    .openapi(changeRole, async (c) => {
      const { id } = c.req.valid('param')
      return c.json(await identity.changeRole(id, c.req.valid('json').role, actorOf(c)), 200)
    })
