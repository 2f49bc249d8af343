import type { Sql } from '../../db/index.ts'
import type { Asking } from './pure/asking.ts'
import type { AnalyticsNeeds } from './service.ts'
import { deleteSubject, listOfSubject, unlinkTaste } from './store.ts'

/** Who asks, by the name that events know, and what they allow. */
export type Asker = { subject: string; analytics: boolean; personalisation: boolean }

/** Pseudonyms: the same person is always the same, and nobody without the shop's key can say who it is. */
export function createSubjects({ sql, signer, consentsOf }: AnalyticsNeeds) {
  const nameOf = (who: string) => signer.sign('analytics.subject', who).slice(0, 22)
  const ofUser = (userId: string) => nameOf(`user:${userId}`)

  /** Undefined for a guest who has no visitor id. */
  function subjectOf({ actor, visitor }: Pick<Asking, 'actor' | 'visitor'>): string | undefined {
    if (actor) return ofUser(actor.userId)
    return visitor === undefined ? undefined : nameOf(`visitor:${visitor.toLowerCase()}`)
  }

  return {
    subjectOf,

    /** Undefined when nobody can be told apart. A signed-in user's account says what they allow (one statement). */
    async findAsker(asking: Asking): Promise<Asker | undefined> {
      const subject = subjectOf(asking)
      if (subject === undefined) return undefined
      const allowed: readonly string[] = asking.actor
        ? (await consentsOf(asking.actor.userId)).filter(({ granted }) => granted).map(({ purpose }) => purpose)
        : asking.consents
      return {
        subject,
        analytics: allowed.includes('analytics'),
        personalisation: allowed.includes('personalisation'),
      }
    },

    /** All that is kept of this user; joins the caller's transaction. */
    forget: (userId: string, tx: Sql = sql): Promise<void> => deleteSubject(tx, ofUser(userId)),

    /** Of the signed-in user, and of the guest that the same browser was. */
    async forgetAsker({ actor, visitor }: Asking): Promise<void> {
      for (const subject of [subjectOf({ actor }), subjectOf({ visitor })])
        if (subject !== undefined) await deleteSubject(sql, subject)
    },

    /** A consent that is taken back counts for what was kept before, too. */
    async onConsent({
      userId,
      purpose,
      granted,
    }: {
      userId: string
      purpose: string
      granted: boolean
    }): Promise<void> {
      if (granted) return
      if (purpose === 'analytics') await deleteSubject(sql, ofUser(userId))
      if (purpose === 'personalisation') await unlinkTaste(sql, ofUser(userId))
    },

    /** Everything that is kept of this user, for them to read. */
    async exportUser(userId: string) {
      const rows = await listOfSubject(sql, ofUser(userId))
      return rows.map((row) => ({
        kind: row.kind,
        at: row.at.toISOString(),
        productId: row.product_id,
        query: row.query,
        searchId: row.search_id,
        position: row.position,
        shown: row.shown,
        context: row.context,
        personal: row.personal,
        receivedAt: row.received_at.toISOString(),
      }))
    },
  }
}
