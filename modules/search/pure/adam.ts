/** Steps down a gradient at a pace of its own for each weight (Kingma and Ba, 2015); changes `weights` in place. */
export function createAdam(weights: Float64Array, { rate, decay = 1 }: { rate: number; decay?: number }) {
  const [mean, square] = [new Float64Array(weights.length), new Float64Array(weights.length)]
  let [steps, pace] = [0, rate]
  return {
    step(gradient: Float64Array): void {
      steps += 1
      const [meanDebt, squareDebt] = [1 - 0.9 ** steps, 1 - 0.999 ** steps]
      for (let i = 0; i < weights.length; i++) {
        mean[i] = 0.9 * mean[i]! + 0.1 * gradient[i]!
        square[i] = 0.999 * square[i]! + 0.001 * gradient[i]! ** 2
        weights[i]! -= (pace * mean[i]!) / meanDebt / (Math.sqrt(square[i]! / squareDebt) + 1e-8)
      }
    },
    /** After a round over the data. */
    slow(): void {
      pace *= decay
    },
  }
}

/** 0 to `count` in an order that depends on `seed` alone (Fisher and Yates; numbers by Park and Miller). */
export function shuffled(count: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: count }, (_, i) => i)
  let state = (seed % 2_147_483_646) + 1
  for (let i = count - 1; i > 0; i--) {
    state = (state * 48_271) % 2_147_483_647
    const other = state % (i + 1)
    const kept = order[i]!
    order[i] = order[other]!
    order[other] = kept
  }
  return order
}
