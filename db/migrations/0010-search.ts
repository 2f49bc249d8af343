import { type Kysely, sql } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`create schema search`,
    // Read in the order (tx, id) up to the oldest transaction that still runs: ids alone are given out before they commit.
    sql`create table search.change (
      tx xid8 not null default pg_current_xact_id(),
      id bigint generated always as identity,
      product_id uuid not null,
      at timestamptz(3) not null,
      primary key (tx, id)
    )`,
    sql`create index change_at on search.change (at)`,
    sql`create table search.rule (
      id uuid primary key,
      kind text not null check (kind in ('synonym', 'pin', 'boost', 'bury', 'hide')),
      on_query text,
      on_category text,
      effect jsonb not null,
      active boolean not null,
      note text,
      valid_from timestamptz(3),
      valid_until timestamptz(3),
      created_at timestamptz(3) not null,
      updated_at timestamptz(3) not null
    )`,
    // One row: how often the rules changed, and up to where changes were forgotten.
    sql`create table search.state (
      only_one boolean primary key default true check (only_one),
      rules_version bigint not null default 0,
      pruned_tx xid8 not null default '0',
      pruned_id bigint not null default 0
    )`,
    // What was learnt lies in a blob; one of a kind serves.
    sql`create table search.model (
      version uuid primary key,
      kind text not null,
      metrics jsonb not null,
      active boolean not null,
      created_at timestamptz(3) not null,
      activated_at timestamptz(3)
    )`,
    sql`create unique index model_active on search.model (kind) where active`,
  ])
    await statement.execute(db)
}
