import { consentOf } from './consenting.ts'
import type { Doing } from './telling.ts'
import type { Visit } from './visit.ts'

/**
 * Notes what a form that was taken means, for whoever sent it, with script or without: no script says it a second time.
 * The API decides by the consent of the account or of this browser whether it is kept.
 */
export async function noteDone(visit: Visit, doing: Doing & { kind: 'add' | 'wishlist' }): Promise<void> {
  if (visit.privately || !(visit.hasSession || consentOf(visit)?.includes('analytics'))) return
  const event = { ...doing, id: crypto.randomUUID(), at: new Date().toISOString() }
  await visit.api.v1.events.$post({ json: { events: [event] } })
}
