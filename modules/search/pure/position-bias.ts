import { createAdam, shuffled } from './adam.ts'
import { type ClickLog, listsIn } from './click-log.ts'
import { addGradient, KNOTS, scoreRows } from './rank-model.ts'

/**
 * How likely it is that a place is looked at, against the first one: never more than the place above it. Places that are
 * seldom shown share a value; `propensityAt` finds it.
 */
export type Propensities = readonly number[]

const SINGLE = 32
const SHARED = 16
const BUCKETS = 48
const ROUNDS = 10
const BATCH = 512
/** A place that is looked at less than this would make single clicks outweigh all others. */
const LEAST = 0.05

const bucketOf = (position: number) =>
  position < SINGLE ? position : Math.min(SINGLE + Math.floor((position - SINGLE) / SHARED), BUCKETS - 1)

export const propensityAt = (propensities: Propensities, position: number): number =>
  Math.max(propensities[bucketOf(position)] ?? LEAST, LEAST)

/** What is assumed until the log says more: half of the people who see a place look at the one twice as far down. */
export const ASSUMED: Propensities = Array.from({ length: BUCKETS }, (_, bucket) => {
  const position = bucket < SINGLE ? bucket : SINGLE + (bucket - SINGLE + 0.5) * SHARED
  return 1 / (position + 1) ** 0.7
})

/**
 * Estimates them from clicks alone, with no experiment on the shoppers: a click needs that the place was looked at and
 * that the product, going by its features, appealed (the position-based model with features, Wang et al., 2018, "Position
 * Bias Estimation for Unbiased Learning to Rank in Personal Search"). The likelihood of both is climbed at once, which
 * takes fewer rounds than expectation maximisation. Made never to rise by pooling adjacent violators.
 */
export function estimatePropensities(log: ClickLog): Propensities {
  const rows = log.offsets[listsIn(log)] ?? 0
  if (rows === 0) return ASSUMED
  const appeals = (log.features.length / rows) * KNOTS
  // Curves of what appeals, what appeals on average, and the log odds that each place is looked at.
  const weights = new Float64Array(appeals + 1 + BUCKETS)
  ASSUMED.forEach((seen, bucket) => (weights[appeals + 1 + bucket] = Math.log(seen / (1.05 - seen))))
  const gradient = new Float64Array(weights.length)
  const optimiser = createAdam(weights, { rate: 0.1, decay: 0.75 })
  const score = new Float64Array(1)
  for (let round = 0; round < ROUNDS; round++) {
    const order = shuffled(rows, round + 1)
    for (let start = 0; start < rows; start += BATCH) {
      gradient.fill(0)
      const end = Math.min(start + BATCH, rows)
      for (let at = start; at < end; at++) {
        const row = order[at]!
        const place = appeals + 1 + bucketOf(log.positions[row]!)
        scoreRows({ curves: weights }, log.features, [row, 1], score)
        const likes = sigmoid(score[0]! + weights[appeals]!)
        // The first place is looked at by definition.
        const seen = place === appeals + 1 ? 1 : sigmoid(weights[place]!)
        const blame = log.gains[row]! > 0 ? 1 : (-seen * likes) / (1 - Math.min(seen * likes, 1 - 1e-9))
        const slope = (-blame * (1 - likes)) / (end - start)
        addGradient(gradient, log.features, row, slope)
        gradient[appeals]! += slope
        gradient[place]! -= (blame * (1 - seen)) / (end - start)
      }
      for (let i = 0; i < appeals; i++) gradient[i]! += 1e-4 * weights[i]!
      optimiser.step(gradient)
    }
    optimiser.slow()
  }
  const shown = new Float64Array(BUCKETS)
  for (let row = 0; row < rows; row++) shown[bucketOf(log.positions[row]!)]! += 1
  const seen = shown.map((_, bucket) => (bucket === 0 ? 1 : sigmoid(weights[appeals + 1 + bucket]!)))
  return falling(seen, shown)
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

/** The nearest values that never rise, weighted by how often each place was shown, the first being 1. */
function falling(theta: Float64Array, shown: Float64Array): number[] {
  const pools: { sum: number; weight: number; size: number }[] = []
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const weight = shown[bucket]!
    // Where nothing was shown, as above: nothing says otherwise.
    let pool = { sum: theta[bucket]! * weight, weight, size: 1 }
    for (let above = pools.at(-1); above && meanOf(above) <= meanOf(pool); above = pools.at(-1)) {
      pools.pop()
      pool = { sum: pool.sum + above.sum, weight: pool.weight + above.weight, size: pool.size + above.size }
    }
    if (weight === 0 && pools.length > 0 && pool.size === 1) pools.at(-1)!.size += 1
    else pools.push(pool)
  }
  const first = meanOf(pools[0]!) || 1
  return pools.flatMap((pool) => Array.from({ length: pool.size }, () => meanOf(pool) / first))
}

const meanOf = ({ sum, weight }: { sum: number; weight: number }) => (weight > 0 ? sum / weight : 0)
