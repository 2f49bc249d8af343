import { type Kysely, sql } from 'kysely'

/** What people tell the shop of themselves, and who asked to be forgotten. Sealed columns are text of the vault. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`create schema profile`,
    sql`create table profile.person (user_id uuid primary key, details text, preferences text)`,
    sql`create table profile.address (
      id uuid primary key,
      user_id uuid not null,
      sealed text not null,
      is_default boolean not null,
      created_at timestamptz(3) not null
    )`,
    sql`create index address_user on profile.address (user_id, id)`,
    sql`create unique index address_default on profile.address (user_id) where is_default`,
    sql`create table profile.wish (
      user_id uuid not null,
      product_id uuid not null,
      added_at timestamptz(3) not null,
      primary key (user_id, product_id)
    )`,
    sql`create table profile.consent (
      id uuid primary key,
      user_id uuid not null,
      purpose text not null,
      granted boolean not null,
      at timestamptz(3) not null
    )`,
    sql`create index consent_user on profile.consent (user_id, purpose, id)`,
    sql`create table profile.erasure (
      user_id uuid primary key,
      order_ids uuid[] not null,
      done text[] not null,
      requested_at timestamptz(3) not null,
      finished_at timestamptz(3)
    )`,
  ])
    await statement.execute(db)
}
