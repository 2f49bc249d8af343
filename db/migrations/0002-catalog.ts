import { type Kysely, sql } from 'kysely'

/** Every list index ends in the id, so that a page starts where the last one ended however many products share a price. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [
    sql`create table catalog.category (
      id uuid primary key,
      slug text not null unique,
      name text not null,
      position int not null,
      lineage uuid[] not null check (lineage[cardinality(lineage)] = id)
    )`,
    sql`create index category_lineage on catalog.category using gin (lineage)`,
    sql`create table catalog.brand (id uuid primary key, slug text not null unique, name text not null)`,
    sql`create table catalog.product (
      id uuid primary key,
      slug text not null unique,
      name text not null,
      sort_name text collate "C" not null,
      description text not null,
      brand_id uuid not null references catalog.brand,
      category_id uuid not null references catalog.category,
      price_amount int not null check (price_amount >= 0),
      currency text not null,
      colours jsonb not null,
      sizes text[] not null,
      images jsonb not null,
      size_chart jsonb,
      digest text not null,
      listed_at timestamptz(3) not null,
      updated_at timestamptz(3) not null
    )`,
    sql`create index product_newest on catalog.product (listed_at, id)`,
    sql`create index product_price on catalog.product (price_amount, id)`,
    sql`create index product_name on catalog.product (sort_name, id)`,
    sql`create index product_category_newest on catalog.product (category_id, listed_at, id)`,
    sql`create index product_category_price on catalog.product (category_id, price_amount, id)`,
    sql`create index product_brand_newest on catalog.product (brand_id, listed_at, id)`,
    sql`create table catalog.variant (
      id uuid primary key,
      product_id uuid not null references catalog.product on delete cascade,
      sku text not null unique,
      colour text not null,
      size text not null,
      price_amount int not null check (price_amount >= 0),
      position int not null,
      unique (product_id, colour, size)
    )`,
    sql`create index variant_colour on catalog.variant (colour, size, product_id)`,
    sql`create index variant_size on catalog.variant (size, product_id)`,
    sql`create table inventory.stock (variant_id uuid primary key, quantity int not null check (quantity >= 0))`,
  ])
    await statement.execute(db)
}
