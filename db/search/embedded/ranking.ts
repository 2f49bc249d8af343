import { AppError } from '../../../modules/kernel/errors.ts'
import type { SearchQuery, SearchSort } from '../index.ts'
import { boostOf } from './filtering.ts'
import type { Documents } from './marking.ts'
import type { Split } from './splitting.ts'
import { everyPlace, placeOf } from './places.ts'
import type { Matches } from './scratch.ts'
import { compareIds, idText, keep, readId, type Segment } from './segment.ts'

/** A place in the order: the greater key comes first, then the later listed, then the lower id. */
type Place = { key: number; listedAt: number; ids: Uint8Array; document: number }
export type Ranked = Place & { segment: Segment; score: number }

const comesBefore = (a: Place, b: Place) =>
  a.key !== b.key
    ? a.key > b.key
    : a.listedAt !== b.listedAt
      ? a.listedAt > b.listedAt
      : compareIds(a.ids, a.document, b.ids, b.document) < 0

/** What `sort` orders by, greatest first; of `relevance` without a text there is nothing, and the latest come first. */
function keysOf(segment: Segment, sort: SearchSort): (document: number) => number {
  const { listedAt, popularity, price, rated } = segment
  if (sort === 'relevance') return () => 0
  if (sort === 'newest') return (document) => listedAt[document]!
  if (sort === 'popularity') return (document) => popularity[document]!
  if (sort === 'price') return (document) => -price[document]!
  return sort === '-price' ? (document) => price[document]! : (document) => rated[document]!
}

const NOTHING = { key: Number.NEGATIVE_INFINITY, listedAt: Number.NEGATIVE_INFINITY }
const EVERYTHING = { key: Number.POSITIVE_INFINITY, listedAt: Number.POSITIVE_INFINITY }

/** Keeps the first `limit` of what it is offered that come after `after`. A heap with the last of them on top. */
export function createTop(limit: number, after: Place | undefined) {
  const heap: Ranked[] = []
  let more = false
  function sink(): void {
    for (let at = 0; ;) {
      let last = at
      const [left, right] = [2 * at + 1, 2 * at + 2]
      if (left < heap.length && comesBefore(heap[last]!, heap[left]!)) last = left
      if (right < heap.length && comesBefore(heap[last]!, heap[right]!)) last = right
      if (last === at) return
      ;[heap[at], heap[last]] = [heap[last]!, heap[at]!]
      at = last
    }
  }
  return {
    limit,
    /** When nothing is before the page: whatever is among the first `limit` of a segment may be on it. */
    isFirst: after === undefined,
    /** Whether the page may have it. */
    isAfter: (segment: Segment, document: number, key: number): boolean =>
      !after || comesBefore(after, { key, listedAt: segment.listedAt[document]!, ids: segment.ids, document }),
    /** What comes after this need not be offered, once the page is full. */
    least: (): { key: number; listedAt: number } => (heap.length < limit ? NOTHING : (heap[0] ?? EVERYTHING)),
    /** There was something after. */
    passOver(): void {
      more = true
    },
    offer(segment: Segment, document: number, key: number, score: number): void {
      const place = { key, listedAt: segment.listedAt[document]!, ids: segment.ids, document, segment, score }
      if (after && !comesBefore(after, place)) return
      if (heap.length < limit) {
        heap.push(place)
        for (let at = heap.length - 1; at > 0;) {
          const parent = (at - 1) >> 1
          if (comesBefore(heap[at]!, heap[parent]!)) break
          ;[heap[at], heap[parent]] = [heap[parent]!, heap[at]!]
          at = parent
        }
        return
      }
      more = true
      if (limit === 0 || !comesBefore(place, heap[0]!)) return
      heap[0] = place
      sink()
    },
    end: (): { ranked: Ranked[]; more: boolean } => ({
      ranked: heap.toSorted((a, b) => (comesBefore(a, b) ? -1 : 1)),
      more,
    }),
  }
}

export type Top = ReturnType<typeof createTop>
type Ranking = { query: SearchQuery; top: Top; isScored: boolean }

/** Offers what matches and passes; where there is no text, nothing of it is scored. */
export function rank(
  segment: Segment,
  { matches, split }: { matches: Matches; split: Split | undefined },
  { query, top, isScored }: Ranking,
): void {
  const { sort = 'relevance', boosts = [] } = query
  const boost = isScored ? boostOf(segment, boosts) : undefined
  if (isScored && sort === 'relevance') {
    const passing = split ? split.passing() : matches
    offerByScore(segment, boost ? boosted(passing, boost) : passing, top)
    return
  }
  const keys = keysOf(segment, sort)
  const scoresOf =
    ({ documents, scores }: Matches) =>
    (place: number) => {
      const score = isScored ? scores[place]! : 0
      return boost ? score * boost(documents[place]!) : score
    }
  const first = firstAmong(segment, { matches, split }, sort, top)
  if (first) {
    const scoreAt = scoresOf(matches)
    for (const place of first) {
      const document = matches.documents[place]!
      top.offer(segment, document, keys(document), scoreAt(place))
    }
    return
  }
  const passing = split ? split.passing() : matches
  offerByKey(segment, passing, { keys, scoreAt: scoresOf(passing) }, top)
}

type Scored = { documents: Uint32Array; scores: ArrayLike<number>; count: number }

