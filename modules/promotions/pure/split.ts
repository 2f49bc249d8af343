/** `amount * numerator / denominator` rounded half up, exact whatever the size: products of two amounts pass 2^53. */
export function scaleAmount(amount: number, numerator: number, denominator: number): number {
  const twice = 2n * BigInt(amount) * BigInt(numerator) + BigInt(denominator)
  return Number(twice / (2n * BigInt(denominator)))
}

/**
 * `amount` in whole minor units over parts by weight, largest remainder first, earlier parts first among equals: the
 * shares add up to `amount` exactly, and none is a unit or more from its fair share. No share exceeds its weight while
 * `amount` does not exceed their sum. Weights that are all zero share evenly.
 */
export function splitAmount(amount: number, weights: readonly number[]): number[] {
  if (weights.length === 0) {
    if (amount !== 0) throw new Error('Nothing to split it over')
    return []
  }
  const sum = weights.reduce((total, weight) => total + weight, 0)
  const fair = sum > 0 ? weights.map(BigInt) : weights.map(() => 1n)
  const whole = sum > 0 ? BigInt(sum) : BigInt(weights.length)
  const exact = fair.map((weight) => BigInt(amount) * weight)
  const shares = exact.map((part) => Number(part / whole))
  let left = amount - shares.reduce((total, share) => total + share, 0)
  const byRemainder = exact
    .map((part, place) => ({ place, remainder: part % whole }))
    .toSorted((a, b) => (a.remainder === b.remainder ? a.place - b.place : a.remainder > b.remainder ? -1 : 1))
  for (const { place } of byRemainder) {
    if (left <= 0) break
    shares[place]! += 1
    left -= 1
  }
  return shares
}

/**
 * What pieces `from` up to `to` (of `pieces` bought for `total`) are worth: bought three for 10.00 and sent back one by
 * one, the three answers add up to 10.00.
 */
export const worthOfPieces = (total: number, pieces: number, from: number, to: number): number =>
  scaleAmount(total, to, pieces) - scaleAmount(total, from, pieces)
