import type { Generated, JSONColumnType } from 'kysely'

export type SearchTables = {
  'search.change': { tx: Generated<string>; id: Generated<string>; product_id: string; at: Date }
  'search.rule': {
    id: string
    kind: 'synonym' | 'pin' | 'boost' | 'bury' | 'hide'
    on_query: string | null
    on_category: string | null
    /** What the rule does: its words, or the products, brands and categories that it is about. */
    effect: JSONColumnType<object, string, string>
    active: boolean
    note: string | null
    valid_from: Date | null
    valid_until: Date | null
    created_at: Date
    updated_at: Date
  }
  'search.state': {
    only_one: Generated<boolean>
    rules_version: Generated<string>
    pruned_tx: Generated<string>
    pruned_id: Generated<string>
  }
  /** `version` names the blob too; at most one of a kind is active. */
  'search.model': {
    version: string
    kind: string
    metrics: JSONColumnType<Record<string, number>, string, never>
    active: boolean
    created_at: Date
    activated_at: Date | null
  }
}
