import { CompiledQuery } from 'kysely'
import type { Sql } from '../../db/index.ts'

export type ItemRow = { id: string; variantId: string; name: string; quantity: number; shownAmount: number }
export type CartRow = {
  id: string
  currency: string | null
  /** How many orders of this cart were paid: a quote of before does not hold after. */
  purchases: number
  items: ItemRow[]
  coupons: string[]
}

/** Whose cart it must be; null is a guest. */
export type Key = { id: string; userId: string | null }

const MINE = 'c.id = $1::uuid and c.merged_into is null and (c.user_id is null or c.user_id = $2::uuid)'

const ITEM = `'id', i.id, 'variantId', i.variant_id, 'name', i.name, 'quantity', i.quantity, 'shownAmount', i.shown_amount`

const COUPONS = `coalesce((select json_agg(u.code order by u.added_at, u.code) from cart.coupon u where u.cart_id = c.id),
  '[]') as coupons`

const FIND = `select c.id, c.currency, c.purchases, ${COUPONS},
    coalesce((select json_agg(json_build_object(${ITEM}) order by i.id) from cart.item i where i.cart_id = c.id),
      '[]') as items
  from cart.cart c where ${MINE}`

/** The cart with all that is in it, in one statement; undefined when it is not there, was merged or is another user's. */
export async function findCart(sql: Sql, { id, userId }: Key): Promise<CartRow | undefined> {
  return (await sql.executeQuery<CartRow>(CompiledQuery.raw(FIND, [id, userId]))).rows[0]
}

type Create = { id: string; userId: string | null; now: Date }

/** A guest gets a new cart; a user the one that is theirs, made now if there is none. Gives its id. */
export async function ensureCart(sql: Sql, { id, userId, now }: Create): Promise<string> {
  const made = await sql
    .insertInto('cart.cart')
    .values({ id, user_id: userId, created_at: now })
    .onConflict((on) => on.column('user_id').where('merged_into', 'is', null).doNothing())
    .returning('id')
    .executeTakeFirst()
  if (made || userId === null) return id
  const { id: there } = await sql
    .selectFrom('cart.cart')
    .select('id')
    .where('user_id', '=', userId)
    .where('merged_into', 'is', null)
    .executeTakeFirstOrThrow()
  return there
}

export async function findCartIdOf(sql: Sql, userId: string): Promise<string | undefined> {
  const row = await sql
    .selectFrom('cart.cart')
    .select('id')
    .where('user_id', '=', userId)
    .where('merged_into', 'is', null)
    .executeTakeFirst()
  return row?.id
}

const ADD = `with mine as (select c.id from cart.cart c where ${MINE} and c.currency = $3 for key share),
  added as (
    insert into cart.item as i (id, cart_id, variant_id, name, quantity, shown_amount, changed_at)
    select $4::uuid, mine.id, $5::uuid, $6, $7::int, $8::int, $9::timestamptz from mine
    where (select count(*) from cart.item o where o.cart_id = mine.id and o.variant_id <> $5::uuid) < $11::int
    on conflict (cart_id, variant_id) do update set quantity = i.quantity + excluded.quantity, name = excluded.name,
        shown_amount = excluded.shown_amount, changed_at = excluded.changed_at
      where i.quantity + excluded.quantity <= $10::int
    returning i.*),
  now_in as (
    select * from added union all select i.* from cart.item i where i.cart_id = $1::uuid and i.variant_id <> $5::uuid)
  select c.id, c.currency, c.purchases, ${COUPONS},
    (select json_agg(json_build_object(${ITEM}) order by i.id) from now_in i) as items
  from cart.cart c join added on added.cart_id = c.id`

export type Adding = { itemId: string; variantId: string; name: string; quantity: number; amount: number; now: Date }

/**
 * Adds to the line of the variant, or makes one, and gives the cart as it is then: one statement, exact however many add at
 * once. Undefined when the cart is not this user's or of this `currency`, or would hold more than `most` of the variant.
 */
export async function addItem(
  sql: Sql,
  key: Key & { currency: string; most: number; mostLines: number },
  item: Adding,
): Promise<CartRow | undefined> {
  const { itemId, variantId, name, quantity, amount, now } = item
  const added = [itemId, variantId, name, quantity, amount, now, key.most, key.mostLines]
  const query = CompiledQuery.raw(ADD, [key.id, key.userId, key.currency, ...added])
  return (await sql.executeQuery<CartRow>(query)).rows[0]
}

const SET_CURRENCY = `update cart.cart c set currency = $3 where ${MINE} and c.currency is null`

/** The first item decides; false when another was first. */
export async function setCurrency(sql: Sql, { id, userId }: Key, currency: string): Promise<boolean> {
  const query = CompiledQuery.raw(SET_CURRENCY, [id, userId, currency])
  return (await sql.executeQuery(query)).numAffectedRows === 1n
}

/** The cart is locked, so that nobody puts anything in: one without items begins anew. */
export async function clearCurrency(sql: Sql, id: string): Promise<void> {
  await sql.updateTable('cart.cart').set({ currency: null }).where('id', '=', id).execute()
}

export type Change = { itemId: string; quantity: number; amount: number | undefined; now: Date }

/** `amount` is the price that the shopper is shown with the answer; undefined leaves what was shown before. */
export async function updateItem(sql: Sql, cartId: string, change: Change): Promise<void> {
  await sql
    .updateTable('cart.item')
    .set({ quantity: change.quantity, changed_at: change.now })
    .$if(change.amount !== undefined, (query) => query.set({ shown_amount: change.amount ?? 0 }))
    .where('cart_id', '=', cartId)
    .where('id', '=', change.itemId)
    .execute()
}

