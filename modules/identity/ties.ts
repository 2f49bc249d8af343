import type { Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import { AppError } from '../kernel/errors.ts'
import type { Accounts } from './accounts.ts'
import type { OpenSessions } from './open-sessions.ts'
import type { Stranger } from './openid-client.ts'
import { type AccountRow, actorOf, findAccount, updateAccount } from './store.ts'
import { findTiedAccountId, insertTie } from './tie-store.ts'

type Needs = { sql: Sql; audit: Audit; accounts: Accounts; openSessions: OpenSessions; now: () => Date }

/** Which account a person at a provider is. */
export function createTies({ sql, audit, accounts, openSessions, now }: Needs) {
  /** The account of a verified address, made if there is none. */
  async function accountOf(
    { email, locale }: { email: string; locale: string | undefined },
    tx: Sql,
  ): Promise<AccountRow> {
    const made = await accounts.insert({ email, locale, verified: true }, tx)
    if (made) return made
    const account = await findAccount(tx, 'email_index', await accounts.indexOf(email))
    if (!account) throw new AppError('conflict', 'The account was just erased')
    if (account.emailVerifiedAt) return account
    // Whoever registered this address never proved it: their password must not open the account of its owner.
    await updateAccount(tx, account.id, { passwordHash: null, emailVerifiedAt: now() })
    await openSessions.revokeAll(account.id, {}, tx)
    return account
  }

  /** The account tied to them, else the one with the mail that the provider verified; undefined when it verified none. */
  const findOrTie = (provider: string, { subject, email, locale }: Stranger): Promise<AccountRow | undefined> =>
    sql.transaction().execute(async (tx) => {
      const subjectIndex = await accounts.digestOf(`${provider}/${subject}`)
      const tied = await findTiedAccountId(tx, provider, subjectIndex)
      if (tied !== undefined) return findAccount(tx, 'id', tied)
      if (email === undefined) return undefined
      const account = await accountOf({ email, locale }, tx)
      await insertTie(tx, { provider, subjectIndex, accountId: account.id, now: now() })
      const deed = { action: 'identity.provider_tied', subject: `user:${account.id}`, details: { provider } }
      await audit.record({ actor: actorOf(account), ...deed }, tx)
      return account
    })

  return { findOrTie }
}
