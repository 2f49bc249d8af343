import { type Kysely, sql } from 'kysely'

/** One log of what has changed about products, and one registry of what was learnt, where search and recommend had each its own. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    // The very table: indexes that were written before hold places in it by (tx, id), and go on from there.
    sql`alter table search.change set schema catalog`,
    // Up to where changes were forgotten.
    sql`create table catalog.pruned (
      only_one boolean primary key default true check (only_one),
      tx xid8 not null,
      id bigint not null
    )`,
    sql`insert into catalog.pruned (tx, id) select pruned_tx, pruned_id from search.state`,
    sql`alter table search.state drop column pruned_tx, drop column pruned_id`,
    // Positions in it were kept in memory only.
    sql`drop table recommend.change`,
    // What was learnt lies in a blob; one of a kind serves. `number` is the order in which they were kept.
    sql`create table kernel.model (
      kind text not null,
      version text not null,
      number bigint generated always as identity,
      metrics jsonb not null,
      blob text not null,
      active boolean not null default false,
      created_at timestamptz(3) not null,
      activated_at timestamptz(3),
      primary key (kind, version)
    )`,
    sql`create unique index model_active on kernel.model (kind) where active`,
    sql`insert into kernel.model (kind, version, metrics, blob, active, created_at, activated_at)
      select * from (
        select kind, version::text, metrics, 'models/ranker/' || version || '.json', active, created_at, activated_at
          from search.model
        union all
        select kind, version, metrics, 'recommend/' || kind || '/' || version || '.bin', active, created_at, activated_at
          from recommend.model
      ) as m order by created_at, version`,
    sql`drop table search.model`,
    sql`drop table recommend.model`,
  ])
    await statement.execute(db)
}
