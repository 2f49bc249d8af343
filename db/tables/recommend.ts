import type { Generated, JSONColumnType } from 'kysely'

export type RecommendTables = {
  /** Products whose facts or stock changed, for the processes that hold them in memory. */
  'recommend.change': { tx: Generated<string>; id: Generated<string>; product_id: string; at: Date }
  /** How a product's prepared garment looks; null where it has none. */
  'recommend.look': { product_id: string; look: Buffer | null }
  /** One for each training; its files are blobs. At most one of a kind is active. */
  'recommend.model': {
    kind: string
    version: string
    metrics: JSONColumnType<Record<string, unknown>, string, never>
    active: Generated<boolean>
    created_at: Date
    activated_at: Date | null
  }
}
