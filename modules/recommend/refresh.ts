import type { Models } from '../../db/index.ts'
import type { Analytics } from '../analytics/index.ts'
import type { ModelReport, Rollback } from '../search/pure/model-report.ts'
import type { Keeper } from './keeper.ts'
import { type Metrics, saveModel, versionOf } from './models.ts'
import type { createPublished } from './published.ts'
import type { Evaluation } from './pure/evaluate.ts'
import { packModel, unpackModel } from './pure/model-pack.ts'
import type { Shelf } from './pure/shelf.ts'
import type { Serving, Task, Trained } from './pure/training.ts'
import { trainApart } from './trainer.ts'

type Needs = {
  models: Models
  analytics: Pick<Analytics, 'interactionsSince'>
  keeper: Pick<Keeper, 'current' | 'catchUp'>
  published: ReturnType<typeof createPublished>
  now: () => Date
}

/** What happened before says little of what is for sale now. */
const SINCE_MS = 180 * 86_400_000
/** A candidate must reach so much of what serves: chance alone moves the measure by less. */
const AS_GOOD = 0.98

const measuresOf = ({ recall, ndcg, hitRate, coverage, users }: Evaluation) => ({
  recall,
  ndcg,
  hitRate,
  coverage,
  users,
})

/** Recall and NDCG both count. */
const isWorse = (candidate: Evaluation, serving: Evaluation | undefined): boolean =>
  serving !== undefined && candidate.recall + candidate.ndcg < AS_GOOD * (serving.recall + serving.ndcg)

/** Why the candidate does not serve; undefined when it may. */
function refusalOf({ measured, serving }: Extract<Trained, { ok: true }>, isTheSame: boolean): string | undefined {
  if (isWorse(measured, serving)) return 'worse than what serves, which stays'
  return isTheSame ? 'nothing new to learn from' : undefined
}

/** The job that makes the recommender learn, and the way back. */
export function createRefresh(needs: Needs) {
  const { models, keeper, published } = needs

  async function refreshRecommender(dryRun: boolean): Promise<ModelReport> {
    const active = await models.findActive('collaborative')
    const { ids, task } = await gather(needs, active)
    const trained: Trained = ids.length === 0 ? { ok: false, users: 0 } : await trainApart(task)
    const serving = active && { version: active.version, metrics: (active.metrics as Metrics).measured ?? {} }
    if (!trained.ok) {
      const reason = `only ${trained.users} users came back, too few to tell models apart`
      return { kind: 'recommender', version: null, metrics: {}, current: serving ?? null, activated: false, reason }
    }
    const { model, chosen, weights, until, measured } = trained
    const bytes = packModel(ids, model)
    const report = {
      kind: 'recommender' as const,
      version: versionOf(bytes),
      metrics: measuresOf(measured),
      current: serving ? { ...serving, metrics: trained.serving ? measuresOf(trained.serving) : {} } : null,
    }
    const refusal = refusalOf(trained, active?.version === report.version)
    if (refusal !== undefined) return { ...report, activated: false, reason: refusal }
    if (dryRun) return { ...report, version: null, activated: false, reason: 'good enough to serve, and not kept' }
    const metrics: Metrics = { measured: report.metrics, chosen, weights, until }
    await saveModel(models, { kind: 'collaborative', bytes, metrics })
    return { ...report, activated: true, reason: serving ? 'at least as good as what served' : 'the first one' }
  }

  async function refreshVectors(): Promise<ModelReport> {
    const before = await models.findActive('vectors')
    const { version, items, bytes } = await published.publishVectors()
    const activated = items > 0 && before?.version !== version
    return {
      kind: 'vectors',
      version: items > 0 ? version : null,
      metrics: { items, bytes },
      current: before ? { version: before.version, metrics: sizesOf(before.metrics) } : null,
      activated,
      reason: activated ? 'products changed' : items > 0 ? 'no product changed' : 'nothing is for sale',
    }
  }

  return {
    /**
     * Trains a candidate, measures it beside what serves, and activates it unless it is worse; vectors are written anew.
     * With `dryRun` nothing is kept.
     */
    async refresh({ dryRun = false }: { dryRun?: boolean } = {}): Promise<ModelReport[]> {
      const recommender = await refreshRecommender(dryRun)
      if (dryRun) return [recommender]
      await keeper.catchUp()
      return [recommender, await refreshVectors()]
    },

    /** The one that served before serves again; where there was none, none. */
    async rollback(): Promise<Rollback> {
      const gone = await models.rollBack('collaborative')
      await keeper.catchUp()
      return { kind: 'recommender', ...gone }
    },
  }
}

const sizesOf = ({ items, bytes }: Record<string, unknown>) => ({ items: Number(items), bytes: Number(bytes) })

type Active = Awaited<ReturnType<Models['findActive']>>

/** Everything that a training needs: who did what with the products that are known, what serves, and the vectors. */
async function gather(needs: Needs, active: Active): Promise<{ ids: string[]; task: Task }> {
  const { analytics, keeper, now } = needs
  await keeper.catchUp()
  const { shelf } = await keeper.current()
  const [users, items] = [createNumbers(), createNumbers()]
  const user: number[] = []
  const item: number[] = []
  const weight: number[] = []
  const time: number[] = []
  for await (const batch of analytics.interactionsSince(new Date(now().getTime() - SINCE_MS)))
    for (const one of batch) {
      if (shelf.placeOf(one.productId) === undefined) continue
      user.push(users.of(one.subject))
      item.push(items.of(one.productId))
      weight.push(one.weight)
      time.push(one.at.getTime())
    }
  const ids = items.names()
  const lists = {
    users: users.names().length,
    items: ids.length,
    user: Uint32Array.from(user),
    item: Uint32Array.from(item),
    weight: Float32Array.from(weight),
    time: Float64Array.from(time),
  }
  const serving = active && (await openServing(needs, active, items.find))
  return { ids, task: { lists, now: now().getTime(), serving, vectors: vectorsOf(shelf, ids) } }
}

/** Numbers from 0 in the order in which names come. */
function createNumbers() {
  const known = new Map<string, number>()
  return {
    of(name: string): number {
      const number = known.get(name) ?? known.size
      known.set(name, number)
      return number
    },
    find: (name: string): number => known.get(name) ?? -1,
    names: () => [...known.keys()],
  }
}

async function openServing(
  { models }: Needs,
  { version, metrics }: NonNullable<Active>,
  numberOf: (id: string) => number,
): Promise<Serving | undefined> {
  const kept = await models.open('collaborative', version)
  const read = kept && unpackModel(kept.bytes)
  const { chosen, until } = metrics as Metrics
  return read && chosen && { model: read.model, itemOf: Int32Array.from(read.ids, numberOf), chosen, until: until ?? 0 }
}

function vectorsOf({ vectors, placeOf }: Shelf, ids: readonly string[]) {
  const { dimensions } = vectors
  const data = new Int8Array(ids.length * dimensions)
  for (const [i, id] of ids.entries()) {
    const place = placeOf(id) ?? 0
    data.set(vectors.data().subarray(place * dimensions, (place + 1) * dimensions), i * dimensions)
  }
  return { dimensions, data }
}
