import type { Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import type { Media } from '../media/index.ts'
import type { Vault } from '../vault/index.ts'
import { createModeration } from './moderation.ts'
import { createPhotos } from './photos.ts'
import { createReader, summaryOf } from './read-reviews.ts'
import {
  addHelpful,
  anonymiseReview,
  deleteReview,
  deleteVote,
  deleteVotes,
  findSummary,
  insertVote,
  listOfUser,
  listPhotosOfUser,
  listVotes,
  lockReview,
} from './store.ts'
import { createWriter } from './write-review.ts'

export type Reviews = ReturnType<typeof createReviews>

export type ReviewNeeds = {
  sql: Sql
  audit: Audit
  vault: Vault
  catalog: Pick<Catalog, 'hasProduct' | 'findCards'>
  media: Pick<Media, 'store' | 'remove' | 'findOriginal'>
  orders: { hasBought(userId: string, productId: string): Promise<boolean> }
  now: () => Date
  newId: () => string
}

export function createReviews(needs: ReviewNeeds) {
  const { sql, media } = needs
  const reader = createReader(needs)
  const photos = createPhotos(needs)

  return {
    ...reader,
    ...createWriter({ ...needs, photos, getOwn: reader.getOwn }),
    ...createModeration(needs),
    sweepPhotos: photos.sweep,

    /** One vote a user; again changes nothing. A vote and its count commit together. */
    voteHelpful(actor: Actor, reviewId: string, helpful: boolean): Promise<{ helpful: number; mine: boolean }> {
      return sql.transaction().execute(async (tx) => {
        const review = await lockReview(tx, reviewId)
        if (review?.status !== 'approved') throw new AppError('not_found', `No review ${reviewId}`)
        if (review.user_id === actor.userId) throw new AppError('refused', 'That is your own review')
        const voted = await (helpful ? insertVote : deleteVote)(tx, reviewId, actor.userId)
        const by = helpful ? 1 : -1
        if (voted) await addHelpful(tx, reviewId, by)
        return { helpful: review.helpful + (voted ? by : 0), mine: helpful }
      })
    },

    /** What everybody is to show of this product, and which count of it this is. */
    async countsOf(productId: string) {
      const row = await findSummary(sql, productId)
      return { version: row?.version ?? 0, ...summaryOf(row) }
    },

    /** Everything kept of this user: reviews as the author sees them, the photos' bytes, the votes given. */
    async exportUser(userId: string) {
      const reviews = await reader.openOwn(await listOfUser(sql, userId))
      const files: { name: string; bytes: Uint8Array }[] = []
      for (const { key } of reviews.flatMap((review) => review.photos)) {
        const photo = await media.findOriginal(key)
        if (photo) files.push({ name: key, bytes: photo.bytes })
      }
      return { reviews, helpful: await listVotes(sql, userId), files }
    },

    /**
     * Leaves of this user's approved reviews the rating and the fit, which are counted, and of the others nothing. Photos
     * go first, since a row that is gone could not name them; to be done again after a crash it only has to be called again.
     */
    async eraseUser(userId: string): Promise<void> {
      await photos.remove(await listPhotosOfUser(sql, userId))
      for (const { id } of await listOfUser(sql, userId))
        await sql.transaction().execute(async (tx) => {
          const review = await lockReview(tx, id)
          if (review?.status === 'approved') await anonymiseReview(tx, id)
          else await deleteReview(tx, id)
        })
      await deleteVotes(sql, userId)
    },
  }
}
