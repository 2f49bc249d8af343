import type { Kysely } from 'kysely'
import { type Migration, Migrator } from 'kysely/migration'
import type { Tables } from '../tables.ts'
import * as kernel from './0001-kernel.ts'
import * as catalog from './0002-catalog.ts'
import * as tryon from './0003-tryon.ts'
import * as identity from './0004-identity.ts'
import * as shop from './0005-shop.ts'
import * as payments from './0006-payments.ts'
import * as notify from './0007-notify.ts'
import * as profile from './0008-profile.ts'
import * as analytics from './0009-analytics.ts'
import * as search from './0010-search.ts'
import * as recommend from './0011-recommend.ts'
import * as changesModels from './0012-changes-models.ts'

/** In order; one that has shipped never changes. */
const MIGRATIONS: Record<string, Migration> = {
  '0001-kernel': kernel,
  '0002-catalog': catalog,
  '0003-tryon': tryon,
  '0004-identity': identity,
  '0005-shop': shop,
  '0006-payments': payments,
  '0007-notify': notify,
  '0008-profile': profile,
  '0009-analytics': analytics,
  '0010-search': search,
  '0011-recommend': recommend,
  '0012-changes-models': changesModels,
}

/** Brings the schema up to date, under a lock so that two starts do not race; returns the names it ran. */
export async function migrate(sql: Kysely<Tables>): Promise<string[]> {
  const migrator = new Migrator({ db: sql, provider: { getMigrations: async () => MIGRATIONS } })
  const { error, results } = await migrator.migrateToLatest()
  if (error) throw error
  return (results ?? []).map((result) => result.migrationName)
}
