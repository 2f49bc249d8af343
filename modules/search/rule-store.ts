import { type Selectable, sql as raw } from 'kysely'
import type { Sql } from '../../db/index.ts'
import type { Tables } from '../../db/tables.ts'

export type RuleRow = Selectable<Tables['search.rule']>

const insertable = ({ effect, ...row }: RuleRow) => ({ ...row, effect: JSON.stringify(effect) })

/** Every process that keeps the rules sees at its next look that they changed. */
export async function bumpRules(tx: Sql): Promise<void> {
  await raw`insert into search.state (rules_version) values (1)
    on conflict (only_one) do update set rules_version = search.state.rules_version + 1`.execute(tx)
}

/** Another one when they changed. */
export async function findRulesVersion(sql: Sql): Promise<number> {
  const row = await sql.selectFrom('search.state').select('rules_version').executeTakeFirst()
  return Number(row?.rules_version ?? 0)
}

/** All that could hold now or later, the oldest first. */
export const listLiveRules = (sql: Sql, now: Date): Promise<RuleRow[]> =>
  sql
    .selectFrom('search.rule')
    .selectAll()
    .where('active', '=', true)
    .where((eb) => eb.or([eb('valid_until', 'is', null), eb('valid_until', '>', now)]))
    .orderBy('id')
    .execute()

type Page = { kind: RuleRow['kind'] | undefined; after: string | undefined; limit: number }

/** Newest first. */
export function listRules(sql: Sql, { kind, after, limit }: Page): Promise<RuleRow[]> {
  let query = sql.selectFrom('search.rule').selectAll().orderBy('id', 'desc').limit(limit)
  if (kind !== undefined) query = query.where('kind', '=', kind)
  if (after !== undefined) query = query.where('id', '<', after)
  return query.execute()
}

export async function insertRule(tx: Sql, rule: RuleRow): Promise<void> {
  await tx.insertInto('search.rule').values(insertable(rule)).execute()
}

export const findRule = (sql: Sql, id: string): Promise<RuleRow | undefined> =>
  sql.selectFrom('search.rule').selectAll().where('id', '=', id).executeTakeFirst()

/** Held until the transaction ends. */
export const lockRule = (tx: Sql, id: string): Promise<RuleRow | undefined> =>
  tx.selectFrom('search.rule').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()

export async function replaceRule(tx: Sql, rule: RuleRow): Promise<void> {
  await tx.updateTable('search.rule').set(insertable(rule)).where('id', '=', rule.id).execute()
}

/** The one that was there. */
export const deleteRule = (tx: Sql, id: string): Promise<RuleRow | undefined> =>
  tx.deleteFrom('search.rule').where('id', '=', id).returningAll().executeTakeFirst()