export async function deleteItem(sql: Sql, cartId: string, itemId: string): Promise<void> {
  await sql.deleteFrom('cart.item').where('cart_id', '=', cartId).where('id', '=', itemId).execute()
}

export async function insertCoupon(sql: Sql, coupon: { cartId: string; code: string; now: Date }): Promise<void> {
  await sql
    .insertInto('cart.coupon')
    .values({ cart_id: coupon.cartId, code: coupon.code, added_at: coupon.now })
    .onConflict((on) => on.columns(['cart_id', 'code']).doNothing())
    .execute()
}

export async function deleteCoupon(sql: Sql, cartId: string, code: string): Promise<void> {
  await sql.deleteFrom('cart.coupon').where('cart_id', '=', cartId).where('code', '=', code).execute()
}

/** Locks the cart against other orders and a merge until the transaction ends; false when an order of it was paid since. */
export async function lockCart(sql: Sql, id: string, purchases: number): Promise<boolean> {
  const row = await sql
    .selectFrom('cart.cart')
    .select('id')
    .where('id', '=', id)
    .where('purchases', '=', purchases)
    .where('merged_into', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row !== undefined
}

/** Where the content of the cart is now. */
const FOLLOW = `coalesce((select c.merged_into from cart.cart c where c.id = $1::uuid), $1::uuid)`

const COUNT_PURCHASE = `update cart.cart set purchases = purchases + 1 where id = ${FOLLOW} returning id`

const REMOVE_BOUGHT = `with bought as (select * from unnest($2::uuid[], $3::int[]) b(variant_id, quantity)),
  locked as materialized (
    select i.id, i.quantity - b.quantity as rest from cart.item i join bought b on b.variant_id = i.variant_id
    where i.cart_id = $1::uuid order by i.id for update of i),
  fewer as (update cart.item i set quantity = l.rest from locked l where i.id = l.id and l.rest > 0),
  none as (delete from cart.item i using locked l where i.id = l.id and l.rest <= 0)
  delete from cart.coupon where cart_id = $1::uuid`

type Line = { variantId: string; quantity: number }

/** What was bought leaves the cart, or the one it was merged into; what was put in meanwhile stays. */
export async function removeBought(sql: Sql, cartId: string, lines: readonly Line[]): Promise<void> {
  const { rows } = await sql.executeQuery<{ id: string }>(CompiledQuery.raw(COUNT_PURCHASE, [cartId]))
  const [variants, quantities] = [lines.map(({ variantId }) => variantId), lines.map(({ quantity }) => quantity)]
  if (rows[0]) await sql.executeQuery(CompiledQuery.raw(REMOVE_BOUGHT, [rows[0].id, variants, quantities]))
}

type Head = { id: string; user_id: string | null; currency: string | null; merged_into: string | null }

/** The rows of these carts, locked in the order of their ids. */
export const lockCarts = (sql: Sql, ids: string[]): Promise<Head[]> =>
  sql
    .selectFrom('cart.cart')
    .select(['id', 'user_id', 'currency', 'merged_into'])
    .where('id', 'in', ids)
    .orderBy('id')
    .forUpdate()
    .execute()

export async function hasItems(sql: Sql, cartId: string): Promise<boolean> {
  const row = await sql.selectFrom('cart.item').select('id').where('cart_id', '=', cartId).limit(1).executeTakeFirst()
  return row !== undefined
}

const MOVE_ITEMS = `with moved as (delete from cart.item where cart_id = $1::uuid returning *)
  insert into cart.item as i (id, cart_id, variant_id, name, quantity, shown_amount, changed_at)
  select id, $2::uuid, variant_id, name, quantity, shown_amount, changed_at from moved
  on conflict (cart_id, variant_id) do update set quantity = least($3::int, i.quantity + excluded.quantity)`

const MOVE_COUPONS = `with moved as (delete from cart.coupon where cart_id = $1::uuid returning *)
  insert into cart.coupon (cart_id, code, added_at) select $2::uuid, code, added_at from moved on conflict do nothing`

type Merge = { from: string; into: string; currency: string | null; most: number }

/** Both are locked. The one that is merged stays as an empty sign that says where its content went. */
export async function mergeInto(sql: Sql, { from, into, currency, most }: Merge): Promise<void> {
  await sql.executeQuery(CompiledQuery.raw(MOVE_ITEMS, [from, into, most]))
  await sql.executeQuery(CompiledQuery.raw(MOVE_COUPONS, [from, into]))
  await sql.updateTable('cart.cart').set({ merged_into: into }).where('id', '=', from).execute()
  await sql.updateTable('cart.cart').set({ currency }).where('id', '=', into).execute()
}

export async function deleteCartsOf(sql: Sql, userId: string): Promise<void> {
  await sql.deleteFrom('cart.cart').where('user_id', '=', userId).execute()
}

/** Guests' carts in which nothing has changed since `before`; gives how many there were. */
export async function deleteForgotten(sql: Sql, before: Date, limit: number): Promise<number> {
  const query = CompiledQuery.raw(
    `delete from cart.cart where id in (
      select c.id from cart.cart c where c.user_id is null and c.created_at < $1::timestamptz
        and not exists (select from cart.item i where i.cart_id = c.id and i.changed_at >= $1::timestamptz)
      order by c.id limit $2::int for update skip locked)`,
    [before, limit],
  )
  return Number((await sql.executeQuery(query)).numAffectedRows ?? 0n)
}
