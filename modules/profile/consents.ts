import { publish } from '../kernel/events.ts'
import { type Consent, PURPOSES, type Purpose } from './schema.ts'
import type { ProfileNeeds } from './service.ts'
import { insertConsent, listConsents, lockPerson } from './store.ts'

export function createConsents({ sql, now, newId }: Pick<ProfileNeeds, 'sql' | 'now' | 'newId'>) {
  /** The last answer for each purpose; who was never asked has allowed nothing. */
  async function listOwn(userId: string): Promise<Consent[]> {
    const rows = await listConsents(sql, userId)
    return PURPOSES.map((purpose) => {
      const last = rows.findLast((row) => row.purpose === purpose)
      return { purpose, granted: last?.granted ?? false, at: last?.at.toISOString() ?? null }
    })
  }

  return {
    listConsents: listOwn,

    /** Every answer with its time, as proof. */
    async consentHistory(userId: string) {
      const rows = await listConsents(sql, userId)
      return rows.map(({ purpose, granted, at }) => ({ purpose, granted, at: at.toISOString() }))
    },

    /** A new answer is written down beside the old ones; the same again is no news. */
    async putConsent(userId: string, purpose: Purpose, granted: boolean): Promise<Consent> {
      await sql.transaction().execute(async (tx) => {
        await lockPerson(tx, userId)
        const rows = await listConsents(tx, userId)
        if (rows.findLast((row) => row.purpose === purpose)?.granted === granted) return
        await insertConsent(tx, { id: newId(), user_id: userId, purpose, granted, at: now() })
        await publish('profile.consent_changed', { userId, purpose, granted }, tx)
      })
      return (await listOwn(userId)).find((one) => one.purpose === purpose) ?? { purpose, granted, at: null }
    },
  }
}
