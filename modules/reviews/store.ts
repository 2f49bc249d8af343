import { type Selectable, sql as raw } from 'kysely'
import type { Sql } from '../../db/index.ts'
import type { Tables } from '../../db/tables.ts'

export type ReviewRow = Selectable<Tables['reviews.review']>
type Photo = { key: string; width: number; height: number }
type Fit = ReviewRow['fit']
type Status = ReviewRow['status']

type Page = { limit: number; after?: { helpful: number; id: string } | undefined }

/** Approved ones; the newest first, or those that most found helpful. */
export function listApproved(
  sql: Sql,
  productId: string,
  { sort, rating, limit, after }: Page & { sort: 'newest' | 'helpful'; rating: number | undefined },
): Promise<ReviewRow[]> {
  let query = sql
    .selectFrom('reviews.review')
    .selectAll()
    .where('product_id', '=', productId)
    .where('status', '=', 'approved')
  if (rating !== undefined) query = query.where('rating', '=', rating)
  if (sort === 'helpful') {
    if (after) query = query.where((eb) => eb(eb.refTuple('helpful', 'id'), '<', eb.tuple(after.helpful, after.id)))
    return query.orderBy('helpful', 'desc').orderBy('id', 'desc').limit(limit).execute()
  }
  if (after) query = query.where('id', '<', after.id)
  return query.orderBy('id', 'desc').limit(limit).execute()
}

/** The one that has waited longest first. */
export function listQueue(
  sql: Sql,
  status: Status,
  { limit, after }: { limit: number; after: { updatedAt: Date; id: string } | undefined },
): Promise<ReviewRow[]> {
  let query = sql.selectFrom('reviews.review').selectAll().where('status', '=', status)
  if (after) query = query.where((eb) => eb(eb.refTuple('updated_at', 'id'), '>', eb.tuple(after.updatedAt, after.id)))
  return query.orderBy('updated_at').orderBy('id').limit(limit).execute()
}

export function listOfUser(sql: Sql, userId: string): Promise<ReviewRow[]> {
  return sql.selectFrom('reviews.review').selectAll().where('user_id', '=', userId).orderBy('id').execute()
}

export function findOfUser(sql: Sql, productId: string, userId: string): Promise<ReviewRow | undefined> {
  return sql
    .selectFrom('reviews.review')
    .selectAll()
    .where('product_id', '=', productId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
}

/** Held until the transaction ends: whatever changes a review holds it first. */
export function lockReview(tx: Sql, id: string): Promise<ReviewRow | undefined> {
  return tx.selectFrom('reviews.review').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

export type NewReview = Omit<ReviewRow, 'helpful' | 'photos' | 'reason'> & { photos: Photo[] }

/** False when this user's review of the product is there already. */
export async function insertReview(tx: Sql, review: NewReview): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('reviews.review')
    .values({ ...review, photos: JSON.stringify(review.photos) })
    .onConflict((on) => on.columns(['product_id', 'user_id']).doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function rewriteReview(tx: Sql, { id, created_at: _created, ...review }: NewReview): Promise<void> {
  await tx
    .updateTable('reviews.review')
    .set({ ...review, photos: JSON.stringify(review.photos), reason: null })
    .where('id', '=', id)
    .execute()
}

export async function updateStatus(
  tx: Sql,
  { id, status, reason, updatedAt }: { id: string; status: Status; reason: string | null; updatedAt: Date },
): Promise<void> {
  await tx.updateTable('reviews.review').set({ status, reason, updated_at: updatedAt }).where('id', '=', id).execute()
}

export async function deleteReview(tx: Sql, id: string): Promise<void> {
  await tx.deleteFrom('reviews.review').where('id', '=', id).execute()
}

/** Leaves the rating and the fit, which are counted, and nothing of who said them. */
export async function anonymiseReview(tx: Sql, id: string): Promise<void> {
  await tx
    .updateTable('reviews.review')
    .set({ user_id: null, author: null, body: null, photos: '[]', reason: null, verified: false })
    .where('id', '=', id)
    .execute()
}

/** True when this is news: the vote and the count change together. */
export async function insertVote(tx: Sql, reviewId: string, userId: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('reviews.vote')
    .values({ review_id: reviewId, user_id: userId })
    .onConflict((on) => on.doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}

export async function deleteVote(tx: Sql, reviewId: string, userId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('reviews.vote')
    .where('review_id', '=', reviewId)
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export async function listVotes(sql: Sql, userId: string): Promise<string[]> {
  const rows = await sql
    .selectFrom('reviews.vote')
    .select('review_id')
    .where('user_id', '=', userId)
    .orderBy('review_id')
    .execute()
  return rows.map((row) => row.review_id)
}

/** The counts stay as they are: how many found a review helpful says nothing of who. */
export async function deleteVotes(tx: Sql, userId: string): Promise<void> {
  await tx.deleteFrom('reviews.vote').where('user_id', '=', userId).execute()
}

export async function addHelpful(tx: Sql, id: string, by: 1 | -1): Promise<void> {
  await tx
    .updateTable('reviews.review')
    .set((eb) => ({ helpful: eb('helpful', '+', by) }))
    .where('id', '=', id)
    .execute()
}

/** Counts one approved review in, or out again: two rows touched however many reviews there are. */
export async function addToSummary(
  tx: Sql,
  productId: string,
  { rating, fit, by }: { rating: number; fit: Fit; by: 1 | -1 },
): Promise<void> {
  await tx
    .insertInto('reviews.summary')
    .values({ product_id: productId })
    .onConflict((on) => on.doNothing())
    .execute()
  const counts = [`stars_${rating}`, ...(fit ? [`fit_${fit}`] : [])]
  const sets = counts.map((name) => raw`${raw.ref(name)} = ${raw.ref(name)} + ${by}::int`)
  await raw`update reviews.summary set version = version + 1, ${raw.join(sets)} where product_id = ${productId}`.execute(
    tx,
  )
}

export function findSummary(sql: Sql, productId: string) {
  return sql.selectFrom('reviews.summary').selectAll().where('product_id', '=', productId).executeTakeFirst()
}

export async function insertPhoto(
  sql: Sql,
  { key, userId, createdAt }: { key: string; userId: string; createdAt: Date },
): Promise<void> {
  await sql
    .insertInto('reviews.photo')
    .values({ key, user_id: userId, created_at: createdAt })
    .onConflict((on) => on.column('key').doUpdateSet({ created_at: createdAt }))
    .execute()
}

export async function deletePhoto(sql: Sql, key: string): Promise<void> {
  await sql.deleteFrom('reviews.photo').where('key', '=', key).execute()
}

export async function listPhotosOfUser(sql: Sql, userId: string): Promise<string[]> {
  const rows = await sql.selectFrom('reviews.photo').select('key').where('user_id', '=', userId).execute()
  return rows.map(({ key }) => key)
}

/** Photos noted before `before` that no review shows: what a crash or a refused form left behind. */
export async function listStrayPhotos(sql: Sql, before: Date): Promise<string[]> {
  const { rows } = await raw<{ key: string }>`
    select key from reviews.photo p where created_at < ${before} and not exists (
      select 1 from reviews.review r where r.user_id = p.user_id and r.photos @> jsonb_build_array(jsonb_build_object('key', p.key)))
    limit 500`.execute(sql)
  return rows.map(({ key }) => key)
}
