import type { SearchFilter, SearchQuery } from '../db/search/index.ts'
import { type Catalogue, createRandom, type Random } from './bench-search-catalogue.ts'

/** How many of a hundred queries have so many words, and what they are made of. */
const SHAPES: { share: number; words: (keyof Catalogue['words'] | 'brand')[] }[] = [
  { share: 12, words: ['types'] },
  { share: 6, words: ['brand'] },
  { share: 4, words: ['MATERIALS'] },
  { share: 12, words: ['COLOURS', 'types'] },
  { share: 12, words: ['MATERIALS', 'types'] },
  { share: 8, words: ['brand', 'types'] },
  { share: 8, words: ['TAGS', 'types'] },
  { share: 12, words: ['ADJECTIVES', 'MATERIALS', 'types'] },
  { share: 8, words: ['TAGS', 'COLOURS', 'types'] },
  { share: 6, words: ['brand', 'COLOURS', 'types'] },
  { share: 5, words: ['ADJECTIVES', 'COLOURS', 'MATERIALS', 'types'] },
  { share: 4, words: ['invented'] },
  { share: 3, words: [] },
]

const SIZES = ['S', 'M', 'L', 'XL', '38', '40']

function oneFilter(random: Random, { brands, kinds, words }: Catalogue): SearchFilter {
  const kind = random.often(kinds)
  const filters: SearchFilter[] = [
    { category: kind.path[random.upTo(2)]?.value },
    { brands: [random.often(brands).value, random.often(brands).value] },
    { colours: [random.often(words.COLOURS)] },
    { colours: [random.often(words.COLOURS)], sizes: [random.pick(SIZES)], inStock: true },
    { inStock: true },
    { minPrice: 2000, maxPrice: 2000 + random.upTo(8000) },
    { minRating: 4 },
  ]
  return { ...random.pick(filters), ...(random.upTo(3) === 0 ? random.pick(filters) : {}) }
}

/** Queries as shoppers mix them: every third with filters, every tenth in another order than by relevance. */
export function mixedQueries(catalogue: Catalogue, count: number, seed: number): SearchQuery[] {
  const random = createRandom(seed)
  const { words, brands } = catalogue
  const shapes = SHAPES.flatMap(({ share, words: kinds }) => Array.from({ length: share }, () => kinds))
  return Array.from({ length: count }, (_, i) => {
    const kinds = shapes[Math.floor((i * shapes.length) / count)] ?? []
    const text = kinds
      .map((kind) => (kind === 'brand' ? random.often(brands).label : random.often(words[kind])))
      .join(' ')
    const filtered = random.upTo(3) === 0
    return {
      text,
      limit: 24,
      facets: true,
      ...(filtered ? { filter: oneFilter(random, catalogue) } : {}),
      ...(random.upTo(10) === 0 ? { sort: random.pick(['newest', 'price', 'rating', 'popularity'] as const) } : {}),
    }
  })
}

/** Every keystroke of each text, from the first letter on. */
export const keystrokes = (texts: readonly string[]): string[] =>
  texts.flatMap((text) => Array.from(text, (_, i) => text.slice(0, i + 1)).filter((typed) => !typed.endsWith(' ')))

/** A slip of the finger in one word of at least four letters: `meant` is the text without it. */
export function mistyped(texts: readonly string[], count: number, seed: number): { meant: string; typed: string }[] {
  const random = createRandom(seed)
  const able = texts.filter((text) => /[a-z]{4}/i.test(text))
  return Array.from({ length: count }, () => {
    const meant = random.pick(able).toLowerCase()
    const words = meant.split(' ')
    const long = words.flatMap((word, i) => (/^[a-z]{4,}$/.test(word) ? [i] : []))
    const chosen = random.pick(long)
    const typed = words.map((word, i) => (i === chosen ? slip(random, word) : word)).join(' ')
    return { meant, typed }
  }).filter(({ meant, typed }) => meant !== typed)
}

/** One letter too few, too many, wrong, or two the wrong way round; seldom the first. */
function slip(random: Random, word: string): string {
  const at = random.upTo(8) === 0 ? 0 : 1 + random.upTo(word.length - 1)
  const letter = String.fromCharCode(97 + random.upTo(26))
  return random.pick([
    () => word.slice(0, at) + word.slice(at + 1),
    () => word.slice(0, at) + letter + word.slice(at),
    () => word.slice(0, at) + letter + word.slice(at + 1),
    () =>
      word.slice(0, at) +
      word
        .slice(at, at + 2)
        .split('')
        .toReversed()
        .join('') +
      word.slice(at + 2),
  ])()
}
