import { type Kysely, sql } from 'kysely'

/**
 * What visitors did, under pseudonyms. `subject` is null where nobody allowed more than counting. What happened is never
 * later than its arrival, so the index on `received_at` serves a look back by either time.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`create schema analytics`,
    sql`create table analytics.event (
      id uuid primary key,
      subject text,
      personal boolean not null,
      kind text not null,
      at timestamptz(3) not null,
      received_at timestamptz(3) not null,
      product_id uuid,
      query text,
      search_id uuid,
      position int,
      shown uuid[],
      context text
    )`,
    sql`create index event_subject on analytics.event (subject, at desc) where subject is not null`,
    sql`create index event_received on analytics.event (received_at)`,
    sql`create index event_search on analytics.event (search_id) where kind = 'click'`,
    sql`create table analytics.product (
      product_id uuid primary key,
      score double precision not null,
      as_of timestamptz(3) not null,
      announced double precision not null
    )`,
    sql`create index product_as_of on analytics.product (as_of)`,
    sql`create table analytics.query (
      text text collate "C" primary key,
      subjects int not null,
      searches int not null
    )`,
    sql`create table analytics.mark (name text primary key, at timestamptz(3) not null)`,
  ])
    await statement.execute(db)
}
