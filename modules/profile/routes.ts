import { createRoute, z } from '@hono/zod-openapi'
import { clearedCookies } from '../identity/pure/session-cookies.ts'
import { actorOf, allow } from '../kernel/access.ts'
import { createRouter, json, PageQuerySchema, pageOf, problem } from '../kernel/http.ts'
import {
  AddressSchema,
  ConsentChangeSchema,
  ConsentSchema,
  ErasureSchema,
  MeChangeSchema,
  MeSchema,
  MyOrdersSchema,
  NewAddressSchema,
  OrdersQuerySchema,
  PreferencesSchema,
  PurposeSchema,
  WishSchema,
} from './schema.ts'
import type { Profile } from './service.ts'

const account = allow('account')
const tags = ['me']
const body = <T extends z.ZodType>(schema: T) => ({
  body: { required: true, content: { 'application/json': { schema } } },
})
const IdSchema = z.object({ id: z.uuid() })
const ProductIdSchema = z.object({ productId: z.uuid() })
const badField = { 400: problem('A field does not fit') }
const noAddress = { 404: problem('No such address') }

const getMe = createRoute({
  ...account,
  method: 'get',
  path: '/me',
  tags,
  summary: 'Who you are to the shop',
  responses: { 200: json(MeSchema, 'You') },
})

const changeMe = createRoute({
  ...account,
  method: 'patch',
  path: '/me',
  tags,
  summary: 'Change name, telephone or language',
  request: body(MeChangeSchema),
  responses: { 200: json(MeSchema, 'As it is now'), ...badField },
})

const listAddresses = createRoute({
  ...account,
  method: 'get',
  path: '/me/addresses',
  tags,
  summary: 'Where you have things sent, the default first',
  responses: { 200: json(pageOf(AddressSchema), 'All of them; there are at most twenty') },
})

const addAddress = createRoute({
  ...account,
  method: 'post',
  path: '/me/addresses',
  tags,
  summary: 'Add an address',
  request: body(NewAddressSchema),
  responses: { 201: json(AddressSchema, 'Added'), ...badField, 409: problem('There are twenty already') },
})

const changeAddress = createRoute({
  ...account,
  method: 'put',
  path: '/me/addresses/{id}',
  tags,
  summary: 'Write an address anew',
  request: { params: IdSchema, ...body(NewAddressSchema) },
  responses: { 200: json(AddressSchema, 'As it is now'), ...badField, ...noAddress },
})

const removeAddress = createRoute({
  ...account,
  method: 'delete',
  path: '/me/addresses/{id}',
  tags,
  summary: 'Remove an address',
  request: { params: IdSchema },
  responses: { 204: { description: 'Removed' }, ...noAddress },
})

const getPreferences = createRoute({
  ...account,
  method: 'get',
  path: '/me/preferences',
  tags,
  summary: 'Your sizes and taste',
  responses: { 200: json(PreferencesSchema, 'What you said of them') },
})

const putPreferences = createRoute({
  ...account,
  method: 'put',
  path: '/me/preferences',
  tags,
  summary: 'Say your sizes and taste',
  request: body(PreferencesSchema),
  responses: { 200: json(PreferencesSchema, 'As it is now'), ...badField },
})

const listWishes = createRoute({
  ...account,
  method: 'get',
  path: '/me/wishlist',
  tags,
  summary: 'What you wish for, the latest first',
  request: { query: PageQuerySchema },
  responses: { 200: json(pageOf(WishSchema), 'A page of it'), 400: problem('The cursor does not fit') },
})

const addWish = createRoute({
  ...account,
  method: 'put',
  path: '/me/wishlist/{productId}',
  tags,
  summary: 'Wish for a product; again is no news',
  request: { params: ProductIdSchema },
  responses: { 204: { description: 'Noted' }, 404: problem('No such product') },
})

const removeWish = createRoute({
  ...account,
  method: 'delete',
  path: '/me/wishlist/{productId}',
  tags,
  summary: 'No longer wish for a product',
  request: { params: ProductIdSchema },
  responses: { 204: { description: 'Gone' } },
})

const listConsents = createRoute({
  ...account,
  method: 'get',
  path: '/me/consents',
  tags,
  summary: 'What you allow the shop',
  responses: { 200: json(pageOf(ConsentSchema), 'Every purpose; nothing is allowed until you say so') },
})

const putConsent = createRoute({
  ...account,
  method: 'put',
  path: '/me/consents/{purpose}',
  tags,
  summary: 'Allow something, or no longer',
  request: { params: z.object({ purpose: PurposeSchema }), ...body(ConsentChangeSchema) },
  responses: { 200: json(ConsentSchema, 'As it is now'), ...badField },
})

