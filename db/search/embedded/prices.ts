const DECADE = [10, 12, 15, 20, 25, 30, 40, 50, 60, 80]
/** Round amounts, ten in each decade, from nothing to past what 32 bits hold. */
const LADDER = [0, ...Array.from({ length: 9 }, (_, power) => DECADE.map((step) => step * 10 ** power)).flat()]
export const PRICE_STEPS = LADDER.length
const MOST_RANGES = 8

/** The last step of the ladder that `amount` reaches. */
export function priceStep(amount: number): number {
  let low = 0
  let high = LADDER.length
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (LADDER[middle]! <= amount) low = middle
    else high = middle
  }
  return low
}

/** At most eight consecutive ranges of about as many products each; both ends are in the range. */
export function priceRanges(steps: ArrayLike<number>): { from: number; to: number; count: number }[] {
  let first = -1
  let last = -1
  let total = 0
  for (let step = 0; step < PRICE_STEPS; step++) {
    if (steps[step] === 0) continue
    if (first < 0) first = step
    last = step
    total += steps[step]!
  }
  const ranges: { from: number; to: number; count: number }[] = []
  let from = first
  let count = 0
  let counted = 0
  for (let step = first; first >= 0 && step <= last; step++) {
    count += steps[step]!
    const full = counted + count >= (total * (ranges.length + 1)) / MOST_RANGES
    if (step < last && (!full || steps[step + 1] === undefined)) continue
    ranges.push({ from: LADDER[from]!, to: (LADDER[step + 1] ?? LADDER[step]! * 2) - 1, count })
    counted += count
    count = 0
    from = step + 1
  }
  return ranges
}
