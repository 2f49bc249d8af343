import { CompiledQuery, type Selectable } from 'kysely'
import type { Sql } from '../../db/index.ts'
import type { Tables } from '../../db/tables.ts'
import type { ProductKind } from './pure/weights.ts'

export type EventRow = Selectable<Tables['analytics.event']>

const INSERT = `insert into analytics.event select * from jsonb_populate_recordset(null::analytics.event, $1::jsonb)
  on conflict (id) do nothing returning id`

/** One statement for all; gives the ids that were not there yet. In the order of their ids, so that no two block each other. */
export async function insertEvents(sql: Sql, rows: readonly EventRow[]): Promise<Set<string>> {
  const sorted = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1))
  const inserted = await sql.executeQuery<{ id: string }>(CompiledQuery.raw(INSERT, [JSON.stringify(sorted)]))
  return new Set(inserted.rows.map(({ id }) => id))
}

export const deleteSubject = async (sql: Sql, subject: string): Promise<void> => {
  await sql.deleteFrom('analytics.event').where('subject', '=', subject).execute()
}

/** What the one did is what the other did; it suggests nothing where it did not before, or not where `personal` is false. */
export async function moveSubject(
  tx: Sql,
  { from, to, personal }: { from: string; to: string; personal: boolean },
): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('analytics.event')
    .set({ subject: to, ...(!personal && { personal: false }) })
    .where('subject', '=', from)
    .executeTakeFirstOrThrow()
  return Number(numUpdatedRows)
}

/** What they did stays counted, and suggests nothing to them any more. */
export async function unlinkTaste(sql: Sql, subject: string): Promise<void> {
  await sql
    .updateTable('analytics.event')
    .set({ personal: false })
    .where('subject', '=', subject)
    .where('personal', '=', true)
    .execute()
}

/** Oldest first. */
export const listOfSubject = (sql: Sql, subject: string): Promise<EventRow[]> =>
  sql.selectFrom('analytics.event').selectAll().where('subject', '=', subject).orderBy('at').orderBy('id').execute()

export type DeedRow = { productId: string; kind: ProductKind; at: Date }

/** Newest first; nothing that may not be used for its subject. */
export const listDeeds = (sql: Sql, subject: string, limit: number): Promise<DeedRow[]> =>
  sql
    .selectFrom('analytics.event')
    .select(['product_id as productId', 'kind', 'at'])
    .where('subject', '=', subject)
    .where('personal', '=', true)
    .where('product_id', 'is not', null)
    .orderBy('at', 'desc')
    .limit(limit)
    .execute() as Promise<DeedRow[]>

export type InteractionRow = {
  id: string
  subject: string
  productId: string
  kind: ProductKind
  personal: boolean
  at: Date
  receivedAt: Date
}

const LIST_INTERACTIONS = `select id, subject, product_id as "productId", kind, personal, at, received_at as "receivedAt"
  from analytics.event
  where (received_at, id) > ($1::timestamptz, $2::uuid) and at >= $3::timestamptz
    and subject is not null and product_id is not null
  order by received_at, id limit $4`

/** In the order of arrival, after the one that came last. */
export async function listInteractions(
  sql: Sql,
  { since, after, limit }: { since: Date; after: Pick<InteractionRow, 'receivedAt' | 'id'>; limit: number },
): Promise<InteractionRow[]> {
  const query = CompiledQuery.raw(LIST_INTERACTIONS, [after.receivedAt, after.id, since, limit])
  return (await sql.executeQuery<InteractionRow>(query)).rows
}

/** A page of answers that somebody saw. */
export type SearchSession = {
  searchId: string
  subject: string
  query: string
  at: Date
  /** Place of the first of `shown` in the whole list, 0 for the top. */
  first: number
  shown: string[]
  /** Of `shown`. Gain 1 for a click alone, more where a try-on, a cart or a sale came of it: at most 3. */
  clicks: { productId: string; gain: number }[]
}

/** Gain of a click: 1 alone, up to 3 by what its maker did with the product within a day. */
const LIST_SESSIONS = `with shows as (
    select search_id, subject, query, at, coalesce(position, 0) as first, shown
    from analytics.event
    where kind = 'search' and received_at >= $1::timestamptz and received_at < $2::timestamptz
      and subject is not null and search_id is not null and cardinality(shown) > 0
    order by received_at desc limit $3)
  select s.search_id as "searchId", s.subject, s.query, s.at, s.first, s.shown,
    coalesce((
      select json_agg(json_build_object('productId', c.product_id, 'gain', c.gain))
      from (
        select c.product_id, max(1 + coalesce((
            select max(case d.kind when 'buy' then 2 when 'add' then 1 when 'try_on' then 0.5 when 'wishlist' then 0.5 end)
            from analytics.event d
            where d.subject = c.subject and d.product_id = c.product_id
              and d.at >= c.at and d.at < c.at + interval '1 day'), 0)) as gain
        from analytics.event c
        where c.kind = 'click' and c.search_id = s.search_id and c.subject = s.subject and c.product_id = any(s.shown)
        group by c.product_id) c), '[]') as clicks
  from shows s order by s.at, s.search_id, s.first`

/** The newest `limit` pages of answers that somebody saw, oldest first. */
export async function listSessions(
  sql: Sql,
  { since, until, limit }: { since: Date; until: Date; limit: number },
): Promise<SearchSession[]> {
  return (await sql.executeQuery<SearchSession>(CompiledQuery.raw(LIST_SESSIONS, [since, until, limit]))).rows
}

/** At most `limit` of those that came before; gives how many. */
export async function deleteEvents(sql: Sql, before: Date, limit: number): Promise<number> {
  const old = sql.selectFrom('analytics.event').select('id').where('received_at', '<', before).limit(limit)
  const { numDeletedRows } = await sql.deleteFrom('analytics.event').where('id', 'in', old).executeTakeFirstOrThrow()
  return Number(numDeletedRows)
}
