import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import { publish } from '../kernel/events.ts'
import type { ReviewNeeds } from './service.ts'
import { addToSummary, lockReview, updateStatus } from './store.ts'

type Verdict = { status: 'approved'; reason: null } | { status: 'rejected'; reason: string }

export function createModeration({ sql, audit, now }: Pick<ReviewNeeds, 'sql' | 'audit' | 'now'>) {
  /** The verdict, the product's summary, the event and the audit entry commit together; the same verdict again is no news. */
  function judge(actor: Actor, id: string, verdict: Verdict): Promise<void> {
    return sql.transaction().execute(async (tx) => {
      const review = await lockReview(tx, id)
      if (!review) throw new AppError('not_found', `No review ${id}`)
      if (review.status === verdict.status) return
      await updateStatus(tx, { id, ...verdict, updatedAt: now() })
      if (review.status === 'approved' || verdict.status === 'approved') {
        const { product_id: productId, rating, fit } = review
        await addToSummary(tx, productId, { rating, fit, by: verdict.status === 'approved' ? 1 : -1 })
        await publish('reviews.summary_changed', { productId }, tx)
      }
      const action = verdict.status === 'approved' ? 'reviews.approve' : 'reviews.reject'
      await audit.record({ actor, action, subject: `review:${id}`, details: {} }, tx)
    })
  }

  return {
    approve: (actor: Actor, id: string): Promise<void> => judge(actor, id, { status: 'approved', reason: null }),
    /** Its author sees the reason. */
    reject: (actor: Actor, id: string, reason: string): Promise<void> =>
      judge(actor, id, { status: 'rejected', reason }),
  }
}
