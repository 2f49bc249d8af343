import type { Blobs, Infra, Sql } from '../../db/index.ts'
import type { Vault } from '../vault/index.ts'
import { claimEmail, findStatus, markStored, updateEmail } from './email-store.ts'
import { composeEml, type Outgoing, sendgridUrl, type SendResult, smtpSender } from './nodemailer.ts'
import { type Letter, renderLetter } from './pure/letter.ts'

export type Mails = ReturnType<typeof createMails>

/** One letter to one reader; `key` says what it is about, and `subjectId` whose data key seals what names the reader. */
export type NewMail = { key: string; template: string; subjectId: string; to: string; letter: Letter }

export type MailNeeds = {
  sql: Sql
  blobs: Blobs
  vault: Vault
  mail: Infra['mail']
  now: () => Date
  newId: () => string
}

/** Longer than any server takes; after it another may send what a dead process had taken. */
const CLAIM_MS = 120_000

/** Where the `.eml` of a mail lies. */
export const blobOf = (id: string) => `mail/${id}.eml`

export function createMails({ sql, blobs, vault, mail, now, newId }: MailNeeds) {
  let sender: ((mail: Outgoing) => Promise<SendResult>) | undefined

  /** Without a server a letter is kept as the bytes that a server would be sent. */
  async function keep(outgoing: Outgoing): Promise<SendResult> {
    await markStored(sql, outgoing.id)
    await blobs.put(blobOf(outgoing.id), await composeEml(outgoing), 'message/rfc822')
    return { ok: true }
  }

  function pickSender(): (mail: Outgoing) => Promise<SendResult> {
    const url = mail.smtpUrl ?? (mail.sendgridKey === undefined ? undefined : sendgridUrl(mail.sendgridKey))
    return url === undefined ? keep : smtpSender(url)
  }

  return {
    /**
     * Sends a letter once, however often and by however many this is called with its key. Only a process that dies
     * between the server's yes and writing it down leads to a second one, of the same Message-ID. Throws, to be called
     * again, while the server does not take it; gives up, as `dead`, when the server says never.
     */
    async send({ key, template, subjectId, to, letter }: NewMail): Promise<void> {
      const [time, status] = [now(), await findStatus(sql, key)]
      if (status === 'sent' || status === 'dead') return
      const rendered = renderLetter(letter, mail.shopUrl)
      const claimed = await claimEmail(
        sql,
        {
          id: newId(),
          key,
          template,
          subject_id: subjectId,
          recipient: await vault.seal(subjectId, to),
          subject: await vault.seal(subjectId, rendered.subject),
          created_at: time,
        },
        { now: time, until: new Date(time.getTime() + CLAIM_MS) },
      )
      if (!claimed) {
        if ((await findStatus(sql, key)) === 'waiting') throw new Error(`Somebody else is sending ${key}`)
        return
      }
      sender ??= pickSender()
      const result = await sender({ ...rendered, id: claimed.id, from: mail.from, to, date: time })
      if (result.ok) return updateEmail(sql, claimed.id, { status: 'sent', error: null, sent_at: now() })
      const { retry, error } = result
      await updateEmail(sql, claimed.id, { status: retry ? 'waiting' : 'dead', error })
      if (retry) throw new Error(`The mail server did not take ${key}: ${error}`)
    },
  }
}
