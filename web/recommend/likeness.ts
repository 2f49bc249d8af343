import { decay, WEIGHTS } from '../../modules/analytics/pure/weights.ts'
import {
  inverseLengths,
  lengthOf,
  type Liked,
  likenessTo,
  profileOf,
} from '../../modules/recommend/pure/profile-vector.ts'
import { decodeVectors, type ItemVectors } from '../../modules/recommend/pure/vectors.ts'
import type { Seen } from '../state/seen.ts'

/** The vectors with what ranking asks of them again and again. */
export type Space = ItemVectors & { readonly inverse: Float32Array; readonly placeOf: ReadonlyMap<string, number> }

export function spaceOf(vectors: ItemVectors): Space {
  const placeOf = new Map(vectors.ids.map((id, place) => [id, place]))
  return { ...vectors, inverse: inverseLengths(vectors), placeOf }
}

/**
 * Loads the vectors of the products, which a browser keeps for ever once it has them. Undefined where the shop has none, or
 * they are not what this page can read. Throws where the shop cannot be reached.
 */
export async function loadSpace(): Promise<Space | undefined> {
  const current = await fetch('/v1/recommendations/vectors/current')
  if (!current.ok) return undefined
  const { url } = (await current.json()) as { url: string }
  const file = await fetch(url)
  const read = file.ok ? decodeVectors(new Uint8Array(await file.arrayBuffer())) : undefined
  return read?.ok ? spaceOf(read.vectors) : undefined
}

/** What a device remembers as a taste: the older, the less. `now` in ms since 1970. */
export const likedOf = ({ placeOf }: Space, seen: readonly Seen[], now: number): Liked[] =>
  seen.flatMap(({ id, at }) => {
    const item = placeOf.get(id)
    return item === undefined ? [] : [{ item, weight: WEIGHTS.view * decay(now - at) }]
  })

/** Likeness of each of `items` (places among the vectors) to what is liked, each -1 to 1, computed here and now. */
export function likenessHere(space: Space, liked: readonly Liked[], items: readonly number[]): number[] {
  const profile = profileOf(space, space.inverse, liked)
  const length = lengthOf(profile)
  return items.map((item) => likenessTo(space, space.inverse, { profile, length }, item))
}

/** The same by the GPU, to within the precision of its numbers. Throws where there is none that does it. */
export async function likenessOnGpu(
  space: Space,
  liked: readonly Liked[],
  items: readonly number[],
): Promise<number[]> {
  const { dotsOnGpu } = await import('./gpu.ts')
  const { dimensions, data, inverse } = space
  const rows = new Int8Array(items.length * dimensions)
  for (const [row, item] of items.entries())
    rows.set(data.subarray(item * dimensions, (item + 1) * dimensions), row * dimensions)
  const profile = profileOf(space, inverse, liked)
  const length = lengthOf(profile)
  const dots = await dotsOnGpu(rows, profile, items.length)
  return items.map((item, row) => (length === 0 ? 0 : ((dots[row] ?? 0) * (inverse[item] ?? 0)) / length))
}

/**
 * From how many multiplications on the GPU may be worth its start. A script was measured at half a billion a second in
 * Chromium on a slow machine (10,000 products of 64 numbers: 3 ms), and the GPU's way costs 105 kB of script, a device and a
 * compiled shader first, so below half a second of work it cannot win; in software (SwiftShader) it never did. No catalogue
 * whose vectors fit a megabyte comes near.
 */
const PAYS_FROM = 250_000_000

/** Likeness by whichever is quicker; where the GPU fails, here. */
export async function likenessOf(space: Space, liked: readonly Liked[], items: readonly number[]): Promise<number[]> {
  if (items.length * space.dimensions >= PAYS_FROM && 'gpu' in navigator)
    try {
      return await likenessOnGpu(space, liked, items)
    } catch {
      // A GPU that was promised and is not there is no reason to show nothing.
    }
  return likenessHere(space, liked, items)
}

/** Of what was seen, that which counts most for the likeness of `item`: the reason that can be given. */
export function nearestSeen(space: Space, seen: readonly Seen[], item: number, now: number): Seen | undefined {
  let best: { seen: Seen; value: number } | undefined
  for (const one of seen) {
    const liked = likedOf(space, [one], now)
    const value = (liked[0]?.weight ?? 0) * (likenessHere(space, liked, [item])[0] ?? 0)
    if (liked.length > 0 && value > (best?.value ?? 0)) best = { seen: one, value }
  }
  return best?.seen
}
