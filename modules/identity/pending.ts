import type { Sql } from '../../db/index.ts'
import type { Vault } from '../vault/index.ts'
import { deleteExpiredPending, insertPending, takePending } from './tie-store.ts'

const LASTS_MS = 10 * 60_000
const SUBJECT = 'system:identity.pending'

export type Pending = ReturnType<typeof createPending>

/** Remembers, in the database so that any process may go on, what was begun; each can be taken once, within ten minutes. */
export function createPending({ sql, vault, now }: { sql: Sql; vault: Vault; now: () => Date }) {
  return {
    async put(id: string, kind: string, value: object): Promise<void> {
      const sealed = await vault.seal(SUBJECT, JSON.stringify(value))
      await insertPending(sql, { id, kind, sealed, expiresAt: new Date(now().getTime() + LASTS_MS) })
    },
    async take<T extends object>(id: string, kind: string): Promise<T | undefined> {
      const sealed = await takePending(sql, id, kind, now())
      const text = sealed === undefined ? undefined : await vault.open(SUBJECT, sealed)
      return text === undefined ? undefined : (JSON.parse(text) as T)
    },
    forgetExpired: () => deleteExpiredPending(sql, now()),
  }
}
