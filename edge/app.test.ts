import { describe, expect, spyOn, test } from 'bun:test'
import { createRoute, z } from '@hono/zod-openapi'
import { openTestInfra } from '../db/testing.ts'
import { AppError } from '../modules/kernel/errors.ts'
import { createRouter, json, problem } from '../modules/kernel/http.ts'
import { createApp } from './app.ts'

const infra = await openTestInfra()

const echo = createRoute({
  method: 'post',
  path: '/v1/echo',
  request: {
    body: { required: true, content: { 'application/json': { schema: z.object({ name: z.string().min(1) }) } } },
  },
  responses: { 200: json(z.object({ name: z.string() }), 'The same'), 400: problem('Not a name') },
})
const photo = createRoute({
  method: 'post',
  path: '/v1/try-on',
  request: {
    body: {
      required: true,
      content: {
        'multipart/form-data': {
          schema: z.object({ person: z.instanceof(File).openapi({ type: 'string', format: 'binary' }) }),
        },
      },
    },
  },
  responses: { 200: json(z.object({ bytes: z.int() }), 'Its size') },
})
const read = createRoute({
  method: 'get',
  path: '/v1/things/{id}',
  request: { params: z.object({ id: z.string() }) },
  responses: { 200: json(z.object({ id: z.string() }), 'A thing'), 404: problem('No such thing') },
})
const routes = createRouter()
  .openapi(echo, (c) => c.json(c.req.valid('json'), 200))
  .openapi(photo, (c) => c.json({ bytes: c.req.valid('form').person.size }, 200))
  .openapi(read, (c) => {
    const { id } = c.req.valid('param')
    if (id === 'gone') throw new AppError('not_found', 'No thing gone')
    if (id === 'bug') throw new Error('secret of the inside')
    return c.json({ id }, 200)
  })

const app = createApp({ infra, routes: routes as never })
const send = (body: RequestInit['body'], type = 'application/json', path = '/v1/echo') =>
  app.request(path, { method: 'POST', body: body ?? null, headers: type ? { 'content-type': type } : {} })

/** A body whose length is not declared. */
const chunked = (size: number, chunk = 64 * 1024) => {
  let left = size
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close()
      controller.enqueue(new Uint8Array(Math.min(chunk, left)).fill(0x20))
      left -= chunk
    },
  })
}

function form(): FormData {
  const data = new FormData()
  data.set('person', new File([new Uint8Array(5_000_000)], 'p.jpg', { type: 'image/jpeg' }))
  return data
}

async function problemOf(res: Response | Promise<Response>) {
  const answer = await res
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  const body = (await answer.json()) as Record<string, unknown>
  expect(body).toMatchObject({
    type: `/problems/${String(body['code'])}`,
    status: answer.status,
    title: expect.any(String),
  })
  expect(body['requestId']).toBe(answer.headers.get('x-request-id'))
  return [answer.status, body['code'], body['detail']]
}

describe('an error', () => {
  test('is a problem with its request id, whoever threw it', async () => {
    expect(await problemOf(app.request('/v1/things/gone'))).toEqual([404, 'not_found', 'No thing gone'])
    expect(await problemOf(app.request('/nowhere'))).toEqual([404, 'not_found', 'Nothing at /nowhere'])
  })

  test('of ours is logged under its request id and tells the caller nothing of the inside', async () => {
    const log = spyOn(console, 'error').mockImplementation(() => {})
    const res = await app.request('/v1/things/bug', { headers: { 'x-request-id': 'abc-1' } })
    const text = await res.clone().text()
    expect(await problemOf(res)).toEqual([500, 'internal', expect.stringContaining('request id')])
    expect(text).not.toContain('secret')
    expect(text).not.toContain('.ts')
    expect(log.mock.calls[0]?.[0]).toBe('abc-1')
    log.mockRestore()
  })

  test('of method says what the path takes', async () => {
    const res = await app.request('/v1/things/1', { method: 'DELETE' })
    expect(res.headers.get('allow')).toBe('GET, HEAD')
    expect((await problemOf(res))[0]).toBe(405)
  })
})

