import type { Sql } from '../../db/index.ts'
import type { Audit } from '../audit/index.ts'
import type { Actor } from '../kernel/access.ts'
import { AppError } from '../kernel/errors.ts'
import {
  bumpRules,
  deleteRule,
  findRule,
  insertRule,
  listRules,
  lockRule,
  replaceRule,
  type RuleRow,
} from './rule-store.ts'
import { type NewRule, NewRuleSchema, type Rule, type RulePatch, type RuleQuery } from './rule-schema.ts'

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

type Effect = Pick<Rule, 'words' | 'oneWay' | 'products' | 'brands' | 'categories' | 'factor'>

export const ruleOf = (row: RuleRow): Rule => ({
  id: row.id,
  kind: row.kind,
  on: {
    ...(row.on_query === null ? {} : { query: row.on_query }),
    ...(row.on_category === null ? {} : { category: row.on_category }),
  },
  ...(row.effect as Effect),
  active: row.active,
  ...(row.note === null ? {} : { note: row.note }),
  ...(row.valid_from === null ? {} : { from: row.valid_from.toISOString() }),
  ...(row.valid_until === null ? {} : { until: row.valid_until.toISOString() }),
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
})

type Columns = Omit<RuleRow, 'id' | 'created_at' | 'updated_at'>

const timeOf = (time: string | undefined) => (time === undefined ? null : new Date(time))

const columnsOf = ({ kind, on, active, note, from, until, ...effect }: NewRule): Columns => ({
  kind,
  on_query: on.query ?? null,
  on_category: on.category ?? null,
  effect,
  active,
  note: note ?? null,
  valid_from: timeOf(from),
  valid_until: timeOf(until),
})

/** The rule as it was with what the patch says, which must be a rule still. */
function patched(row: RuleRow, patch: RulePatch): NewRule {
  const { id: _id, createdAt: _created, updatedAt: _updated, ...rule } = ruleOf(row)
  const whole = Object.fromEntries(Object.entries({ ...rule, ...patch }).filter(([, value]) => value !== null))
  const read = NewRuleSchema.safeParse(whole)
  if (read.success) return read.data
  const issues = read.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  throw new AppError('invalid', 'The rule would not hold together', { issues })
}

async function readRule(sql: Sql, id: string): Promise<Rule> {
  const row = await findRule(sql, id)
  if (!row) throw new AppError('not_found', `No rule ${id}`)
  return ruleOf(row)
}

type Needs = {
  sql: Sql
  audit: Pick<Audit, 'record'>
  now: () => Date
  newId: () => string
  /** Called after each commit, so that this process follows the rules from the next search on. */
  onChange: () => Promise<void>
}

/** What the shop's people do with rules. A rule, its audit row and the new version of the rules commit together. */
export function createRuleDesk({ sql, audit, now, newId, onChange }: Needs) {
  async function changing<T extends Rule | undefined>(work: (tx: Sql) => Promise<T>): Promise<T> {
    const changed = await sql.transaction().execute(async (tx) => {
      const result = await work(tx)
      await bumpRules(tx)
      return result
    })
    await onChange()
    return changed
  }

  return {
    /** Newest first. */
    async listRules({ kind, cursor, limit }: RuleQuery) {
      if (cursor !== undefined && !UUID.test(cursor)) throw new AppError('invalid', 'The cursor is not one of ours')
      const rows = await listRules(sql, { kind, after: cursor, limit: limit + 1 })
      const items = rows.slice(0, limit).map(ruleOf)
      return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null }
    },

    /** Throws not_found. */
    getRule: (id: string): Promise<Rule> => readRule(sql, id),

    createRule: (rule: NewRule, actor: Actor): Promise<Rule> =>
      changing(async (tx) => {
        const at = now()
        const row: RuleRow = { id: newId(), ...columnsOf(rule), created_at: at, updated_at: at }
        await insertRule(tx, row)
        const subject = `search-rule:${row.id}`
        await audit.record({ actor, action: 'search.create_rule', subject, details: { ...rule } }, tx)
        return ruleOf(row)
      }),

    /** Throws not_found, and invalid when the patch leaves a rule that says nothing. */
    changeRule: (id: string, patch: RulePatch, actor: Actor): Promise<Rule> =>
      changing(async (tx) => {
        const before = await lockRule(tx, id)
        if (!before) throw new AppError('not_found', `No rule ${id}`)
        const row: RuleRow = { ...before, ...columnsOf(patched(before, patch)), updated_at: now() }
        await replaceRule(tx, row)
        const subject = `search-rule:${id}`
        await audit.record({ actor, action: 'search.change_rule', subject, details: { ...patch } }, tx)
        return ruleOf(row)
      }),

    /** Throws not_found. */
    async removeRule(id: string, actor: Actor): Promise<void> {
      await changing(async (tx) => {
        const gone = await deleteRule(tx, id)
        if (!gone) throw new AppError('not_found', `No rule ${id}`)
        const { id: _id, ...details } = ruleOf(gone)
        await audit.record({ actor, action: 'search.remove_rule', subject: `search-rule:${id}`, details }, tx)
        return undefined
      })
    },
  }
}
