import { createAdam, shuffled } from './adam.ts'
import { type ClickLog, listsIn, rowsOf } from './click-log.ts'
import { type Propensities, propensityAt } from './position-bias.ts'
import { addGradient, FORMULA, grounded, KNOTS, type RankModel, scoreRows } from './rank-model.ts'

const ROUNDS = 30
const BATCH = 128
/** As many lists' worth of belief in the formula, and in curves without kinks. */
const FORMULA_BELIEF = 20
const SMOOTH_BELIEF = 20
const SCALES = [1, 2, 4, 8, 16, 32]

/** What a click at this place counts: the less a place is looked at, the more, so that all places count alike in the end. */
const weightOf = (log: ClickLog, row: number, propensities: Propensities) =>
  log.gains[row]! / propensityAt(propensities, log.positions[row]!)

/**
 * Learns the curves from clicks, each weighted by the inverse of how likely its place was looked at (Joachims, Swaminathan
 * and Schnabel, 2017), by the softmax loss over a list (ListNet's top-one, Cao et al., 2007). What few clicks say nothing
 * about stays as in the formula, scaled to fit. The same log gives the same model.
 */
export function trainRanker(log: ClickLog, propensities: Propensities): RankModel {
  const clicked = clickedLists(log)
  if (clicked.length === 0) return FORMULA
  const prior = scaledFormula(log, propensities, clicked)
  const curves = Float64Array.from(prior)
  const gradient = new Float64Array(curves.length)
  const optimiser = createAdam(curves, { rate: 0.05, decay: 0.87 })
  const list = createListLoss(log, propensities)
  for (let round = 0; round < ROUNDS; round++) {
    const order = shuffled(clicked.length, round + 1)
    for (let start = 0; start < order.length; start += BATCH) {
      const end = Math.min(start + BATCH, order.length)
      gradient.fill(0)
      for (let at = start; at < end; at++) list.addSlope({ curves }, clicked[order[at]!]!, gradient)
      // The beliefs are spread over the batches of a round.
      addBeliefs(gradient, curves, prior, (end - start) / order.length)
      optimiser.step(gradient.map((value) => value / (end - start)))
    }
    optimiser.slow()
  }
  return { curves: grounded(curves) }
}

function clickedLists(log: ClickLog): number[] {
  const lists: number[] = []
  for (let list = 0; list < listsIn(log); list++) {
    const [first, count] = rowsOf(log, list)
    if (count > 1 && log.gains.subarray(first, first + count).some((gain) => gain > 0)) lists.push(list)
  }
  return lists
}

/** How surprising the clicks of a list are to a model, and which way to change it. */
function createListLoss(log: ClickLog, propensities: Propensities) {
  const clicks = log.gains.map((gain, row) => (gain > 0 ? weightOf(log, row, propensities) : 0))
  let scores = new Float64Array(64)

  /** Leaves the chance of each row to be the one that is clicked in `scores`, and gives the weight of all clicks. */
  function chances(model: RankModel, [first, count]: readonly [number, number]): number {
    if (count > scores.length) scores = new Float64Array(2 * count)
    scoreRows(model, log.features, [first, count], scores)
    let [highest, total, weight] = [-Infinity, 0, 0]
    for (let row = 0; row < count; row++) highest = Math.max(highest, scores[row]!)
    for (let row = 0; row < count; row++) {
      scores[row] = Math.exp(scores[row]! - highest)
      total += scores[row]!
      weight += clicks[first + row]!
    }
    for (let row = 0; row < count; row++) scores[row]! /= total
    return weight
  }

  return {
    loss(model: RankModel, list: number): number {
      const [first, count] = rowsOf(log, list)
      chances(model, [first, count])
      let loss = 0
      for (let row = 0; row < count; row++)
        if (clicks[first + row]! > 0) loss -= clicks[first + row]! * Math.log(scores[row]! + 1e-300)
      return loss
    },
    addSlope(model: RankModel, list: number, gradient: Float64Array): void {
      const [first, count] = rowsOf(log, list)
      const weight = chances(model, [first, count])
      for (let row = 0; row < count; row++)
        addGradient(gradient, log.features, first + row, weight * scores[row]! - clicks[first + row]!)
    },
  }
}

