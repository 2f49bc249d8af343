import { type AddressInfo } from 'node:net'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'

type Received = { from: string; to: string[]; source: string; secure: boolean; user: string | undefined }

/** A real SMTP server on a port of its own, with the certificate it ships with; `refuse` answers each recipient. */
export async function startSmtp(
  options: SMTPServerOptions & { refuse?: (address: string) => (Error & { responseCode: number }) | undefined } = {},
) {
  const received: Received[] = []
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onRcptTo({ address }, _session, done) {
      done(options.refuse?.(address))
    },
    onData(stream, { envelope, secure, user }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const from = envelope.mailFrom === false ? '' : envelope.mailFrom.address
        const to = envelope.rcptTo.map(({ address }) => address)
        received.push({ from, to, source: Buffer.concat(chunks).toString(), secure, user: user as string | undefined })
        done()
      })
    },
    ...options,
  })
  // A client that hangs up in the middle is no concern of the test.
  server.on('error', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return { received, port, stop: () => new Promise<void>((resolve) => server.close(() => resolve())) }
}

/** What a server says with this code; 4xx means later, 5xx never. */
export const smtpError = (responseCode: number, message: string) => Object.assign(new Error(message), { responseCode })
