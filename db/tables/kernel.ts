import type { Generated, JSONColumnType } from 'kysely'

/** What every module leans on: the outbox, what was learnt, and the documents of the embedded driver. */
export type KernelTables = {
  'docs.document': { collection: string; id: string; body: JSONColumnType<object, string, string> }
  /** One for each training; `blob` holds what it gave. At most one of a kind is active. */
  'kernel.model': {
    kind: string
    version: string
    /** In the order in which they were kept. */
    number: Generated<string>
    metrics: JSONColumnType<Record<string, unknown>>
    blob: string
    active: Generated<boolean>
    created_at: Date
    /** When it last began to serve; null where it never has. */
    activated_at: Date | null
  }
  'kernel.outbox': {
    id: Generated<number>
    name: string
    payload: JSONColumnType<object, string, never>
    done_at: Generated<Date | null>
  }
}
