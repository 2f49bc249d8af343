import type { Sql } from '../../db/index.ts'
import { AppError } from '../kernel/errors.ts'
import { publish } from '../kernel/events.ts'
import type { PhotoRefusal, Photos } from './photos.ts'
import type { OwnReview, ReviewForm } from './schema.ts'
import type { ReviewNeeds } from './service.ts'
import {
  addToSummary,
  deleteReview,
  findOfUser,
  insertReview,
  lockReview,
  type NewReview,
  type ReviewRow,
  rewriteReview,
} from './store.ts'

type Written = { ok: true; created: boolean; review: OwnReview } | { ok: false; reason: PhotoRefusal }

type Needs = ReviewNeeds & { photos: Photos; getOwn(userId: string, productId: string): Promise<OwnReview> }

/** Counts an approved review out of its product's summary, in the caller's transaction. */
async function countOut({ product_id: productId, rating, fit, status }: ReviewRow, tx: Sql): Promise<void> {
  if (status !== 'approved') return
  await addToSummary(tx, productId, { rating, fit, by: -1 })
  await publish('reviews.summary_changed', { productId }, tx)
}

const keysOf = (photos: readonly { key: string }[]) => photos.map(({ key }) => key)

export function createWriter({ sql, catalog, orders, vault, now, newId, photos, getOwn }: Needs) {
  const seal = (userId: string, text: string | undefined) => (text ? vault.seal(userId, text) : null)

  /** The row before, or undefined for the first one. Review, summary and event commit together. */
  function save(review: NewReview, isNew: boolean): Promise<ReviewRow | undefined> {
    return sql.transaction().execute(async (tx) => {
      if (isNew) {
        if (await insertReview(tx, review)) return undefined
        throw new AppError('conflict', 'Your review of this product was written meanwhile')
      }
      const before = await lockReview(tx, review.id)
      if (before?.user_id !== review.user_id) throw new AppError('conflict', 'Your review was removed meanwhile')
      await countOut(before, tx)
      await rewriteReview(tx, review)
      return before
    })
  }

  return {
    /** Writes the user's one review of the product, or writes it anew; either way it waits for a moderator. */
    async writeReview(userId: string, productId: string, form: ReviewForm): Promise<Written> {
      if (!(await catalog.hasProduct(productId))) throw new AppError('not_found', `No product ${productId}`)
      const stored = await findOfUser(sql, productId, userId)
      const reviewId = stored?.id ?? newId()
      const kept = (stored?.photos ?? []).filter(({ key }) => form.keep.includes(key))
      const added = await photos.add({ reviewId, userId, kept, files: form.photos })
      if (!added.ok) return added
      const review: NewReview = {
        id: reviewId,
        product_id: productId,
        user_id: userId,
        author: await seal(userId, form.author),
        body: await seal(userId, form.text),
        rating: form.rating,
        fit: form.fit ?? null,
        photos: added.photos,
        verified: await orders.hasBought(userId, productId),
        status: 'pending',
        created_at: now(),
        updated_at: now(),
      }
      const before = await save(review, stored === undefined)
      const stay = new Set(keysOf(review.photos))
      await photos.remove(keysOf(before?.photos ?? []).filter((key) => !stay.has(key)))
      return { ok: true, created: stored === undefined, review: await getOwn(userId, productId) }
    },

    /** Takes the user's own review back. Throws not_found. */
    async removeOwn(userId: string, productId: string): Promise<void> {
      const stored = await findOfUser(sql, productId, userId)
      const removed =
        stored &&
        (await sql.transaction().execute(async (tx) => {
          const before = await lockReview(tx, stored.id)
          if (!before) return undefined
          await countOut(before, tx)
          await deleteReview(tx, before.id)
          return before
        }))
      if (!removed) throw new AppError('not_found', 'You have not reviewed this product')
      await photos.remove(keysOf(removed.photos))
    },
  }
}
