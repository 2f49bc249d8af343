import { type Kysely, sql } from 'kysely'

/** One schema per module that stores rows, the outbox, and the documents of the embedded driver. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`create schema kernel`,
    sql`create schema docs`,
    sql`create schema catalog`,
    sql`create schema inventory`,
    sql`create schema media`,
    sql`create schema tryon`,
    sql`create table kernel.outbox (
      id bigint generated always as identity primary key,
      name text not null,
      payload jsonb not null,
      done_at timestamptz
    )`,
    sql`create index outbox_waiting on kernel.outbox (id) where done_at is null`,
    sql`create table docs.document (
      collection text not null,
      id text collate "C" not null,
      body jsonb not null,
      primary key (collection, id)
    )`,
    sql`create index document_body on docs.document using gin (body jsonb_path_ops)`,
  ])
    await statement.execute(db)
}
