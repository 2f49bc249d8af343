import { hasStock } from './filtering.ts'
import { PRICE_STEPS } from './prices.ts'
import type { Matches } from './scratch.ts'
import { keep, type Segment } from './segment.ts'

/** How many documents have each value of a segment: a place for each. */
export type Counts = {
  brand: Uint32Array
  path: Uint32Array
  priceStep: Uint32Array
  stars: Uint32Array
  colours: Uint32Array
  sizes: Uint32Array
  inStock: Uint32Array
}

const emptyCounts = ({ meta, colourSetStart, sizeSetStart }: Segment): Counts => ({
  brand: new Uint32Array(meta.brands.length),
  path: new Uint32Array(meta.paths.length),
  priceStep: new Uint32Array(PRICE_STEPS),
  stars: new Uint32Array(6),
  colours: new Uint32Array(colourSetStart.length - 1),
  sizes: new Uint32Array(sizeSetStart.length - 1),
  inStock: new Uint32Array(1),
})

/** Counts the documents; where they are most of the segment, those that they are not are taken off the whole. */
export function countDocuments(segment: Segment, list: Pick<Matches, 'documents' | 'count'>): Counts {
  const counts = emptyCounts(segment)
  if (list.count <= segment.documents / 2) {
    addDocuments(segment, list, counts)
    return counts
  }
  const whole = keep(segment, 'counts', countAll)
  addDocuments(segment, othersThan(segment, list), counts)
  for (const name of Object.keys(counts) as (keyof Counts)[]) {
    const [own, all] = [counts[name], whole[name]]
    for (let i = 0; i < own.length; i++) own[i] = all[i]! - own[i]!
  }
  return counts
}

function countAll(segment: Segment): Counts {
  const counts = emptyCounts(segment)
  const documents = Uint32Array.from({ length: segment.documents }, (_, i) => i)
  addDocuments(segment, { documents, count: segment.documents }, counts)
  return counts
}

function othersThan(segment: Segment, { documents, count }: Pick<Matches, 'documents' | 'count'>) {
  const others = new Uint32Array(segment.documents - count)
  let n = 0
  let document = 0
  for (let i = 0; i < count; i++) {
    for (const next = documents[i]!; document < next;) others[n++] = document++
    document++
  }
  while (document < segment.documents) others[n++] = document++
  return { documents: others, count: n }
}

function addDocuments(segment: Segment, { documents, count }: Pick<Matches, 'documents' | 'count'>, to: Counts): void {
  const { brand, path, priceStep, rating, layout, layoutColours, layoutSizes } = segment
  const { brand: brands, path: paths, priceStep: priceSteps, stars, colours, sizes } = to
  let stocked = 0
  for (let i = 0; i < count; i++) {
    const document = documents[i]!
    brands[brand[document]!]!++
    paths[path[document]!]!++
    priceSteps[priceStep[document]!]!++
    stars[starsOf(rating[document]!)]!++
    const variants = layout[document]!
    colours[layoutColours[variants]!]!++
    sizes[layoutSizes[variants]!]!++
    if (hasStock(segment, document)) stocked++
  }
  to.inStock[0]! += stocked
}

/** Whole stars of a rating in thousandths. */
export const starsOf = (rating: number) => Math.min(5, (rating / 1000) | 0)
