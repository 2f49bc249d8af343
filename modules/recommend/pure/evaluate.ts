import { bestOf, createScores, foldIn } from './fold-in.ts'
import type { Interactions } from './interactions.ts'
import { applyRecency, createRecentPopularity, type RecencySettings } from './recency.ts'
import { keepLargest, type SparseModel } from './sparse-model.ts'

const DAY_MS = 86_400_000

export type Evaluation = {
  /** Users who were asked about. */
  readonly users: number
  /** Mean over users of: hits among the first k / all that was wanted. */
  readonly recall: number
  /** Mean over users of: DCG of the first k / DCG of the best possible list. Gains 1, discounts log2(rank + 1). */
  readonly ndcg: number
  /** Share of users with a hit among the first k. */
  readonly hitRate: number
  /** Share of the catalogue that stood in any list. */
  readonly coverage: number
  /** Standard error of recall + NDCG: how far chance alone may have moved their sum. */
  readonly error: number
}

export type EvaluateOptions = {
  readonly k: number
  /** Asks only one user in so many (1: all of them), for a quick look. */
  readonly every?: number
  /** Multiplies scores with what was popular just before each user's first wanted entry, or in the end where nobody knows when. */
  readonly recency?: RecencySettings | undefined
}

/**
 * Ranks the whole catalogue for every user with something wanted, what they are known to have taken left out of list and
 * target alike, and compares: recall and NDCG as LightGCN computes them (He et al., SIGIR 2020). A list with too little to say
 * is filled with what is popular, as a shop would.
 */
export function evaluateModel(
  model: SparseModel,
  { known, wanted }: { readonly known: Interactions; readonly wanted: Interactions },
  { k, every = 1, recency }: EvaluateOptions,
): Evaluation {
  const rank = createRanker(model, known, wanted, recency)
  const shown = new Uint8Array(wanted.items)
  const isKnown = new Uint32Array(wanted.items)
  const sums = { users: 0, recall: 0, ndcg: 0, hits: 0, squares: 0 }
  for (const user of usersInOrder(wanted, every)) {
    const mark = user + 1
    for (let at = known.ptr[user]!; at < known.ptr[user + 1]!; at++) isKnown[known.columns[at]!] = mark
    const targets = new Set(wanted.columns.subarray(wanted.ptr[user], wanted.ptr[user + 1]))
    for (const item of targets) if (isKnown[item] === mark) targets.delete(item)
    if (targets.size === 0) continue
    const list = rank(user, k, (item) => isKnown[item] === mark)
    for (const item of list) shown[item] = 1
    const { hits, ndcg } = judgeList(list, targets, k)
    sums.users++
    sums.recall += hits / targets.size
    sums.ndcg += ndcg
    sums.hits += hits > 0 ? 1 : 0
    sums.squares += (hits / targets.size + ndcg) ** 2
  }
  const share = (sum: number) => (sums.users ? sum / sums.users : 0)
  const coverage = wanted.items ? shown.reduce((sum, one) => sum + one, 0) / wanted.items : 0
  const [recall, ndcg, hitRate] = [share(sums.recall), share(sums.ndcg), share(sums.hits)]
  const error = Math.sqrt(share(Math.max(0, share(sums.squares) - (recall + ndcg) ** 2)))
  return { users: sums.users, recall, ndcg, hitRate, coverage, error }
}

/** Hits and NDCG of one ranked list. */
export function judgeList(list: readonly number[], targets: ReadonlySet<number>, k: number) {
  let hits = 0
  let gained = 0
  let best = 0
  for (const [rank, item] of list.slice(0, k).entries())
    if (targets.has(item)) {
      hits++
      gained += 1 / Math.log2(rank + 2)
    }
  for (let rank = 0; rank < Math.min(k, targets.size); rank++) best += 1 / Math.log2(rank + 2)
  return { hits, ndcg: best > 0 ? gained / best : 0 }
}

/** Users with something wanted; by the time of it where times are known, so that what is recent only moves on. */
function usersInOrder(wanted: Interactions, every: number): number[] {
  const users: number[] = []
  for (let user = 0; user < wanted.users; user++) if (wanted.ptr[user + 1]! > wanted.ptr[user]!) users.push(user)
  const some = users.filter((_, i) => i % every === 0)
  return wanted.times ? some.toSorted((a, b) => firstTime(wanted, a) - firstTime(wanted, b)) : some
}

function firstTime({ ptr, times }: Interactions, user: number): number {
  let first = Infinity
  for (let at = ptr[user]!; at < ptr[user + 1]!; at++) first = Math.min(first, times![at]!)
  return first
}

/** Answers lists of `k` for users in ascending time. */
function createRanker(model: SparseModel, known: Interactions, wanted: Interactions, recency?: RecencySettings) {
  const scores = createScores(model.items)
  const recent = recency && known.times ? createRecentPopularity(known, recency.days) : undefined
  const end = known.times?.reduce((latest, time) => Math.max(latest, time), 0) ?? 0
  const popularAt = createPopular(known)
  return (user: number, k: number, skip: (item: number) => boolean): number[] => {
    const history = []
    for (let at = known.ptr[user]!; at < known.ptr[user + 1]!; at++)
      history.push({ item: known.columns[at]!, weight: known.weights[at]! })
    foldIn(model, history, scores)
    const now = wanted.times ? firstTime(wanted, user) : end + 1
    const counts = recent?.moveTo(now)
    const popular = popularAt(counts, now)
    if (recency && counts) {
      const weight = history.reduce((sum, entry) => sum + entry.weight, 0)
      applyRecency(scores, recency, { counts, popular, weight })
    }
    const list = bestOf(scores, k, skip)
    if (list.length < k) fill(list, k, popular, skip)
    return list
  }
}

function fill(list: number[], k: number, popular: Uint32Array, skip: (item: number) => boolean): void {
  const inList = new Set(list)
  for (const item of popular) {
    if (list.length >= k) return
    if (!skip(item) && !inList.has(item)) list.push(item)
  }
}

/** The items that most have taken: ever, or by `counts` of what is recent, looked at anew once a day. */
function createPopular(known: Interactions) {
  const most = Math.min(known.items, 1_000)
  const ever = new Float64Array(known.items)
  for (const item of known.columns) ever[item]!++
  const all = Uint32Array.from({ length: known.items }, (_, item) => item)
  const order = (counts: Float64Array) => {
    const found = all.slice()
    keepLargest(found, found.length, counts, most)
    return found.subarray(0, most).toSorted((a, b) => counts[b]! - counts[a]! || a - b)
  }
  let best = order(ever)
  let seenAt = -Infinity
  return (counts: Float64Array | undefined, now: number): Uint32Array => {
    if (counts && now >= seenAt + DAY_MS) {
      best = order(counts)
      seenAt = now
    }
    return best
  }
}
