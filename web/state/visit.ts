import { type Client, createClient } from '../../openapi/client.ts'

/** How the pages reach the API: the app itself, in process. */
export type Fetcher = (request: Request) => Promise<Response> | Response

/** Who asks, and from where: what the API must know of the person for whom a page asks it. */
const CARRIED = ['user-agent', 'accept-language', 'x-forwarded-for', 'x-request-id']

/** One request of a person. */
export type Visit = {
  /** The API as this person may use it. */
  api: Client
  /** Whether they hold a session; the API alone knows whether it is still good. */
  hasSession: boolean
  /** The browser asks not to be tracked (Global Privacy Control). */
  privately: boolean
  cookie(name: string): string | undefined
  /** Gives the browser a cookie of the pages' own; an empty value takes it away. Scripts see only an `open` one. */
  keep(name: string, value: string, options: { days: number; path?: string; open?: boolean }): void
  /** What the API or the pages wants the browser to keep, to be set on the answer. */
  setCookies(): string[]
}

/**
 * Opens the API for whoever sent `request`. Cookies that the API sets on the way are used from then on, so that a page may
 * sign somebody in and go on as that person.
 */
export function openVisit(request: Request, fetcher: Fetcher): Visit {
  const jar = readCookies(request.headers.get('cookie') ?? '')
  const set = new Map<string, string>()
  const privately = request.headers.get('sec-gpc') === '1'
  const origin = new URL(request.url).origin
  const api = createClient(origin, async (asked) => {
    const inner = new Request(asked)
    for (const name of CARRIED) {
      const value = request.headers.get(name)
      if (value !== null) inner.headers.set(name, value)
    }
    inner.headers.set('cookie', writeCookies(privately ? unknown(jar) : jar))
    // The page has already refused what another site sent.
    inner.headers.set('sec-fetch-site', 'same-origin')
    const response = await fetcher(inner)
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split(';', 1)[0]?.split(/=(.*)/s) ?? []
      set.set(name, line)
      if (value === '' || /;\s*max-age=0\b/i.test(line)) jar.delete(name)
      else jar.set(name, value)
    }
    return response
  })
  const secure = origin.startsWith('https:') || request.headers.get('x-forwarded-proto') === 'https'
  return {
    api,
    keep(name, value, { days, path = '/', open = false }) {
      const age = value === '' ? 0 : Math.round(days * 86_400)
      const marks = [open ? '' : '; HttpOnly', secure ? '; Secure' : ''].join('')
      set.set(name, `${name}=${value}; Path=${path}; Max-Age=${age}; SameSite=Lax${marks}`)
      if (value === '') jar.delete(name)
      else jar.set(name, value)
    },
    get hasSession() {
      return jar.has('access') || jar.has('refresh')
    },
    privately,
    cookie: (name) => jar.get(name),
    setCookies: () => [...set.values()],
  }
}

const readCookies = (header: string): Map<string, string> =>
  new Map(
    header
      .split(';')
      .map((pair) => pair.trim().split(/=(.*)/s))
      .flatMap(([name, value]) => (name && value !== undefined ? [[name, value] as const] : [])),
  )

/** Without what a guest could be known again by. */
const unknown = (jar: Map<string, string>) => new Map([...jar].filter(([name]) => name !== 'visitor'))

const writeCookies = (jar: Map<string, string>): string =>
  [...jar].map(([name, value]) => `${name}=${value}`).join('; ')

/**
 * Whether a form was sent by a page of ours. Browsers say so in `Sec-Fetch-Site`, older ones in `Origin`; hosts are compared
 * without the scheme, which a proxy in front may have changed. What names neither is no browser, and may have no cookies.
 */
export function isOwnForm(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site')
  if (site !== null) return site === 'same-origin' || site === 'none'
  const origin = request.headers.get('origin')
  if (origin === null) return !request.headers.has('cookie')
  return URL.canParse(origin) && new URL(origin).host === (request.headers.get('host') ?? new URL(request.url).host)
}
