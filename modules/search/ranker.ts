import type { Models } from '../../db/index.ts'
import type { SearchHit, SearchIndex } from '../../db/search/index.ts'
import type { Analytics } from '../analytics/index.ts'
import { type ClickRates, createClickRates, type KeptRates } from './pure/click-rates.ts'
import { rankFeatures, type Taste } from './pure/rank-features.ts'
import { contributionsOf, FORMULA, type RankModel, scoreRows } from './pure/rank-model.ts'
import { placeWithVariety } from './pure/variety.ts'
import { createTastes } from './ranker-taste.ts'
import type { RankContext, RankedHit, Ranker } from './ranking.ts'

export type RankerNeeds = {
  models: Models
  index: Pick<SearchIndex, 'query'>
  analytics: Pick<Analytics, 'findAsker' | 'historyOf' | 'clickLog' | 'interactionsSince'>
  /** What a signed-in user said to wear, of any kind. */
  sizesOf: (userId: string) => Promise<readonly string[]>
  now: () => Date
  newId: () => string
}

/** As the blob has it. */
export type KeptRanker = { curves: number[]; propensities: number[]; rates: KeptRates }

/** What serves: the formula has no version. */
export type ServingRanker = { version: string | null; model: RankModel; propensities?: number[]; rates: ClickRates }

const FIXED: ServingRanker = { version: null, model: FORMULA, rates: createClickRates() }
/** Another process may have activated another model. */
const LOOK_MS = 5000

/** Undefined where the blob is gone or of another making: then the formula is better than nothing. */
export async function readRanker(models: Models, version: string): Promise<ServingRanker | undefined> {
  const kept = await models.open('ranker', version)
  if (!kept) return undefined
  const { curves, propensities, rates } = JSON.parse(new TextDecoder().decode(kept.bytes)) as KeptRanker
  if (curves.length !== FORMULA.curves.length) return undefined
  return { version, model: { curves: Float64Array.from(curves) }, propensities, rates: createClickRates(rates) }
}

/** The model that serves, followed by looking now and then, whenever somebody searches. */
function createServing({ models, now }: RankerNeeds) {
  let serving = FIXED
  let looked = Number.NEGATIVE_INFINITY
  let looking: Promise<void> | undefined

  async function look(): Promise<void> {
    const active = await models.findActive('ranker')
    if (active?.version === (serving.version ?? undefined)) return
    serving = (active && (await readRanker(models, active.version))) ?? FIXED
  }

  async function reload(): Promise<void> {
    looked = now().getTime()
    looking ??= look()
      .catch((error: unknown) => console.error('the ranker stays as it is:', error))
      .finally(() => (looking = undefined))
    await looking
  }

  return {
    current: () => serving,
    reload,
    /** Waits only the first time; a store that does not answer leaves what serves. */
    async keepUp(): Promise<void> {
      const first = looked === Number.NEGATIVE_INFINITY
      if (Math.abs(now().getTime() - looked) < LOOK_MS) return
      const reloaded = reload()
      if (first) await reloaded
    },
  }
}

type Outcome = { ranked: RankedHit[]; personal: boolean }

/** Puts hits in the order that the model, or the formula until there is one, expects to be clicked, then varies it. */
export function createRanker(needs: RankerNeeds): Ranker & { reload(): Promise<void> } {
  const serving = createServing(needs)
  const tastes = createTastes(needs)
  /** Orders that are the same for everybody, by the hits that were found. */
  const shared = new WeakMap<readonly SearchHit[], { version: string | null; outcome: Outcome }>()

  function order(
    hits: readonly SearchHit[],
    context: RankContext,
    own: { taste?: Taste | undefined; sizes: readonly string[] },
  ) {
    const { model, rates } = serving.current()
    const { taste, sizes } = own
    const features = rankFeatures(hits, { now: context.now, sizes, taste, clicks: rates.of(context.query) })
    const scores = scoreRows(model, features, [0, hits.length])
    const rows = new Map(hits.map((hit, row) => [hit, row]))
    return placeWithVariety(hits, scores, context.query).map(({ item, score, variety }): RankedHit => {
      // Written out only for who asks: it is most of the work.
      const explain = () => {
        const contributions: { name: string; value: number; contribution: number }[] = contributionsOf(
          model,
          features,
          rows.get(item) ?? 0,
        )
        return [...contributions, { name: 'variety', value: variety < 0 ? 1 : 0, contribution: variety }]
      }
      return {
        id: item.id,
        explanation: {
          score,
          get features() {
            return explain()
          },
        },
      }
    })
  }

  return {
    version() {
      // Where orders are kept, nothing else is called that would notice another model.
      void serving.keepUp()
      return serving.current().version ?? 'formula'
    },
    reload: serving.reload,

    async rank(hits, context) {
      await serving.keepUp()
      const { version } = serving.current()
      const own = await tastes.find(context.asking)
      const wears = context.sizes.length > 0 ? [] : (own?.sizes ?? [])
      const sizes = wears.length > 0 ? wears : context.sizes
      const personal = own?.taste !== undefined || wears.length > 0
      if (personal) return { ranked: order(hits, context, { taste: own?.taste, sizes }), personal }
      const known = shared.get(hits)
      if (known?.version === version) return known.outcome
      const outcome = { ranked: order(hits, context, { sizes }), personal }
      shared.set(hits, { version, outcome })
      return outcome
    },
  }
}
