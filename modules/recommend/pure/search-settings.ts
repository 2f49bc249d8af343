import { type CollaborativeSettings, DEFAULT_SETTINGS } from './collaborative.ts'
import { fitEase } from './ease.ts'
import { evaluateModel } from './evaluate.ts'
import type { OpenKernel } from './matrix-kernel.ts'
import { fitRp3Beta } from './neighbours.ts'
import type { RecencySettings } from './recency.ts'
import { addModels, type SparseModel } from './sparse-model.ts'
import type { Split } from './split.ts'

/** As many users as tell settings apart; more only take longer. */
const USERS_ASKED = 7_500
const STEPS = { user: 0.2, target: 0.15, item: 0.15 } as const
const SHARES = [0.2, 0.4, 0.8]
const EXPONENTS = [0.25, 0.5, 0.75, 1]
const RECENT_DAYS = 60

/** The most tries that a search makes. */
export const SETTINGS_TRIED = 1 + 2 * Object.keys(STEPS).length + SHARES.length + EXPONENTS.length

export type Chosen = { readonly collaborative: CollaborativeSettings; readonly recency: RecencySettings | undefined }
export type Tried = Chosen & { readonly recall: number; readonly ndcg: number }

export type SearchWith = {
  readonly k: number
  readonly openKernel: OpenKernel
  readonly start?: CollaborativeSettings
  /** Called after each try, at most `SETTINGS_TRIED` times. */
  readonly onTry?: (tried: Tried) => void
}

type Candidate = { readonly model: SparseModel; readonly chosen: Chosen; readonly value: number }
type Judge = (model: SparseModel, chosen: Chosen) => Candidate

/**
 * Fits on what is known and keeps the settings under which recall + NDCG at k of what is wanted is best: one exponent of the
 * walk after the other, then the share of EASE, then recency where times are known. The same data give the same answer.
 */
export function searchSettings(split: Split, { k, openKernel, start = DEFAULT_SETTINGS, onTry }: SearchWith): Chosen {
  const { ptr } = split.wanted
  const asked = ptr.reduce((sum, end, u) => sum + (u > 0 && end > ptr[u - 1]! ? 1 : 0), 0)
  const every = Math.max(1, Math.floor(asked / USERS_ASKED))
  const judge: Judge = (model, chosen) => {
    const { recall, ndcg } = evaluateModel(model, split, { k, every, recency: chosen.recency })
    onTry?.({ ...chosen, recall, ndcg })
    return { model, chosen, value: recall + ndcg }
  }
  let best = chooseWalk(split, start, judge)
  if (start.ease) best = chooseShare(split, best, start.ease, judge, openKernel)
  if (split.known.times && split.wanted.times) best = chooseRecency(best, judge)
  return best.chosen
}

const better = (a: Candidate, b: Candidate) => (b.value > a.value ? b : a)

function chooseWalk({ known }: Split, { most, walk: start }: CollaborativeSettings, judge: Judge): Candidate {
  const walked = (walk: CollaborativeSettings['walk']) =>
    judge(fitRp3Beta(known, walk, most), { collaborative: { most, walk, ease: undefined }, recency: undefined })
  let best = walked(start)
  for (const name of ['user', 'target', 'item'] as const)
    for (const away of [-STEPS[name], STEPS[name]]) {
      const { walk } = best.chosen.collaborative
      best = better(best, walked({ ...walk, [name]: start[name] + away }))
    }
  return best
}

function chooseShare(
  { known }: Split,
  walked: Candidate,
  start: NonNullable<CollaborativeSettings['ease']>,
  judge: Judge,
  openKernel: OpenKernel,
): Candidate {
  const { collaborative } = walked.chosen
  const { most } = collaborative
  const model = fitEase(known, { ...start, most }, openKernel)
  let best = walked
  for (const share of SHARES) {
    const parts = [
      { model: walked.model, share: 1 },
      { model, share },
    ]
    const chosen = { collaborative: { ...collaborative, ease: { ...start, share } }, recency: undefined }
    best = better(best, judge(addModels(parts, most), chosen))
  }
  return best
}

function chooseRecency(start: Candidate, judge: Judge): Candidate {
  let best = start
  for (const exponent of EXPONENTS) {
    const recency = { days: RECENT_DAYS, exponent }
    best = better(best, judge(start.model, { ...start.chosen, recency }))
  }
  return best
}
