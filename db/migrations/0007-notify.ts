import { type Kysely, sql } from 'kysely'

/** Reviews with their summary, the mail that was sent, and webhooks to others. Sealed columns are text of the vault. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...REVIEWS, ...NOTIFY]) await statement.execute(db)
}

const REVIEWS = [
  sql`create schema reviews`,
  sql`create table reviews.review (
    id uuid primary key,
    product_id uuid not null,
    user_id uuid,
    author text,
    body text,
    rating smallint not null check (rating between 1 and 5),
    fit text check (fit in ('small', 'true', 'large')),
    photos jsonb not null,
    verified boolean not null,
    status text not null check (status in ('pending', 'approved', 'rejected')),
    reason text,
    helpful int not null default 0 check (helpful >= 0),
    created_at timestamptz(3) not null,
    updated_at timestamptz(3) not null,
    unique (product_id, user_id)
  )`,
  sql`create index review_newest on reviews.review (product_id, id) where status = 'approved'`,
  sql`create index review_helpful on reviews.review (product_id, helpful, id) where status = 'approved'`,
  sql`create index review_queue on reviews.review (status, updated_at, id)`,
  sql`create index review_user on reviews.review (user_id)`,
  sql`create table reviews.photo (key text primary key, user_id uuid not null, created_at timestamptz(3) not null)`,
  sql`create index photo_user on reviews.photo (user_id)`,
  sql`create table reviews.vote (
    review_id uuid not null references reviews.review on delete cascade,
    user_id uuid not null,
    primary key (review_id, user_id)
  )`,
  sql`create index vote_user on reviews.vote (user_id)`,
  sql`create table reviews.summary (
    product_id uuid primary key,
    version int not null default 0,
    stars_1 int not null default 0 check (stars_1 >= 0),
    stars_2 int not null default 0 check (stars_2 >= 0),
    stars_3 int not null default 0 check (stars_3 >= 0),
    stars_4 int not null default 0 check (stars_4 >= 0),
    stars_5 int not null default 0 check (stars_5 >= 0),
    fit_small int not null default 0 check (fit_small >= 0),
    fit_true int not null default 0 check (fit_true >= 0),
    fit_large int not null default 0 check (fit_large >= 0)
  )`,
  // What the catalogue shows on every card: copied there, so that a list needs no second statement.
  sql`alter table catalog.product
    add column reviews jsonb not null
      default '{"count":0,"rating":null,"stars":[0,0,0,0,0],"fit":{"small":0,"true":0,"large":0}}',
    add column reviews_version int not null default 0`,
]

const NOTIFY = [
  sql`create schema notify`,
  sql`create table notify.email (
    id uuid primary key,
    key text not null unique,
    template text not null,
    subject_id uuid not null,
    recipient text not null,
    subject text not null,
    status text not null check (status in ('waiting', 'sent', 'dead')),
    attempts int not null default 0,
    error text,
    claimed_until timestamptz,
    stored boolean not null default false,
    created_at timestamptz(3) not null,
    sent_at timestamptz(3)
  )`,
  sql`create index email_subject on notify.email (subject_id)`,
  sql`create index email_status on notify.email (status, id)`,
  sql`create table notify.endpoint (
    id uuid primary key,
    url text not null,
    description text not null,
    events text[] not null,
    secret text not null,
    old_secret text,
    old_secret_until timestamptz,
    enabled boolean not null,
    disabled_reason text,
    failing_since timestamptz,
    created_at timestamptz(3) not null
  )`,
  sql`create table notify.delivery (
    id uuid primary key,
    endpoint_id uuid not null references notify.endpoint on delete cascade,
    message_id text not null,
    event text not null,
    payload jsonb not null,
    status text not null check (status in ('waiting', 'delivered', 'failed')),
    attempts int not null default 0,
    next_at timestamptz(3),
    created_at timestamptz(3) not null,
    unique (endpoint_id, message_id)
  )`,
  sql`create index delivery_log on notify.delivery (endpoint_id, id)`,
  sql`create table notify.attempt (
    id uuid primary key,
    delivery_id uuid not null references notify.delivery on delete cascade,
    at timestamptz(3) not null,
    status int,
    error text,
    millis int not null
  )`,
  sql`create index attempt_delivery on notify.attempt (delivery_id, id)`,
]
