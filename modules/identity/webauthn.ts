import { AppError } from '../kernel/errors.ts'
import type { PasskeyRow } from './tie-store.ts'

export const refused = () =>
  new AppError('refused', 'This passkey could not be verified; begin again', { reason: 'passkey_refused' })

/** What the client says it signed; it is believed only once the signature over it was checked. */
export function challengeOf(response: { response: { clientDataJSON: string } }): string {
  try {
    const text = Buffer.from(response.response.clientDataJSON, 'base64url').toString()
    return String((JSON.parse(text) as { challenge?: unknown }).challenge)
  } catch {
    throw refused()
  }
}

/** Newer ones than a library knows are passed on to the browser, which may know them. */
export const transportsOf = ({ transports }: Pick<PasskeyRow, 'transports'>) => transports as never[]

/** What the library throws is a refusal of what the browser sent. */
export const verified = <T>(check: Promise<T>): Promise<T> =>
  check.catch(() => {
    throw refused()
  })
