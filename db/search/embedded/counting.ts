import { BRAND, COLOURS, LAYOUT, PATH, PRICE, RATED, ROW_BITS, SIZES, STOCK } from './columns.ts'
import { type Documents, hasStock } from './filtering.ts'
import { PRICE_STEPS } from './prices.ts'
import type { Matches } from './scratch.ts'
import { keep, type Segment } from './segment.ts'

/** How many documents have each value of a segment: a place for each. */
type Histograms = {
  brand: Uint32Array
  path: Uint32Array
  priceStep: Uint32Array
  stars: Uint32Array
  colours: Uint32Array
  sizes: Uint32Array
  inStock: Uint32Array
}
export type Counts = Histograms & { minPrice: number; maxPrice: number }

const emptyCounts = ({ meta, colourSetStart, sizeSetStart }: Segment): Counts => ({
  brand: new Uint32Array(meta.brands.length),
  path: new Uint32Array(meta.paths.length),
  priceStep: new Uint32Array(PRICE_STEPS),
  stars: new Uint32Array(6),
  colours: new Uint32Array(colourSetStart.length - 1),
  sizes: new Uint32Array(sizeSetStart.length - 1),
  inStock: new Uint32Array(1),
  minPrice: Number.POSITIVE_INFINITY,
  maxPrice: 0,
})

const HISTOGRAMS = ['brand', 'path', 'priceStep', 'stars', 'colours', 'sizes', 'inStock'] as const

/** Counts the documents of a list, by ascending number; of one with a name that is done once. */
export function countDocuments(segment: Segment, list: Matches): Counts {
  const kept = countsOfAll(segment, list)
  return kept ? copyOf(kept) : countAscending(segment, list)
}

function countAscending(segment: Segment, list: Documents): Counts {
  if (list.count <= segment.documents / 2) return countList(segment, list)
  const whole = keep(segment, 'counts of all', countAll)
  return countRest(segment, whole, { others: countList(segment, othersThan(segment, list)), rest: list })
}

type Split = { passing: Documents; failing: Documents }

/** Counts what passes of `matches`, or what it leaves out, whichever is less. */
export function countPassing(segment: Segment, matches: Matches, { passing, failing }: Split): Counts {
  const whole = failing.count < passing.count ? countsOfAll(segment, matches) : undefined
  if (!whole) return countAscending(segment, passing)
  return countRest(segment, whole, { others: countList(segment, failing), rest: passing })
}

/** Of all of the matches, where these have a name; not to be changed. */
export const countsOfAll = (segment: Segment, matches: Matches): Counts | undefined =>
  matches.name === undefined ? undefined : keep(segment, `counts of ${matches.name}`, () => countList(segment, matches))

const copyOf = (counts: Counts): Counts => ({
  brand: counts.brand.slice(),
  path: counts.path.slice(),
  priceStep: counts.priceStep.slice(),
  stars: counts.stars.slice(),
  colours: counts.colours.slice(),
  sizes: counts.sizes.slice(),
  inStock: counts.inStock.slice(),
  minPrice: counts.minPrice,
  maxPrice: counts.maxPrice,
})

/** Takes what is counted of `others` off the whole: `rest` is left. */
function countRest(segment: Segment, whole: Counts, { others, rest }: { others: Counts; rest: Documents }): Counts {
  for (const name of HISTOGRAMS) {
    const [own, all] = [others[name], whole[name]]
    for (let i = 0; i < own.length; i++) own[i] = all[i]! - own[i]!
  }
  // The dearest and the cheapest of all are in the rest, unless they are among the others.
  const keepsLimits = others.minPrice > whole.minPrice && others.maxPrice < whole.maxPrice
  const { minPrice, maxPrice } = keepsLimits ? whole : priceLimits(segment, rest)
  return Object.assign(others, { minPrice, maxPrice })
}

function countAll(segment: Segment): Counts {
  return countList(segment, {
    documents: Uint32Array.from({ length: segment.documents }, (_, i) => i),
    count: segment.documents,
  })
}

function countList(segment: Segment, list: Documents): Counts {
  const counts = emptyCounts(segment)
  addDocuments(segment, list, counts)
  return counts
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

function priceLimits({ rows }: Segment, { documents, count }: Documents) {
  const [bits, priceAt] = [ROW_BITS, PRICE]
  let [minPrice, maxPrice] = [Number.POSITIVE_INFINITY, 0]
  for (let i = 0; i < count; i++) {
    const price = rows[(documents[i]! << bits) + priceAt]!
    if (price < minPrice) minPrice = price
    if (price > maxPrice) maxPrice = price
  }
  return { minPrice, maxPrice }
}

/** Adds what the prices of some more are. */
export function addPrices(segment: Segment, list: Documents, to: Counts): void {
  const { minPrice, maxPrice } = priceLimits(segment, list)
  to.minPrice = Math.min(to.minPrice, minPrice)
  to.maxPrice = Math.max(to.maxPrice, maxPrice)
  for (let i = 0; i < list.count; i++) to.priceStep[segment.rows[(list.documents[i]! << ROW_BITS) + RATED]! >>> 16]!++
}

function addDocuments(segment: Segment, { documents, count }: Documents, to: Counts): void {
  const { rows, layoutMask } = segment
  const [bits, brandAt, pathAt, layoutAt] = [ROW_BITS, BRAND, PATH, LAYOUT]
  const [stockAt, priceAt, ratedAt, coloursAt, sizesAt] = [STOCK, PRICE, RATED, COLOURS, SIZES]
  const { brand, path, priceStep, stars, colours, sizes } = to
  let { minPrice, maxPrice } = to
  let inStock = 0
  for (let i = 0; i < count; i++) {
    const document = documents[i]!
    const row = document << bits
    const price = rows[row + priceAt]!
    const rated = rows[row + ratedAt]!
    const stock = rows[row + stockAt]!
    const layout = rows[row + layoutAt]!
    brand[rows[row + brandAt]!]!++
    path[rows[row + pathAt]!]!++
    priceStep[rated >>> 16]!++
    stars[Math.min(5, ((rated & 0xffff) / 1000) | 0)]!++
    colours[rows[row + coloursAt]!]!++
    sizes[rows[row + sizesAt]!]!++
    if (price < minPrice) minPrice = price
    if (price > maxPrice) maxPrice = price
    if (layoutMask[layout + 1]! - layoutMask[layout]! > 1) inStock += hasStock(segment, document) ? 1 : 0
    else if (stock !== 0) inStock++
  }
  to.inStock[0]! += inStock
  to.minPrice = minPrice
  to.maxPrice = maxPrice
}

/** Whole stars of a row's rating. */
export const starsOf = (rated: number) => Math.min(5, ((rated & 0xffff) / 1000) | 0)