function boosted({ documents, scores, count }: Matches, boost: (document: number) => number): Scored {
  const products = new Float64Array(count)
  for (let i = 0; i < count; i++) products[i] = scores[i]! * boost(documents[i]!)
  return { documents, scores: products, count }
}

function offerByScore(segment: Segment, { documents, scores, count }: Scored, top: Top): void {
  const { listedAt } = segment
  let passed = false
  let { key: leastKey, listedAt: leastListed } = top.least()
  // Begins with those that may be on the page: the others would have to be pushed out of it again, one by one.
  const floor =
    top.isFirst && scores instanceof Int32Array ? floorOf(scores, count, top.limit) : Number.NEGATIVE_INFINITY
  if (leastKey < floor) [leastKey, leastListed] = [floor, Number.NEGATIVE_INFINITY]
  for (let i = 0; i < count; i++) {
    const score = scores[i]!
    // Most are passed over here.
    if (score < leastKey || (score === leastKey && listedAt[documents[i]!]! < leastListed)) {
      passed = true
      continue
    }
    top.offer(segment, documents[i]!, score, score)
    const least = top.least()
    if (least.key < leastKey) continue
    leastKey = least.key
    leastListed = least.listedAt
  }
  if (passed) top.passOver()
}

const BUCKET_BITS = 10

/** At least `most` of the scores reach this, or all do. */
function floorOf(scores: Int32Array, count: number, most: number): number {
  if (count <= most) return Number.NEGATIVE_INFINITY
  let greatest = 0
  for (let i = 0; i < count; i++) if (scores[i]! > greatest) greatest = scores[i]!
  const shift = Math.max(0, 32 - Math.clz32(greatest) - BUCKET_BITS)
  const buckets = new Uint32Array(1 << BUCKET_BITS)
  for (let i = 0; i < count; i++) buckets[scores[i]! >> shift]!++
  let bucket = (1 << BUCKET_BITS) - 1
  for (let reached = buckets[bucket]!; reached < most && bucket > 0;) reached += buckets[--bucket]!
  return bucket * 2 ** shift
}

type ByKey = { keys: (document: number) => number; scoreAt: (place: number) => number }

function offerByKey(segment: Segment, { documents, count }: Documents, { keys, scoreAt }: ByKey, top: Top): void {
  const { listedAt } = segment
  let passed = false
  let { key: leastKey, listedAt: leastListed } = top.least()
  for (let i = 0; i < count; i++) {
    const document = documents[i]!
    const key = keys(document)
    if (key < leastKey || (key === leastKey && listedAt[document]! < leastListed)) {
      passed = true
      continue
    }
    top.offer(segment, document, key, scoreAt(i))
    ;({ key: leastKey, listedAt: leastListed } = top.least())
  }
  if (passed) top.passOver()
}

/** So many of a segment are kept in each order: among them is the first page of whatever many documents match. */
const FIRST = 4096
/** It is looked for there where so many of them match, by the share that matches of all. */
const LIKELY = 256

/**
 * Places of the first matches that the page may go on with, and of one more; undefined where these are not all among the
 * first of the segment.
 */
function firstAmong(
  segment: Segment,
  { matches, split }: { matches: Documents; split: Split | undefined },
  sort: SearchSort,
  top: Top,
): number[] | undefined {
  if (((split?.passingCount ?? matches.count) * FIRST) / segment.documents < LIKELY) return undefined
  const keys = keysOf(segment, sort)
  const found: number[] = []
  for (const document of keep(segment, `first by ${sort}`, () => firstOf(segment, sort))) {
    const place = placeOf(matches.documents, 0, matches.count, document)
    if (place === matches.count || matches.documents[place] !== document || split?.passes(place) === false) continue
    if (!top.isAfter(segment, document, keys(document))) continue
    found.push(place)
    if (found.length > top.limit) return found
  }
  return undefined
}

function firstOf(segment: Segment, sort: SearchSort): Uint32Array {
  const top = createTop(FIRST, undefined)
  const documents = everyPlace(segment.documents)
  offerByKey(segment, { documents, count: documents.length }, { keys: keysOf(segment, sort), scoreAt: () => 0 }, top)
  return Uint32Array.from(top.end().ranked, ({ document }) => document)
}

/** A cursor goes on with the same words in the same order, and says so. */
const queryMark = ({ text, sort = 'relevance' }: SearchQuery) => Bun.hash.crc32(`${sort} ${text}`).toString(36)

export function writeCursor(query: SearchQuery, { key, listedAt, segment, document }: Ranked): string {
  return Buffer.from([queryMark(query), key, listedAt, idText(segment, document)].join(' ')).toString('base64url')
}

/** Throws `invalid` where `after` is not of `writeCursor` for the same words and sort. */
export function readCursor(query: SearchQuery): Place | undefined {
  if (query.after === undefined) return undefined
  const [mark, key, listedAt, id, ...rest] = Buffer.from(query.after, 'base64url').toString().split(' ')
  const ids = id === undefined ? undefined : readId(id)
  const numbers = [key, listedAt].map((one) => (one === undefined || one === '' ? Number.NaN : Number(one)))
  if (mark !== queryMark(query) || !ids || rest.length > 0 || numbers.some((one) => !Number.isFinite(one)))
    throw new AppError('invalid', 'This cursor is not of this search')
  return { key: numbers[0]!, listedAt: numbers[1]!, ids, document: 0 }
}
