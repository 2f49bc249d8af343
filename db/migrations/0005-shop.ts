import { type Kysely, sql } from 'kysely'

const MONEY = (...columns: string[]) =>
  sql.raw(columns.map((column) => `${column} int not null default 0 check (${column} >= 0)`).join(',\n'))

const INVENTORY = [
  // `quantity` is what may be sold; what pending orders hold has left it and is counted beside it.
  sql`alter table inventory.stock add column reserved int not null default 0 check (reserved >= 0)`,
  sql`create table inventory.reservation (
    order_id uuid not null,
    variant_id uuid not null,
    quantity int not null check (quantity > 0),
    confirmed boolean not null default false,
    expires_at timestamptz(3),
    primary key (order_id, variant_id)
  )`,
  sql`alter table catalog.variant add column weight_grams int check (weight_grams > 0)`,
]

const PROMOTIONS = [
  sql`create schema promotions`,
  sql`create table promotions.coupon (
    id uuid primary key,
    code text not null unique check (code = upper(code)),
    kind text not null check (kind in ('percent', 'amount', 'free_shipping')),
    percent int check (percent between 1 and 100),
    amount int check (amount > 0),
    currency text,
    minimum_amount int check (minimum_amount > 0),
    valid_from timestamptz(3),
    valid_until timestamptz(3),
    total_limit int check (total_limit > 0),
    per_user_limit int check (per_user_limit > 0),
    stackable boolean not null,
    active boolean not null,
    used int not null default 0 check (used >= 0 and used <= coalesce(total_limit, used)),
    created_at timestamptz(3) not null,
    check ((kind = 'percent') = (percent is not null)),
    check ((kind = 'amount') = (amount is not null)),
    check (currency is not null or (amount is null and minimum_amount is null))
  )`,
  // How often each buyer (a user, or a mail that only we can recognise) has used it.
  sql`create table promotions.claim (
    coupon_id uuid not null references promotions.coupon on delete cascade,
    buyer text not null,
    uses int not null check (uses >= 0),
    primary key (coupon_id, buyer)
  )`,
  sql`create table promotions.redemption (
    order_id uuid not null,
    coupon_id uuid not null references promotions.coupon on delete cascade,
    buyers text[] not null,
    primary key (order_id, coupon_id)
  )`,
]

const CART = [
  sql`create schema cart`,
  sql`create table cart.cart (
    id uuid primary key,
    user_id uuid,
    currency text,
    merged_into uuid,
    purchases int not null default 0,
    created_at timestamptz(3) not null
  )`,
  sql`create unique index cart_of_user on cart.cart (user_id) where merged_into is null`,
  sql`create table cart.item (
    id uuid primary key,
    cart_id uuid not null references cart.cart on delete cascade,
    variant_id uuid not null,
    name text not null,
    quantity int not null check (quantity between 1 and 99),
    shown_amount int not null check (shown_amount >= 0),
    changed_at timestamptz(3) not null,
    unique (cart_id, variant_id)
  )`,
  sql`create table cart.coupon (
    cart_id uuid not null references cart.cart on delete cascade,
    code text not null,
    added_at timestamptz(3) not null,
    primary key (cart_id, code)
  )`,
]

const ORDERS = [
  sql`create schema orders`,
  sql`create sequence orders.number start 10001`,
  sql`create table orders."order" (
    id uuid primary key,
    number text not null unique,
    status text not null check (status in ('pending', 'paid', 'packed', 'shipped', 'delivered', 'cancelled',
      'return_requested', 'returned', 'refunded')),
    cart_id uuid not null,
    user_id uuid,
    idempotency_key text unique,
    fingerprint text,
    currency text not null,
    ${MONEY('items_amount', 'discount_amount', 'shipping_amount', 'tax_amount', 'shipping_tax_amount', 'total_amount')},
    ${MONEY('refunded_amount', 'refunding_amount')},
    tax_included boolean not null,
    country text not null,
    shipping_option text not null,
    shipping_name text not null,
    coupons jsonb not null,
    contact text,
    email_key text,
    provider text not null,
    payment_id uuid,
    payment_failed text,
    holds_stock boolean not null,
    cancel_reason text,
    tracking jsonb,
    expires_at timestamptz(3),
    placed_at timestamptz(3) not null,
    delivered_at timestamptz(3),
    check (refunded_amount + refunding_amount <= total_amount)
  )`,
  sql`create unique index order_pending_of_cart on orders."order" (cart_id) where status = 'pending'`,
  sql`create index order_of_user on orders."order" (user_id, id)`,
  sql`create index order_status on orders."order" (status, id)`,
  sql`create index order_email on orders."order" (email_key)`,
  sql`create index order_expiring on orders."order" (expires_at) where status = 'pending'`,
  sql`create table orders.line (
    order_id uuid not null references orders."order",
    position int not null,
    variant_id uuid not null,
    product_id uuid not null,
    described jsonb not null,
    quantity int not null check (quantity > 0),
    unit_amount int not null check (unit_amount >= 0),
    ${MONEY('discount_amount', 'tax_amount', 'total_amount')},
    returned int not null default 0 check (returned between 0 and quantity),
    primary key (order_id, position)
  )`,
  sql`create index line_product on orders.line (product_id, order_id)`,
  sql`create table orders.entry (
    id bigint generated always as identity primary key,
    order_id uuid not null references orders."order",
    at timestamptz(3) not null,
    kind text not null,
    by text not null check (by in ('customer', 'staff', 'system')),
    amount int,
    note text
  )`,
  sql`create index entry_of_order on orders.entry (order_id, id)`,
  sql`create table orders.return (
    id uuid primary key,
    order_id uuid not null references orders."order",
    status text not null check (status in ('requested', 'received', 'refused')),
    reason text not null,
    comment text,
    lines jsonb not null,
    requested_at timestamptz(3) not null,
    decided_at timestamptz(3)
  )`,
  sql`create unique index return_open_of_order on orders.return (order_id) where status = 'requested'`,
  sql`create table orders.refund (
    id uuid primary key,
    order_id uuid not null references orders."order",
    return_id uuid references orders.return,
    amount int not null check (amount > 0),
    reason text not null,
    status text not null check (status in ('pending', 'done', 'failed')),
    asked_at timestamptz(3) not null,
    ended_at timestamptz(3)
  )`,
  sql`create index refund_of_order on orders.refund (order_id, asked_at)`,
]

const IDEMPOTENCY = [
  sql`create table kernel.idempotency (
    key text primary key,
    request text not null,
    answer text,
    busy_until timestamptz(3),
    expires_at timestamptz(3) not null
  )`,
  sql`create index idempotency_expiring on kernel.idempotency (expires_at)`,
]

/** Stock that can be held, carts, coupons, orders, and the answers kept for whoever asks twice. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of [...INVENTORY, ...PROMOTIONS, ...CART, ...ORDERS, ...IDEMPOTENCY]) await statement.execute(db)
}
