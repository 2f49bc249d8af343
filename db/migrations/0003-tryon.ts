import { type Kysely, sql } from 'kysely'

/** Garments ready to be worn, one for each colour of a product; pictures are blobs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table tryon.garment (
    product_id uuid not null,
    colour text not null,
    category text not null,
    cut text not null,
    open_front boolean not null,
    landmarks jsonb not null,
    confidence real not null,
    cutout_key text not null,
    inside_key text,
    primary key (product_id, colour)
  )`.execute(db)
}
