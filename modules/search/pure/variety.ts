import { diversify } from './diversity.ts'
import type { RankItem } from './rank-features.ts'

export type Placed<T> = { item: T; score: number; variety: number }

/** So many places are varied; further down nobody minds. */
const VARIED = 48
const LAMBDA = 0.85
/** Of any page of twenty-four. */
const PAGE = 24
const BRAND_CAP = 8
const COLOUR_CAP = 10

type Candidate = { index: number; score: number; brand: number; category: number; colour: number; price: number }

/** Names as small numbers, so that comparing two candidates costs next to nothing. */
function createNames() {
  const names = new Map<string, number>()
  return (name: string): number => {
    const known = names.get(name)
    if (known !== undefined) return known
    names.set(name, names.size)
    return names.size - 1
  }
}

const wordsOf = (text: string) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u)

/** Whether the query names it: who asks for a brand or a colour is not to be shown others instead. */
function createNamed(query: string) {
  const asked = wordsOf(query).filter(Boolean)
  return (slug: string | undefined) =>
    slug !== undefined &&
    slug !== '' &&
    // Of two hundred names hardly any is asked for: this tells of most.
    asked.some((word) => slug.toLowerCase().startsWith(word)) &&
    wordsOf(slug).every((word) => asked.includes(word))
}

const keyOf = (name: number) => (name < 0 ? undefined : String(name))

/**
 * Items by falling score, the first ones varied by brand, category, colour and price. `variety` (never above 0) is what an
 * item has lost by it: with it the scores fall from place to place.
 */
export function placeWithVariety<T extends Omit<RankItem, 'score'>>(
  items: readonly T[],
  scores: Float64Array,
  query: string,
): Placed<T>[] {
  const nameOf = createNames()
  const isAsked = createNamed(query)
  const candidates = items
    .map((item, index): Candidate => {
      const [colour] = item.colours
      return {
        index,
        score: scores[index]!,
        brand: isAsked(item.brand) ? -1 : nameOf(`b ${item.brand}`),
        category: nameOf(`k ${item.categories.at(-1)}`),
        colour: colour === undefined || isAsked(colour) ? -1 : nameOf(`c ${colour}`),
        price: Math.log(Math.max(item.priceAmount, 1)),
      }
    })
    .toSorted((a, b) => b.score - a.score || a.index - b.index)
  const varied = diversify(candidates, {
    limit: VARIED,
    lambda: LAMBDA,
    score: ({ score }) => score,
    similarity: likeness,
    caps: [
      { key: ({ brand }) => keyOf(brand), most: BRAND_CAP, within: PAGE },
      { key: ({ colour }) => keyOf(colour), most: COLOUR_CAP, within: PAGE },
    ],
  })
  const taken = new Set(varied)
  let ceiling = Infinity
  return [...varied, ...candidates.filter((candidate) => !taken.has(candidate))].map(({ index, score }) => {
    ceiling = Math.min(ceiling, score)
    return { item: items[index]!, score: ceiling, variety: ceiling - score }
  })
}

function likeness(a: Candidate, b: Candidate): number {
  const brand = a.brand >= 0 && a.brand === b.brand ? 0.35 : 0
  const category = a.category === b.category ? 0.25 : 0
  const colour = a.colour >= 0 && a.colour === b.colour ? 0.25 : 0
  return brand + category + colour + 0.15 * Math.max(0, 1 - 2 * Math.abs(a.price - b.price))
}
