import { AppError } from '../kernel/errors.ts'
import { deleteEmail, type EmailRow, findEmail, listEmails, listEmailsAbout, listOldEmails } from './email-store.ts'
import { blobOf, type MailNeeds } from './mails.ts'
import { readEml } from './pure/read-eml.ts'
import type { Email, EmailQuery, WholeEmail } from './schema.ts'

const KEEP_MS = 90 * 24 * 60 * 60 * 1000

/** The mail that was sent, to be looked at and forgotten. */
export function createMailbox({ sql, blobs, vault, now }: Pick<MailNeeds, 'sql' | 'blobs' | 'vault' | 'now'>) {
  async function remove({ id, stored }: Pick<EmailRow, 'id' | 'stored'>): Promise<void> {
    if (stored) await blobs.delete(blobOf(id))
    await deleteEmail(sql, id)
  }

  async function open(rows: EmailRow[]): Promise<Email[]> {
    const sealed = rows.flatMap(({ subject_id: subjectId, recipient, subject }) => [
      { subjectId, sealed: recipient },
      { subjectId, sealed: subject },
    ])
    const texts = await vault.openAll(sealed)
    return rows.map(({ id, template, status, attempts, error, created_at, sent_at }, place) => ({
      id,
      template,
      to: texts[2 * place] ?? null,
      subject: texts[2 * place + 1] ?? null,
      status,
      attempts,
      error,
      createdAt: created_at.toISOString(),
      sentAt: sent_at?.toISOString() ?? null,
    }))
  }

  return {
    async listEmails({ status, cursor, limit }: EmailQuery): Promise<{ items: Email[]; nextCursor: string | null }> {
      const rows = await listEmails(sql, { status, before: cursor, limit: limit + 1 })
      const page = rows.slice(0, limit)
      return { items: await open(page), nextCursor: rows.length > limit ? (page.at(-1)?.id ?? null) : null }
    },

    /** With both bodies where it was kept here. Throws not_found. */
    async getEmail(id: string): Promise<WholeEmail> {
      const row = await findEmail(sql, id)
      const [email] = row ? await open([row]) : []
      if (!row || !email) throw new AppError('not_found', `No mail ${id}`)
      const blob = row.stored ? await blobs.get(blobOf(id)) : undefined
      const source = blob ? new TextDecoder().decode(blob.bytes) : null
      return { ...email, source, ...(source === null ? { text: null, html: null } : readEml(source)) }
    },

    /** What was mailed about these subjects: a user, or orders. */
    async exportMails(subjectIds: string[]): Promise<Email[]> {
      return open(await listEmailsAbout(sql, subjectIds))
    },

    /** Leaves nothing of the mail about these subjects; again does no harm. */
    async eraseMails(subjectIds: string[]): Promise<void> {
      for (const row of await listEmailsAbout(sql, subjectIds)) await remove(row)
    },

    /** Forgets what is done with and older than 90 days. */
    async pruneMails(): Promise<number> {
      const old = await listOldEmails(sql, new Date(now().getTime() - KEEP_MS), 1000)
      for (const row of old) await remove(row)
      return old.length
    },
  }
}
