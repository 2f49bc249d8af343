import { beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { createRoute } from '@hono/zod-openapi'
import { emptyTestInfra, openTestInfra } from '../db/testing.ts'
import { signInAs } from '../modules/identity/testing.ts'
import { createModules } from '../modules/index.ts'
import { allow, isAllowed, PERMISSIONS, type Permission, type Role } from '../modules/kernel/access.ts'
import { createRouter } from '../modules/kernel/http.ts'
import { createApp } from './app.ts'

/**
 * The matrix stands in `access-matrix.txt`: a new route, or a route that another role may call, is a line to read and to
 * commit there. `WRITE_MATRIX=1 bun test edge/access.test.ts` writes what the document says.
 */
const MATRIX = join(import.meta.dir, 'access-matrix.txt')
const CALLERS = ['nobody', 'customer', 'retailer', 'admin'] as const
type Caller = (typeof CALLERS)[number]
type Operation = {
  'x-permission'?: string
  security?: object[]
  parameters?: { name: string; in: string }[]
  requestBody?: { content: Record<string, unknown> }
}
type App = ReturnType<typeof createApp>
type Route = { method: string; path: string; operation: Operation }

setDefaultTimeout(300_000)
const infra = await openTestInfra()
const modules = createModules(infra)
const app = createApp(modules)
const document = (await (await app.request('/openapi.json')).json()) as {
  paths: Record<string, Record<string, Operation>>
}
const routes: Route[] = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
)

const name = ({ method, path }: Pick<Route, 'method' | 'path'>) => `${method} ${path}`
const isPermission = (value: unknown): value is Permission => typeof value === 'string' && value in PERMISSIONS
const actorFor = (caller: Caller) =>
  caller === 'nobody' ? undefined : { userId: '', sessionId: '', role: caller satisfies Role }

/** Who may, as the document says: `-` or the first letter of the caller. */
const marksOf = (permission: Permission) =>
  CALLERS.map((caller) => (isAllowed(permission, actorFor(caller)) ? caller.slice(0, 1) : '-')).join('')
const said = routes
  .map((route) => `${marksOf(route.operation['x-permission'] as Permission)}  ${name(route)}`)
  .toSorted((a, b) => (a.slice(6) < b.slice(6) ? -1 : 1))
if (process.env['WRITE_MATRIX']) await Bun.write(MATRIX, `${said.join('\n')}\n`)
const expected = new Map(
  (await Bun.file(MATRIX).text())
    .trim()
    .split('\n')
    .map((line) => [line.slice(6), line.slice(0, 4)]),
)

/** A request that gets past the check of who asks, and not much further: ids of nothing, and an empty body. */
async function call(shop: App, { method, path, operation }: Route, headers: Record<string, string>): Promise<number> {
  const url = path.replaceAll(/\{\w+\}/g, crypto.randomUUID())
  const type = Object.keys(operation.requestBody?.content ?? {})[0]
  const body =
    type === undefined ? undefined : type === 'multipart/form-data' ? new FormData() : type.endsWith('json') ? '{}' : ''
  const typed: Record<string, string> = type && !(body instanceof FormData) ? { 'content-type': type } : {}
  const response = await shop.request(url, { method, body: body ?? null, headers: { ...headers, ...typed } })
  return response.status
}

/** Somebody new each time: some routes end the session or the account that calls them. */
const headersOf = async (caller: Caller): Promise<Record<string, string>> =>
  caller === 'nobody' ? {} : (await signInAs(modules.identity, caller)).headers

beforeAll(emptyTestInfra)

/** What the document of a route lacks. */
function undeclared({ operation }: Route): string[] {
  const { 'x-permission': permission, security } = operation
  if (!isPermission(permission)) return ['says no permission']
  const due = permission === 'public' ? [] : [{ bearer: [] }]
  return Bun.deepEquals(security, due) ? [] : ['says not how to prove it']
}

/** Who is answered although the marks shut them out, or refused although they are named. */
async function misjudged(shop: App, route: Route, marks: string): Promise<string[]> {
  const faults: string[] = []
  for (const [index, caller] of CALLERS.entries()) {
    const status = await call(shop, route, await headersOf(caller))
    const may = marks[index] !== '-'
    const refused = status === (caller === 'nobody' ? 401 : 403)
    // A public route may still refuse: a wrong password is 401, a thing of somebody else 403.
    const isPublic = route.operation['x-permission'] === 'public'
    if (status >= 500 || (may ? !isPublic && [401, 403].includes(status) : !refused))
      faults.push(`${caller}: ${status}`)
  }
  return faults
}

test('every route says who may call it, and to a program how to prove it', () => {
  expect(routes.flatMap((route) => undeclared(route).map((fault) => `${name(route)} ${fault}`))).toEqual([])
})

test('the matrix knows every route, and none that is gone', () => {
  expect([...expected.keys()]).toEqual(routes.map(name).toSorted())
})

describe.each(routes.map((route) => ({ name: name(route), route })))('$name', ({ route }) => {
  test('answers those whom the matrix names, and nobody else', async () => {
    expect(await misjudged(app, route, expected.get(name(route)) ?? '')).toEqual([])
  })
})

describe('a planted route is found out', () => {
  const responses = { 200: { description: 'Answered' } }
  const plant = (method: 'get', more: object) => createRoute({ method, path: '/v1/planted', responses, ...more })
  const shopWith = (route: ReturnType<typeof plant>) =>
    createApp({ ...modules, routes: createRouter().openapi(route, (c) => c.body(null, 200)) as never })
  const planted = { method: 'GET', path: '/v1/planted' }

  test('that says no permission, or not how to prove it', () => {
    expect(undeclared({ ...planted, operation: {} })).toEqual(['says no permission'])
    expect(undeclared({ ...planted, operation: { 'x-permission': 'everything' } })).toEqual(['says no permission'])
    const operation = { 'x-permission': 'account', security: [] }
    expect(undeclared({ ...planted, operation })).toEqual(['says not how to prove it'])
  })

  test('that says a permission and does not ask for it', async () => {
    const shop = shopWith(plant('get', { ...allow('users.manage'), middleware: [] }))
    const operation = { 'x-permission': 'users.manage' }
    const faults = await misjudged(shop, { ...planted, operation }, marksOf('users.manage'))
    expect(faults).toEqual(['nobody: 200', 'customer: 200', 'retailer: 200'])
  })

  test('that asks for more than it says', async () => {
    const shop = shopWith(plant('get', allow('users.manage')))
    const operation = { 'x-permission': 'orders.manage' }
    expect(await misjudged(shop, { ...planted, operation }, marksOf('orders.manage'))).toEqual(['retailer: 403'])
  })
})
