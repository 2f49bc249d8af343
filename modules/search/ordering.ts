import type { Cache } from '../../db/index.ts'
import type { SearchBoost, SearchHit } from '../../db/search/index.ts'
import type { Asking } from '../analytics/pure/asking.ts'
import { type Cursor, digestOf } from './cursor.ts'
import type { Criteria, Finder, Found } from './finder.ts'
import type { RankContext, RankedHit, Ranker } from './ranking.ts'
import type { Explanation } from './schema.ts'

/** So many of the best are put in order; what comes after keeps the order of the index. */
export const RANKED = 200
const KEEP_SECONDS = 600

/** The order in which the best of a search were shown, so that its further pages neither skip nor repeat any. */
type List = {
  id: string
  ids: string[]
  pinned: string[]
  /** Where the index goes on after these. */
  next: string | null
  /** Nobody else may be shown it. */
  personal: boolean
}

/** Ids of one page, in order. */
export type Slice = {
  searchId: string
  ids: string[]
  pinned: ReadonlySet<string>
  explanations: ReadonlyMap<string, Explanation>
  next: Cursor | null
  personal: boolean
}

type Needs = { finder: Finder; cache: Cache; ranker: Ranker; now: () => Date; newId: () => string }
type Asked = { criteria: Criteria; limit: number; cursor: Cursor | undefined; asking: Asking }

const cacheKey = (list: string) => `search.list:${list}`
const PIN: Explanation['features'] = [{ name: 'pinned', value: 1, contribution: 0 }]

/** Relevance is the one order that is not the index's own: re-ranked, with pins in their places. */
export function createOrdering({ finder, cache, ranker, now, newId }: Needs) {
  /** Orders that are nobody's own, by what was found. */
  const shared = new WeakMap<Found, { version: string; list: Promise<Ordered> }>()

  const rank = (found: Found, criteria: Criteria, asking: Asking) =>
    rankFound({ ranker, now: now().getTime(), newId }, found, { criteria, asking })

  function orderOf(found: Found, criteria: Criteria, asking: Asking): Promise<Ordered> {
    if (asking.actor || asking.visitor) return rank(found, criteria, asking)
    const known = shared.get(found)
    if (known && known.version === ranker.version()) return known.list
    const list = rank(found, criteria, asking)
    shared.set(found, { version: ranker.version(), list })
    list.catch(() => shared.delete(found))
    return list
  }

  async function findKept(key: string | undefined): Promise<Ordered | undefined> {
    const text = key && (await cache.get(cacheKey(key)))
    return text && key ? { list: JSON.parse(text) as List, key, explanations: new Map() } : undefined
  }

  /** Goes on behind the list, passing over what was in it. */
  async function fill(slice: Slice, list: List, { criteria, limit }: Asked, more: { found: Found; next: string }) {
    const shown = new Set(list.ids)
    let next: string | null = more.next
    while (slice.ids.length < limit && next !== null) {
      const rest: Criteria = { ...criteria, limit: limit - slice.ids.length, after: next }
      const answer = await finder.goOn(rest, more.found.demands)
      slice.ids.push(...answer.hits.flatMap(({ id }) => (shown.has(id) ? [] : [id])))
      next = answer.next
    }
    return next
  }

  return async (found: Found, asked: Asked): Promise<Slice> => {
    const { criteria, limit, cursor, asking } = asked
    const kept = await findKept(cursor?.list)
    const { list, key, explanations } = kept ?? (await orderOf(found, criteria, asking))
    const at = startOf(cursor, list)
    const ids = list.ids.slice(at, at + limit)
    const slice: Slice = {
      searchId: list.id,
      ids,
      pinned: new Set(list.pinned),
      explanations,
      next: null,
      personal: list.personal,
    }
    const end = at + ids.length
    const behind = cursor?.next ?? list.next
    if (end < list.ids.length) slice.next = { list: key, at: end }
    else if (behind !== null) {
      const next = await fill(slice, list, asked, { found, next: behind })
      slice.next = next === null ? null : { list: key, next }
    }
    if (!cursor && slice.next) await cache.set(cacheKey(key), JSON.stringify(list), KEEP_SECONDS)
    return slice
  }
}

