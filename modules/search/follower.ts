import { setTimeout as pause } from 'node:timers/promises'
import type { Sql } from '../../db/index.ts'
import type { SearchDocument, SearchIndex } from '../../db/search/index.ts'
import type { Catalog, Searchable } from '../catalog/index.ts'
import { AppError } from '../kernel/errors.ts'
import { type Change, findDatabaseName, insertChanges, lookForChanges, pruneChanges } from './change-store.ts'
import { documentOf } from './documents.ts'
import type { LiveRules } from './live-rules.ts'
import { canFollow, createAhead, readPlace, START, writePlace } from './places.ts'

/** How long a change waits at most before this process sees it. A look is one small statement. */
const LOOK_MS = 200
const LOOK_AFTER_ERROR_MS = 1000
/** Changes taken up at once, and products read at once for a new index. */
const AT_ONCE = 500
/** Somebody else builds it: look again later. */
const BUILD_RETRY_MS = 2000
const KEEP_CHANGES_MS = 2 * 86_400_000

export type Following = {
  /** Resolves when all that had changed before is found; never rejects. */
  ready: Promise<void>
  stop(): Promise<void>
}

type Needs = {
  sql: Sql
  index: SearchIndex
  catalog: Pick<Catalog, 'findSearchables' | 'listSearchables' | 'countProducts' | 'findProductIdsOf'>
  popularityOf: (productIds: readonly string[]) => Promise<ReadonlyMap<string, number>>
  rules: Pick<LiveRules, 'keepUp'>
  now: () => Date
}

/** How a build comes along: `done` of about `total` products. */
export type OnProgress = (done: number, total: number) => void

const isBusy = (error: unknown) => error instanceof AppError && error.code === 'conflict'

/** Keeps this process's index at what the catalogue says. */
export function createFollower({ sql, index, catalog, popularityOf, rules, now }: Needs) {
  const ahead = createAhead()
  let database: Promise<string> | undefined
  const databaseName = () => (database ??= findDatabaseName(sql))

  async function documentsOf(products: Searchable[]): Promise<SearchDocument[]> {
    const popularity = await popularityOf(products.map(({ id }) => id))
    return products.map((product) => documentOf(product, popularity.get(product.id) ?? 0))
  }

  /** Products that are gone are found no more. */
  async function takeUp(changes: readonly Change[], position: string | undefined): Promise<void> {
    const ids = [...new Set(changes.map(({ productId }) => productId))]
    const documents = await documentsOf(await catalog.findSearchables(ids))
    const there = new Set(documents.map(({ id }) => id))
    const gone = ids.filter((id) => !there.has(id))
    if (gone.length > 0) await index.remove(gone, documents.length === 0 ? position : undefined)
    if (documents.length > 0) await index.put(documents, position)
  }

  /** `lost`: there is no index, or one that cannot be brought up to date. */
  async function look(): Promise<'lost' | 'more' | 'done'> {
    const { position } = await index.status()
    const place = readPlace(await databaseName(), position)
    const except = ahead.after(position)
    const seen = await lookForChanges(sql, place ?? START, { limit: place ? AT_ONCE : 0, except })
    await rules.keepUp(seen.rulesVersion)
    if (!place || !canFollow(place, seen)) return 'lost'
    const isWhole = seen.changes.length < AT_ONCE
    if (seen.changes.length > 0) {
      const passed = ahead.pass(seen, isWhole)
      const next = passed && writePlace(await databaseName(), passed)
      await takeUp(seen.changes, next)
      ahead.left(next, passed, seen.changes)
    }
    return isWhole ? 'done' : 'more'
  }

  const build = (options?: BuildOptions) => buildIndex({ sql, index, catalog, documentsOf, databaseName }, options)

  async function catchUp(): Promise<void> {
    for (;;) {
      const found = await look()
      if (found === 'done') return
      if (found === 'lost') await build()
    }
  }

  return {
    build,
    /** Takes up all that has changed; builds the index where there is none. */
    catchUp,

    /** Takes up changes as they come, until it is stopped. A missing index is built first, while searches are answered. */
    follow: (): Following => followWith(catchUp),

    noteProducts: (productIds: readonly string[]): Promise<void> => insertChanges(sql, productIds, now()),
    async noteVariants(variantIds: readonly string[]): Promise<void> {
      await insertChanges(sql, await catalog.findProductIdsOf(variantIds), now())
    },
    /** A job: whoever was away for longer builds anew. */
    prune: (): Promise<void> => pruneChanges(sql, new Date(now().getTime() - KEEP_CHANGES_MS)),
  }
}

function followWith(catchUp: () => Promise<void>): Following {
  const stopping = new AbortController()
  const { promise: ready, resolve: isReady } = Promise.withResolvers<void>()

  /** How long to wait until the next look. */
  async function turn(): Promise<number> {
    try {
      await catchUp()
      isReady()
      return LOOK_MS
    } catch (error) {
      if (isBusy(error)) return BUILD_RETRY_MS
      if (!stopping.signal.aborted) console.error('search: will look for changes again:', error)
      return LOOK_AFTER_ERROR_MS
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) await pause(await turn(), undefined, { signal: stopping.signal }).catch(() => {})
  }

  const running = run()
  return {
    ready,
    async stop() {
      stopping.abort()
      isReady()
      await running
    },
  }
}

type BuildOptions = { resume?: boolean; onProgress?: OnProgress }
type Building = Pick<Needs, 'sql' | 'index' | 'catalog'> & {
  documentsOf(products: Searchable[]): Promise<SearchDocument[]>
  databaseName(): Promise<string>
}

/**
 * A new index from the whole catalogue, beside the one that serves until it is done. What changes meanwhile is taken up
 * after. `resume` goes on with a build that was cut short. Throws `conflict` while another process builds one.
 */
async function buildIndex(
  { sql, index, catalog, documentsOf, databaseName }: Building,
  { resume = false, onProgress }: BuildOptions = {},
): Promise<number> {
  const { horizon, pruned } = await lookForChanges(sql, START, { limit: 0 })
  const generation = await index.build({ resume })
  try {
    let after = generation.resumeAfter
    const total = await catalog.countProducts()
    let done = after === undefined ? 0 : total - (await catalog.countProducts(after))
    // Nobody knows any more when the first part was read: all changes that are kept are gone through once more.
    const place = after === undefined ? { tx: horizon, id: '0' } : pruned
    for (;;) {
      const products = await catalog.listSearchables({ after, limit: AT_ONCE })
      if (products.length > 0) await generation.add(await documentsOf(products))
      done += products.length
      onProgress?.(done, total)
      after = products.at(-1)?.id
      if (products.length < AT_ONCE) break
    }
    await generation.commit(writePlace(await databaseName(), place))
    return done
  } catch (error) {
    await generation.abandon()
    throw error
  }
}
