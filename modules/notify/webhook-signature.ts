import { createHmac, randomBytes } from 'node:crypto'

const PREFIX = 'whsec_'

export const makeSecret = (): string => `${PREFIX}${randomBytes(32).toString('base64')}`

/**
 * The headers of one attempt as Standard Webhooks 1.0.0 has them: HMAC-SHA256 of `id.timestamp.body` under each secret,
 * the one in force first; while a secret is exchanged there are two.
 */
export function signatureHeaders(
  { id, at, body }: { id: string; at: Date; body: string },
  secrets: readonly string[],
): Record<string, string> {
  const timestamp = String(Math.floor(at.getTime() / 1000))
  const sign = (secret: string) => {
    const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  }
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': secrets.map(sign).join(' ') }
}
