import { beforeAll, describe, expect, setDefaultTimeout, test } from 'bun:test'
import { join } from 'node:path'
import { emptyTestInfra, openTestInfra } from '../db/testing.ts'
import { signInAs } from '../modules/identity/testing.ts'
import { createModules } from '../modules/index.ts'
import { isAllowed, PERMISSIONS, type Permission, type Role } from '../modules/kernel/access.ts'
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
async function call({ method, path, operation }: Route, headers: Record<string, string>): Promise<number> {
  const url = path.replaceAll(/\{\w+\}/g, crypto.randomUUID())
  const type = Object.keys(operation.requestBody?.content ?? {})[0]
  const body =
    type === undefined ? undefined : type === 'multipart/form-data' ? new FormData() : type.endsWith('json') ? '{}' : ''
  const typed: Record<string, string> = type && !(body instanceof FormData) ? { 'content-type': type } : {}
  const response = await app.request(url, { method, body: body ?? null, headers: { ...headers, ...typed } })
  return response.status
}

/** Somebody new each time: some routes end the session or the account that calls them. */
const headersOf = async (caller: Caller): Promise<Record<string, string>> =>
  caller === 'nobody' ? {} : (await signInAs(modules.identity, caller)).headers

beforeAll(emptyTestInfra)

test('every route says who may call it, and to a program how to prove it', () => {
  for (const route of routes) {
    const { 'x-permission': permission, security } = route.operation
    expect([name(route), isPermission(permission)]).toEqual([name(route), true])
    expect([name(route), security]).toEqual([name(route), permission === 'public' ? [] : [{ bearer: [] }]])
  }
})

test('the matrix knows every route, and none that is gone', () => {
  expect([...expected.keys()]).toEqual(routes.map(name).toSorted())
})

describe.each(routes.map((route) => ({ name: name(route), route })))('$name', ({ route }) => {
  test('answers those whom the matrix names, and nobody else', async () => {
    const marks = expected.get(name(route)) ?? ''
    for (const [index, caller] of CALLERS.entries()) {
      const status = await call(route, await headersOf(caller))
      const may = marks[index] !== '-'
      const refusal = caller === 'nobody' ? 401 : 403
      if (!may) expect([caller, status]).toEqual([caller, refusal])
      // A public route may still refuse: a wrong password is 401, a thing of somebody else 403.
      else if (route.operation['x-permission'] !== 'public') expect([401, 403]).not.toContain(status)
      expect(status).toBeLessThan(500)
    }
  })
})
