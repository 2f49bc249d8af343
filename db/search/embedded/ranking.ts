import { AppError } from '../../../modules/kernel/errors.ts'
import type { SearchQuery } from '../index.ts'
import { boostOf } from './filtering.ts'
import { firstAmong, keysOf, offerByKey } from './orders.ts'
import { isKept, type Matches } from './scratch.ts'
import { idText, keepLately, readId, type Segment } from './segment.ts'
import type { Split, Whole } from './splitting.ts'
import { createTop, type Place, type Ranked, type Top } from './top.ts'

type Found = { matches: Matches; split: Split | undefined }
type Ranking = { query: SearchQuery; top: Top; isScored: boolean }

/** So many are kept of the first of what is asked for often. */
const KEPT = 256

/** Offers what matches and passes; where there is no text, nothing of it is scored. */
export function rank(segment: Segment, found: Found, ranking: Ranking): void {
  const { query, top } = ranking
  const mayBeKept = (query.boosts ?? []).length === 0 && top.isFirst && top.limit < KEPT
  const often = mayBeKept ? oftenOf(found) : undefined
  if (!often || !offerKept(segment, often, ranking)) rankEach(segment, found, ranking)
}

function oftenOf({ matches, split }: Found): Often | undefined {
  if (split) return split.whole
  return isKept(matches) ? { list: matches, isGone: () => false } : undefined
}

type Often = Pick<Whole, 'list' | 'isGone'>

/** False where the page may have more than what is kept of the list. */
function offerKept(segment: Segment, { list, isGone }: Often, { query, top, isScored }: Ranking): boolean {
  const { sort = 'relevance' } = query
  const { documents, keys, scores } = keepLately(segment, `first of ${list.kept.name} by ${sort}`, () => {
    const first = createTop(KEPT, undefined)
    rankEach(segment, { matches: list, split: undefined }, { query, top: first, isScored })
    return readRanked(first.end().ranked)
  })
  const places: number[] = []
  for (let i = 0; i < documents.length && places.length <= top.limit; i++) if (!isGone(documents[i]!)) places.push(i)
  if (places.length <= top.limit && documents.length < list.count) return false
  for (const i of places) top.offer(segment, documents[i]!, keys[i]!, scores[i]!)
  return true
}

const readRanked = (ranked: readonly Ranked[]) => ({
  documents: Uint32Array.from(ranked, ({ document }) => document),
  keys: Float64Array.from(ranked, ({ key }) => key),
  scores: Float64Array.from(ranked, ({ score }) => score),
})

function rankEach(segment: Segment, { matches, split }: Found, { query, top, isScored }: Ranking): void {
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
