import { setImmediate } from 'node:timers/promises'
import type { SearchHit, SearchIndex } from '../../db/search/index.ts'
import type { Analytics, Deed, Interaction } from '../analytics/index.ts'
import { decay } from '../analytics/pure/weights.ts'
import { type ClickLog, packLog } from './pure/click-log.ts'
import { createClickRates } from './pure/click-rates.ts'
import type { Propensities } from './pure/position-bias.ts'
import { rankFeatures } from './pure/rank-features.ts'
import { type SeenList, seenLists } from './pure/seen-lists.ts'
import { DEEDS, describeProducts, tasteFrom } from './ranker-taste.ts'

const DAY_MS = 86_400_000
/** What was wanted before the first list still counts in it. */
const RUN_UP_MS = 30 * DAY_MS
const IDS_AT_ONCE = 200
const MOST_RATES = 20_000
const LISTS_AT_ONCE = 50

type Needs = { index: Pick<SearchIndex, 'query'>; analytics: Pick<Analytics, 'clickLog' | 'interactionsSince'> }

/** The newest `most` pages, a day at a time: one answer with all of them would hold up the searches of this process. */
async function readPages(
  analytics: Needs['analytics'],
  { since, until, most }: { since: Date; until: Date; most: number },
) {
  const days = []
  let [end, left] = [until.getTime() + 1, most]
  for (; end > since.getTime() && left > 0; end -= DAY_MS) {
    const start = Math.max(end - DAY_MS, since.getTime())
    const pages = await analytics.clickLog({ since: new Date(start), until: new Date(end) }, left)
    left -= pages.length
    days.push(pages)
  }
  return days.toReversed().flat()
}

/** How well each product fits each query, as the index finds today. */
async function scoreTexts(index: Needs['index'], lists: readonly SeenList[]) {
  const shown = new Map<string, Set<string>>()
  for (const list of lists) {
    const ids = shown.get(list.query) ?? new Set()
    for (const { id } of list.shown) ids.add(id)
    shown.set(list.query, ids)
  }
  const scores = new Map<string, Map<string, number>>()
  for (const [query, ids] of shown) {
    const found = new Map<string, number>()
    scores.set(query, found)
    if (query !== '') for (const some of chunks([...ids])) await addScores(index, query, some, found)
  }
  return scores
}

async function addScores(index: Needs['index'], text: string, ids: string[], into: Map<string, number>) {
  const { hits } = await index.query({ text, filter: { ids }, limit: ids.length })
  for (const { id, score } of hits) into.set(id, score)
}

function chunks<T>(all: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(all.length / IDS_AT_ONCE) }, (_, i) =>
    all.slice(i * IDS_AT_ONCE, (i + 1) * IDS_AT_ONCE),
  )
}

/** What is known of products and people at a time of the past, as far as `hear` was told. */
function createPast(subjects: ReadonlySet<string>) {
  const wanted = new Map<string, { score: number; at: number }>()
  const histories = new Map<string, Deed[]>()
  return {
    hear({ subject, productId, kind, weight, personal, at }: Interaction): void {
      const time = at.getTime()
      const before = wanted.get(productId)
      wanted.set(productId, { score: weight + (before ? before.score * decay(time - before.at) : 0), at: time })
      if (!personal || !subjects.has(subject)) return
      const deeds = histories.get(subject) ?? []
      histories.set(subject, [{ productId, kind, at }, ...deeds].slice(0, DEEDS))
    },
    popularityOf(productId: string, time: number): number {
      const sum = wanted.get(productId)
      return sum ? sum.score * decay(time - sum.at) : 0
    },
    deedsOf: (subject: string): Deed[] => histories.get(subject) ?? [],
  }
}

/** Calls `visit` for each list once all that happened before it, and nothing after, has been told to the past. */
async function replay(
  analytics: Needs['analytics'],
  lists: readonly SeenList[],
  visit: (list: SeenList, past: ReturnType<typeof createPast>) => Promise<void>,
): Promise<void> {
  const past = createPast(new Set(lists.map(({ subject }) => subject)))
  let next = 0
  const visitUntil = async (time: number) => {
    for (let list = lists[next]; list && list.at <= time; list = lists[next]) {
      await visit(list, past)
      next += 1
      // Whoever searches in this process goes first.
      if (next % LISTS_AT_ONCE === 0) await setImmediate()
    }
  }
  for await (const batch of analytics.interactionsSince(new Date((lists[0]?.at ?? 0) - RUN_UP_MS)))
    for (const interaction of batch) {
      await visitUntil(interaction.at.getTime())
      past.hear(interaction)
    }
  await visitUntil(Number.POSITIVE_INFINITY)
}

export type Replayed = {
  before: ClickLog
  after: ClickLog
  rates: ReturnType<ReturnType<typeof createClickRates>['keep']>
}

/**
 * The lists that people saw since, each with its features as they were then: a click that is to be learnt from must not be
 * among what it is explained by. Lists from `split` on are `after`. Texts, prices and stock are those of today.
 */
export async function replayClicks(
  { index, analytics }: Needs,
  { split, propensities, ...span }: { since: Date; split: Date; until: Date; most: number; propensities: Propensities },
): Promise<Replayed> {
  const lists = seenLists(await readPages(analytics, span))
  const texts = await scoreTexts(index, lists)
  const products = new Map<string, SearchHit>()
  const learnProducts = async (ids: readonly string[]) => {
    for (const some of chunks([...new Set(ids)].filter((id) => !products.has(id))))
      for (const [id, hit] of await describeProducts(index, some)) products.set(id, hit)
  }
  await learnProducts(lists.flatMap(({ shown }) => shown.map(({ id }) => id)))
  const rates = createClickRates()
  type Packed = Parameters<typeof packLog>[0][number]
  const [before, after]: [Packed[], Packed[]] = [[], []]
  await replay(analytics, lists, async ({ subject, query, at, shown, gains }, past) => {
    const deeds = past.deedsOf(subject)
    await learnProducts(deeds.map(({ productId }) => productId))
    const rows = shown.flatMap(({ id, position }) => {
      const hit = products.get(id)
      return hit ? [{ hit, position }] : []
    })
    if (rows.length > 0) {
      const score = (id: string) => texts.get(query)?.get(id) ?? 0
      const items = rows.map(({ hit }) =>
        Object.assign({}, hit, { score: score(hit.id), popularity: past.popularityOf(hit.id, at) }),
      )
      const taste = tasteFrom(deeds, products, at)
      const features = rankFeatures(items, { now: at, sizes: [], taste, clicks: rates.of(query) })
      const list = {
        features,
        positions: rows.map(({ position }) => position),
        gains: rows.map(({ hit }) => gains.get(hit.id) ?? 0),
      }
      ;(at < split.getTime() ? before : after).push(list)
    }
    rates.add({ query, shown, clicked: gains }, propensities)
  })
  return { before: packLog(before), after: packLog(after), rates: rates.keep(MOST_RATES) }
}
