/** What people tell the shop of themselves, and who asked to be forgotten. */
export type ProfileTables = {
  /** `details` (name, phone) and `preferences` are JSON, sealed by the vault for `user_id`. */
  'profile.person': { user_id: string; details: string | null; preferences: string | null }
  'profile.address': { id: string; user_id: string; sealed: string; is_default: boolean; created_at: Date }
  'profile.wish': { user_id: string; product_id: string; added_at: Date }
  /** Every answer that was ever given; the last one counts. */
  'profile.consent': { id: string; user_id: string; purpose: string; granted: boolean; at: Date }
  /** `done`: the steps that are; `order_ids`: whose mail and keys go too. */
  'profile.erasure': {
    user_id: string
    order_ids: string[]
    done: string[]
    requested_at: Date
    finished_at: Date | null
  }
}
