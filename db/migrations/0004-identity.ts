import { type Kysely, sql } from 'kysely'

/** Keys, the audit log, accounts with their sessions. Whatever tells who somebody is, is sealed or a keyed digest. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...VAULT, ...AUDIT, ...IDENTITY]) await statement.execute(db)
}

const VAULT = [
  sql`create schema vault`,
  sql`create table vault.data_key (
    subject_id text primary key,
    key_id text not null,
    wrapped text not null,
    created_at timestamptz(3) not null
  )`,
]

const AUDIT = [
  sql`create schema audit`,
  sql`create table audit.entry (
    id bigint generated always as identity primary key,
    at timestamptz(3) not null,
    actor text not null,
    role text,
    action text not null,
    subject text not null,
    details jsonb not null,
    seq bigint unique,
    previous_hash text,
    hash text,
    check ((seq is null) = (hash is null) and (seq is null) = (previous_hash is null))
  )`,
  sql`create index entry_unsealed on audit.entry (id) where seq is null`,
  sql`create index entry_subject on audit.entry (subject, id)`,
  sql`create table audit.head (
    "only" boolean primary key default true check ("only"),
    seq bigint not null,
    hash text not null,
    key_id text not null,
    signature text not null
  )`,
  sql`create function audit.keep_entry() returns trigger language plpgsql as $$
    begin
      if tg_op = 'UPDATE' then
        if old.seq is null and new.seq is not null
          and (new.id, new.at, new.actor, new.role, new.action, new.subject, new.details)
            is not distinct from (old.id, old.at, old.actor, old.role, old.action, old.subject, old.details)
        then return new; end if;
      end if;
      raise exception 'audit.entry is append-only';
    end $$`,
  sql`create trigger entry_append_only before update or delete on audit.entry
    for each row execute function audit.keep_entry()`,
  sql`create trigger entry_never_emptied before truncate on audit.entry
    for each statement execute function audit.keep_entry()`,
]

const IDENTITY = [
  sql`create schema identity`,
  sql`create table identity.account (
    id uuid primary key,
    email_index text not null unique,
    email_sealed text not null,
    email_verified_at timestamptz(3),
    password_hash text,
    role text not null check (role in ('customer', 'retailer', 'admin')),
    locale text,
    created_at timestamptz(3) not null
  )`,
  sql`create index account_role on identity.account (role, id)`,
  sql`create table identity.session (
    id uuid primary key,
    account_id uuid not null references identity.account on delete cascade,
    client_sealed text not null,
    created_at timestamptz(3) not null,
    used_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    revoked_at timestamptz(3)
  )`,
  sql`create index session_account on identity.session (account_id)`,
  sql`create index session_expiry on identity.session (expires_at)`,
  sql`create table identity.refresh_token (
    hash text primary key,
    session_id uuid not null references identity.session on delete cascade,
    created_at timestamptz(3) not null,
    used_at timestamptz(3)
  )`,
  sql`create index refresh_token_session on identity.refresh_token (session_id)`,
  sql`create table identity.mail_request (
    id uuid primary key,
    account_id uuid not null references identity.account on delete cascade,
    kind text not null check (kind in ('verify', 'change', 'reset', 'known', 'changed')),
    email_index text not null,
    email_sealed text not null,
    created_at timestamptz(3) not null,
    expires_at timestamptz(3) not null,
    used_at timestamptz(3)
  )`,
  sql`create index mail_request_account on identity.mail_request (account_id)`,
  sql`create index mail_request_expiry on identity.mail_request (expires_at)`,
  sql`create table identity.signing_key (
    id text primary key,
    public_jwk jsonb not null,
    private_sealed text not null,
    created_at timestamptz(3) not null,
    retired_at timestamptz(3)
  )`,
  sql`create table identity.passkey (
    id text primary key,
    account_id uuid not null references identity.account on delete cascade,
    name_sealed text not null,
    public_key text not null,
    counter bigint not null,
    transports text[] not null,
    created_at timestamptz(3) not null,
    used_at timestamptz(3)
  )`,
  sql`create index passkey_account on identity.passkey (account_id)`,
  sql`create table identity.federation (
    provider text not null,
    subject_index text not null,
    account_id uuid not null references identity.account on delete cascade,
    created_at timestamptz(3) not null,
    primary key (provider, subject_index)
  )`,
  sql`create index federation_account on identity.federation (account_id)`,
  sql`create table identity.pending (
    id text primary key,
    kind text not null,
    sealed text not null,
    expires_at timestamptz(3) not null
  )`,
  sql`create index pending_expiry on identity.pending (expires_at)`,
]
