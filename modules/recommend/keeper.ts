import type { Models, Sql } from '../../db/index.ts'
import type { Analytics } from '../analytics/index.ts'
import type { Catalog, ChangeReader } from '../catalog/index.ts'
import { describe, type Product } from './describing.ts'
import { fitProjection, readProjection, writeProjection } from './pure/projection.ts'
import { unpackModel } from './pure/model-pack.ts'
import { createShelf, type Hidden, type Shelf } from './pure/shelf.ts'
import { type Metrics, saveModel } from './models.ts'
import type { Weights } from './pure/blend.ts'
import { listLooks } from './store.ts'

/** What is held is never older than this. */
const FRESH_MS = 1_000
const POPULARITY_MS = 120_000
const DAY_MS = 86_400_000
/** Of a larger catalogue, the most wanted and the newest, half of each. */
const MOST_ITEMS = 50_000
const PAGE = 500
const SAMPLE = 2_000

export type KeeperNeeds = {
  sql: Sql
  models: Models
  catalog: Pick<
    Catalog,
    'listSearchables' | 'findSearchables' | 'listProducts' | 'countProducts' | 'changesFrom' | 'readChanges'
  >
  analytics: Pick<Analytics, 'popularitySince'>
  /** What the retailer hides everywhere. */
  hiddenEverywhere: () => Promise<Hidden>
  now: () => Date
}

export type Keeper = ReturnType<typeof createKeeper>

/** What the last training found about mixing; absent where it found nothing. */
export type Tuning = { weights?: Weights | undefined; exponent?: number | undefined }

type Active = Awaited<ReturnType<Models['listActive']>>
type Held = {
  shelf: Shelf
  tuning: Tuning
  position: string
  /** Versions by kind. */
  active: Active
  checkedAt: number
  popularAt: number
}

/** Keeps this process's shelf of products as the shop is now: read once, then told what changed. */
export function createKeeper(needs: KeeperNeeds) {
  const { now } = needs
  const reader = needs.catalog.readChanges()
  let held: Held | undefined
  let busy: Promise<Held> | undefined

  async function refresh(thoroughly: boolean): Promise<Held> {
    const time = now().getTime()
    held = (held && (await catchUp(needs, held, reader))) ?? (await load(needs))
    held.checkedAt = time
    const stale = time - held.popularAt > POPULARITY_MS
    if (stale) held.popularAt = time
    const popularity = stale || thoroughly ? readPopularity(needs, held.shelf) : undefined
    // Nobody waits for what changes slowly, but for the first reading of it.
    if (thoroughly) await popularity
    else popularity?.catch((error: unknown) => console.error('The popularity of products could not be read', error))
    return held
  }

  async function current(thoroughly = false): Promise<Held> {
    if (busy) await busy
    if (!thoroughly && held && now().getTime() - held.checkedAt <= FRESH_MS) return held
    busy ??= refresh(thoroughly).finally(() => (busy = undefined))
    return busy
  }

  return {
    /** The shelf, a second old at most, and the models that are active. Rows are read only when that second is over. */
    current: async (): Promise<{ shelf: Shelf; tuning: Tuning }> => current(),
    /** A product that is not held, told as those that are; undefined where it is not for sale. Two statements. */
    async describeOutside(id: string) {
      const [product] = await needs.catalog.findSearchables([id])
      if (!product) return undefined
      const looks = await looksOf(needs.sql, [product])
      return describe(product, looks.get(product.id), (list) => list)
    },
    /** As `current`, with popularity read anew too. */
    catchUp: async (): Promise<void> => void (await current(true)),
  }
}

/** With `anew` the projection is fitted again, whatever there is. */
async function load(needs: KeeperNeeds, anew = false): Promise<Held> {
  const { sql, now, models } = needs
  const [{ now: position }, active] = await Promise.all([needs.catalog.changesFrom(), models.listActive()])
  const [of60Days, products] = await Promise.all([
    needs.analytics.popularitySince(new Date(now().getTime() - 60 * DAY_MS)),
    needs.catalog.countProducts(),
  ])
  const ids = products > MOST_ITEMS ? await chooseIds(needs, of60Days) : undefined
  const { projection, version } = await openProjection(needs, anew ? undefined : active.projection, ids)
  const shelf = createShelf(projection)
  const lists = createInterning()
  for await (const page of pagesOf(needs, ids)) {
    const looks = await looksOf(sql, page)
    for (const product of page) putProduct(shelf, product, looks.get(product.id), lists)
  }
  const tuning = await openCollaborative(needs, shelf, active.collaborative)
  shelf.setHidden(await needs.hiddenEverywhere())
  const time = now().getTime()
  await readPopularity(needs, shelf, of60Days)
  return {
    shelf,
    tuning,
    position,
    active: { ...active, ...(version && { projection: version }) },
    checkedAt: time,
    popularAt: time,
  }
}

