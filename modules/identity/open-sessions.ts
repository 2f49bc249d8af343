import type { Sql } from '../../db/index.ts'
import { AppError } from '../kernel/errors.ts'
import type { Vault } from '../vault/index.ts'
import type { AccessTokens } from './access-tokens.ts'
import { listSessions, revokeSessions } from './session-store.ts'

type Needs = { sql: Sql; vault: Vault; accessTokens: AccessTokens; now: () => Date }
export type OpenSessions = ReturnType<typeof createOpenSessions>

/** The sessions of a user, as a list to look at and to end. */
export function createOpenSessions({ sql, vault, accessTokens, now }: Needs) {
  return {
    async listSessions(userId: string, currentId: string) {
      const rows = await listSessions(sql, userId, now())
      const clients = await vault.openAll(rows.map((row) => ({ subjectId: userId, sealed: row.clientSealed })))
      return rows.map(({ id, createdAt, usedAt }, index) => ({
        id,
        client: clients[index] ?? '',
        current: id === currentId,
        createdAt: createdAt.toISOString(),
        usedAt: usedAt.toISOString(),
      }))
    },

    /** Nothing for one that is over already. */
    async end({ userId, sessionId }: { userId: string; sessionId: string }): Promise<void> {
      await accessTokens.refuseUntilNow(await revokeSessions(sql, { accountId: userId, id: sessionId }, now()))
    },

    async revoke(userId: string, sessionId: string): Promise<void> {
      const ended = await revokeSessions(sql, { accountId: userId, id: sessionId }, now())
      if (ended.length === 0) throw new AppError('not_found', 'No such session')
      await accessTokens.refuseUntilNow(ended)
    },

    /** Every session of the user, or all but one; joins the caller's transaction. */
    async revokeAll(userId: string, { except }: { except?: string | undefined } = {}, tx: Sql = sql): Promise<void> {
      await accessTokens.refuseUntilNow(await revokeSessions(tx, { accountId: userId, except }, now()))
    },

    /** Tokens that say an old role are refused; a refresh gives new ones. */
    async renewTokens(userId: string): Promise<void> {
      const rows = await listSessions(sql, userId, now())
      await accessTokens.refuseUntilNow(rows.map(({ id }) => id))
    },
  }
}
