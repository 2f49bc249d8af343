import { sql as raw } from 'kysely'
import type { Sql } from '../../db/index.ts'

/** `wrapped` is `<master key id>.<ciphertext>`. */
export type DataKeyRow = { subjectId: string; keyId: string; wrapped: string }

/** The key of the subject: the one there is, else `made`; one statement, unless another transaction makes one right now. */
export async function insertOrFindDataKey(sql: Sql, made: DataKeyRow, now: Date): Promise<DataKeyRow> {
  const { rows } = await raw<DataKeyRow>`
    with found as (
      select subject_id as "subjectId", key_id as "keyId", wrapped from vault.data_key where subject_id = ${made.subjectId}
    ), inserted as (
      insert into vault.data_key (subject_id, key_id, wrapped, created_at)
      select ${made.subjectId}, ${made.keyId}, ${made.wrapped}, ${now} where not exists (select from found)
      on conflict do nothing returning subject_id as "subjectId", key_id as "keyId", wrapped
    ) select * from found union all select * from inserted`.execute(sql)
  const row = rows[0] ?? (await listDataKeys(sql, [made.subjectId]))[0]
  // Between the two statements it was made and shredded again.
  return row ?? insertOrFindDataKey(sql, made, now)
}

export function listDataKeys(sql: Sql, subjectIds: string[]): Promise<DataKeyRow[]> {
  return sql
    .selectFrom('vault.data_key')
    .select(['subject_id as subjectId', 'key_id as keyId', 'wrapped'])
    .where('subject_id', '=', raw<string>`any(${subjectIds}::text[])`)
    .execute()
}

export async function deleteDataKey(sql: Sql, subjectId: string): Promise<void> {
  await sql.deleteFrom('vault.data_key').where('subject_id', '=', subjectId).execute()
}

/** Keys that another master key than this one wraps, in order of subject. */
export function listWrappedByOthers(sql: Sql, masterKeyId: string, limit: number): Promise<DataKeyRow[]> {
  return sql
    .selectFrom('vault.data_key')
    .select(['subject_id as subjectId', 'key_id as keyId', 'wrapped'])
    .where(raw<boolean>`split_part(wrapped, '.', 1) <> ${masterKeyId}`)
    .orderBy('subject_id')
    .limit(limit)
    .execute()
}

/** Nothing happens to one that was shredded or rewrapped meanwhile. */
export async function updateWrapped(sql: Sql, row: DataKeyRow, wrapped: string): Promise<void> {
  await sql
    .updateTable('vault.data_key')
    .set({ wrapped })
    .where('subject_id', '=', row.subjectId)
    .where('wrapped', '=', row.wrapped)
    .execute()
}
