/**
 * Normalised discounted cumulative gain of the first `k` (Järvelin and Kekäläinen, 2002), with linear gains and the
 * discount 1 / log2(1 + rank). `gains` are those of what was found, in order, 0 for what nobody judged; `ideal` are all
 * that were judged, in any order. 0 where nothing is worth finding.
 */
export function ndcgAt(k: number, gains: readonly number[], ideal: readonly number[]): number {
  const best = discounted(
    ideal.toSorted((a, b) => b - a),
    k,
  )
  return best > 0 ? discounted(gains, k) / best : 0
}

const discounted = (gains: readonly number[], k: number): number =>
  gains.slice(0, k).reduce((sum, gain, place) => sum + gain / Math.log2(place + 2), 0)

/** The share of the `relevant` that are among what was found; undefined where there are none. */
export function recallOf(found: Iterable<string>, relevant: ReadonlySet<string>): number | undefined {
  if (relevant.size === 0) return undefined
  let hits = 0
  for (const id of new Set(found)) if (relevant.has(id)) hits++
  return hits / relevant.size
}

/** The value below which the share `q` of all lies (nearest rank); 0 for none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? 0
}
