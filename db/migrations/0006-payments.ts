import { type Kysely, sql } from 'kysely'

const TABLES = [
  sql`create schema payments`,
  sql`create table payments.payment (
    id uuid primary key,
    order_id uuid not null unique,
    provider text not null,
    amount integer not null check (amount > 0),
    currency text not null,
    status text not null,
    failure text,
    provider_ref text,
    charge_ref text,
    refunded_amount integer not null default 0 check (refunded_amount between 0 and amount),
    created_at timestamptz not null,
    check_at timestamptz,
    unique (provider, provider_ref)
  )`,
  sql`create index payment_check on payments.payment (check_at) where check_at is not null`,
  sql`create index payment_charge on payments.payment (provider, charge_ref)`,
  sql`create table payments.refund (
    id uuid primary key,
    payment_id uuid not null references payments.payment (id),
    amount integer not null check (amount > 0),
    reason text not null,
    status text not null,
    failure text,
    provider_ref text,
    created_at timestamptz not null,
    check_at timestamptz
  )`,
  sql`create index refund_payment on payments.refund (payment_id)`,
  sql`create index refund_ref on payments.refund (provider_ref)`,
  sql`create index refund_check on payments.refund (check_at) where check_at is not null`,
  sql`create table payments.dispute (
    provider text not null,
    provider_ref text not null,
    payment_id uuid not null references payments.payment (id),
    status text not null,
    reason text not null,
    amount integer not null,
    currency text not null,
    opened_at timestamptz not null,
    said_at timestamptz not null,
    primary key (provider, provider_ref)
  )`,
  sql`create index dispute_payment on payments.dispute (payment_id)`,
  sql`create table payments.webhook_event (
    provider text not null,
    event_id text not null,
    type text not null,
    about jsonb not null,
    received_at timestamptz not null,
    outcome text,
    primary key (provider, event_id)
  )`,
  sql`create table payments.test_charge (
    payment_id uuid primary key,
    status text not null,
    amount integer not null,
    currency text not null,
    told_at timestamptz not null
  )`,
]

/** What was asked of payment providers and what they answered. Of a card nothing is kept. pg-boss makes its own schema. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of TABLES) await statement.execute(db)
}
