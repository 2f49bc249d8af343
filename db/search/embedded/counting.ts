import type { SearchSort } from '../index.ts'
import { type Column, STARS_SHIFT, STEP_SHIFT } from './columns.ts'
import { colourSets, type SetColumn, sizeSets, TRAITS, type ValueSets } from './facet-columns.ts'
import type { Documents } from './marking.ts'
import { firstBy } from './orders.ts'
import { everyPlace, findPlace } from './places.ts'
import { othersThan, type Split } from './splitting.ts'
import { EVERYTHING, isKept, type KeptMatches, type Matches } from './scratch.ts'
import { keepLately, type Segment } from './segment.ts'

/** How many documents have each value of a segment: a place for each. */
type Histograms = {
  brand: Uint32Array
  path: Uint32Array
  colours: Uint32Array
  sizes: Uint32Array
}
/** Of the prices; those of nothing stand the wrong way round. */
export type Limits = { minPrice: number; maxPrice: number }
export type PriceCounts = {
  traits: Uint32Array
  /** Looked for when it is asked for. */
  limits: () => Limits
}
export type Counts = Histograms & PriceCounts

/** So many zeros: of a query's own, or to be kept. */
export type Counters = (length: number) => Uint32Array
/** How documents are counted: the sets of their colours and sizes too, where nothing is asked of their variants. */
export type CountOptions = { counters: Counters; withSets: boolean }
const lasting: CountOptions = { counters: (length) => new Uint32Array(length), withSets: true }

const NO_LIMITS: Limits = { minPrice: Number.POSITIVE_INFINITY, maxPrice: 0 }
const NO_COUNTS = new Uint32Array()
const HISTOGRAMS = ['brand', 'path', 'colours', 'sizes'] as const

/** Counts the documents of a list, by ascending number; of one with a name that is done once. */
export const countDocuments = (segment: Segment, list: Matches, options: CountOptions): Counts =>
  isKept(list) ? countsOf(segment, list) : countAscending(segment, list, options)

function countAscending(segment: Segment, list: Documents, options: CountOptions): Counts {
  if (list.count <= segment.documents / 2) return countList(segment, list, options)
  const whole = keepLately(segment, `counts of ${EVERYTHING}`, countAll)
  return countRest(segment, whole, countList(segment, othersThan(segment, list), options), listed(list))
}

/** Counts what passes of `matches`, or what it leaves out, whichever is less. */
export function countPassing(segment: Segment, matches: Matches, split: Split, options: CountOptions): Counts {
  if (split.whole) {
    const { list, gone } = split.whole
    return countWithout(segment, countsOf(segment, list), { of: list, gone, rest: split.passing }, options)
  }
  if (!isKept(matches) || split.passingCount * 2 <= matches.count)
    return countAscending(segment, split.passing(), options)
  const whole = countsOf(segment, matches)
  return countWithout(segment, whole, { of: matches, gone: split.failing(), rest: split.passing }, options)
}

/** Of all of a list with a name; not to be changed. */
export const countsOf = (segment: Segment, list: KeptMatches): Counts =>
  keepLately(segment, `counts of ${list.kept.name}`, () => countForLong(segment, list))

/** What is counted now of a list that is gone later. */
function countForLong(segment: Segment, list: Documents): Counts {
  const counts = countList(segment, list, lasting)
  const limits = counts.limits()
  return { ...counts, limits: () => limits }
}

type Without = { of: KeptMatches; gone: Documents; rest: () => Documents }

/** What is left of the whole, which has a name, without some of its documents. */
export function countWithout(
  segment: Segment,
  whole: Counts,
  { of, gone, rest }: Without,
  options: CountOptions,
): Counts {
  if (gone.count === 0) return whole
  const has = (document: number) => of.kept.has(document) && findPlace(gone, document) < 0
  return countRest(segment, whole, countList(segment, gone, options), {
    count: of.count - gone.count,
    has,
    read: rest,
  })
}

/** A list that is only put together when it is read. */
type Listed = { count: number; has: (document: number) => boolean; read: () => Documents }

const listed = (list: Documents): Listed => ({
  count: list.count,
  has: (document) => findPlace(list, document) >= 0,
  read: () => list,
})

/** Takes what is counted of `others` off the whole: `rest` is left. */
function countRest(segment: Segment, whole: Counts, others: Counts, rest: Listed): Counts {
  for (const name of HISTOGRAMS) {
    const [own, all] = [others[name], whole[name]]
    for (let i = 0; i < own.length; i++) own[i] = all[i]! - own[i]!
  }
  const traits = whole.traits.map((count, i) => count - others.traits[i]!)
  function limits(): Limits {
    const [ofOthers, ofAll] = [others.limits(), whole.limits()]
    // The dearest and the cheapest of all are in the rest, unless they are among the others.
    const areKept = ofOthers.minPrice > ofAll.minPrice && ofOthers.maxPrice < ofAll.maxPrice
    return areKept ? ofAll : limitsOf(segment, rest, traits)
  }
  return { ...others, traits, limits }
}

