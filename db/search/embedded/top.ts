import { compareIds, type Segment } from './segment.ts'

/** A place in the order: the greater key comes first, then the later listed, then the lower id. */
export type Place = { key: number; listedAt: number; ids: Uint8Array; document: number }
export type Ranked = Place & { segment: Segment; score: number }

export const comesBefore = (a: Place, b: Place) =>
  a.key !== b.key
    ? a.key > b.key
    : a.listedAt !== b.listedAt
      ? a.listedAt > b.listedAt
      : compareIds(a.ids, a.document, b.ids, b.document) < 0

const BEHIND_ALL = { key: Number.NEGATIVE_INFINITY, listedAt: Number.NEGATIVE_INFINITY }
const BEFORE_ALL = { key: Number.POSITIVE_INFINITY, listedAt: Number.POSITIVE_INFINITY }

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
    least: (): { key: number; listedAt: number } => (heap.length < limit ? BEHIND_ALL : (heap[0] ?? BEFORE_ALL)),
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
