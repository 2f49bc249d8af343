import { decay, type ProductKind, WEIGHTS } from '../../analytics/pure/weights.ts'
import type { Deed } from './personal.ts'

/** Somebody did something with a product; `at` in milliseconds since 1970. */
export type Done = { readonly productId: string; readonly kind: ProductKind; readonly at: number }

/**
 * What counts of a sum of weights: a tenth look says less than the first. The model is trained on the same, so that what is
 * folded in is what it has learned from.
 */
export const strengthOf = (weight: number): number => Math.log2(1 + weight)

/** More than so many products say no more of a taste. */
const MOST = 50

/** One entry a product, the strongest first; deeds that lie back count less. `placeOf` is undefined for what is not known. */
export function historyOf(done: readonly Done[], now: number, placeOf: (id: string) => number | undefined): Deed[] {
  const sums = new Map<number, { weight: number; kind: ProductKind }>()
  for (const { productId, kind, at } of done) {
    const place = placeOf(productId)
    if (place === undefined) continue
    const known = sums.get(place)
    const weight = WEIGHTS[kind] * decay(now - at)
    if (!known) sums.set(place, { weight, kind })
    else {
      known.weight += weight
      if (WEIGHTS[kind] > WEIGHTS[known.kind]) known.kind = kind
    }
  }
  return [...sums]
    .map(([place, { weight, kind }]) => ({ place, strength: strengthOf(weight), kind }))
    .toSorted((a, b) => b.strength - a.strength || a.place - b.place)
    .slice(0, MOST)
}