/** The formula times what makes the clicks least surprising. */
function scaledFormula(log: ClickLog, propensities: Propensities, lists: number[]): Float64Array {
  const { loss } = createListLoss(log, propensities)
  const sample = lists.slice(0, 2000)
  const tried = SCALES.map((scale) => {
    const curves = FORMULA.curves.map((value) => value * scale)
    return { curves, loss: sample.reduce((sum, list) => sum + loss({ curves }, list), 0) }
  })
  return tried.reduce((best, one) => (one.loss < best.loss ? one : best)).curves
}

function addBeliefs(gradient: Float64Array, curves: Float64Array, prior: Float64Array, share: number): void {
  for (let i = 0; i < curves.length; i++) {
    gradient[i]! += share * FORMULA_BELIEF * (curves[i]! - prior[i]!)
    if (i % KNOTS === 0 || i % KNOTS === KNOTS - 1) continue
    const kink = 2 * curves[i]! - curves[i - 1]! - curves[i + 1]!
    gradient[i]! += share * SMOOTH_BELIEF * 2 * kink
    gradient[i - 1]! -= share * SMOOTH_BELIEF * kink
    gradient[i + 1]! -= share * SMOOTH_BELIEF * kink
  }
}

export type Judged = {
  /** Discounted gain of the clicks in the model's order, each weighted by the inverse of its place's propensity; at most 1. */
  ndcg: number
  /** Mean place of what was clicked, weighted alike; 1 is the top. */
  clickedPlace: number
  lists: number
}

/** Lists in the model's order, judged by the clicks. Two models are compared by `gainOver`. */
export function judgeRanker(model: RankModel, log: ClickLog, propensities: Propensities): Judged {
  const gains = listGains(model, log, propensities)
  const sum = (of: (one: ListGain) => number) => gains.reduce((total, one) => total + of(one), 0)
  const weight = sum((one) => one.weight) || 1
  return {
    ndcg: sum((one) => one.gain) / (sum((one) => one.ideal) || 1),
    clickedPlace: sum((one) => one.place) / weight,
    lists: gains.length,
  }
}

/** How much better `model` orders the lists than `other`, and how unsure that is: difference of `ndcg` and standard error. */
export function gainOver(
  other: RankModel,
  model: RankModel,
  log: ClickLog,
  propensities: Propensities,
): { gain: number; error: number } {
  const [before, after] = [listGains(other, log, propensities), listGains(model, log, propensities)]
  const ideal = after.reduce((sum, one) => sum + one.ideal, 0) || 1
  const gain = after.reduce((sum, one, i) => sum + one.gain - before[i]!.gain, 0) / ideal
  const square = after.reduce((sum, one, i) => sum + (one.gain - before[i]!.gain - gain * one.ideal) ** 2, 0)
  return { gain, error: Math.sqrt(square) / ideal }
}

type ListGain = { gain: number; ideal: number; place: number; weight: number }

function listGains(model: RankModel, log: ClickLog, propensities: Propensities): ListGain[] {
  return clickedLists(log).map((list) => {
    const [first, count] = rowsOf(log, list)
    const scores = scoreRows(model, log.features, [first, count])
    const order = Array.from(scores, (_, row) => row).toSorted((a, b) => scores[b]! - scores[a]! || a - b)
    const weights = order.map((row) => weightOf(log, first + row, propensities))
    return {
      gain: discounted(weights),
      ideal: discounted(weights.toSorted((a, b) => b - a)),
      place: weights.reduce((sum, weight, place) => sum + weight * (place + 1), 0),
      weight: weights.reduce((sum, weight) => sum + weight, 0),
    }
  })
}

const discounted = (weights: readonly number[]) =>
  weights.reduce((sum, weight, place) => sum + weight / Math.log2(place + 2), 0)
