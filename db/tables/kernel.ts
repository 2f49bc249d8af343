import type { Generated, JSONColumnType } from 'kysely'

/** What every module leans on: the outbox, and the documents of the embedded driver. */
export type KernelTables = {
  'docs.document': { collection: string; id: string; body: JSONColumnType<object, string, string> }
  'kernel.outbox': {
    id: Generated<number>
    name: string
    payload: JSONColumnType<object, string, never>
    done_at: Generated<Date | null>
  }
}
