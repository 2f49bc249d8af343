import { type Column, STARS_SHIFT, STEP_SHIFT } from './columns.ts'
import { colourSets, type SetColumn, sizeSets, TRAITS, type ValueSets } from './facet-columns.ts'
import type { Documents } from './marking.ts'
import { everyPlace } from './places.ts'
import type { Split } from './splitting.ts'
import type { Matches } from './scratch.ts'
import { keep, type Segment } from './segment.ts'

/** How many documents have each value of a segment: a place for each. `traits` as the column has them. */
type Histograms = {
  brand: Uint32Array
  path: Uint32Array
  traits: Uint32Array
  colours: Uint32Array
  sizes: Uint32Array
}
/** Of the prices; those of nothing stand the wrong way round. */
type Limits = { minPrice: number; maxPrice: number }
export type Counts = Histograms & Limits
export type PriceCounts = Pick<Counts, 'traits' | 'minPrice' | 'maxPrice'>

/** So many zeros: of a query's own, or to be kept. */
export type Counters = (length: number) => Uint32Array
const lasting: Counters = (length) => new Uint32Array(length)

const NO_LIMITS: Limits = { minPrice: Number.POSITIVE_INFINITY, maxPrice: 0 }
const HISTOGRAMS = ['brand', 'path', 'traits', 'colours', 'sizes'] as const

/** Counts the documents of a list, by ascending number; of one with a name that is done once. */
export const countDocuments = (segment: Segment, list: Matches, counters: Counters): Counts =>
  countsOfAll(segment, list) ?? countAscending(segment, list, counters)

function countAscending(segment: Segment, list: Documents, counters: Counters): Counts {
  if (list.count <= segment.documents / 2) return countList(segment, list, counters)
  const whole = keep(segment, 'counts of all', countAll)
  return countRest(segment, whole, {
    others: countList(segment, othersThan(segment, list), counters),
    rest: () => list,
  })
}

/** Counts what passes of `matches`, or what it leaves out, whichever is less. */
export function countPassing(segment: Segment, matches: Matches, split: Split, counters: Counters): Counts {
  const whole = split.passingCount * 2 > matches.count ? countsOfAll(segment, matches) : undefined
  if (!whole) return countAscending(segment, split.passing(), counters)
  return countRest(segment, whole, { others: countList(segment, split.failing(), counters), rest: split.passing })
}

/** Of all of the matches, where these have a name; not to be changed. */
export const countsOfAll = (segment: Segment, matches: Matches): Counts | undefined =>
  matches.name === undefined
    ? undefined
    : keep(segment, `counts of ${matches.name}`, () => countList(segment, matches, lasting))

/** Takes what is counted of `others` off the whole: `rest` is left. */
function countRest(
  segment: Segment,
  whole: Counts,
  { others, rest }: { others: Counts; rest: () => Documents },
): Counts {
  for (const name of HISTOGRAMS) {
    const [own, all] = [others[name], whole[name]]
    for (let i = 0; i < own.length; i++) own[i] = all[i]! - own[i]!
  }
  // The dearest and the cheapest of all are in the rest, unless they are among the others.
  const keepsLimits = others.minPrice > whole.minPrice && others.maxPrice < whole.maxPrice
  const { minPrice, maxPrice } = keepsLimits ? whole : limitsOf(segment, rest(), others.traits)
  return Object.assign(others, { minPrice, maxPrice })
}

const countAll = (segment: Segment): Counts =>
  countList(segment, { documents: everyPlace(segment.documents), count: segment.documents }, lasting)

function countList(segment: Segment, list: Documents, counters: Counters): Counts {
  const { brandOf, pathOf, meta } = segment
  return {
    brand: countColumn(brandOf, list, counters(meta.brands.length)),
    path: countColumn(pathOf, list, counters(meta.paths.length)),
    colours: countSets(colourSets(segment), list, counters),
    sizes: countSets(sizeSets(segment), list, counters),
    ...countPrices(segment, list, counters),
  }
}

export function countPrices(segment: Segment, list: Documents, counters: Counters): PriceCounts {
  const traits = countColumn(segment.traits, list, counters(TRAITS))
  return { traits, ...limitsOf(segment, list, traits) }
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

function othersThan(segment: Segment, { documents, count }: Documents): Documents {
  const others = new Uint32Array(segment.documents - count)
  if (others.length === 0) return { documents: others, count: 0 }
  let n = 0
  let document = 0
  for (let i = 0; i < count; i++) {
    for (const next = documents[i]!; document < next;) others[n++] = document++
    document++
  }
  while (document < segment.documents) others[n++] = document++
  return { documents: others, count: n }
}

/** Looks at the prices of the first and the last step alone, as `counted` tells them. */
function limitsOf({ traits, price }: Segment, { documents, count }: Documents, counted: Uint32Array): Limits {
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