const countAll = (segment: Segment): Counts =>
  countForLong(segment, { documents: everyPlace(segment.documents), count: segment.documents })

function countList(segment: Segment, list: Documents, { counters, withSets }: CountOptions): Counts {
  const { brandOf, pathOf, meta } = segment
  return {
    brand: countColumn(brandOf, list, counters(meta.brands.length)),
    path: countColumn(pathOf, list, counters(meta.paths.length)),
    colours: withSets ? countSets(colourSets(segment), list, counters) : NO_COUNTS,
    sizes: withSets ? countSets(sizeSets(segment), list, counters) : NO_COUNTS,
    ...countPrices(segment, list, counters),
  }
}

export function countPrices(segment: Segment, list: Documents, counters: Counters): PriceCounts {
  const traits = countColumn(segment.traits, list, counters(TRAITS))
  return { traits, limits: () => limitsOf(segment, listed(list), traits) }
}

export const countSets = ({ column, sets }: SetColumn, list: Documents, counters: Counters) =>
  countColumn(column, list, counters(sets.start.length - 1))

/** Adds up in `to` how many of the list have each value. */
export function countColumn(column: Column, { documents, count }: Documents, to: Uint32Array): Uint32Array {
  for (let i = 0; i < count; i++) to[column[documents[i]!]!]!++
  return to
}

/** Adds up in `members` how many have each value, as `counts` tells of the sets of these. */
export function countMembers({ start, values }: ValueSets, counts: Uint32Array, members: Uint32Array): Uint32Array {
  for (let set = 0; set < counts.length; set++)
    if (counts[set]! > 0) for (let i = start[set]!; i < start[set + 1]!; i++) members[values[i]!]! += counts[set]!
  return members
}

/** The cheapest and the dearest; `counted` tells of which steps they are. */
function limitsOf(segment: Segment, list: Listed, counted: Uint32Array): Limits {
  const cheapest = firstInList(segment, list, 'price')
  const dearest = cheapest === undefined ? undefined : firstInList(segment, list, '-price')
  if (cheapest === undefined || dearest === undefined) return limitsOfSteps(segment, list.read(), counted)
  return { minPrice: segment.price[cheapest]!, maxPrice: segment.price[dearest]! }
}

/** What a document of a list costs to be read, in the time that it takes to look whether a list has one. */
const READ = 1 / 64

/** The first of the list in that order; undefined where it is not found sooner than by reading the list. */
function firstInList(segment: Segment, { count, has }: Listed, sort: SearchSort): number | undefined {
  if (count * count * READ < segment.documents) return undefined
  return firstBy(segment, sort)
    .subarray(0, Math.ceil(count * READ))
    .find(has)
}

/** Looks at the prices of the first and the last step alone. */
function limitsOfSteps({ traits, price }: Segment, { documents, count }: Documents, counted: Uint32Array): Limits {
  let { minPrice, maxPrice } = NO_LIMITS
  const isAtEnd = new Uint8Array(TRAITS)
  const ends = [counted.findIndex((n) => n > 0), counted.findLastIndex((n) => n > 0)]
  for (const end of ends.filter((one) => one >= 0)) {
    const step = end >> STEP_SHIFT
    isAtEnd.fill(1, step << STEP_SHIFT, (step + 1) << STEP_SHIFT)
  }
  for (let i = 0; i < count; i++) {
    if (isAtEnd[traits[documents[i]!]!] === 0) continue
    const own = price[documents[i]!]!
    if (own < minPrice) minPrice = own
    if (own > maxPrice) maxPrice = own
  }
  return { minPrice, maxPrice }
}

/** Adds up what is counted of traits by the steps of the price. */
export function addSteps(counted: Uint32Array, to: Uint32Array): void {
  for (let traits = 0; traits < counted.length; traits++) to[traits >> STEP_SHIFT]! += counted[traits]!
}

/** Adds up what is counted of traits by whole stars. */
export function addStars(counted: Uint32Array, to: Uint32Array): void {
  for (let traits = 0; traits < counted.length; traits++) to[(traits >> STARS_SHIFT) & 7]! += counted[traits]!
}

/** How many of what is counted of traits are in stock. */
export function inStockOf(counted: Uint32Array): number {
  let sum = 0
  for (let traits = 1; traits < counted.length; traits += 2) sum += counted[traits]!
  return sum
}