const listOrders = createRoute({
  ...account,
  method: 'get',
  path: '/me/orders',
  tags,
  summary: 'Your orders, the latest first',
  request: { query: OrdersQuerySchema },
  responses: { 200: json(MyOrdersSchema, 'A page of them'), 400: problem('The cursor does not fit') },
})

const exportMe = createRoute({
  ...account,
  method: 'get',
  path: '/me/export',
  tags,
  summary: 'Everything that the shop keeps about you, as one ZIP of JSON files and your photos',
  responses: {
    200: {
      description: 'The archive',
      content: { 'application/zip': { schema: z.string().openapi({ format: 'binary' }) } },
    },
  },
})

const eraseMe = createRoute({
  ...account,
  method: 'delete',
  path: '/me',
  tags,
  summary: 'Erase your account and what the shop knows of you',
  description:
    'Account, sessions and the key of all that is sealed are gone at once; the rest follows within minutes. Orders stay ' +
    'for the books, and no longer say whose they were: what is not yet sent can no longer be delivered.',
  request: { body: { required: false, content: { 'application/json': { schema: ErasureSchema } } } },
  responses: {
    202: json(z.object({ status: z.literal('accepted') }), 'You are signed out for good'),
    ...badField,
    409: problem('You are the only administrator'),
    422: problem('The password is wrong, or the sign-in too old to go without'),
    429: problem('Too many attempts'),
  },
})

const PRIVATE = { 'cache-control': 'private, no-store' }

export function profileRoutes(profile: Profile) {
  return createRouter()
    .openapi(getMe, async (c) => c.json(await profile.getMe(actorOf(c).userId), 200, PRIVATE))
    .openapi(changeMe, async (c) => c.json(await profile.changeMe(actorOf(c).userId, c.req.valid('json')), 200))
    .openapi(listAddresses, async (c) =>
      c.json({ items: await profile.listAddresses(actorOf(c).userId), nextCursor: null }, 200, PRIVATE),
    )
    .openapi(addAddress, async (c) => c.json(await profile.addAddress(actorOf(c).userId, c.req.valid('json')), 201))
    .openapi(changeAddress, async (c) =>
      c.json(await profile.changeAddress(actorOf(c).userId, c.req.valid('param').id, c.req.valid('json')), 200),
    )
    .openapi(removeAddress, async (c) => {
      await profile.removeAddress(actorOf(c).userId, c.req.valid('param').id)
      return c.body(null, 204)
    })
    .openapi(getPreferences, async (c) => c.json(await profile.getPreferences(actorOf(c).userId), 200, PRIVATE))
    .openapi(putPreferences, async (c) =>
      c.json(await profile.putPreferences(actorOf(c).userId, c.req.valid('json')), 200),
    )
    .route('/', wishAndConsentRoutes(profile))
    .openapi(listOrders, async (c) =>
      c.json(await profile.listOrdersOf(actorOf(c).userId, c.req.valid('query')), 200, PRIVATE),
    )
    .openapi(exportMe, async (c) => {
      const actor = actorOf(c)
      const zip = await profile.exportUser(actor.userId, actor)
      return c.body(new Uint8Array(zip), 200, {
        ...PRIVATE,
        'content-type': 'application/zip',
        'content-disposition': 'attachment; filename="eshotry-my-data.zip"',
      })
    })
    .openapi(eraseMe, async (c) => {
      await profile.eraseMe(actorOf(c), c.req.valid('json')?.password)
      for (const cookie of clearedCookies(new URL(c.req.url).protocol === 'https:'))
        c.header('set-cookie', cookie, { append: true })
      return c.json({ status: 'accepted' } as const, 202)
    })
}

function wishAndConsentRoutes(profile: Profile) {
  return createRouter()
    .openapi(listWishes, async (c) =>
      c.json(await profile.listWishes(actorOf(c).userId, c.req.valid('query')), 200, PRIVATE),
    )
    .openapi(addWish, async (c) => {
      await profile.addWish(actorOf(c).userId, c.req.valid('param').productId)
      return c.body(null, 204)
    })
    .openapi(removeWish, async (c) => {
      await profile.removeWish(actorOf(c).userId, c.req.valid('param').productId)
      return c.body(null, 204)
    })
    .openapi(listConsents, async (c) =>
      c.json({ items: await profile.listConsents(actorOf(c).userId), nextCursor: null }, 200, PRIVATE),
    )
    .openapi(putConsent, async (c) => {
      const { purpose } = c.req.valid('param')
      return c.json(await profile.putConsent(actorOf(c).userId, purpose, c.req.valid('json').granted), 200)
    })
}
