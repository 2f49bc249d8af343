import { createHash, randomBytes } from 'node:crypto'
import type { Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Role } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import type { Vault } from '../vault/index.ts'
import type { AccessTokens } from './access-tokens.ts'
import {
  deleteExpiredSessions,
  insertSession,
  insertToken,
  listSessions,
  lockSessionOfToken,
  markTokenUsed,
  revokeSessions,
} from './session-store.ts'

const REFRESH_MS = 30 * 24 * 3600 * 1000
/** Requests that a browser sends together all carry the token that the first of them uses up. */
const GRACE_MS = 10_000
const MOST_CLIENT = 300

/** What a sign-in or a refresh gives. The refresh token is stored only as a digest and given only here. */
export type Grant = {
  userId: string
  role: Role
  sessionId: string
  accessToken: string
  accessExpiresAt: Date
  refreshToken: string
  refreshExpiresAt: Date
}

type Needs = {
  sql: Sql
  vault: Vault
  audit: Audit
  accessTokens: AccessTokens
  now: () => Date
  newId: () => string
}
export type Sessions = ReturnType<typeof createSessions>

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url')
const newToken = () => randomBytes(32).toString('base64url')

/** A session is a family of refresh tokens, each of which is good for one refresh. */
export function createSessions({ sql, vault, audit, accessTokens, now, newId }: Needs) {
  const expiry = () => new Date(now().getTime() + REFRESH_MS)

  async function grant(
    actor: { userId: string; role: Role; sessionId: string },
    refreshToken: string,
    refreshExpiresAt: Date,
  ): Promise<Grant> {
    return { ...actor, ...(await accessTokens.issue(actor)), refreshToken, refreshExpiresAt }
  }

  return {
    /** `client` is what the caller says it is (User-Agent), kept sealed for the list of sessions. */
    async start({ userId, role, client }: { userId: string; role: Role; client: string }): Promise<Grant> {
      const [token, id, time, expiresAt] = [newToken(), newId(), now(), expiry()]
      const clientSealed = await vault.seal(userId, client.slice(0, MOST_CLIENT))
      const session = { id, accountId: userId, clientSealed, createdAt: time, usedAt: time, expiresAt }
      await insertSession(sql, session, hashOf(token))
      return grant({ userId, role, sessionId: id }, token, expiresAt)
    },

    /**
     * A new pair for a refresh token. Undefined for one that is unknown, expired or revoked; also for one that was used
     * before, and then somebody stole it, so the whole session ends.
     */
    async refresh(token: string): Promise<Grant | undefined> {
      const [fresh, hash, time, expiresAt] = [newToken(), hashOf(token), now(), expiry()]
      const outcome = await sql.transaction().execute(async (tx) => {
        const found = await lockSessionOfToken(tx, hash)
        if (!found || found.revokedAt || found.expiresAt <= time) return undefined
        const usedAt = await markTokenUsed(tx, hash, time)
        const { sessionId, accountId, role } = found
        if (usedAt && time.getTime() - usedAt.getTime() > GRACE_MS) {
          await revokeSessions(tx, { accountId, id: sessionId }, time)
          const subject = `user:${accountId}`
          await audit.record(
            { actor: { system: 'identity' }, action: 'identity.token_reused', subject, details: { sessionId } },
            tx,
          )
          return { reused: sessionId }
        }
        await insertToken(tx, { hash: hashOf(fresh), sessionId, now: time, expiresAt })
        return { actor: { userId: accountId, role, sessionId } }
      })
      if (outcome?.actor) return grant(outcome.actor, fresh, expiresAt)
      if (outcome) await accessTokens.refuseUntilNow([outcome.reused])
      return undefined
    },

    /** Ends the session that a refresh token belongs to; nothing for one that is unknown. */
    async endOfToken(token: string): Promise<void> {
      const ended = await sql.transaction().execute(async (tx) => {
        const found = await lockSessionOfToken(tx, hashOf(token))
        return found ? revokeSessions(tx, { accountId: found.accountId, id: found.sessionId }, now()) : []
      })
      await accessTokens.refuseUntilNow(ended)
    },

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

    forgetExpired: () => deleteExpiredSessions(sql, now()),
  }
}