const startOf = (cursor: Cursor | undefined, list: List) =>
  cursor?.next === undefined ? (cursor?.at ?? 0) : list.ids.length

type Ordered = { list: List; key: string; explanations: Map<string, Explanation> }

async function rankFound(
  { ranker, now, newId }: { ranker: Ranker; now: number; newId: () => string },
  found: Found,
  { criteria, asking }: Pick<Asked, 'criteria' | 'asking'>,
): Promise<Ordered> {
  const { filter, path } = criteria
  const context: RankContext = {
    query: found.text,
    category: path.at(-1),
    now,
    asking,
    sizes: filter.sizes ?? [],
    minPrice: filter.minPrice,
    maxPrice: filter.maxPrice,
  }
  const { boosts } = found.demands
  const hits = boosts.length > 0 ? unboosted(found.answer.hits, boosts) : found.answer.hits
  const { ranked, personal } = await ranker.rank(hits, context)
  const order = boosts.length > 0 ? boosted(ranked, hits, boosts) : ranked
  const list: List = {
    id: personal ? newId() : found.id,
    ids: placed(order, found.pins),
    pinned: found.pins.map(({ id }) => id),
    next: found.answer.next,
    personal,
  }
  const explanations = new Map(order.map(({ id, explanation }) => [id, explanation]))
  for (const { id } of found.pins) explanations.set(id, { score: 0, features: PIN })
  const key = digestOf(personal ? list.id : [found.key, ranker.version()])
  return { list, key, explanations }
}

/** Pins in their places, those without one in the first that are free; the others fill what is left. */
function placed(order: readonly RankedHit[], pins: Found['pins']): string[] {
  const pinned = new Set(pins.map(({ id }) => id))
  const rest = order.filter(({ id }) => !pinned.has(id)).map(({ id }) => id)
  const fixed = new Map(pins.flatMap(({ id, place }) => (place === undefined ? [] : [[place, id] as const])))
  const free = pins.filter(({ place }) => place === undefined).map(({ id }) => id)
  const queue = [...free, ...rest]
  const ids: string[] = []
  for (let place = 0; queue.length > 0; place += 1) {
    const next = fixed.get(place) ?? queue.shift()
    fixed.delete(place)
    if (next !== undefined) ids.push(next)
  }
  const beyond = [...fixed].toSorted(([a], [b]) => a - b).map(([, id]) => id)
  return [...ids, ...beyond]
}

const isMeant = (hit: SearchHit, { ids, brands, categories }: SearchBoost) =>
  ids?.includes(hit.id) || brands?.includes(hit.brand) || categories?.some((slug) => hit.categories.includes(slug))

const factorOf = (hit: SearchHit, boosts: readonly SearchBoost[]): number =>
  boosts.reduce((product, boost) => (isMeant(hit, boost) ? product * boost.factor : product), 1)

/** The index boosts what the words say of a product, so as to find it; the order is boosted whole, whatever it comes from. */
const unboosted = (hits: readonly SearchHit[], boosts: readonly SearchBoost[]): SearchHit[] =>
  hits.map((hit) => Object.assign({}, hit, { score: hit.score / factorOf(hit, boosts) }))

function boosted(
  ranked: readonly RankedHit[],
  hits: readonly SearchHit[],
  boosts: readonly SearchBoost[],
): RankedHit[] {
  const byId = new Map(hits.map((hit) => [hit.id, hit]))
  return ranked
    .map(({ id, explanation }) => {
      const hit = byId.get(id)
      const factor = hit ? factorOf(hit, boosts) : 1
      // Of a score below nothing, less is more.
      const score = explanation.score >= 0 ? explanation.score * factor : explanation.score / factor
      const feature = { name: 'rules', value: factor, contribution: score - explanation.score }
      return { id, explanation: { score, features: [...explanation.features, feature] } }
    })
    .toSorted((a, b) => b.explanation.score - a.explanation.score)
}
