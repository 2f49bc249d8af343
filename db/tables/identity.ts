import type { ColumnType, Generated, JSONColumnType } from 'kysely'

/** Written once, with NULL where it is left out. */
type Later<T> = ColumnType<T | null, T | null | undefined, T | null>

/** Who shops and who works here, the keys of what is theirs, and the log of what was done. `sealed` is text of the vault. */
export type IdentityTables = {
  'vault.data_key': { subject_id: string; key_id: string; wrapped: string; created_at: Date }
  'audit.entry': {
    id: Generated<number>
    at: Date
    actor: string
    role: string | null
    action: string
    subject: string
    details: JSONColumnType<Record<string, unknown>, string, never>
    seq: Later<number>
    previous_hash: Later<string>
    hash: Later<string>
  }
  'audit.head': { only: Generated<boolean>; seq: number; hash: string; key_id: string; signature: string }
  'identity.account': {
    id: string
    email_index: string
    email_sealed: string
    email_verified_at: Later<Date>
    password_hash: Later<string>
    role: string
    locale: Later<string>
    created_at: Date
  }
  'identity.session': {
    id: string
    account_id: string
    client_sealed: string
    created_at: Date
    used_at: Date
    expires_at: Date
    revoked_at: Later<Date>
  }
  'identity.refresh_token': { hash: string; session_id: string; created_at: Date; used_at: Later<Date> }
  'identity.mail_request': {
    id: string
    account_id: string
    kind: string
    email_index: string
    email_sealed: string
    created_at: Date
    expires_at: Date
    used_at: Later<Date>
  }
  'identity.signing_key': {
    id: string
    public_jwk: JSONColumnType<
      { kid: string; kty: string; crv: string; x: string; alg: string; use: string },
      string,
      never
    >
    private_sealed: string
    created_at: Date
    retired_at: Later<Date>
  }
  'identity.passkey': {
    id: string
    account_id: string
    name_sealed: string
    public_key: string
    counter: number
    transports: string[]
    created_at: Date
    used_at: Later<Date>
  }
  'identity.federation': { provider: string; subject_index: string; account_id: string; created_at: Date }
  'identity.pending': { id: string; kind: string; sealed: string; expires_at: Date }
}
