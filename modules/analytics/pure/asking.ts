import { readCookie } from '../../identity/pure/session-cookies.ts'

/** What a visitor may allow beside what the shop needs to work. */
const PURPOSES = ['analytics', 'personalisation'] as const
export type AskedPurpose = (typeof PURPOSES)[number]

/** Who asks and what they allow, as a request says it; of a signed-in user the account says it. */
export type Asking = { actor?: { userId: string } | undefined; visitor?: string | undefined; consents: AskedPurpose[] }

/** The page sets it only where the visitor allowed one of the purposes. */
const VISITOR_COOKIE = 'visitor'
/** A comma list of the purposes that a guest allows. */
const CONSENT_COOKIE = 'consent'
/** For shops that have our API behind their own pages. */
const VISITOR_HEADER = 'x-visitor-id'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const isPurpose = (text: string): text is AskedPurpose => (PURPOSES as readonly string[]).includes(text)

/** `header` gives one header of the request by its name in small letters. */
export function readAsking(
  header: (name: string) => string | undefined,
  actor: { userId: string } | undefined,
): Asking {
  const cookies = header('cookie')
  const visitor = (header(VISITOR_HEADER) ?? readCookie(cookies, VISITOR_COOKIE))?.toLowerCase()
  const consents = (readCookie(cookies, CONSENT_COOKIE) ?? '').split(/,|%2C/i).filter(isPurpose)
  return { actor, visitor: visitor !== undefined && UUID.test(visitor) ? visitor : undefined, consents }
}
