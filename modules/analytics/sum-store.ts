import { CompiledQuery } from 'kysely'
import type { Sql } from '../../db/index.ts'
import { HALF_LIFE_DAYS, WEIGHTS } from './pure/weights.ts'

const HALF_LIFE_SECONDS = HALF_LIFE_DAYS * 86_400
const WEIGHT = `case kind ${Object.entries(WEIGHTS)
  .map(([kind, weight]) => `when '${kind}' then ${weight}`)
  .join(' ')} end`
/** What is left at `now` of something of the time `at`. */
const left = (now: string, at: string) =>
  `power(0.5::float8, greatest(extract(epoch from ${now} - ${at}), 0)::float8 / ${HALF_LIFE_SECONDS})`

/** How much each product was wanted at $1 by what arrived from $2 on and before $3: a deed of one person counts once. */
const WANTED = `select product_id, sum(${WEIGHT} * ${left('$1::timestamptz', 'at')})::float8 as score
  from (
    select product_id, kind, max(at) as at from analytics.event
    where product_id is not null and received_at >= $2::timestamptz and received_at < $3::timestamptz
    group by product_id, kind, coalesce(subject, id::text)) deed
  group by product_id`

export type Scored = { productId: string; score: number }
export type Span = { now: Date; from: Date; until: Date }

export async function listWanted(sql: Sql, { now, from, until }: Span): Promise<Scored[]> {
  const query = CompiledQuery.raw(`select product_id as "productId", score from (${WANTED}) w`, [now, from, until])
  return (await sql.executeQuery<Scored>(query)).rows
}

const ADD_WANTED = `insert into analytics.product as p (product_id, score, as_of, announced)
  select product_id, score, $1::timestamptz, 0 from (${WANTED}) w
  on conflict (product_id) do update
    set score = p.score * ${left('excluded.as_of', 'p.as_of')} + excluded.score, as_of = excluded.as_of`

/** Adds what arrived in the span to what is left of the sums. */
export async function addWanted(tx: Sql, { now, from, until }: Span): Promise<void> {
  await tx.executeQuery(CompiledQuery.raw(ADD_WANTED, [now, from, until]))
}

const ANNOUNCE = `with moved as (
    select product_id, score * ${left('$1::timestamptz', 'as_of')} as score from analytics.product
    where abs(ln((score * ${left('$1::timestamptz', 'as_of')} + 1) / (announced + 1))) > $2)
  update analytics.product p set announced = moved.score from moved where p.product_id = moved.product_id
  returning p.product_id as id`

/** The products whose logarithm has moved by more than `least` since they were last given here. */
export async function takeMoved(tx: Sql, now: Date, least: number): Promise<string[]> {
  const { rows } = await tx.executeQuery<{ id: string }>(CompiledQuery.raw(ANNOUNCE, [now, least]))
  return rows.map(({ id }) => id)
}

/** As of `now`; products that nobody wanted are left out. */
export async function listScores(sql: Sql, productIds: readonly string[], now: Date): Promise<Scored[]> {
  const text = `select product_id as "productId", score * ${left('$2::timestamptz', 'as_of')} as score
    from analytics.product where product_id = any($1::uuid[])`
  return (await sql.executeQuery<Scored>(CompiledQuery.raw(text, [productIds, now]))).rows
}

/** How far this sum had read; held until the transaction ends. */
export async function lockMark(tx: Sql, name: string): Promise<Date> {
  await tx
    .insertInto('analytics.mark')
    .values({ name, at: new Date(0) })
    .onConflict((on) => on.doNothing())
    .execute()
  const row = await tx
    .selectFrom('analytics.mark')
    .select('at')
    .where('name', '=', name)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return row.at
}

export async function setMark(tx: Sql, name: string, at: Date): Promise<void> {
  await tx.updateTable('analytics.mark').set({ at }).where('name', '=', name).execute()
}

const SUM_QUERIES = `insert into analytics.query (text, subjects, searches)
  select query, count(distinct subject)::int, count(*)::int from analytics.event
  where kind = 'search' and received_at >= $1::timestamptz and coalesce(position, 0) = 0 and cardinality(shown) > 0
    and length(query) between 2 and 60
  group by query having count(distinct subject) >= $2
  order by 2 desc limit $3`

/** Anew from what came since: queries that found something, of at least so many people, the most frequent of them. */
export async function replaceQueries(tx: Sql, of: { since: Date; people: number; limit: number }): Promise<void> {
  await tx.deleteFrom('analytics.query').execute()
  await tx.executeQuery(CompiledQuery.raw(SUM_QUERIES, [of.since, of.people, of.limit]))
}

/** Those that begin so, by how many people searched for them. */
export async function listQueries(sql: Sql, prefix: string, limit: number): Promise<string[]> {
  const rows = await sql
    .selectFrom('analytics.query')
    .select('text')
    .where('text', 'like', `${prefix.replaceAll(/[\\%_]/g, '\\$&')}%`)
    .orderBy('subjects', 'desc')
    .orderBy('text')
    .limit(limit)
    .execute()
  return rows.map(({ text }) => text)
}
