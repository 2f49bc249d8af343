/** What visitors did, under pseudonyms, and what is summed up of it. */
export type AnalyticsTables = {
  /** `subject`: null for a sale that is only counted. `personal`: the subject's history may suggest things to them. */
  'analytics.event': {
    id: string
    subject: string | null
    personal: boolean
    kind: string
    at: Date
    received_at: Date
    product_id: string | null
    query: string | null
    search_id: string | null
    position: number | null
    shown: string[] | null
    context: string | null
  }
  /** How much a product was wanted, as of a time; `announced` is what the search index was last told. */
  'analytics.product': { product_id: string; score: number; as_of: Date; announced: number }
  /** What several people searched for lately. */
  'analytics.query': { text: string; subjects: number; searches: number }
  /** How far a sum has read the events. */
  'analytics.mark': { name: string; at: Date }
}
