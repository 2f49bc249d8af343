import { diversify } from '../../search/pure/diversity.ts'
import { blend, contributionsOf, type Source } from './blend.ts'
import type { Described } from './features.ts'
import { valueAt } from './fold-in.ts'
import { harmonyOf } from './harmony.ts'
import type { Item } from './item.ts'
import type { Cause, Ranked } from './personal.ts'
import type { Shelf } from './shelf.ts'
import { keepLargest } from './sparse-model.ts'
import { occasionName } from './taste.ts'
import { COMPLETED_BY, type Slot } from './slots.ts'

/** What being alike and being liked together count for beside a product. */
const SIMILAR = { collaborative: 0.35, content: 0.65, knowledge: 0 }
const CANDIDATES = 100
/** Of a slot, how many of the most wanted are tried beside a product. */
const TRIED = 400

/** The product beside which others stand. */
export type Centre = {
  readonly item: Item
  /** Undefined where it is not on the shelf, which holds a part of a large catalogue. */
  readonly place: number | undefined
  /** Its cosine with a product on the shelf. */
  readonly likeness: (other: number) => number
}

export const centreAt = (shelf: Shelf, place: number): Centre => ({
  item: shelf.items[place]!,
  place,
  likeness: (other) => shelf.vectors.likeness(place, other),
})

export const centreOutside = (shelf: Shelf, item: Item, described: Described): Centre => ({
  item,
  place: undefined,
  likeness: shelf.vectors.likenessOf(described),
})

/** How much those who liked the one liked the other, as the model says it in either direction. */
function togetherIn(shelf: Shelf, { item: { id } }: Centre): (other: number) => number {
  const model = shelf.model()
  const own = model?.ids.get(id) ?? -1
  if (!model || own < 0) return () => 0
  return (other) => {
    const item = model.modelOf[other]!
    return item < 0 ? 0 : Math.max(valueAt(model.rows, own, item), valueAt(model.rows, item, own))
  }
}

/** Products that could be worn instead, the most alike first; never the product itself, nor what is not offered. */
export function rankSimilar(shelf: Shelf, centre: Centre, limit: number): Ranked[] {
  const { vectors } = shelf
  const { item: own, place } = centre
  const near = shelf.listed(`slot:${own.slot}:${own.department}`)
  const { score, places: open } = vectors.scratch()
  let count = 0
  for (const other of near) {
    if (other === place || !shelf.isOffered(other)) continue
    score[other] = centre.likeness(other)
    open[count++] = other
  }
  const found = [...open.subarray(0, keepLargest(open, count, score, CANDIDATES))]
  const together = togetherIn(shelf, centre)
  const raw = {
    collaborative: Float64Array.from(found, together),
    content: Float64Array.from(found, (other) => score[other]!),
    knowledge: new Float64Array(found.length),
    popularity: new Float64Array(found.length),
  }
  const blended = blend(raw, SIMILAR)
  const order = found.map((_, i) => i).toSorted((a, b) => blended.scores[b]! - blended.scores[a]! || a - b)
  const varied = diversify(order, {
    limit,
    lambda: 0.9,
    score: (i) => blended.scores[i]!,
    similarity: (a, b) => Math.max(0, vectors.likeness(found[a]!, found[b]!)),
  })
  return varied.map((i) => {
    const sources: Source<Cause>[] = [
      {
        part: 'content',
        key: 'similar',
        raw: raw.content[i]!,
        reason: { kind: 'similar', text: `Similar to ${own.name}`, place },
      },
      {
        part: 'collaborative',
        key: 'together',
        raw: raw.collaborative[i]!,
        reason: { kind: 'together', text: `Liked by who likes ${own.name}`, place },
      },
    ]
    const contributions = contributionsOf(blended, i, sources, { kind: 'popular', text: 'Popular right now' })
    return { place: found[i]!, score: blended.scores[i]!, contributions }
  })
}

/** What counts for how well two products complete each other; each is 0 to 1 times this. */
const MATCH = { colours: 0.34, occasion: 0.24, together: 0.2, season: 0.12, price: 0.1 }

const shareOf = (a: readonly string[], b: readonly string[]) => {
  const both = a.filter((one) => b.includes(one)).length
  return both === 0 ? 0 : both / Math.sqrt(a.length * b.length)
}

/** What two products have for each other, as a sum; `most` is the largest that the model says of any pair tried. */
function matchOf(
  shelf: Shelf,
  { item: own, place }: Centre,
  other: number,
  together: number,
): { score: number; contributions: Ranked['contributions'] } {
  const item = shelf.items[other]!
  const occasion = own.occasions.find((one) => item.occasions.includes(one))
  const parts: [string, number][] = [
    [`Its colours go with ${own.name}`, MATCH.colours * harmonyOf(own.palette, item.palette) ** 2],
    [
      `Completes ${own.name}${occasion === undefined ? '' : ` for ${occasionName(occasion)}`}`,
      MATCH.occasion * shareOf(own.occasions, item.occasions),
    ],
    [`Often liked with ${own.name}`, MATCH.together * together],
    [`Completes ${own.name}, in the same season`, MATCH.season * shareOf(own.seasons, item.seasons)],
    [
      `Completes ${own.name}, at a like price`,
      own.currency === item.currency
        ? MATCH.price * Math.max(0, 1 - Math.abs(Math.log((1 + item.amount) / (1 + own.amount))) / 2)
        : 0,
    ],
  ]
  const contributions = parts.map(([text, amount]) => ({ reason: { kind: 'completes', text, place }, amount }))
  return { score: parts.reduce((sum, [, amount]) => sum + amount, 0), contributions }
}

const isPlain = ({ pattern }: Item) => pattern === undefined || pattern === 'plain'

/** Two strong patterns fight; a cardigan goes over a dress, a sweatshirt hardly. */
function clashes(own: Item, item: Item): boolean {
  if (!isPlain(own) && !isPlain(item)) return true
  return own.slot === 'dress' && item.slot === 'knitwear' && !item.path.some((slug) => slug.includes('cardigan'))
}

/** The best product for each other part of an outfit, at most `limit` of them, the best match first. */
export function completeLook(shelf: Shelf, centre: Centre, limit: number): Ranked[] {
  const together = togetherIn(shelf, centre)
  const best = COMPLETED_BY[centre.item.slot].flatMap((slot) => bestIn(shelf, centre, slot, together))
  return best.toSorted((a, b) => b.score - a.score).slice(0, limit)
}

function bestIn(shelf: Shelf, centre: Centre, slot: Slot, together: (other: number) => number): Ranked[] {
  const { item: own } = centre
  const tried = shelf.listed(`slot:${slot}:${own.department}`).slice(0, TRIED)
  const offered = tried.filter((other) => shelf.isOffered(other))
  const fitting = offered.filter((other) => !clashes(own, shelf.items[other]!))
  const candidates = fitting.length > 0 ? fitting : offered
  const most = candidates.reduce((largest, other) => Math.max(largest, together(other)), 0)
  let best: Ranked | undefined
  for (const other of candidates) {
    const match = matchOf(shelf, centre, other, most > 0 ? together(other) / most : 0)
    if (!best || match.score > best.score) best = { place: other, ...match }
  }
  return best ? [best] : []
}
