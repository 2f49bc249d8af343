import { createTransport, type SendMailOptions } from 'nodemailer'
import type { Rendered } from './pure/letter.ts'

/** One letter to one reader. `id` makes its Message-ID, which stays the same when it is sent again. */
export type Outgoing = Rendered & { id: string; from: string; to: string; date: Date }

/** `retry` is false when the other side says for good that it will not take this one. No text of theirs: it may name people. */
export type SendResult = { ok: true } | { ok: false; retry: boolean; error: string }

type SmtpError = { code?: string; responseCode?: number; response?: string }

const TIMEOUT_MS = 10_000
const SENDGRID_URL = 'smtps://smtp.sendgrid.net:465'

function optionsOf({ id, from, to, date, subject, html, text }: Outgoing): SendMailOptions {
  const host = /@([^\s<>@]+)>?\s*$/.exec(from)?.[1] ?? 'localhost'
  return {
    from,
    // An object, so that an address is never read as a list of them.
    to: { name: '', address: to },
    subject,
    html,
    text,
    date,
    messageId: `<${id}@${host}>`,
    // Said by a program, so no other program answers with an absence note.
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
    textEncoding: 'quoted-printable',
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** A refusal of the letter itself is for good; of us (greeting, TLS, sign-in) it is a fault of set-up that may be mended. */
function resultOf({ code = 'unknown', responseCode, response = '' }: SmtpError): SendResult {
  const enhanced = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(response)?.[0]
  const error = [code, responseCode, enhanced].filter((part) => part !== undefined).join(' ')
  const aboutLetter = code === 'EENVELOPE' || code === 'EMESSAGE'
  return { ok: false, retry: !(aboutLetter && (responseCode ?? 0) >= 500), error }
}

/**
 * Sends through the server at `url` (`smtp://user:password@host:587`, `smtps://`). A password goes over TLS only, unless
 * the URL says `?requireTLS=false`.
 */
export function smtpSender(url: string) {
  const transport = createTransport({
    requireTLS: new URL(url).username !== '',
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: 2 * TIMEOUT_MS,
    url,
  })
  return async (mail: Outgoing): Promise<SendResult> => {
    try {
      await transport.sendMail(optionsOf(mail))
      return { ok: true }
    } catch (error) {
      return resultOf(error as SmtpError)
    }
  }
}

/** Where SendGrid takes mail by SMTP: the user is always `apikey`. */
export const sendgridUrl = (apiKey: string): string => {
  const url = new URL(SENDGRID_URL)
  url.username = 'apikey'
  url.password = apiKey
  return url.href
}

/** The bytes that a server would be sent: RFC 5322 with CRLF. */
export async function composeEml(mail: Outgoing): Promise<Uint8Array> {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  const { message } = await transport.sendMail(optionsOf(mail))
  return message as Buffer
}
