export type AnalyticsTables = Record<never, never>
