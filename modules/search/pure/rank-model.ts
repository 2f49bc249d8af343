import { RANK_FEATURES, type RankFeature } from './rank-features.ts'

/** Each feature's curve is a line between so many points, from 0 to 1. */
export const KNOTS = 5

/**
 * A sum of one curve per feature (a generalised additive model): it bends where a straight line cannot, and what each
 * feature gives is seen at once. `curves` is features times `KNOTS`; every curve begins at 0.
 */
export type RankModel = { curves: Float64Array }

const COLUMNS = RANK_FEATURES.length

/** What the fixed formula gives for a feature of 1; it stands until clicks have taught something better. */
const FORMULA_WEIGHTS: Readonly<Record<RankFeature, number>> = {
  text: 1,
  popularity: 0.25,
  newness: 0.08,
  rating: 0.08,
  price: 0.12,
  size: 0.2,
  brand: 0.3,
  category: 0.3,
  colour: 0.15,
  clicks: 0.3,
}

export const FORMULA: RankModel = {
  curves: Float64Array.from({ length: COLUMNS * KNOTS }, (_, i) => {
    const feature = RANK_FEATURES[Math.floor(i / KNOTS)]!
    return (FORMULA_WEIGHTS[feature] * (i % KNOTS)) / (KNOTS - 1)
  }),
}

/** What the feature of this column gives at `value`, 0 to 1. */
function valueAt(curves: Float64Array, column: number, value: number): number {
  const place = value * (KNOTS - 1)
  const knot = Math.min(Math.floor(place), KNOTS - 2)
  const [at, share] = [column * KNOTS + knot, place - knot]
  return curves[at]! * (1 - share) + curves[at + 1]! * share
}

/** Of `count` rows from row `first` on; written into `scores`, when given. */
export function scoreRows(
  { curves }: RankModel,
  features: Float32Array,
  [first, count]: readonly [number, number],
  scores = new Float64Array(count),
): Float64Array {
  for (let row = 0, at = first * COLUMNS; row < count; row++) {
    let sum = 0
    for (let start = 0; start < COLUMNS * KNOTS; start += KNOTS, at++) {
      const place = features[at]! * (KNOTS - 1)
      const knot = Math.min(place | 0, KNOTS - 2)
      const before = curves[start + knot]!
      sum += before + (curves[start + knot + 1]! - before) * (place - knot)
    }
    scores[row] = sum
  }
  return scores
}

/** Adds `slope` times the derivative of a row's score by each point of the curves. */
export function addGradient(gradient: Float64Array, features: Float32Array, row: number, slope: number): void {
  for (let start = 0, at = row * COLUMNS; start < COLUMNS * KNOTS; start += KNOTS, at++) {
    const place = features[at]! * (KNOTS - 1)
    const knot = Math.min(place | 0, KNOTS - 2)
    const above = slope * (place - knot)
    gradient[start + knot]! += slope - above
    gradient[start + knot + 1]! += above
  }
}

/** The same order, with every curve beginning at 0, so that a feature of nothing gives nothing. */
export function grounded(curves: Float64Array): Float64Array {
  return curves.map((value, i) => value - curves[i - (i % KNOTS)]!)
}

export type Contribution = { name: RankFeature; value: number; contribution: number }

/** Why a row has its score: the contributions add up to it. */
export const contributionsOf = ({ curves }: RankModel, features: Float32Array, row: number): Contribution[] =>
  RANK_FEATURES.map((name, column) => {
    const value = features[row * COLUMNS + column]!
    return { name, value, contribution: valueAt(curves, column, value) }
  })
