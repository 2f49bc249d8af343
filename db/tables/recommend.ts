export type RecommendTables = Record<never, never>
