import type { Generated, JSONColumnType } from 'kysely'

type StarColumns = { [K in 1 | 2 | 3 | 4 | 5 as `stars_${K}`]: Generated<number> }
type FitColumns = { [K in 'small' | 'true' | 'large' as `fit_${K}`]: Generated<number> }

/** Reviews, the mail that was sent, and webhooks to others. */
export type NotifyTables = {
  'reviews.review': {
    id: string
    product_id: string
    user_id: string | null
    /** Sealed by the vault for `user_id`; null once that person is erased. */
    author: string | null
    /** As `author`. */
    body: string | null
    rating: number
    fit: 'small' | 'true' | 'large' | null
    photos: JSONColumnType<{ key: string; width: number; height: number }[], string, string>
    verified: boolean
    status: 'pending' | 'approved' | 'rejected'
    reason: string | null
    helpful: Generated<number>
    created_at: Date
    updated_at: Date
  }
  /** Every photo that may lie in the blobs, written down before it does: none is forgotten, whatever dies. */
  'reviews.photo': { key: string; user_id: string; created_at: Date }
  'reviews.vote': { review_id: string; user_id: string }
  'reviews.summary': { product_id: string; version: Generated<number> } & StarColumns & FitColumns
  'notify.email': {
    id: string
    /** What it is about, said once: an event that is heard twice is mailed once. */
    key: string
    template: string
    /** Whose data key seals `recipient` and `subject`. */
    subject_id: string
    recipient: string
    subject: string
    status: 'waiting' | 'sent' | 'dead'
    attempts: Generated<number>
    error: string | null
    /** While somebody sends it. */
    claimed_until: Date | null
    /** Whether its `.eml` lies in the blobs. */
    stored: Generated<boolean>
    created_at: Date
    sent_at: Date | null
  }
  'notify.endpoint': {
    id: string
    url: string
    description: string
    events: string[]
    /** Sealed by the vault for the endpoint's own id. */
    secret: string
    old_secret: string | null
    old_secret_until: Date | null
    enabled: boolean
    disabled_reason: string | null
    failing_since: Date | null
    created_at: Date
  }
  'notify.delivery': {
    id: string
    endpoint_id: string
    message_id: string
    event: string
    payload: JSONColumnType<object, string, never>
    status: 'waiting' | 'delivered' | 'failed'
    attempts: Generated<number>
    next_at: Date | null
    created_at: Date
  }
  'notify.attempt': {
    id: string
    delivery_id: string
    at: Date
    status: number | null
    error: string | null
    millis: number
  }
}
