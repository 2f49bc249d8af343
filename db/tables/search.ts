import type { Generated, JSONColumnType } from 'kysely'

export type SearchTables = {
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
  'search.state': { only_one: Generated<boolean>; rules_version: Generated<string> }
}
