import { blend, DEFAULT_WEIGHTS, type Weights } from './blend.ts'
import { judgeList } from './evaluate.ts'
import { bestOf, createScores, foldIn, type History } from './fold-in.ts'
import { inverseLengths, lengthOf, likenessTo, profileOf } from './profile-vector.ts'
import { keepLargest, type SparseModel } from './sparse-model.ts'
import type { Split } from './split.ts'
import type { ItemVectors } from './vectors.ts'

/** Of what the first two parts share, how much goes to the collaborative one. What rules know cannot be told from the past. */
const SHARES = [0, 0.25, 0.5, 0.75, 1]
const K = 20
const CANDIDATES = 100
const USERS = 1_500
/** Fewer say too little to leave what was configured. */
const LEAST_USERS = 100
/** A share must be that much better than the configured one. */
const CLEARLY = 1.02

type Judged = { split: Split; model: SparseModel; vectors: Pick<ItemVectors, 'dimensions' | 'data'>; exponent: number }

/** The weights under which what users wanted would have stood highest; the configured ones where nothing is clearly better. */
export function learnWeights(judged: Judged): Weights {
  const users = askedUsers(judged.split)
  if (users.length < LEAST_USERS) return DEFAULT_WEIGHTS
  const shared = DEFAULT_WEIGHTS.collaborative + DEFAULT_WEIGHTS.content
  const choices = SHARES.map((share) => {
    const { knowledge } = DEFAULT_WEIGHTS
    return { collaborative: shared * share, content: shared * (1 - share), knowledge }
  })
  const quality = new Float64Array(choices.length)
  const ask = createAsking(judged)
  for (const user of users) for (const [i, ndcg] of ask(user, choices).entries()) quality[i]! += ndcg
  const usual = choices.findIndex(({ collaborative }) => Math.abs(collaborative - DEFAULT_WEIGHTS.collaborative) < 1e-9)
  const best = quality.indexOf(Math.max(...quality))
  return quality[best]! > CLEARLY * quality[usual]! ? choices[best]! : DEFAULT_WEIGHTS
}

const has = ({ ptr }: { readonly ptr: Uint32Array }, user: number) => ptr[user + 1]! > ptr[user]!

/** Those with something known and something wanted, spread evenly when there are many. */
function askedUsers({ known, wanted }: Split): number[] {
  const users: number[] = []
  for (let user = 0; user < wanted.users; user++) if (has(known, user) && has(wanted, user)) users.push(user)
  const every = Math.max(1, Math.floor(users.length / USERS))
  return users.filter((_, i) => i % every === 0)
}

/** NDCG of a user's wanted items under each choice of weights. */
function createAsking({ split, model, vectors, exponent }: Judged) {
  const { known, wanted } = split
  const inverse = inverseLengths(vectors)
  const scores = createScores(model.items)
  const likeness = new Float64Array(model.items)
  const all = new Uint32Array(model.items)
  const popularity = new Float64Array(known.items)
  for (const item of known.columns) popularity[item]!++
  return (user: number, choices: readonly Weights[]): number[] => {
    const history: { item: number; weight: number }[] = []
    for (let at = known.ptr[user]!; at < known.ptr[user + 1]!; at++)
      history.push({ item: known.columns[at]!, weight: known.weights[at]! })
    const had = new Set(history.map(({ item }) => item))
    const targets = new Set(wanted.columns.subarray(wanted.ptr[user], wanted.ptr[user + 1]))
    for (const item of had) targets.delete(item)
    if (targets.size === 0) return choices.map(() => 0)
    const found = [...new Set([...together(history, had), ...alike(history, had)])]
    const raw = {
      collaborative: Float64Array.from(found, (item) => scores.score[item]!),
      content: Float64Array.from(found, (item) => likeness[item]!),
      knowledge: new Float64Array(found.length),
      popularity: Float64Array.from(found, (item) => popularity[item]!),
    }
    return choices.map((weights) => {
      const { scores: final } = blend(raw, weights, { exponent })
      const order = found.map((_, i) => i).toSorted((a, b) => final[b]! - final[a]! || a - b)
      return judgeList(
        order.slice(0, K).map((i) => found[i]!),
        targets,
        K,
      ).ndcg
    })
  }

  function together(history: History, had: ReadonlySet<number>): number[] {
    foldIn(model, history, scores)
    return bestOf(scores, CANDIDATES, (item) => had.has(item))
  }

  function alike(history: History, had: ReadonlySet<number>): number[] {
    const profile = profileOf(vectors, inverse, history)
    const direction = { profile, length: lengthOf(profile) }
    let count = 0
    for (let item = 0; item < model.items; item++) {
      likeness[item] = likenessTo(vectors, inverse, direction, item)
      if (!had.has(item)) all[count++] = item
    }
    return [...all.subarray(0, keepLargest(all, count, likeness, CANDIDATES))]
  }
}
