import type { Models, Sql } from '../../db/index.ts'
import type { Analytics } from '../analytics/index.ts'
import type { Carts } from '../cart/index.ts'
import type { Catalog } from '../catalog/index.ts'
import type { Profile } from '../profile/index.ts'
import type { TryOn } from '../tryon/index.ts'
import { createAskers } from './asker.ts'
import { createKeeper } from './keeper.ts'
import { createLooks } from './looks.ts'
import { createPicks } from './picks.ts'
import { createPublished } from './published.ts'
import type { Weights } from './pure/blend.ts'
import type { Hidden } from './pure/shelf.ts'
import { createQuizDesk } from './quiz-desk.ts'
import { createRefresh } from './refresh.ts'

export type Recommend = ReturnType<typeof createRecommend>

export type RecommendNeeds = {
  sql: Sql
  models: Models
  catalog: Catalog
  tryOn: Pick<TryOn, 'loadGarment'>
  analytics: Pick<Analytics, 'subjectOf' | 'historyOf' | 'popularitySince' | 'interactionsSince'>
  profile: Pick<Profile, 'getPreferences' | 'putPreferences'>
  cart: Pick<Carts, 'getCart'>
  hiddenEverywhere: () => Promise<Hidden>
  /** What the operator has set; undefined: as learned, and 0.4, 0.4, 0.2 before. */
  recommendWeights: Weights | undefined
  now: () => Date
}

/** What suits whom, and why. Nothing of a person is kept here. */
export function createRecommend(needs: RecommendNeeds) {
  const keeper = createKeeper(needs)
  const askers = createAskers(needs)
  const published = createPublished({ ...needs, keeper })
  const looks = createLooks(needs)
  const refreshing = createRefresh({ ...needs, keeper, published })
  return {
    ...createPicks({ ...needs, keeper, askers, weights: needs.recommendWeights }),
    ...createQuizDesk({ ...needs, keeper, askers }),
    ...published,
    ...looks,
    ...refreshing,
    /** What this process holds is what is so now, popularity too. */
    catchUp: keeper.catchUp,
    jobs: {
      'recommend.refresh': async () => void (await refreshing.refresh()),
      'recommend.publish': async () => void (await published.publishVectors()),
      'recommend.sweep': async () => void (await looks.catchUpLooks()),
    },
    schedules: { 'recommend.refresh': 86_400, 'recommend.publish': 3600, 'recommend.sweep': 86_400 },
  }
}
