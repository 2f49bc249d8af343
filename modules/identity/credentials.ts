import type { Sql } from '../../db/index.ts'
import type { Accounts } from './accounts.ts'
import type { Lockout } from './lockout.ts'
import type { Mails } from './mails.ts'
import type { Passwords } from './passwords.ts'
import type { Grant, Sessions } from './sessions.ts'
import { steadily } from './steadily.ts'
import { findAccount, lockAccount, updateAccount } from './store.ts'

type Needs = {
  sql: Sql
  accounts: Accounts
  sessions: Sessions
  mails: Mails
  passwords: Passwords
  lockout: Lockout
}
type Credentials = { email: string; password: string }
type LoginOutcome =
  | { ok: true; grant: Grant }
  | { ok: false; reason: 'wrong' }
  | { ok: false; reason: 'locked'; retryAfterSeconds: number }

/** Password and mail. No answer here, nor how long it takes, tells a stranger whether an address has an account. */
export function createCredentials({ sql, accounts, sessions, mails, passwords, lockout }: Needs) {
  async function register({ email, password, locale }: Credentials & { locale?: string | undefined }): Promise<void> {
    const passwordHash = await passwords.hash(password)
    const before = await accounts.findByEmail(email)
    const isRepeated = before && !before.emailVerifiedAt && (await passwords.verify(password, before.passwordHash))
    // Account, its key, the request and its event commit together.
    await sql.transaction().execute(async (tx) => {
      const made = await accounts.insert({ email, passwordHash, locale }, tx)
      if (made) return mails.request('verify', { accountId: made.id, emailIndex: made.emailIndex, email }, tx)
      const emailIndex = await accounts.indexOf(email)
      const found = await findAccount(tx, 'email_index', emailIndex)
      const owner = found && (await lockAccount(tx, found.id))
      if (!owner) return undefined
      const to = { accountId: owner.id, emailIndex, email }
      if (owner.emailVerifiedAt) return mails.request('known', to, tx)
      if (isRepeated && owner.passwordHash === before.passwordHash) return mails.request('verify', to, tx)
      // Nobody has proved the address yet, and two passwords were given for it: which is its owner's nobody can tell, so
      // neither counts, nor does a link that would let it in. Who gets the mail chooses one.
      await updateAccount(tx, owner.id, { passwordHash: null })
      await mails.dropProof(owner.id, tx)
      return mails.request('known', to, tx)
    })
  }

  return {
    /** The mail says how it goes on, to a new owner of the address or to the one there is. */
    register: (account: Credentials & { locale?: string | undefined }): Promise<void> => steadily(register(account)),

    /** `wrong` is a wrong password, an unknown address and one that is not verified yet, all the same. */
    async login({ email, password }: Credentials, client: string): Promise<LoginOutcome> {
      const name = await accounts.indexOf(email)
      const wait = await lockout.attempt(name)
      if (wait > 0) return { ok: false, reason: 'locked', retryAfterSeconds: wait }
      const account = await findAccount(sql, 'email_index', name)
      const right = await passwords.verify(password, account?.passwordHash)
      if (!account || !right || !account.emailVerifiedAt) return { ok: false, reason: 'wrong' }
      await lockout.forget(name)
      if (account.passwordHash && passwords.isOutdated(account.passwordHash))
        await updateAccount(sql, account.id, { passwordHash: await passwords.hash(password) })
      return { ok: true, grant: await sessions.start({ userId: account.id, role: account.role, client }) }
    },
  }
}
