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
} as const
const PURPOSES = {
  verify: 'identity.verify',
  change: 'identity.verify',
  reset: 'identity.reset',
  known: 'identity.reset',
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

  return {
    verificationLinkToken: (requestId: string) => tokenFor('verify', requestId),
    resetLinkToken: (requestId: string) => tokenFor('reset', requestId),

    /** Joins the caller's transaction; the links of its kind that were sent before stop working. */
    async request(
      kind: MailKind,
      to: { accountId: string; emailIndex: string; email: string },
      tx: Sql,
    ): Promise<void> {
      const time = now()
      const lasts = kind === 'verify' || kind === 'change' ? VERIFY_MS : RESET_MS
      const request = {
        id: newId(),
        accountId: to.accountId,
        kind,
        emailIndex: to.emailIndex,
        emailSealed: await vault.seal(to.accountId, to.email, tx),
        createdAt: time,
        expiresAt: new Date(time.getTime() + lasts),
      }
      await dropMailRequests(tx, to.accountId, kind === 'reset' || kind === 'known' ? ['reset', 'known'] : [kind])
      await insertMailRequest(tx, request)
      await publish(EVENTS[kind], { userId: to.accountId, requestId: request.id }, tx)
    },

    /** What a mail must say and where it goes; undefined when there is nothing to send any more. */
    async findMailRequest(requestId: string): Promise<{ userId: string; kind: MailKind; email: string } | undefined> {
      const row = await findMailRequest(sql, requestId)
      const email = row && (await vault.open(row.accountId, row.emailSealed))
      return email === undefined ? undefined : { userId: row?.accountId ?? '', kind: row?.kind ?? 'verify', email }
    },

    /** Uses up the token of a link, once; undefined when it is not, or no longer, good. Joins the caller's transaction. */
    async take(token: string, kinds: [MailKind, ...MailKind[]], tx: Sql): Promise<MailRequestRow | undefined> {
      const id = idOf(kinds[0], token)
      return id === undefined ? undefined : takeMailRequest(tx, id, kinds, now())
    },
  }
}
