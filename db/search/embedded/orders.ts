import type { SearchSort } from '../index.ts'
import type { Documents } from './marking.ts'
import { everyPlace, findPlace } from './places.ts'
import type { Split } from './splitting.ts'
import { keep, type Segment } from './segment.ts'
import { comesBefore, type Place, type Top } from './top.ts'

/** What `sort` orders by, greatest first; of `relevance` without a text there is nothing, and the latest come first. */
export function keysOf(segment: Segment, sort: SearchSort): (document: number) => number {
  const { listedAt, popularity, price, rated } = segment
  if (sort === 'relevance') return () => 0
  if (sort === 'newest') return (document) => listedAt[document]!
  if (sort === 'popularity') return (document) => popularity[document]!
  if (sort === 'price') return (document) => -price[document]!
  return sort === '-price' ? (document) => price[document]! : (document) => rated[document]!
}

type ByKey = { keys: (document: number) => number; scoreAt: (place: number) => number }

export function offerByKey(
  segment: Segment,
  { documents, count }: Documents,
  { keys, scoreAt }: ByKey,
  top: Top,
): void {
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
const FIRST = 16_384
/** The page is looked for there where so many times as much may be expected among them, by the share that matches of all. */
const LIKELY = 2
/** What it costs to look whether a list has a document, in the time that one of the list takes to be ranked. */
const LOOK_IN_LIST = 2

/** The first of the segment in that order, of all of them that many. */
export const firstBy = (segment: Segment, sort: SearchSort): Uint32Array =>
  keep(segment, `first by ${sort}`, () => firstOf(segment, sort))

/**
 * Places of the first matches that the page may go on with, and of one more; undefined where these are not all among the
 * first of the segment.
 */
export function firstAmong(
  segment: Segment,
  { matches, split }: { matches: Documents; split: Split | undefined },
  sort: SearchSort,
  top: Top,
): number[] | undefined {
  const count = split?.passingCount ?? matches.count
  const isLikely = count * FIRST >= LIKELY * top.limit * segment.documents
  const isWorthIt = count * count >= LOOK_IN_LIST * top.limit * segment.documents
  if (!isLikely || !isWorthIt) return undefined
  const keys = keysOf(segment, sort)
  const found: number[] = []
  for (const document of firstBy(segment, sort)) {
    const place = findPlace(matches, document)
    if (place < 0 || split?.passes(place) === false) continue
    if (!top.isAfter(segment, document, keys(document))) continue
    found.push(place)
    if (found.length > top.limit) return found
  }
  return undefined
}

/** One of so many documents is looked at to tell below which the first of all are sought. */
const SAMPLE = 64

const byOrder = (a: Place, b: Place) => (comesBefore(a, b) ? -1 : 1)

function firstOf(segment: Segment, sort: SearchSort): Uint32Array {
  const keys = keysOf(segment, sort)
  const { ids, listedAt } = segment
  const at = (document: number): Place => ({ key: keys(document), listedAt: listedAt[document]!, ids, document })
  const all = everyPlace(segment.documents)
  const sample = Array.from(
    all.filter((document) => document % SAMPLE === 0),
    at,
  ).toSorted(byOrder)
  const last = sample[Math.ceil((2 * FIRST) / SAMPLE)]
  const likely = last ? all.filter((document) => keys(document) >= last.key && !comesBefore(last, at(document))) : all
  const first = Array.from(likely.length < FIRST ? all : likely, at).toSorted(byOrder)
  return Uint32Array.from(first.slice(0, FIRST), ({ document }) => document)
}
