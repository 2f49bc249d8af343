import { type Me, type MeChange, type Preferences, PreferencesSchema } from './schema.ts'
import type { ProfileNeeds } from './service.ts'
import { findPerson, lockPerson, updatePerson } from './store.ts'

type Details = { name: string | null; phone: string | null }
const NOTHING: Details = { name: null, phone: null }

/** Name, telephone and taste; the address of the mail is identity's. */
export function createPerson({ sql, vault, identity }: Pick<ProfileNeeds, 'sql' | 'vault' | 'identity'>) {
  async function open<T>(userId: string, sealed: string | null | undefined): Promise<T | undefined> {
    const text = sealed ? await vault.open(userId, sealed) : undefined
    return text === undefined ? undefined : (JSON.parse(text) as T)
  }

  async function getMe(userId: string): Promise<Me> {
    const [user, row] = await Promise.all([identity.getUser(userId), findPerson(sql, userId)])
    const details = (await open<Details>(userId, row?.details)) ?? NOTHING
    return { ...user, ...details }
  }

  return {
    getMe,

    async changeMe(userId: string, { locale, ...asked }: MeChange): Promise<Me> {
      if (locale !== undefined) await identity.changeLocale(userId, locale)
      await sql.transaction().execute(async (tx) => {
        const row = await lockPerson(tx, userId)
        const before = (await open<Details>(userId, row.details)) ?? NOTHING
        const { name = before.name, phone = before.phone } = asked
        await updatePerson(tx, userId, { details: await vault.seal(userId, JSON.stringify({ name, phone }), tx) })
      })
      return getMe(userId)
    },

    async getPreferences(userId: string): Promise<Preferences> {
      const row = await findPerson(sql, userId)
      return PreferencesSchema.parse((await open<Preferences>(userId, row?.preferences)) ?? {})
    },

    async putPreferences(userId: string, preferences: Preferences): Promise<Preferences> {
      return sql.transaction().execute(async (tx) => {
        const row = await lockPerson(tx, userId)
        const before = await open<Preferences>(userId, row.preferences)
        const kept = { ...preferences, quiz: preferences.quiz ?? before?.quiz }
        await updatePerson(tx, userId, { preferences: await vault.seal(userId, JSON.stringify(kept), tx) })
        return kept
      })
    },
  }
}
