import { bestOf, foldIn } from './fold-in.ts'
import type { Direction } from './direction.ts'
import type { Asked } from './personal.ts'
import { dotAt, likenessTo } from './profile-vector.ts'
import type { Shelf } from './shelf.ts'
import { keepLargest } from './sparse-model.ts'

const CANDIDATES = 200
/** Of the candidates, how many come from each of: liked together, alike, each list of the answers, most wanted. */
const FROM_MODEL = 90
const FROM_LIKENESS = 90
const FROM_LIST = 24
const NEW_MS = 30 * 86_400_000
/** Dimensions come in the order of what they tell: the first are enough to see who may be near. */
const FIRST_LOOK = 24

export type Candidates = {
  readonly places: readonly number[]
  /** Of the pool, what was listed within the last 30 days. */
  readonly fresh: readonly number[]
}

/** What may suit a shopper, and what is new; nothing that may not be shown to them. */
export function findCandidates(shelf: Shelf, asked: Asked, direction: Direction): Candidates {
  const allowed = createFilter(shelf, asked)
  const { open, fresh } = lookThrough(shelf, asked.now, allowed)
  const found = new Set<number>()
  const take = (from: readonly number[], most: number) => {
    let taken = 0
    for (const place of from) {
      if (taken === most || found.size === CANDIDATES) return
      if (found.has(place) || !allowed(place)) continue
      found.add(place)
      taken++
    }
  }
  const model = shelf.model()
  if (model) {
    const { rows, modelOf, shelfOf, scores } = model
    foldIn(
      rows,
      asked.history.map(({ place, strength }) => ({ item: modelOf[place] ?? -1, weight: strength })),
      scores,
    )
    const skip = (item: number) => shelfOf[item]! < 0 || !allowed(shelfOf[item]!)
    take(
      bestOf(scores, FROM_MODEL, skip).map((item) => shelfOf[item]!),
      FROM_MODEL,
    )
  }
  if (direction.length > 0) take(nearest(shelf, direction, open), FROM_LIKENESS)
  for (const { list } of direction.lists) take(shelf.listed(list), FROM_LIST)
  take(shelf.pool(), CANDIDATES)
  return { places: [...found], fresh }
}

function createFilter({ vectors, departmentOf }: Shelf, { skip, taste }: Asked): (place: number) => boolean {
  const [name] = taste.answers['department'] ?? []
  const [offered, departments] = [vectors.offered(), vectors.department()]
  const department = name === undefined ? undefined : departmentOf(name)
  return (place) =>
    offered[place] === 1 && (department === undefined || departments[place] === department) && !skip.has(place)
}

/** Of the pool, what is allowed (in the shelf's scratch: until the next ranking), and what of that is new. */
function lookThrough({ vectors, pool }: Shelf, now: number, allowed: (place: number) => boolean) {
  const { places } = vectors.scratch()
  const listedAt = vectors.listedAt()
  const fresh: number[] = []
  let count = 0
  for (const place of pool()) {
    if (!allowed(place)) continue
    places[count++] = place
    const age = now - listedAt[place]!
    if (age >= 0 && age < NEW_MS) fresh.push(place)
  }
  return { open: places.subarray(0, count), fresh }
}

/** Of these, what is most like the direction; by a first look, then by all dimensions. Reorders them. */
function nearest({ vectors }: Shelf, direction: Direction, open: Uint32Array): number[] {
  const { score } = vectors.scratch()
  const [data, inverse, size, profile] = [vectors.data(), vectors.inverse(), vectors.dimensions, direction.profile]
  const [count, look] = [open.length, FIRST_LOOK]
  for (let i = 0; i < count; i++) {
    const place = open[i]!
    score[place] = dotAt(profile, data, place * size, look) * inverse[place]!
  }
  const near = open.subarray(0, keepLargest(open, count, score, 2 * FROM_LIKENESS))
  const within = { dimensions: size, data }
  for (let i = 0; i < near.length; i++) score[near[i]!] = likenessTo(within, inverse, direction, near[i]!)
  const best = near.subarray(0, keepLargest(near, near.length, score, FROM_LIKENESS))
  return [...best].toSorted((a, b) => score[b]! - score[a]! || a - b)
}
