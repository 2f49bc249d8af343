import type { SearchHit, SearchIndex } from '../../db/search/index.ts'
import type { Analytics, Deed } from '../analytics/index.ts'
import type { Asking } from '../analytics/pure/asking.ts'
import { decay, WEIGHTS } from '../analytics/pure/weights.ts'
import { type Taste, tasteOf } from './pure/rank-features.ts'

/** The last so many deeds; who did more shows the same taste in them. */
export const DEEDS = 60
const KEEP_MS = 15_000
const MOST_KEPT = 2000

/** What somebody likes, as far as they allow that it is used, and the sizes that they wear. */
export type OwnTaste = { taste: Taste | undefined; sizes: readonly string[] }

type Needs = {
  index: Pick<SearchIndex, 'query'>
  analytics: Pick<Analytics, 'findAsker' | 'historyOf'>
  sizesOf: (userId: string) => Promise<readonly string[]>
  now: () => Date
}

/** What each of these products is, by id; those that cannot be found are left out. */
export async function describeProducts(
  index: Pick<SearchIndex, 'query'>,
  ids: readonly string[],
): Promise<Map<string, SearchHit>> {
  if (ids.length === 0) return new Map()
  const { hits } = await index.query({ text: '', filter: { ids }, limit: ids.length })
  return new Map(hits.map((hit) => [hit.id, hit]))
}

/** The recent weigh more. */
export const tasteFrom = (
  deeds: readonly Pick<Deed, 'productId' | 'kind' | 'at'>[],
  products: ReadonlyMap<string, Pick<SearchHit, 'brand' | 'categories' | 'colours' | 'priceAmount'>>,
  now: number,
): Taste | undefined =>
  tasteOf(
    deeds.flatMap(({ productId, kind, at }) => {
      const item = products.get(productId)
      return item ? [{ item, weight: WEIGHTS[kind] * decay(now - at.getTime()) }] : []
    }),
  )

/** Read once in a while for each, since who searches asks again at every keystroke: two statements, three of a user. */
export function createTastes({ index, analytics, sizesOf, now }: Needs) {
  const kept = new Map<string, { at: number; own: Promise<OwnTaste | undefined> }>()

  async function read(asking: Asking): Promise<OwnTaste | undefined> {
    const asker = await analytics.findAsker(asking)
    if (!asker?.personalisation) return undefined
    const deeds = await analytics.historyOf(asker.subject, DEEDS)
    const products = await describeProducts(index, [...new Set(deeds.map(({ productId }) => productId))])
    const sizes = asking.actor ? await sizesOf(asking.actor.userId) : []
    return { taste: tasteFrom(deeds, products, now().getTime()), sizes }
  }

  return {
    find(asking: Asking): Promise<OwnTaste | undefined> {
      if (!asking.actor && (asking.visitor === undefined || !asking.consents.includes('personalisation')))
        return Promise.resolve(undefined)
      const key = asking.actor ? `user:${asking.actor.userId}` : `visitor:${asking.visitor}`
      const [time, known] = [now().getTime(), kept.get(key)]
      if (known && Math.abs(time - known.at) < KEEP_MS) return known.own
      const own = read(asking)
      kept.delete(key)
      kept.set(key, { at: time, own })
      own.catch(() => kept.delete(key))
      for (const oldest of kept.keys()) if (kept.size > MOST_KEPT) kept.delete(oldest)
      return own
    },
  }
}
