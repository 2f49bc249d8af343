import type { Sql } from '../../db/index.ts'

export type SigningKeyRow = {
  id: string
  /** RFC 8037. */
  publicJwk: { kid: string; kty: string; crv: string; x: string; alg: string; use: string }
  privateSealed: string
  createdAt: Date
  retiredAt: Date | null
}

export async function insertSigningKey(sql: Sql, key: SigningKeyRow): Promise<void> {
  await sql
    .insertInto('identity.signing_key')
    .values({
      id: key.id,
      public_jwk: JSON.stringify(key.publicJwk),
      private_sealed: key.privateSealed,
      created_at: key.createdAt,
    })
    .execute()
}

/** Newest first; retired ones too, until they are deleted. */
export function listSigningKeys(sql: Sql): Promise<SigningKeyRow[]> {
  return sql
    .selectFrom('identity.signing_key')
    .select([
      'id',
      'public_jwk as publicJwk',
      'private_sealed as privateSealed',
      'created_at as createdAt',
      'retired_at as retiredAt',
    ])
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .execute()
}

export async function retireOtherKeys(sql: Sql, id: string, now: Date): Promise<void> {
  await sql
    .updateTable('identity.signing_key')
    .set({ retired_at: now })
    .where('id', '<>', id)
    .where('retired_at', 'is', null)
    .execute()
}

export async function deleteRetiredKeys(sql: Sql, before: Date): Promise<void> {
  await sql.deleteFrom('identity.signing_key').where('retired_at', '<', before).execute()
}