/** Undefined where it cannot be told any more what has changed. */
async function catchUp(needs: KeeperNeeds, held: Held, reader: ChangeReader): Promise<Held | undefined> {
  const { shelf } = held
  let { position, tuning } = held
  const lists = createInterning()
  for (;;) {
    const [news, active] = await Promise.all([reader.after(position), needs.models.listActive()])
    if (!news) return undefined
    const products = await needs.catalog.findSearchables(news.productIds)
    const looks = await looksOf(needs.sql, products)
    for (const product of products) putProduct(shelf, product, looks.get(product.id), lists)
    news.taken()
    position = news.position ?? position
    if (!news.isAll) continue
    // Vectors of another projection mean something else, and one that was fitted on a few products says little of many.
    if (active.projection !== held.active.projection || shelf.isOutgrown(SAMPLE))
      return load(needs, shelf.isOutgrown(SAMPLE))
    if (active.collaborative !== held.active.collaborative)
      tuning = await openCollaborative(needs, shelf, active.collaborative)
    shelf.setHidden(await needs.hiddenEverywhere())
    return { ...held, tuning, position, active }
  }
}

const looksOf = (sql: Sql, products: readonly Product[]) =>
  products.length === 0
    ? new Map<string, undefined>()
    : listLooks(
        sql,
        products.map(({ id }) => id),
      )

function putProduct(
  shelf: Shelf,
  product: Product,
  look: Uint8Array | undefined,
  intern: (list: readonly string[]) => readonly string[],
): void {
  const { item, described } = describe(product, look, intern)
  shelf.put(item, described)
}

/** Most lists of labels are those of many products. */
function createInterning() {
  const known = new Map<string, readonly string[]>()
  return (list: readonly string[]): readonly string[] => {
    const key = list.join('\u0000')
    const same = known.get(key)
    if (!same) known.set(key, list)
    return same ?? list
  }
}

/** The most wanted, and the newest. */
async function chooseIds({ catalog }: KeeperNeeds, wanted: ReadonlyMap<string, number>): Promise<string[]> {
  const most = [...wanted].toSorted((a, b) => b[1] - a[1]).slice(0, MOST_ITEMS / 2)
  const ids = new Set(most.map(([id]) => id))
  for (let cursor: string | undefined; ids.size < MOST_ITEMS;) {
    const page = await catalog.listProducts({ sort: 'newest', limit: 100, cursor })
    for (const { id } of page.items) ids.add(id)
    if (page.nextCursor === null) break
    cursor = page.nextCursor
  }
  return [...ids]
}

async function* pagesOf(
  { catalog }: Pick<KeeperNeeds, 'catalog'>,
  ids: string[] | undefined,
): AsyncGenerator<Product[]> {
  if (ids) {
    for (let at = 0; at < ids.length; at += PAGE) yield await catalog.findSearchables(ids.slice(at, at + PAGE))
    return
  }
  for (let after: string | undefined; ;) {
    const page = await catalog.listSearchables({ after, limit: PAGE })
    yield page
    if (page.length < PAGE) return
    after = page.at(-1)?.id
  }
}

/** The active projection; where there is none, one is fitted on what is for sale and made the active one. */
async function openProjection(needs: KeeperNeeds, version: string | undefined, ids: string[] | undefined) {
  const kept = version === undefined ? undefined : await needs.models.open('projection', version)
  const read = kept && readProjection(kept.bytes)
  if (read) return { projection: read, version }
  const sample: Product[] = []
  for await (const page of pagesOf(needs, ids)) {
    sample.push(...page)
    if (sample.length >= SAMPLE) break
  }
  const looks = await looksOf(needs.sql, sample)
  const intern = createInterning()
  const projection = fitProjection(sample.map((product) => describe(product, looks.get(product.id), intern).described))
  const bytes = writeProjection(projection)
  if (sample.length === 0) return { projection, version: undefined }
  const fitted = await saveModel(needs.models, { kind: 'projection', bytes, metrics: { products: sample.length } })
  return { projection, version: fitted }
}

async function openCollaborative({ models }: KeeperNeeds, shelf: Shelf, version: string | undefined): Promise<Tuning> {
  const kept = version === undefined ? undefined : await models.open('collaborative', version)
  const read = kept && unpackModel(kept.bytes)
  if (!read || version === undefined) {
    shelf.clearModel()
    return {}
  }
  shelf.setModel(version, read.ids, read.model)
  const { weights, chosen } = kept.metrics as Metrics
  return { weights, exponent: chosen?.recency?.exponent }
}

async function readPopularity(
  { analytics, now }: KeeperNeeds,
  shelf: Shelf,
  known?: Map<string, number>,
): Promise<void> {
  const since = (days: number) => analytics.popularitySince(new Date(now().getTime() - days * DAY_MS))
  const [of60Days, of7Days] = await Promise.all([known ?? since(60), since(7)])
  shelf.setPopularity(of60Days, of7Days)
}
