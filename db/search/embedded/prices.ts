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

/** Where a step begins; past the last one there is no end. */
export const stepAmount = (step: number) => LADDER[step] ?? Number.POSITIVE_INFINITY

/** At most eight consecutive ranges of about as many products each; both ends are in the range. */
export function priceRanges(steps: Uint32Array): { from: number; to: number; count: number }[] {
  const first = steps.findIndex((count) => count > 0)
  const last = steps.findLastIndex((count) => count > 0)
  const total = steps.reduce((a, b) => a + b, 0)
  const ranges: { from: number; to: number; count: number }[] = []
  if (first < 0) return ranges
  let [from, count, counted] = [first, 0, 0]
  for (const [i, own] of steps.subarray(first, last + 1).entries()) {
    const step = first + i
    count += own
    counted += own
    const isFull = counted >= (total * (ranges.length + 1)) / MOST_RANGES
    if (step < last && !isFull) continue
    ranges.push({ from: LADDER[from]!, to: (LADDER[step + 1] ?? LADDER[step]! * 2) - 1, count })
    from = step + 1
    count = 0
  }
  return ranges
}
