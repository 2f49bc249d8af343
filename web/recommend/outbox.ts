import { CONSENT_COOKIE, readConsent } from '../state/consent.ts'
import type { Doing } from '../state/telling.ts'

type ShopEvent = Doing & { id: string; at: string }

const ADDRESS = '/v1/events'
const GATHER_MS = 400
const AGAIN_MS = 5000
/** The most that the API takes at once. */
const MOST = 100

let waiting: ShopEvent[] = []
let timer: ReturnType<typeof setTimeout> | undefined
const triedAgain = new Set<string>()

/** Whether this browser may say what is done in it; looked up each time, for it may be taken back in another tab. */
export function mayTell(): boolean {
  if ((navigator as { globalPrivacyControl?: boolean }).globalPrivacyControl) return false
  const value = new RegExp(`(?:^|;\\s*)${CONSENT_COOKIE}=([^;]+)`).exec(document.cookie)?.[1]
  return readConsent(value)?.includes('analytics') ?? false
}

/** Notes what was done, to be sent soon with what follows. Its id is made now and never again, so it counts once. */
export function note(doing: Doing): void {
  if (!mayTell()) return
  waiting.push({ ...doing, id: crypto.randomUUID(), at: new Date().toISOString() })
  timer ??= setTimeout(flush, GATHER_MS)
}

/** Sends what waits, in a way that outlives the page; what the shop could not take is tried once more. */
export function flush(): void {
  clearTimeout(timer)
  timer = undefined
  const events = waiting.splice(0, MOST)
  if (events.length > 0 && mayTell()) void send(events)
}

async function send(events: ShopEvent[]): Promise<void> {
  const headers = { 'content-type': 'application/json' }
  try {
    const body = JSON.stringify({ events })
    const { status } = await fetch(ADDRESS, { method: 'POST', keepalive: true, headers, body })
    if (status >= 500 || status === 429) retry(events)
  } catch {
    retry(events)
  }
}

function retry(events: ShopEvent[]): void {
  const first = events.filter(({ id }) => !triedAgain.has(id))
  for (const { id } of first) triedAgain.add(id)
  waiting = [...first, ...waiting]
  timer ??= setTimeout(flush, AGAIN_MS)
}

/** The page goes, perhaps for good: a beacon is what browsers promise to send then. */
export function sendBeforeLeaving(): void {
  const events = waiting.slice(0, MOST)
  if (events.length === 0 || !mayTell()) return
  const body = new Blob([JSON.stringify({ events })], { type: 'application/json' })
  if (navigator.sendBeacon(ADDRESS, body)) waiting = waiting.slice(MOST)
  else flush()
}
