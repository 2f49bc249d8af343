import { createHash, randomBytes } from 'node:crypto'
import type { Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Role } from '../kernel/access.ts'
import type { Vault } from '../vault/index.ts'
import type { AccessTokens } from './access-tokens.ts'
import {
  deleteExpiredSessions,
  type FoundToken,
  insertSession,
  insertToken,
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

  async function endReused(found: FoundToken, tx: Sql): Promise<void> {
    const { accountId, sessionId } = found
    await revokeSessions(tx, { accountId, id: sessionId }, now())
    const deed = { action: 'identity.token_reused', subject: `user:${accountId}`, details: { sessionId } }
    await audit.record({ actor: { system: 'identity' }, ...deed }, tx)
  }

  /** Whether the token may be replaced by `fresh`, and if so is. The mark, the new token or the end commit together. */
  const replace = (token: string, fresh: string, expiresAt: Date) =>
    sql.transaction().execute(async (tx) => {
      const [hash, time] = [hashOf(token), now()]
      const found = await lockSessionOfToken(tx, hash)
      if (!found || found.revokedAt || found.expiresAt <= time) return undefined
      const usedAt = await markTokenUsed(tx, hash, time)
      const reused = usedAt !== null && time.getTime() - usedAt.getTime() > GRACE_MS
      if (reused) await endReused(found, tx)
      else await insertToken(tx, { hash: hashOf(fresh), sessionId: found.sessionId, now: time, expiresAt })
      return { ...found, reused }
    })

  /**
   * A new pair for a refresh token. Undefined for one that is unknown, expired or revoked; also for one that was used
   * before: somebody has stolen it, so the whole session ends.
   */
  async function refresh(token: string): Promise<Grant | undefined> {
    const [fresh, expiresAt] = [newToken(), expiry()]
    const found = await replace(token, fresh, expiresAt)
    if (found?.reused) await accessTokens.refuseUntilNow([found.sessionId])
    if (!found || found.reused) return undefined
    const { accountId: userId, role, sessionId } = found
    return grant({ userId, role, sessionId }, fresh, expiresAt)
  }

  return {
    refresh,

    /** `client` is what the caller says it is (User-Agent), kept sealed for the list of sessions. */
    async start({ userId, role, client }: { userId: string; role: Role; client: string }): Promise<Grant> {
      const [token, id, time, expiresAt] = [newToken(), newId(), now(), expiry()]
      const clientSealed = await vault.seal(userId, client.slice(0, MOST_CLIENT))
      const session = { id, accountId: userId, clientSealed, createdAt: time, usedAt: time, expiresAt }
      await insertSession(sql, session, hashOf(token))
      return grant({ userId, role, sessionId: id }, token, expiresAt)
    },

    /** Ends the session that a refresh token belongs to; nothing for one that is unknown. */
    async endOfToken(token: string): Promise<void> {
      const ended = await sql.transaction().execute(async (tx) => {
        const found = await lockSessionOfToken(tx, hashOf(token))
        return found ? revokeSessions(tx, { accountId: found.accountId, id: found.sessionId }, now()) : []
      })
      await accessTokens.refuseUntilNow(ended)
    },

    forgetExpired: () => deleteExpiredSessions(sql, now()),
  }
}
