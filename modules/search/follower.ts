import { setTimeout as pause } from 'node:timers/promises'
import type { Sql } from '../../db/index.ts'
import type { SearchDocument, SearchIndex } from '../../db/search/index.ts'
import type { Catalog, Searchable } from '../catalog/index.ts'
import { AppError } from '../kernel/errors.ts'
import { documentOf } from './documents.ts'
import type { LiveRules } from './live-rules.ts'
import { findRulesVersion } from './rule-store.ts'

/** How long a change waits at most before this process sees it. A look is two small statements. */
const LOOK_MS = 200
const LOOK_AFTER_ERROR_MS = 1000
/** Products read at once for a new index. */
const AT_ONCE = 500
/** Somebody else builds it: look again later. */
const BUILD_RETRY_MS = 2000

export type Following = {
  /** Resolves when all that had changed before is found; never rejects. */
  ready: Promise<void>
  stop(): Promise<void>
}

type Needs = {
  sql: Sql
  index: SearchIndex
  catalog: Pick<Catalog, 'findSearchables' | 'listSearchables' | 'countProducts' | 'changesFrom' | 'readChanges'>
  popularityOf: (productIds: readonly string[]) => Promise<ReadonlyMap<string, number>>
  rules: Pick<LiveRules, 'keepUp'>
}

/** How a build comes along: `done` of about `total` products. */
export type OnProgress = (done: number, total: number) => void

const isBusy = (error: unknown) => error instanceof AppError && error.code === 'conflict'

/** Keeps this process's index at what the catalogue says. */
export function createFollower({ sql, index, catalog, popularityOf, rules }: Needs) {
  const reader = catalog.readChanges()

  async function documentsOf(products: Searchable[]): Promise<SearchDocument[]> {
    const popularity = await popularityOf(products.map(({ id }) => id))
    return products.map((product) => documentOf(product, popularity.get(product.id) ?? 0))
  }

  /** Products that are gone are found no more. */
  async function takeUp(ids: readonly string[], position: string | undefined): Promise<void> {
    const documents = await documentsOf(await catalog.findSearchables(ids))
    const there = new Set(documents.map(({ id }) => id))
    const gone = ids.filter((id) => !there.has(id))
    if (gone.length > 0) await index.remove(gone, documents.length === 0 ? position : undefined)
    if (documents.length > 0) await index.put(documents, position)
  }

  /** `lost`: there is no index, or one that cannot be brought up to date. */
  async function look(): Promise<'lost' | 'more' | 'done'> {
    const { position } = await index.status()
    const [news, rulesVersion] = await Promise.all([reader.after(position), findRulesVersion(sql)])
    await rules.keepUp(rulesVersion)
    if (!news) return 'lost'
    if (news.productIds.length > 0) {
      await takeUp(news.productIds, news.position)
      news.taken()
    }
    return news.isAll ? 'done' : 'more'
  }

  const build = (options?: BuildOptions) => buildIndex({ index, catalog, documentsOf }, options)

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
type Building = Pick<Needs, 'index' | 'catalog'> & {
  documentsOf(products: Searchable[]): Promise<SearchDocument[]>
}

/**
 * A new index from the whole catalogue, beside the one that serves until it is done. What changes meanwhile is taken up
 * after. `resume` goes on with a build that was cut short. Throws `conflict` while another process builds one.
 */
async function buildIndex(
  { index, catalog, documentsOf }: Building,
  { resume = false, onProgress }: BuildOptions = {},
): Promise<number> {
  const from = await catalog.changesFrom()
  const generation = await index.build({ resume })
  try {
    let after = generation.resumeAfter
    const total = await catalog.countProducts()
    let done = after === undefined ? 0 : total - (await catalog.countProducts(after))
    // Nobody knows any more when the first part was read: all changes that are kept are gone through once more.
    const position = after === undefined ? from.now : from.oldest
    for (;;) {
      const products = await catalog.listSearchables({ after, limit: AT_ONCE })
      if (products.length > 0) await generation.add(await documentsOf(products))
      done += products.length
      onProgress?.(done, total)
      after = products.at(-1)?.id
      if (products.length < AT_ONCE) break
    }
    await generation.commit(position)
    return done
  } catch (error) {
    await generation.abandon()
    throw error
  }
}
