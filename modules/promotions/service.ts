import type { Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import type { CouponRule } from './pure/coupons.ts'
import type { Coupon, CouponPatch, CouponQuery, NewCoupon } from './schema.ts'
import {
  type CouponRow,
  deleteRedemptions,
  findCoupon,
  findCoupons,
  forgetBuyers,
  insertCoupon,
  insertRedemption,
  listCoupons,
  updateCoupon,
} from './store.ts'

export type Promotions = ReturnType<typeof createPromotions>

type Redeemed = { ok: true } | { ok: false; reason: 'coupon_refused'; code: string; why: 'used_up' | 'used_by_you' }

const couponOf = (row: CouponRow): Coupon => ({
  id: row.id,
  code: row.code,
  kind: row.kind,
  percent: row.percent,
  amount: row.amount,
  currency: row.currency,
  minimumAmount: row.minimum_amount,
  validFrom: row.valid_from?.toISOString() ?? null,
  validUntil: row.valid_until?.toISOString() ?? null,
  totalLimit: row.total_limit,
  perUserLimit: row.per_user_limit,
  stackable: row.stackable,
  active: row.active,
  used: row.used,
  createdAt: row.created_at.toISOString(),
})

const ruleOf = (row: CouponRow): CouponRule => ({
  code: row.code,
  kind: row.kind,
  percent: row.percent,
  amount: row.amount,
  currency: row.currency,
  minimumAmount: row.minimum_amount,
  validFrom: row.valid_from?.getTime() ?? null,
  validUntil: row.valid_until?.getTime() ?? null,
  stackable: row.stackable,
  active: row.active,
  usedUp: row.total_limit !== null && row.used >= row.total_limit,
})

const timeOf = (time: string | null) => (time === null ? null : new Date(time))

const columnsOf = ({ validFrom, validUntil, totalLimit, perUserLimit, stackable, active }: CouponPatch) => ({
  ...(validFrom === undefined ? {} : { valid_from: timeOf(validFrom) }),
  ...(validUntil === undefined ? {} : { valid_until: timeOf(validUntil) }),
  ...(totalLimit === undefined ? {} : { total_limit: totalLimit }),
  ...(perUserLimit === undefined ? {} : { per_user_limit: perUserLimit }),
  ...(stackable === undefined ? {} : { stackable }),
  ...(active === undefined ? {} : { active }),
})

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

type Needs = { sql: Sql; audit: Pick<Audit, 'record'>; now: () => Date; newId: () => string }

/** Coupons: who has which, what they give (pure/coupons.ts), and how often they were used. */
export function createPromotions(needs: Needs) {
  const { sql, now } = needs
  return {
    /** The rules of these codes, in their order, in one statement (none for no codes); unknown codes are left out. */
    async findCoupons(codes: readonly string[]): Promise<CouponRule[]> {
      if (codes.length === 0) return []
      const rows = await findCoupons(sql, codes)
      return rows.map(ruleOf).toSorted((a, b) => codes.indexOf(a.code) - codes.indexOf(b.code))
    },

    /**
     * Joins the caller's transaction: counts a use of each coupon, in the order of their codes, for each of the `buyers`
     * (opaque names of one person). Refused, the caller must roll back. Limits hold under any interleaving.
     */
    async redeem(
      { orderId, codes, buyers }: { orderId: string; codes: readonly string[]; buyers: readonly string[] },
      tx: Sql,
    ): Promise<Redeemed> {
      for (const code of codes.toSorted()) {
        const redeeming = { code, orderId, buyers: [...new Set(buyers)].toSorted(), now: now() }
        const { used, allClaimed } = await insertRedemption(tx, redeeming)
        if (!used) return { ok: false, reason: 'coupon_refused', code, why: 'used_up' }
        if (!allClaimed) return { ok: false, reason: 'coupon_refused', code, why: 'used_by_you' }
      }
      return { ok: true }
    },

    /** Joins the caller's transaction: the uses of an order that came to nothing count no more. Idempotent. */
    release: (orderId: string, tx: Sql): Promise<void> => deleteRedemptions(tx, orderId),

    /** Joins the caller's transaction: forgets what these buyers used. */
    forgetBuyers: (buyers: string[], tx: Sql): Promise<void> => forgetBuyers(tx, buyers),

    ...createCouponDesk(needs),
  }
}

/** What the shop's people do with coupons. */
function createCouponDesk({ sql, audit, now, newId }: Needs) {
  return {
    /** Newest first. */
    async listCoupons({ code = '', cursor, limit }: CouponQuery) {
      if (cursor !== undefined && !UUID.test(cursor)) throw new AppError('invalid', 'The cursor is not one of ours')
      const rows = await listCoupons(sql, {
        code: code.toUpperCase(),
        limit: limit + 1,
        ...(cursor === undefined ? {} : { after: cursor }),
      })
      const items = rows.slice(0, limit).map(couponOf)
      return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
    },

    /** Throws not_found. */
    async getCoupon(id: string): Promise<Coupon> {
      const row = await findCoupon(sql, id)
      if (!row) throw new AppError('not_found', `No coupon ${id}`)
      return couponOf(row)
    },

    /** Coupon and audit row commit together. Throws conflict when the code is taken. */
    createCoupon: (coupon: NewCoupon, actor: Actor): Promise<Coupon> =>
      sql.transaction().execute(async (tx) => {
        const { code, kind, percent, amount, currency, minimumAmount } = coupon
        const what = { code, kind, percent, amount, currency, minimum_amount: minimumAmount }
        const rules = { ...what, ...columnsOf(coupon), stackable: coupon.stackable, active: coupon.active }
        const dated = { valid_from: timeOf(coupon.validFrom), valid_until: timeOf(coupon.validUntil) }
        const limits = { total_limit: coupon.totalLimit, per_user_limit: coupon.perUserLimit }
        const row = await insertCoupon(tx, { id: newId(), ...rules, ...dated, ...limits, created_at: now() })
        if (!row) throw new AppError('conflict', `There is a coupon ${code} already`)
        await audit.record(
          { actor, action: 'promotions.create_coupon', subject: `coupon:${row.id}`, details: { ...coupon } },
          tx,
        )
        return couponOf(row)
      }),

    /** Coupon and audit row commit together. Throws not_found, and conflict for a limit that uses have passed already. */
    changeCoupon: (id: string, patch: CouponPatch, actor: Actor): Promise<Coupon> =>
      sql.transaction().execute(async (tx) => {
        const row = await updateCoupon(tx, id, columnsOf(patch))
        if (!row) {
          const there = await findCoupon(tx, id)
          if (!there) throw new AppError('not_found', `No coupon ${id}`)
          throw new AppError('conflict', `It has been used ${there.used} times already`, { used: there.used })
        }
        await audit.record(
          { actor, action: 'promotions.change_coupon', subject: `coupon:${id}`, details: { ...patch } },
          tx,
        )
        return couponOf(row)
      }),
  }
}
