import type { Kysely } from 'kysely'
import { sql as raw } from 'kysely'
import type { Tables } from '../tables.ts'
import type { OpenDocs } from './index.ts'

/** Documents as JSONB rows in the same PostgreSQL; equality is containment (`@>`), which its GIN index answers. */
export const jsonbDocs =
  (sql: Kysely<Tables>): OpenDocs =>
  <T extends object>(collection: string) => {
    const rows = () => sql.selectFrom('docs.document').where('collection', '=', collection)
    return {
      async get(id) {
        const row = await rows().select('body').where('id', '=', id).executeTakeFirst()
        return row?.body as T | undefined
      },
      async getMany(ids) {
        if (ids.length === 0) return new Map()
        const found = await rows().select(['id', 'body']).where('id', 'in', ids).execute()
        return new Map(found.map(({ id, body }) => [id, body as T]))
      },
      async put(id, value) {
        const body = JSON.stringify(value)
        await sql
          .insertInto('docs.document')
          .values({ collection, id, body })
          .onConflict((on) => on.columns(['collection', 'id']).doUpdateSet({ body }))
          .execute()
      },
      async delete(id) {
        await sql.deleteFrom('docs.document').where('collection', '=', collection).where('id', '=', id).execute()
      },
      async list({ where, cursor, limit }) {
        let query = rows()
          .select(['id', 'body'])
          .orderBy('id')
          .limit(limit + 1)
        if (where) query = query.where(raw<boolean>`body @> ${JSON.stringify(where)}::jsonb`)
        if (cursor !== undefined) query = query.where('id', '>', cursor)
        const found = await query.execute()
        const items = found.slice(0, limit).map(({ id, body }) => ({ id, body: body as T }))
        return { items, nextCursor: found.length > limit ? (items.at(-1)?.id ?? null) : null }
      },
    }
  }
