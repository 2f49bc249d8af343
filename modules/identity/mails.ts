import type { Infra, Sql } from '../../db/index.ts'
import { publish } from '../kernel/events.ts'
import type { Vault } from '../vault/index.ts'
import {
  dropMailRequests,
  findMailRequest,
  insertMailRequest,
  type MailKind,
  type MailRequestRow,
  takeMailRequest,
} from './mail-store.ts'

const VERIFY_MS = 24 * 3600 * 1000
const RESET_MS = 3600 * 1000

const EVENTS = {
  verify: 'identity.verification_requested',
  change: 'identity.verification_requested',
  reset: 'identity.reset_requested',
  known: 'identity.reset_requested',
  changed: 'identity.email_changed',
} as const
const PURPOSES = {
  verify: 'identity.verify',
  change: 'identity.verify',
  reset: 'identity.reset',
  known: 'identity.reset',
  changed: 'identity.changed',
}

type Needs = { sql: Sql; vault: Vault; signer: Infra['signer']; now: () => Date; newId: () => string }
export type Mails = ReturnType<typeof createMails>

/** Proof by mail. A link's token is made when the mail is written, from the request's id: none is at rest anywhere. */
export function createMails({ sql, vault, signer, now, newId }: Needs) {
  const tokenFor = (kind: MailKind, id: string) => `${id}.${signer.sign(PURPOSES[kind], id)}`

  const idOf = (kind: MailKind, token: string): string | undefined => {
    const [id = '', signature = ''] = token.split('.')
    return signer.verify(PURPOSES[kind], id, signature) ? id : undefined
  }

  /** Joins the caller's transaction; the links of its kind that were sent before stop working. */
  async function request(
    kind: MailKind,
    to: { accountId: string; emailIndex: string; email: string },
    tx: Sql,
  ): Promise<void> {
    const time = now()
    const lasts = kind === 'reset' || kind === 'known' ? RESET_MS : VERIFY_MS
    const row = {
      id: newId(),
      accountId: to.accountId,
      kind,
      emailIndex: to.emailIndex,
      emailSealed: await vault.seal(to.accountId, to.email, tx),
      createdAt: time,
      expiresAt: new Date(time.getTime() + lasts),
    }
    // A notice is no link: each one is sent.
    if (kind !== 'changed')
      await dropMailRequests(tx, to.accountId, kind === 'reset' || kind === 'known' ? ['reset', 'known'] : [kind])
    await insertMailRequest(tx, row)
    await publish(EVENTS[kind], { userId: to.accountId, requestId: row.id }, tx)
  }

  return {
    verificationLinkToken: (requestId: string) => tokenFor('verify', requestId),
    resetLinkToken: (requestId: string) => tokenFor('reset', requestId),
    request,

    /** The links that prove a new account's address stop working. */
    dropProof: (accountId: string, tx: Sql): Promise<void> => dropMailRequests(tx, accountId, ['verify']),

    /** Links that were asked for under a password that counts no more, perhaps by who should not have known it, stop working. */
    dropLinks: (accountId: string, tx: Sql): Promise<void> =>
      dropMailRequests(tx, accountId, ['change', 'reset', 'known']),

    /** Tells the address that the account has now that it is about to leave it; joins the caller's transaction. */
    async tellLeft(account: { id: string; emailIndex: string; emailSealed: string }, tx: Sql): Promise<void> {
      const email = await vault.open(account.id, account.emailSealed)
      if (email !== undefined)
        await request('changed', { accountId: account.id, emailIndex: account.emailIndex, email }, tx)
    },

    /** What a mail must say and where it goes; undefined when there is nothing to send any more. */
    async findMailRequest(
      requestId: string,
    ): Promise<{ userId: string; kind: MailKind; email: string; expiresAt: Date } | undefined> {
      const row = await findMailRequest(sql, requestId)
      const email = row && (await vault.open(row.accountId, row.emailSealed))
      if (!row || email === undefined) return undefined
      return { userId: row.accountId, kind: row.kind, email, expiresAt: row.expiresAt }
    },

    /** Uses up the token of a link, once; undefined when it is not, or no longer, good. Joins the caller's transaction. */
    async take(token: string, kinds: [MailKind, ...MailKind[]], tx: Sql): Promise<MailRequestRow | undefined> {
      const id = idOf(kinds[0], token)
      return id === undefined ? undefined : takeMailRequest(tx, id, kinds, now())
    },
  }
}
