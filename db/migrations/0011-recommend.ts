import { type Kysely, sql } from 'kysely'

/** What recommendations are computed from; nothing in it is about a person. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`create schema recommend`,
    // Read in the order (tx, id) up to the oldest transaction that still runs: ids alone are given out before they commit.
    sql`create table recommend.change (
      tx xid8 not null default pg_current_xact_id(),
      id bigint generated always as identity,
      product_id uuid not null,
      at timestamptz(3) not null,
      primary key (tx, id)
    )`,
    sql`create index change_at on recommend.change (at)`,
    sql`create table recommend.look (product_id uuid primary key, look bytea)`,
    sql`create table recommend.model (
      kind text not null,
      version text not null,
      metrics jsonb not null,
      active boolean not null default false,
      created_at timestamptz(3) not null,
      activated_at timestamptz(3),
      primary key (kind, version)
    )`,
    sql`create unique index model_active on recommend.model (kind) where active`,
  ])
    await statement.execute(db)
}
