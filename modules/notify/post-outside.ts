import { lookup as resolveName } from 'node:dns/promises'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { isAddress, isPublicAddress } from './pure/public-address.ts'

export type Posted = { status: number } | { status: null; error: string }
export type TargetRefusal = 'not_https' | 'has_credentials' | 'not_resolvable' | 'not_public'

type Address = { address: string; family: number }
/** All addresses of a name. */
export type Resolve = (host: string) => Promise<Address[]>

const TIMEOUT_MS = 10_000

const resolveAll: Resolve = (host) => resolveName(host, { all: true })

/** As a URL writes an IPv6 address, without the brackets. */
const hostOf = (url: URL) => url.hostname.replace(/^\[|\]$/g, '')

/**
 * Posts to addresses that others name, and to no machine of ours: a name is resolved once, every address of it must be
 * public, and the connection goes to one of those, so a name that changes its mind in between gains nothing. Redirects
 * are not followed, the answer's body is not read, and ten seconds are all it gets.
 */
export function createOutside({ allowPrivate, resolve = resolveAll }: { allowPrivate: boolean; resolve?: Resolve }) {
  const isAllowed = (address: string) => allowPrivate || isPublicAddress(address)

  async function findRefusal(url: URL): Promise<TargetRefusal | undefined> {
    if (url.protocol !== 'https:' && !allowPrivate) return 'not_https'
    if (url.username !== '' || url.password !== '') return 'has_credentials'
    const host = hostOf(url)
    if (isAddress(host)) return isAllowed(host) ? undefined : 'not_public'
    const addresses = await resolve(host).catch(() => [])
    if (addresses.length === 0) return 'not_resolvable'
    return addresses.every(({ address }) => isAllowed(address)) ? undefined : 'not_public'
  }

  /** Hands the connection only addresses that it has looked at. */
  const lookup: LookupFunction = (host, { all }, answer) => {
    resolve(host).then(
      (addresses) => {
        const [first] = addresses
        if (!first) return answer(new Error('not_resolvable'), '')
        if (!addresses.every(({ address }) => isAllowed(address))) return answer(new Error('not_public'), '')
        return all ? answer(null, addresses) : answer(null, first.address, first.family)
      },
      () => answer(new Error('not_resolvable'), ''),
    )
  }

  async function send(url: URL, headers: Record<string, string>, body: string): Promise<Posted> {
    const { promise, resolve: done } = Promise.withResolvers<Posted>()
    const request = url.protocol === 'https:' ? requestHttps : requestHttp
    const bytes = Buffer.from(body)
    const sent = request(
      url,
      {
        method: 'POST',
        // A kept connection would be used again without anybody looking where it leads.
        agent: false,
        lookup,
        headers: { ...headers, 'content-length': String(bytes.length), connection: 'close' },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
      (answer: IncomingMessage) => {
        done({ status: answer.statusCode ?? 0 })
        answer.destroy()
      },
    )
    sent.on('error', (error) => done({ status: null, error: reasonOf(error) }))
    sent.end(bytes)
    return promise
  }

  return {
    /** Why nothing may be posted there; undefined when it may. */
    findRefusal,

    async post(target: string, headers: Record<string, string>, body: string): Promise<Posted> {
      const url = new URL(target)
      // The name is looked at when connecting; an address has no look-up to do so, and must be looked at here.
      const host = hostOf(url)
      if (isAddress(host) && !isAllowed(host)) return { status: null, error: 'not_public' }
      if (url.protocol !== 'https:' && !allowPrivate) return { status: null, error: 'not_https' }
      return send(url, headers, body)
    },
  }
}

export type Outside = ReturnType<typeof createOutside>

/** A word of ours or a code of the system: never text that the other side chose. */
function reasonOf(error: Error & { code?: unknown; cause?: unknown }): string {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'timeout'
  const { message } = error
  if (message === 'not_public' || message === 'not_resolvable') return message
  if (error.cause instanceof Error) return reasonOf(error.cause)
  return typeof error.code === 'string' && /^[A-Z0-9_]+$/.test(error.code) ? error.code.toLowerCase() : 'failed'
}
