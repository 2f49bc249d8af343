import { changeConsent, listConsents } from './account.ts'
import { CONSENT_COOKIE, PURPOSES, type Purpose, readConsent, REFUSED } from './consent.ts'
import type { Visit } from './visit.ts'

/** By which a guest who allows it is known again; out of reach of scripts. */
const VISITOR_COOKIE = 'visitor'
const KEPT_DAYS = 180

export const consentOf = (visit: Visit): Purpose[] | undefined => readConsent(visit.cookie(CONSENT_COOKIE))

/**
 * Whether pages may be drawn for this person: they allow it, as a guest by the cookie and signed in by their account,
 * which the API looks up itself. A browser that asks not to be tracked (Global Privacy Control) is nobody's.
 */
export function mayPersonalise(visit: Visit): boolean {
  if (visit.privately) return false
  return visit.hasSession || (consentOf(visit)?.includes('personalisation') ?? false)
}

/** Remembers the answer of this browser; a guest is known again from the first yes to the first no. */
function keep(visit: Visit, granted: readonly Purpose[]): void {
  visit.keep(CONSENT_COOKIE, granted.join(',') || REFUSED, { days: KEPT_DAYS, open: true })
  if (granted.length === 0) visit.keep(VISITOR_COOKIE, '', { days: 0 })
  else if (!visit.cookie(VISITOR_COOKIE)) visit.keep(VISITOR_COOKIE, crypto.randomUUID(), { days: KEPT_DAYS })
}

/** Takes an answer, into the account too for who has one. What was noted of a guest goes with the leave to note it. */
export async function saveConsent(visit: Visit, granted: readonly Purpose[]): Promise<void> {
  if (visit.cookie(VISITOR_COOKIE) && !granted.includes('analytics')) await visit.api.v1.events.$delete()
  keep(visit, granted)
  if (!visit.hasSession) return
  for (const { purpose, granted: before } of await listConsents(visit)) {
    const now = granted.some((one) => one === purpose)
    if (PURPOSES.some((one) => one === purpose) && before !== now) await changeConsent(visit, purpose, now)
  }
}

/** After signing in: what the account says holds, and where it was never asked, what this browser was told. */
export async function agreeOnConsent(visit: Visit): Promise<void> {
  const told = consentOf(visit)
  const known = (await listConsents(visit)).filter(({ purpose }) => PURPOSES.some((one) => one === purpose))
  const asked = known.some(({ at }) => at !== null)
  if (asked)
    return keep(
      visit,
      PURPOSES.filter((one) => known.some(({ purpose, granted }) => granted && purpose === one)),
    )
  if (told) await saveConsent(visit, told)
}

/**
 * After signing in: consents are agreed on, and what this browser's guest did counts for the account as far as both allow
 * it. Whoever is a guest at this browser later is somebody else.
 */
export async function bringHistory(visit: Visit): Promise<void> {
  const visitor = visit.cookie(VISITOR_COOKIE)
  const told = visit.privately ? [] : (consentOf(visit) ?? [])
  await agreeOnConsent(visit)
  if (visitor === undefined) return
  const { ok } = await visit.api.v1.events.claim.$post({ json: { visitor, consents: told } })
  if (ok && visit.cookie(VISITOR_COOKIE)) visit.keep(VISITOR_COOKIE, crypto.randomUUID(), { days: KEPT_DAYS })
}

/** After signing out: the next person at this browser is asked anew, and is not taken for this one. */
export function forgetConsent(visit: Visit): void {
  visit.keep(CONSENT_COOKIE, '', { days: 0, open: true })
  visit.keep(VISITOR_COOKIE, '', { days: 0 })
}
