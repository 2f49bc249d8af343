import { type CollaborativeSettings, DEFAULT_SETTINGS } from './collaborative.ts'
import { fitEase } from './ease.ts'
import { evaluateModel } from './evaluate.ts'
import type { OpenKernel } from './matrix-kernel.ts'
import { fitRp3Beta } from './rp3beta.ts'
import type { RecencySettings } from './recency.ts'
import { addModels, type SparseModel } from './sparse-model.ts'
import type { Split } from './split.ts'

/** As many users as tell settings apart; more only take longer. */
const USERS_ASKED = 7_500
/** What is tried of the walk, one after the other, from the best so far. */
const WALKS = { target: [0, 0.1, 0.2, 0.3], user: [0.7, 0.85, 1], item: [0, 0.1, 0.2] } as const
const SHARES = [0.1, 0.25, 0.5]
/** The same for recency, which is left out where nothing of it is better. */
const RECENCIES = { exponent: [0.5, 1, 1.5], prior: [0, 2, 6, 20, 60] } as const
const FIRST_RECENCY: RecencySettings = { days: 60, exponent: 0.5, prior: 6 }

/** The most tries that a search makes. */
export const SETTINGS_TRIED =
  Object.values(WALKS).flat().length - 2 + SHARES.length + Object.values(RECENCIES).flat().length - 1

export type Chosen = { readonly collaborative: CollaborativeSettings; readonly recency: RecencySettings | undefined }
export type Tried = Chosen & { readonly recall: number; readonly ndcg: number }

export type SearchWith = {
  readonly k: number
  readonly openKernel: OpenKernel
  readonly start?: CollaborativeSettings
  /** Called after each try, at most `SETTINGS_TRIED` times. */
  readonly onTry?: (tried: Tried) => void
}

type Candidate = { readonly chosen: Chosen; readonly value: number; readonly error: number }
type Judge = (model: SparseModel, chosen: Chosen) => Candidate

/**
 * Fits on what is known and keeps the settings under which recall + NDCG at k of what is wanted is best: one exponent of the
 * walk after the other, then the share of EASE, then recency where times are known. Walks that chance alone may have parted
 * from the best count as equal, and of those the plainest is kept (the one-standard-error rule of Breiman et al., 1984): what
 * comes tomorrow is not drawn like what was held back. The same data give the same answer.
 */
export function searchSettings(split: Split, { k, openKernel, start = DEFAULT_SETTINGS, onTry }: SearchWith): Chosen {
  const { ptr } = split.wanted
  const asked = ptr.reduce((sum, end, u) => sum + (u > 0 && end > ptr[u - 1]! ? 1 : 0), 0)
  const every = Math.max(1, Math.floor(asked / USERS_ASKED))
  const judge: Judge = (model, chosen) => {
    const { recall, ndcg, error } = evaluateModel(model, split, { k, every, recency: chosen.recency })
    onTry?.({ ...chosen, recall, ndcg })
    return { chosen, value: recall + ndcg, error }
  }
  const { most, ease } = start
  const walked = chooseWalk(split, start, judge)
  const model = fitRp3Beta(split.known, walked.chosen.collaborative.walk, most)
  const eased = ease ? fitEase(split.known, { ...ease, most }, openKernel) : undefined
  const blended = eased && ease ? chooseShare([model, eased], walked, ease, judge) : walked
  if (!split.known.times || !split.wanted.times) return blended.chosen
  const share = blended.chosen.collaborative.ease?.share ?? 0
  return chooseRecency(eased ? blend(model, eased, share, most) : model, blended, judge).chosen
}

const better = (a: Candidate, b: Candidate) => (b.value > a.value ? b : a)

const blend = (walk: SparseModel, ease: SparseModel, share: number, most: number) =>
  addModels(
    [
      { model: walk, share: 1 },
      { model: ease, share },
    ],
    most,
  )

function chooseWalk({ known }: Split, { most, walk: start }: CollaborativeSettings, judge: Judge): Candidate {
  const walked = (walk: CollaborativeSettings['walk']) =>
    judge(fitRp3Beta(known, walk, most), { collaborative: { most, walk, ease: undefined }, recency: undefined })
  const tried = [walked(start)]
  for (const name of ['target', 'user', 'item'] as const) {
    const { walk } = tried.reduce(better).chosen.collaborative
    for (const value of WALKS[name]) if (value !== walk[name]) tried.push(walked({ ...walk, [name]: value }))
  }
  const best = tried.reduce(better)
  const equals = tried.filter(({ value }) => value >= best.value - best.error)
  return equals.reduce((a, b) => (correctionOf(b) < correctionOf(a) ? b : a))
}

/** How far the exponents are from those of the plain walk. */
function correctionOf({ chosen }: Candidate): number {
  const { item, user, target } = chosen.collaborative.walk
  return Math.round(1e6 * (Math.abs(item) + Math.abs(1 - user) + Math.abs(target)))
}

function chooseShare(
  [walk, ease]: [SparseModel, SparseModel],
  walked: Candidate,
  start: NonNullable<CollaborativeSettings['ease']>,
  judge: Judge,
): Candidate {
  const { collaborative } = walked.chosen
  let best = walked
  for (const share of SHARES) {
    const chosen = { collaborative: { ...collaborative, ease: { ...start, share } }, recency: undefined }
    best = better(best, judge(blend(walk, ease, share, collaborative.most), chosen))
  }
  return best
}

function chooseRecency(model: SparseModel, start: Candidate, judge: Judge): Candidate {
  const judged = (recency: RecencySettings) => judge(model, { ...start.chosen, recency })
  let best = judged(FIRST_RECENCY)
  for (const name of ['exponent', 'prior'] as const) {
    const from = best.chosen.recency ?? FIRST_RECENCY
    for (const value of RECENCIES[name])
      if (value !== from[name]) best = better(best, judged({ ...from, [name]: value }))
  }
  return better(start, best)
}
