import { AppError } from '../../../modules/kernel/errors.ts'
import type { SearchQuery, SearchSort } from '../index.ts'
import { PRICE, RATED, ROW_BITS } from './columns.ts'
import { compareIds, idText, readId, type Segment } from './segment.ts'

/** A place in the order: the greater key comes first, then the later listed, then the lower id. */
type Place = { key: number; listedAt: number; ids: Uint8Array; document: number }
export type Ranked = Place & { segment: Segment; score: number }

const comesBefore = (a: Place, b: Place) =>
  a.key !== b.key
    ? a.key > b.key
    : a.listedAt !== b.listedAt
      ? a.listedAt > b.listedAt
      : compareIds(a.ids, a.document, b.ids, b.document) < 0

/** What `sort` orders by, greatest first; undefined for `relevance`, which goes by the score. */
export function keysOf(
  { rows, listedAt, popularity }: Segment,
  sort: SearchSort,
): ((document: number) => number) | undefined {
  if (sort === 'relevance') return undefined
  if (sort === 'newest') return (document) => listedAt[document]!
  if (sort === 'price') return (document) => -rows[(document << ROW_BITS) + PRICE]!
  if (sort === '-price') return (document) => rows[(document << ROW_BITS) + PRICE]!
  if (sort === 'rating') return (document) => rows[(document << ROW_BITS) + RATED]! & 0xffff
  return (document) => popularity[document]!
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
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && comesBefore(heap[last]!, heap[child]!)) last = child
      if (last === at) return
      ;[heap[at], heap[last]] = [heap[last]!, heap[at]!]
      at = last
    }
  }
  return {
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
