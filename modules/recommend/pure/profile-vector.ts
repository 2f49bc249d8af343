import type { ItemVectors } from './vectors.ts'

/** What somebody did with a product, by its place among the vectors; products that are not there are left out. */
export type Liked = { readonly item: number; readonly weight: number }

/** One over the length of each vector, 0 for one that is all zero. */
export function inverseLengths({ dimensions, data }: Pick<ItemVectors, 'dimensions' | 'data'>): Float32Array {
  const inverse = new Float32Array(data.length / dimensions)
  for (let i = 0; i < inverse.length; i++) inverse[i] = inverseLength(data, i * dimensions, dimensions)
  return inverse
}

export function inverseLength(data: Int8Array, offset: number, dimensions: number): number {
  let squares = 0
  for (let d = 0; d < dimensions; d++) squares += data[offset + d]! ** 2
  return squares > 0 ? 1 / Math.sqrt(squares) : 0
}

/** The weighted sum of what was liked, each of length one. Not scaled: `likenessTo` divides by its length. */
export function profileOf(
  { dimensions, data }: Pick<ItemVectors, 'dimensions' | 'data'>,
  inverse: Float32Array,
  liked: readonly Liked[],
): Float64Array {
  const profile = new Float64Array(dimensions)
  for (const { item, weight } of liked) {
    const scale = weight * inverse[item]!
    for (let d = 0; d < dimensions; d++) profile[d]! += scale * data[item * dimensions + d]!
  }
  return profile
}

export const lengthOf = (profile: Float64Array): number =>
  Math.sqrt(profile.reduce((sum, value) => sum + value * value, 0))

/**
 * The product of the first `count` numbers of a direction and of the vector at `from`. Four sums at a time, since each
 * addition waits for the one before: `count` is a multiple of four.
 */
export function dotAt(direction: Float64Array, data: Int8Array, from: number, count: number): number {
  let s0 = 0
  let s1 = 0
  let s2 = 0
  let s3 = 0
  for (let d = 0; d < count; d += 4) {
    s0 += direction[d]! * data[from + d]!
    s1 += direction[d + 1]! * data[from + d + 1]!
    s2 += direction[d + 2]! * data[from + d + 2]!
    s3 += direction[d + 3]! * data[from + d + 3]!
  }
  return s0 + s1 + (s2 + s3)
}

/** Cosine of a profile and the vector of `item`: -1 to 1, 0 where either is empty. `length` is that of the profile. */
export function likenessTo(
  { dimensions, data }: Pick<ItemVectors, 'dimensions' | 'data'>,
  inverse: Float32Array,
  { profile, length }: { profile: Float64Array; length: number },
  item: number,
): number {
  if (length === 0) return 0
  const dot = dotAt(profile, data, item * dimensions, dimensions)
  return (dot * inverse[item]!) / length
}

/**
 * A listing in the order of a shopper's taste: `taste` (0 to 1) of the way from the order as given to that of likeness.
 * `likeness` is by place in the listing; undefined where a product has no vector, which stays about where it was.
 */
export function rankByTaste(likeness: readonly (number | undefined)[], taste: number): number[] {
  const known = likeness.filter((value) => value !== undefined)
  const low = Math.min(...known)
  const range = Math.max(...known) - low
  const count = Math.max(1, likeness.length - 1)
  const score = likeness.map((value, place) => {
    const given = 1 - place / count
    const liked = value === undefined || !(range > 0) ? given : (value - low) / range
    return (1 - taste) * given + taste * liked
  })
  return likeness.map((_, place) => place).toSorted((a, b) => score[b]! - score[a]! || a - b)
}
