/** What the parts count for; they need not sum to 1. */
export type Weights = { readonly collaborative: number; readonly content: number; readonly knowledge: number }
type PartName = keyof Weights
export const PARTS = ['collaborative', 'content', 'knowledge'] as const satisfies readonly PartName[]

export const DEFAULT_WEIGHTS: Weights = { collaborative: 0.4, content: 0.4, knowledge: 0.2 }

/** Raw numbers of the candidates of one request, by candidate; each part on any scale. */
export type Raw = Readonly<Record<PartName, Float64Array>> & {
  /** How much each was wanted lately. */
  readonly popularity: Float64Array
}

export type BlendOptions = {
  /** What a part's largest is measured by at least. */
  readonly yardstick?: Weights
  /** Of popularity: 0.5 is its square root, 0 makes no difference. */
  readonly exponent?: number
}

const NONE: Weights = { collaborative: 0, content: 0, knowledge: 0 }

export type Blend = {
  readonly scores: Float64Array
  /** What a raw number of each part is multiplied by: its weight over the largest of the request. */
  readonly scale: Readonly<Record<PartName, number>>
  /** What a candidate's parts are multiplied by for its popularity. */
  readonly factor: Float64Array
  /** The mean factor: what a product of ordinary popularity would have. */
  readonly usual: number
}

/**
 * score = factor * sum over parts of weight * raw / largest raw of the request, with factor = root of the popularity as a
 * share of the largest, both with the mean added so that what nobody has seen yet can still win. A part that says
 * nothing good of any candidate counts for nothing; where its largest is below the `yardstick` that is what it is measured by.
 */
export function blend(raw: Raw, weights: Weights, options: BlendOptions = {}): Blend {
  const { yardstick = NONE, exponent = 0.5 } = options
  const count = raw.popularity.length
  const scale = { collaborative: 0, content: 0, knowledge: 0 }
  for (const part of PARTS) {
    let largest = yardstick[part]
    const values = raw[part]
    for (let i = 0; i < count; i++) largest = Math.max(largest, values[i]!)
    scale[part] = largest > 0 ? weights[part] / largest : 0
  }
  let [top, sum] = [0, 0]
  const { collaborative, content, knowledge, popularity } = raw
  for (let i = 0; i < count; i++) {
    top = Math.max(top, popularity[i]!)
    sum += popularity[i]!
  }
  const prior = Math.max(1, sum / Math.max(1, count))
  const factor = new Float64Array(count)
  const scores = new Float64Array(count)
  let factors = 0
  for (let i = 0; i < count; i++) {
    const own = ((popularity[i]! + prior) / (top + prior)) ** exponent
    const base = scale.collaborative * collaborative[i]! + scale.content * content[i]! + scale.knowledge * knowledge[i]!
    factor[i] = own
    scores[i] = base * own
    factors += own
  }
  return { scores, scale, factor, usual: factors / Math.max(1, count) }
}

/** A reason and how much of the score it is. */
export type Contribution<R> = { readonly reason: R; readonly amount: number }

/** Something that made up part of a raw number. */
export type Source<R> = { readonly part: PartName; readonly reason: R; readonly key: string; readonly raw: number }

/**
 * The score of candidate `i` as a sum: what each source brings at ordinary popularity, and what its own popularity adds or
 * takes. Sources of one key are one contribution. Their amounts sum to the score.
 */
export function contributionsOf<R>(
  blended: Blend,
  i: number,
  sources: readonly Source<R>[],
  popular: R,
): Contribution<R>[] {
  const { scale, usual, factor, scores } = blended
  const byKey = new Map<string, { reason: R; amount: number }>()
  let base = 0
  for (const { part, reason, key, raw } of sources) {
    const amount = scale[part] * raw
    base += amount
    const known = byKey.get(key)
    if (known) known.amount += amount * usual
    else byKey.set(key, { reason, amount: amount * usual })
  }
  const own = factor[i]! > 0 ? scores[i]! / factor[i]! : base
  return [...byKey.values(), { reason: popular, amount: own * (factor[i]! - usual) }]
}

/** The largest; the first of equal ones. */
export const largestOf = <R>(contributions: readonly Contribution<R>[]): Contribution<R> | undefined =>
  contributions.reduce<Contribution<R> | undefined>(
    (best, one) => (best && best.amount >= one.amount ? best : one),
    undefined,
  )
