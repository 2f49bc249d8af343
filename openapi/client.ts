import { hc } from 'hono/client'
import type { Api } from '../modules/index.ts'

/**
 * The API, typed from its routes: `client.v1.products.$get({ query: {} })`. `fetcher` may be the app's own
 * `request`, which is how the pages reach it without a socket.
 */
export function createClient(baseUrl: string, fetcher: (request: Request) => Promise<Response> | Response = fetch) {
  return hc<Api>(baseUrl, {
    fetch: (input: string | URL | Request, init?: RequestInit) => fetcher(new Request(input, init)),
  })
}

export type Client = ReturnType<typeof createClient>
