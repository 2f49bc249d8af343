import { DEFAULT_WEIGHTS } from './blend.ts'
import type { Described } from './features.ts'
import { itemOf } from './item.ts'
import type { Asked } from './personal.ts'
import { fitProjection } from './projection.ts'
import { createShelf, type Shelf } from './shelf.ts'
import { createRows } from './sparse-model.ts'
import type { Taste } from './taste.ts'

/** Numbers from 0 to 1 that are the same each time. */
function createRandom(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

export const NOW = Date.UTC(2026, 9, 10)
export const DAY_MS = 86_400_000
const KINDS = ['dresses', 'tops', 'trousers', 'outerwear', 'knitwear']
const OCCASIONS = ['work', 'party', 'wedding', 'casual']
const PATTERNS = ['plain', 'floral', 'stripes']

/** So many products of random make, some sold out, with a random model over all of them. */
export function randomShelf(items: number, seed: number): Shelf {
  const random = createRandom(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!
  const products = Array.from({ length: items }, (_, k) => {
    const [department, kind] = [pick(['women', 'men']), pick(KINDS)]
    const hex = `#${Math.floor(random() * 0xffffff)
      .toString(16)
      .padStart(6, '0')}`
    const metadata = { pattern: pick(PATTERNS), occasion: [pick(OCCASIONS)], season: [pick(['autumn', 'summer'])] }
    const source = {
      id: `00000000-0000-7000-8000-${String(k).padStart(12, '0')}`,
      name: `Piece ${k}`,
      description: `a ${kind} piece`,
      brand: pick([
        { slug: 'norr', name: 'Norr' },
        { slug: 'maris', name: 'Maris' },
        { slug: 'ostra', name: 'Ostra' },
      ]),
      categories: [
        { slug: department, name: department },
        { slug: `${department}-${kind}`, name: kind },
      ],
      colours: [{ hex }],
      variants: [{ size: 'M', inStock: random() > 0.1 }],
      priceAmount: 1000 + Math.floor(random() * 9000),
      currency: 'EUR',
      rating: null,
      listedAt: NOW - (40 + k) * DAY_MS,
      metadata,
    }
    const described: Described = {
      path: source.categories.map(({ slug }) => slug),
      brand: source.brand.slug,
      name: source.name,
      description: source.description,
      tags: [],
      pattern: metadata.pattern,
      occasions: metadata.occasion,
      seasons: metadata.season,
      fabric: undefined,
      palette: [hex],
      amount: source.priceAmount,
      look: undefined,
    }
    return { item: itemOf(source, (list) => list), described }
  })
  const shelf = createShelf(fitProjection(products.map(({ described }) => described)))
  for (const { item, described } of products) shelf.put(item, described)
  shelf.setPopularity(new Map(products.map(({ item }) => [item.id, Math.floor(20 * random() ** 4)])), new Map())
  const rows = createRows(items, 12)
  const score = new Float64Array(items)
  for (let row = 0; row < items; row++) {
    const near = [...new Set(Array.from({ length: 12 }, () => Math.floor(random() * items)))].filter((k) => k !== row)
    for (const k of near) score[k] = random()
    rows.push(Uint32Array.from(near), near.length, score)
  }
  shelf.setModel(
    'test',
    products.map(({ item }) => item.id),
    rows.finish(),
  )
  return shelf
}

export const taste = (change: Partial<Taste> = {}): Taste => ({
  answers: {},
  sizes: { top: 'M' },
  fit: null,
  colours: [],
  brands: ['Norr'],
  styles: [],
  season: 'autumn',
  context: undefined,
  brandShares: new Map([['maris', 0.5]]),
  price: Math.log(4000),
  ...change,
})

export const asked = (change: Partial<Asked> = {}): Asked => ({
  history: [],
  taste: taste(),
  skip: new Set(),
  weights: DEFAULT_WEIGHTS,
  exponent: 0.5,
  limit: 12,
  subject: 'somebody',
  now: NOW,
  ...change,
})
