/** What became of the training of one model, for an operator to read. */
export type ModelReport = {
  kind: 'ranker' | 'recommender' | 'vectors'
  /** Of the candidate; null where there was too little to train one. */
  version: string | null
  /** Of the candidate, on what the last days brought and its training had not seen. */
  metrics: Record<string, number>
  /** What serves so far, measured on the same; null where nothing does. */
  current: { version: string; metrics: Record<string, number> } | null
  activated: boolean
  /** Why, in a few words. */
  reason: string
}

/**
 * `version` serves now, and `was` did before. Null is none: the shop does as before it had learnt anything. Both null where
 * there was none to go back from.
 */
export type Rollback = { kind: Exclude<ModelReport['kind'], 'vectors'>; version: string | null; was: string | null }
