import { CompiledQuery } from 'kysely'
import type { Sql } from '../../db/index.ts'
import type { Tables } from '../../db/tables.ts'

export type CouponRow = Omit<Tables['promotions.coupon'], 'used'> & { used: number }

const COUPON = [
  'id',
  'code',
  'kind',
  'percent',
  'amount',
  'currency',
  'minimum_amount',
  'valid_from',
  'valid_until',
  'total_limit',
  'per_user_limit',
  'stackable',
  'active',
  'used',
  'created_at',
] as const

export async function findCoupons(sql: Sql, codes: readonly string[]): Promise<CouponRow[]> {
  const text = `select ${COUPON.join(', ')} from promotions.coupon where code = any($1::text[])`
  return (await sql.executeQuery<CouponRow>(CompiledQuery.raw(text, [codes]))).rows
}

export const findCoupon = (sql: Sql, id: string): Promise<CouponRow | undefined> =>
  sql.selectFrom('promotions.coupon').select(COUPON).where('id', '=', id).executeTakeFirst()

/** Undefined when the code is taken. */
export const insertCoupon = (sql: Sql, coupon: Omit<CouponRow, 'used'>): Promise<CouponRow | undefined> =>
  sql
    .insertInto('promotions.coupon')
    .values(coupon)
    .onConflict((on) => on.column('code').doNothing())
    .returning(COUPON)
    .executeTakeFirst()

type Patch = Partial<
  Pick<CouponRow, 'valid_from' | 'valid_until' | 'total_limit' | 'per_user_limit' | 'stackable' | 'active'>
>

/** Undefined when there is none, or when it has been used more often than the new limit allows. */
export const updateCoupon = (sql: Sql, id: string, patch: Patch): Promise<CouponRow | undefined> =>
  sql
    .updateTable('promotions.coupon')
    .set(patch)
    .where('id', '=', id)
    .where((eb) => eb('used', '<=', patch.total_limit ?? eb.ref('used')))
    .returning(COUPON)
    .executeTakeFirst()

export function listCoupons(sql: Sql, { code, after, limit }: { code: string; after?: string; limit: number }) {
  const query = sql
    .selectFrom('promotions.coupon')
    .select(COUPON)
    .where('code', 'like', `${code.replaceAll(/[\\%_]/g, '\\$&')}%`)
    .orderBy('id', 'desc')
    .limit(limit)
  return (after === undefined ? query : query.where('id', '<', after)).execute()
}

/**
 * The coupon's row is locked by its own update, so uses are counted one after the other; then each buyer's. `used` tells
 * whether the coupon had a use left, `claimed` how many of the buyers had.
 */
const REDEEM = `with used as (
    update promotions.coupon set used = used + 1
    where code = $1 and active and (valid_from is null or valid_from <= $4::timestamptz)
      and (valid_until is null or valid_until > $4::timestamptz) and (total_limit is null or used < total_limit)
    returning id, per_user_limit),
  claimed as (
    insert into promotions.claim (coupon_id, buyer, uses)
    select used.id, buyer, 1 from used, (select buyer from unnest($3::text[]) buyer order by buyer) b
    on conflict (coupon_id, buyer) do update set uses = claim.uses + 1
      where claim.uses < coalesce((select per_user_limit from used), claim.uses + 1)
    returning buyer),
  noted as (
    insert into promotions.redemption (order_id, coupon_id, buyers) select $2::uuid, id, $3::text[] from used)
  select (select count(*)::int from used) as used, (select count(*)::int from claimed) as claimed`

export type Redeeming = { code: string; orderId: string; buyers: string[]; now: Date }

export async function insertRedemption(sql: Sql, { code, orderId, buyers, now }: Redeeming) {
  const query = CompiledQuery.raw(REDEEM, [code, orderId, buyers, now])
  const { rows } = await sql.executeQuery<{ used: number; claimed: number }>(query)
  return { used: (rows[0]?.used ?? 0) > 0, allClaimed: rows[0]?.claimed === buyers.length }
}

const GIVE_BACK = `with gone as (delete from promotions.redemption where order_id = $1::uuid returning coupon_id, buyers),
  locked as materialized (
    select c.id from promotions.coupon c where c.id in (select coupon_id from gone) order by c.code for update),
  unused as (
    update promotions.coupon c set used = c.used - 1 from locked where c.id = locked.id)
  update promotions.claim c set uses = c.uses - 1
  from locked join gone on gone.coupon_id = locked.id where c.coupon_id = gone.coupon_id and c.buyer = any(gone.buyers)`

export async function deleteRedemptions(sql: Sql, orderId: string): Promise<void> {
  await sql.executeQuery(CompiledQuery.raw(GIVE_BACK, [orderId]))
}

/** Nobody can tell any more whose uses these were; the coupons keep their counts. */
export async function forgetBuyers(sql: Sql, buyers: string[]): Promise<void> {
  if (buyers.length === 0) return
  await sql.deleteFrom('promotions.claim').where('buyer', 'in', buyers).execute()
  await sql.executeQuery(
    CompiledQuery.raw(
      `update promotions.redemption set buyers = array(select b from unnest(buyers) b where b <> all($1::text[]))
       where buyers && $1::text[]`,
      [buyers],
    ),
  )
}