describe('an error of a shop with pages', () => {
  const assets = { stylesheet: '/assets/a.css', icon: '/assets/a.svg', islands: {}, files: new Map() }
  const shop = createApp({ infra, routes: routes as never }, assets)
  const tooMuch = (path: string, accept: string) =>
    shop.request(path, {
      method: 'POST',
      body: chunked(41 * 1024 * 1024, 1024 * 1024),
      headers: { 'content-type': 'multipart/form-data; boundary=x', accept },
    })
  const BROWSER = 'text/html,application/xhtml+xml,*/*;q=0.8'

  test('is a page that says what helps, for a browser that sends a form without script', async () => {
    const res = await tooMuch('/p/tee/try-on?size=M', BROWSER)
    expect([res.status, res.headers.get('content-type')]).toEqual([413, 'text/html; charset=UTF-8'])
    expect(res.headers.get('cache-control')).toBe('no-store')
    expect(res.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    const page = await res.text()
    expect(page).toContain('This photo is too large')
    expect(page).toContain('Use a smaller version')
    expect(page).toContain('href="/p/tee/try-on?size=M"')
  })

  test('of an address that is not there is no wrong method, for a program', async () => {
    expect((await shop.request('/v1/nothing')).status).toBe(404)
  })

  test('names no page of its own to try again where there is none', async () => {
    const res = await shop.request('/nowhere', { method: 'POST', headers: { accept: BROWSER } })
    expect(res.status).toBe(404)
    const page = await res.text()
    expect(page).toContain('This page is not here')
    expect(page).not.toContain('Try again')
  })

  test('is a problem for a program, and on the API for everyone', async () => {
    expect((await problemOf(tooMuch('/p/tee/try-on', 'application/json')))[0]).toBe(413)
    expect((await problemOf(tooMuch('/v1/try-on', BROWSER)))[0]).toBe(413)
  })
})

async function idFor(given: string) {
  return (await app.request('/healthz', { headers: { 'x-request-id': given } })).headers.get('x-request-id')
}

describe('a request id', () => {
  test('is taken from the caller when it is a plain token, and made otherwise', async () => {
    expect(await idFor('order-77.b')).toBe('order-77.b')
    expect(await idFor('<script>')).toMatch(/^[0-9a-f-]{36}$/)
    expect(await idFor('x'.repeat(101))).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('a body', () => {
  test('that fits is taken', async () => {
    const res = await send('{"name":"Løse 🧵"}', 'application/json; charset=utf-8')
    expect([res.status, await res.json()]).toEqual([200, { name: 'Løse 🧵' }])
  })

  test('that does not match names the field', async () => {
    const res = await send('{"name":""}')
    expect(await res.clone().json()).toMatchObject({ details: { issues: [{ path: 'name' }] } })
    expect((await problemOf(res)).slice(0, 2)).toEqual([400, 'invalid'])
  })

  test.each([
    { of: 'malformed JSON', body: '{"name":', status: 400 },
    { of: 'nothing', body: '', status: 400 },
    { of: 'a bare value', body: 'null', status: 400 },
    { of: 'bad UTF-8', body: Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), status: 400 },
    { of: 'an escaped NUL', body: String.raw`{"name":"a\u0000"}`, status: 400 },
    { of: 'half a surrogate pair', body: String.raw`{"name":"a\ud83e"}`, status: 400 },
    { of: 'XML', body: '<name/>', type: 'application/xml', status: 415 },
    { of: 'an unnamed type', body: Uint8Array.from([1]), type: '', status: 415 },
    { of: 'a form where JSON is due', body: 'name=a', type: 'application/x-www-form-urlencoded', status: 415 },
    { of: 'JSON where photos are due', body: '{}', status: 415, path: '/v1/try-on' },
    { of: 'a torn form', body: 'torn', type: 'multipart/form-data; boundary=x', status: 400, path: '/v1/try-on' },
  ])('of $of is the fault of the caller', async ({ body, type, status, path }) => {
    expect((await problemOf(send(body, type, path)))[0]).toBe(status)
  })

  test('keeps text that only looks like an escaped NUL', async () => {
    const name = String.raw`C:\u0000`
    expect(await (await send(JSON.stringify({ name }))).json()).toEqual({ name })
  })

  test('keeps an escaped character outside the first plane, and text that only looks like half of one', async () => {
    const sent = String.raw`{"name":"\ud83e\uddf5 C:\\ud83e"}`
    expect(await (await send(sent)).json()).toEqual({ name: '🧵 C:\\ud83e' })
  })

  test('larger than the route takes is refused, its length declared or not', async () => {
    const big = 300 * 1024
    expect((await problemOf(send(' '.repeat(big))))[0]).toBe(413)
    expect((await problemOf(send(chunked(big))))[0]).toBe(413)
    const endless = app.request('/v1/echo', {
      method: 'POST',
      body: chunked(Infinity),
      headers: { 'content-type': 'application/json' },
    })
    expect((await problemOf(endless))[0]).toBe(413)
  })

  test('of photos may be larger, on the try-on alone', async () => {
    expect(await (await app.request('/v1/try-on', { method: 'POST', body: form() })).json()).toEqual({
      bytes: 5_000_000,
    })
    expect(
      (
        await problemOf(send(chunked(41 * 1024 * 1024, 1024 * 1024), 'multipart/form-data; boundary=x', '/v1/try-on'))
      )[0],
    ).toBe(413)
  })
})

test('an address with a NUL is the fault of the caller', async () => {
  expect((await problemOf(app.request('/v1/things/a%00b')))[0]).toBe(400)
})

describe('a read', () => {
  test('has a tag of its content, and gives nothing again to who has it', async () => {
    const first = await app.request('/v1/things/1')
    const tag = first.headers.get('etag')!
    for (const match of [tag, `"other", W/${tag}`, '*']) {
      const again = await app.request('/v1/things/1', { headers: { 'if-none-match': match } })
      expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag])
    }
    const other = await app.request('/v1/things/2', { headers: { 'if-none-match': tag } })
    expect([other.status, other.headers.get('etag') === tag]).toEqual([200, false])
  })

  test('answers HEAD as GET without a body', async () => {
    const res = await app.request('/v1/things/1', { method: 'HEAD' })
    expect([res.status, await res.text()]).toEqual([200, ''])
  })
})

test('every answer carries the security headers, errors too', async () => {
  for (const path of ['/healthz', '/docs', '/nowhere', '/v1/things/1']) {
    const { headers } = await app.request(path)
    expect(headers.get('content-security-policy')).not.toContain('unsafe-inline')
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect([headers.get('x-content-type-options'), headers.get('x-frame-options')]).toEqual(['nosniff', 'DENY'])
    expect(headers.get('strict-transport-security')).toContain('max-age=')
    expect(headers.get('permissions-policy')).toContain('camera=(self)')
    expect(headers.get('referrer-policy')).toBe('strict-origin-when-cross-origin')
  }
})

describe('health', () => {
  test('is alive on its own and ready with its stores', async () => {
    expect((await app.request('/healthz')).status).toBe(200)
    expect((await app.request('/readyz')).status).toBe(200)
  })

  test('is not ready when a store does not answer, and says which', async () => {
    const broken = createApp({
      infra: { ...infra, ready: () => Promise.reject(new Error('sql')) },
      routes: routes as never,
    })
    expect((await broken.request('/healthz')).status).toBe(200)
    expect(await problemOf(broken.request('/readyz'))).toEqual([503, 'unavailable', 'Not answering: sql'])
  })
})

describe('a stored file', () => {
  test('is given to who holds its link, and to nobody else', async () => {
    await infra.blobs.put('test/a.png', Uint8Array.from([1, 2]), 'image/png')
    const link = await infra.blobs.signedUrl('test/a.png', 60)
    const res = await app.request(link)
    expect([res.status, res.headers.get('content-type'), [...(await res.bytes())]]).toEqual([200, 'image/png', [1, 2]])
    for (const wrong of [
      link.replace('a.png', 'b.png'),
      link.replace(/expires=\d/, 'expires=9'),
      '/blobs/test/a.png',
      '/blobs/../signing-secret',
    ])
      expect((await problemOf(app.request(wrong)))[0]).toBe(404)
  })
})

describe('the document', () => {
  test('is OpenAPI 3.1 and names every route with the problem it may answer', async () => {
    const document = (await (await app.request('/openapi.json')).json()) as {
      openapi: string
      paths: object
      components: { schemas: object }
    }
    expect(document.openapi).toBe('3.1.0')
    expect(Object.keys(document.paths).toSorted()).toEqual(['/v1/echo', '/v1/things/{id}', '/v1/try-on'])
    expect(document.components.schemas).toHaveProperty('Problem')
  })
})
