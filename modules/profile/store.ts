import type { Selectable } from 'kysely'
import { sql as raw } from 'kysely'
import type { Sql } from '../../db/index.ts'
import type { Tables } from '../../db/tables.ts'

export type AddressRow = Selectable<Tables['profile.address']>
export type ConsentRow = Selectable<Tables['profile.consent']>
export type ErasureRow = Selectable<Tables['profile.erasure']>

export function findPerson(sql: Sql, userId: string) {
  return sql
    .selectFrom('profile.person')
    .select(['details', 'preferences'])
    .where('user_id', '=', userId)
    .executeTakeFirst()
}

/** Held until the transaction ends, so of two changes at once none is lost. */
export async function lockPerson(tx: Sql, userId: string) {
  await tx
    .insertInto('profile.person')
    .values({ user_id: userId, details: null, preferences: null })
    .onConflict((on) => on.doNothing())
    .execute()
  return tx
    .selectFrom('profile.person')
    .select(['details', 'preferences'])
    .where('user_id', '=', userId)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

export async function updatePerson(
  tx: Sql,
  userId: string,
  change: { details: string } | { preferences: string },
): Promise<void> {
  await tx.updateTable('profile.person').set(change).where('user_id', '=', userId).execute()
}

/** The default first, then as they were added. */
export function listAddresses(sql: Sql, userId: string): Promise<AddressRow[]> {
  return sql
    .selectFrom('profile.address')
    .selectAll()
    .where('user_id', '=', userId)
    .orderBy('is_default', 'desc')
    .orderBy('id')
    .execute()
}

export async function insertAddress(tx: Sql, row: AddressRow): Promise<void> {
  await tx.insertInto('profile.address').values(row).execute()
}

/** False when this user has none of that id. */
export async function updateAddress(
  tx: Sql,
  { userId, id, ...change }: { userId: string; id: string; sealed?: string; is_default?: boolean },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('profile.address')
    .set(change)
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function clearDefault(tx: Sql, userId: string): Promise<void> {
  await tx
    .updateTable('profile.address')
    .set({ is_default: false })
    .where('user_id', '=', userId)
    .where('is_default', '=', true)
    .execute()
}

export async function deleteAddress(tx: Sql, userId: string, id: string): Promise<AddressRow | undefined> {
  return tx
    .deleteFrom('profile.address')
    .where('id', '=', id)
    .where('user_id', '=', userId)
    .returningAll()
    .executeTakeFirst()
}

/** The latest first; `before` is where the page before ended. */
export function listWishes(
  sql: Sql,
  userId: string,
  { before, limit }: { before: { at: Date; productId: string } | undefined; limit: number },
) {
  let query = sql.selectFrom('profile.wish').select(['product_id', 'added_at']).where('user_id', '=', userId)
  if (before)
    query = query.where((eb) => eb(eb.refTuple('added_at', 'product_id'), '<', eb.tuple(before.at, before.productId)))
  return query.orderBy('added_at', 'desc').orderBy('product_id', 'desc').limit(limit).execute()
}

/** Nothing happens when it is there, or when there are `most` already. */
export async function insertWish(
  sql: Sql,
  { userId, productId, at, most }: { userId: string; productId: string; at: Date; most: number },
): Promise<void> {
  await raw`insert into profile.wish (user_id, product_id, added_at)
    select ${userId}::uuid, ${productId}::uuid, ${at}::timestamptz
    where (select count(*) from profile.wish where user_id = ${userId}::uuid) < ${most}::int
    on conflict do nothing`.execute(sql)
}

export async function deleteWish(sql: Sql, userId: string, productId: string): Promise<void> {
  await sql.deleteFrom('profile.wish').where('user_id', '=', userId).where('product_id', '=', productId).execute()
}

/** Every answer in the order they were given. */
export function listConsents(sql: Sql, userId: string): Promise<ConsentRow[]> {
  return sql.selectFrom('profile.consent').selectAll().where('user_id', '=', userId).orderBy('id').execute()
}

export async function insertConsent(sql: Sql, row: ConsentRow): Promise<void> {
  await sql.insertInto('profile.consent').values(row).execute()
}

export async function deleteProfile(tx: Sql, userId: string): Promise<void> {
  await tx.deleteFrom('profile.person').where('user_id', '=', userId).execute()
  await tx.deleteFrom('profile.address').where('user_id', '=', userId).execute()
  await tx.deleteFrom('profile.wish').where('user_id', '=', userId).execute()
  await tx.deleteFrom('profile.consent').where('user_id', '=', userId).execute()
}

/** False when this user asked before. */
export async function insertErasure(
  tx: Sql,
  { userId, orderIds, requestedAt }: { userId: string; orderIds: string[]; requestedAt: Date },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('profile.erasure')
    .values({ user_id: userId, order_ids: orderIds, done: [], requested_at: requestedAt, finished_at: null })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

export function findErasure(sql: Sql, userId: string): Promise<ErasureRow | undefined> {
  return sql.selectFrom('profile.erasure').selectAll().where('user_id', '=', userId).executeTakeFirst()
}

export async function updateErasure(
  tx: Sql,
  userId: string,
  change: Partial<Pick<ErasureRow, 'order_ids' | 'done' | 'finished_at'>>,
): Promise<void> {
  await tx.updateTable('profile.erasure').set(change).where('user_id', '=', userId).execute()
}
