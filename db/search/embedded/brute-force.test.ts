import { afterAll, expect, setDefaultTimeout, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SEARCH_SORTS, type SearchDocument, type SearchFilter, type SearchQuery, type SearchSynonym } from '../index.ts'
import { createBruteForce } from './testing-brute-force.ts'
import { createBuilding } from './building.ts'
import { createServing } from './serving.ts'

setDefaultTimeout(60_000)
const dirs: string[] = []
const newDir = () => {
  const dir = mkdtempSync(join(tmpdir(), 'search-'))
  dirs.push(dir)
  return dir
}
afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true })))

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
function createRandom(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const upTo = (n: number) => Math.floor(next() * n)
  const pick = <T>(list: readonly T[]): T => list[upTo(list.length)]!
  return {
    next,
    upTo,
    pick,
    some: <T>(list: readonly T[], most: number) => Array.from({ length: upTo(most + 1) }, () => pick(list)),
  }
}
type Random = ReturnType<typeof createRandom>

/** What has several written forms is in a product that stays: which forms a word was ever seen in is not compared. */
const FORMS = 'dress dresses shirt shirts running run runs jeans jean'
const WORDS =
  `dress dresses shirt shirts running run jeans red blue navy silk cotton linen wool crêpe t-shirt tshirt o'neill
  women's men's slim fit wide leg the with 501 1.5 midi maxi jacket jumper jump coat over oversized ziggurat`.split(
    /\s+/,
  )
const BRANDS = ['Acme', 'On', 'Été & Co', 'North Star', 'acre']
const PATHS = [
  ['women'],
  ['women', 'dresses'],
  ['women', 'dresses', 'maxi'],
  ['men', 'shirts'],
  ['men'],
  ['sale', 'men'],
]
const COLOURS = ['red', 'blue', 'navy', 'green']
const SIZES = ['XS', 'S', 'M', 'L', 'XL', 'XXL', '36', '38', '40', '42']

const term = (label: string) => ({ value: label.toLowerCase().replace(/\W+/g, '-'), label })
const colour = (label: string) => ({ ...term(label), hex: `#${label.length}` })
const idOf = (n: number) => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`

function randomDocument(random: Random, n: number): SearchDocument {
  const words = (most: number) => random.some(WORDS, most).join(' ')
  const brand = random.pick(BRANDS)
  const every = random.upTo(12) === 0
  const variants = every
    ? COLOURS.flatMap((one) => SIZES.map((size) => ({ colour: colour(one), size, inStock: random.upTo(3) === 0 })))
    : Array.from({ length: random.upTo(5) }, () => ({
        colour: colour(random.pick(COLOURS)),
        size: random.pick(SIZES.slice(0, 4)),
        inStock: random.upTo(2) === 0,
      }))
  return {
    id: idOf(n),
    texts: { name: words(4), brand, tags: words(2), attributes: words(3), description: words(6) },
    brand: term(brand),
    categories: random.pick(PATHS).map(term),
    // Each (colour, size) once.
    variants: [...new Map(variants.map((one) => [`${one.colour.value} ${one.size}`, one])).values()],
    priceAmount: random.upTo(2) === 0 ? random.upTo(5000) : random.upTo(6) * 1000,
    rating: random.upTo(6) === 0 ? 0 : 1 + random.upTo(9) / 2,
    popularity: random.upTo(8) / 4,
    listedAt: 1_700_000_000_000 + random.upTo(20),
  }
}

const seedDocument = (random: Random): SearchDocument => ({
  ...randomDocument(random, 0),
  texts: { name: 'plain', brand: 'Acme', tags: '', attributes: '', description: FORMS },
})

/** Left out as often as not. */
const maybe = <T>(random: Random, value: () => T) => (random.upTo(4) === 0 ? value() : undefined)

function randomFilter(random: Random, ids: readonly string[]): SearchFilter {
  const slugs = PATHS.flat().map((label) => term(label).value)
  return {
    category: maybe(random, () => random.pick(slugs)),
    brands: maybe(random, () => random.some(BRANDS, 2).map((one) => term(one).value)),
    colours: maybe(random, () => random.some(COLOURS, 2)),
    sizes: maybe(random, () => random.some(SIZES, 3)),
    minPrice: maybe(random, () => random.upTo(4000)),
    maxPrice: maybe(random, () => random.upTo(6000)),
    minRating: maybe(random, () => 1 + random.upTo(4)),
    inStock: maybe(random, () => true),
    ids: random.upTo(20) === 0 ? random.some(ids, 30) : undefined,
    notIds: random.upTo(9) === 0 ? random.some(ids, 3) : undefined,
    notBrands: random.upTo(9) === 0 ? [term(random.pick(BRANDS)).value] : undefined,
    notCategories: random.upTo(9) === 0 ? [random.pick(slugs)] : undefined,
  }
}

function mistyped(random: Random, word: string): string {
  const at = random.upTo(word.length)
  const letter = random.pick(['a', 'e', 's', 'x'])
  return random.pick([
    word.slice(0, at) + word.slice(at + 1),
    word.slice(0, at) + letter + word.slice(at),
    word.slice(0, at) + letter + word.slice(at + 1),
    word.slice(0, at) +
      word
        .slice(at, at + 2)
        .split('')
        .toReversed()
        .join('') +
      word.slice(at + 2),
  ])
}

function randomText(random: Random): string {
  const word = () => {
    const whole =
      random.upTo(40) === 0
        ? random.pick(['zzz', 'quixotic', '☂', 'sofa couch', 'silkdress', 'linenshirts', '501jeans'])
        : random.pick(WORDS)
    return random.upTo(5) === 0 ? mistyped(random, whole) : whole
  }
  const words = Array.from({ length: random.pick([0, 1, 1, 1, 2, 2, 2, 3]) }, word)
  if (random.upTo(6) === 0 && words.length > 1) return `"${words.join(' ')}"${random.pick(['', ' dr'])}`
  const text = words.join(' ')
  return random.upTo(3) === 0 ? text.slice(0, Math.max(1, text.length - 2)) : `${text}${random.pick(['', '', ' '])}`
}

function randomQuery(random: Random, ids: readonly string[]): SearchQuery {
  return {
    text: randomText(random),
    filter: random.upTo(3) === 0 ? undefined : randomFilter(random, ids),
    sort: random.upTo(2) === 0 ? 'relevance' : random.pick(SEARCH_SORTS),
    limit: 24,
    facets: true,
    exactly: random.upTo(6) === 0,
    facetText: maybe(random, () => ({
      field: random.pick(['brand', 'category', 'colour', 'size'] as const),
      text: random.pick(['n', 'M', 'Été', 'co']),
    })),
    boosts:
      random.upTo(5) === 0
        ? [
            { brands: [term(random.pick(BRANDS)).value], factor: 1.5 },
            { ids: random.some(ids, 3), categories: random.some(['maxi', 'men'], 1), factor: 0.25 },
          ]
        : undefined,
  }
}

const SYNONYMS = [
  { words: ['sofa', 'couch', 'wide leg'] },
  { from: 'jumper', to: ['wool', 'slim fit'] },
  { from: 'wide leg', to: ['501'] },
]

/** An index and its likeness that are told the same. */
function createPair(random: Random) {
  const dir = newDir()
  let time = 1000
  const clock = () => (time += 1000)
  const building = createBuilding(dir, clock)
  const reference = createBruteForce()
  let serving = createServing(dir, 'tested', clock)
  const seed = seedDocument(random)
  return {
    reference,
    ask: (query: SearchQuery) => serving.query(query),
    build(documents: SearchDocument[]): void {
      building.begin({ resume: false })
      const all = [seed, ...documents]
      while (all.length > 0) building.add(JSON.stringify(all.splice(0, 1 + random.upTo(40))))
      building.commit('built')
      reference.remove(reference.documents().map(({ id }) => id))
      reference.put([seed, ...documents])
      reference.rebase()
    },
    put(documents: SearchDocument[]): void {
      serving.put(clock(), documents)
      reference.put(documents)
    },
    remove(ids: string[]): void {
      serving.remove(
        clock(),
        ids.filter((id) => id !== seed.id),
      )
      reference.remove(ids.filter((id) => id !== seed.id))
    },
    merge(): void {
      expect(building.merge(serving.forMerge(clock()))).toBe(true)
      reference.rebase()
    },
    useSynonyms(synonyms: SearchSynonym[]): void {
      serving.useSynonyms(synonyms)
      reference.useSynonyms(synonyms)
    },
    /** What a new process would serve: all that was put since the last generation is gone. */
    reopen(): void {
      serving = createServing(dir, 'tested', clock)
    },
  }
}

test('keeps what has two words apart from what has either of them', () => {
  const random = createRandom(6)
  const pair = createPair(random)
  const named = (n: number, name: string): SearchDocument => {
    const { texts, ...one } = randomDocument(random, n)
    return { ...one, texts: { ...texts, name, tags: '', attributes: '', description: '' } }
  }
  // Nearly all have both, so that either is worth as much as both.
  const others = Array.from({ length: 198 }, (_, n) => named(n + 3, n < 40 ? 'jump jumper coat' : 'jump jumper'))
  const synonyms = [
    { from: 'jump jumper', to: ['coat'] },
    { from: 'jump', to: ['coat'] },
  ]
  pair.build([named(1, 'jump'), named(2, 'jumper'), ...others])
  pair.useSynonyms(synonyms)
  for (const text of ['jump', 'jump jumper ', 'jump', 'jumper', '"jump jumper"']) {
    const query = { text, limit: 24, facets: true }
    const { generation: _, next: _next, ...answer } = pair.ask(query)
    expect({ text, answer }).toEqual({ text, answer: pair.reference.query(query) })
  }
})

/** What is asked often, of which more is kept: one word, or a category. */
function plainQuery(random: Random): SearchQuery {
  const slugs = PATHS.flat().map((label) => term(label).value)
  const isOfCategory = random.upTo(3) === 0
  return {
    text: isOfCategory ? '' : random.pick(WORDS).slice(0, random.pick([2, 4, 99])),
    filter: isOfCategory ? { category: random.pick(slugs) } : undefined,
    sort: random.upTo(2) === 0 ? 'relevance' : random.pick(SEARCH_SORTS),
    limit: random.pick([24, 24, 1, 0, 256, 300]),
    facets: true,
  }
}

test('answers the same from what it has kept, over many products', () => {
  const random = createRandom(5)
  const pair = createPair(random)
  // Some words are much rarer than those that begin them.
  const rare = (n: number) => (n % 150 === 0 ? ` ${random.pick(['dressage', 'redder', 'silkscreen'])}` : '')
  const documents = Array.from({ length: 2500 }, (_, n) => randomDocument(random, n + 1))
  for (const [n, { texts }] of documents.entries()) Object.assign(texts, { name: `${texts.name}${rare(n)}` })
  for (const [n, document] of documents.slice(0, 40).entries()) Object.assign(document, { priceAmount: 10_000 + n })
  pair.build(documents)
  for (let turn = 0; turn < 4; turn++) {
    const ids = pair.reference.documents().map(({ id }) => id)
    for (let i = 0; i < 60; i++) {
      const query = random.upTo(3) === 0 ? randomQuery(random, ids) : plainQuery(random)
      const { generation: _, next, ...answer } = pair.ask(query)
      const expected = pair.reference.query(query)
      expect({ query, answer }).toEqual({ query, answer: expected })
      expect(next === null).toBe(expected.total <= query.limit || query.limit === 0)
    }
    // What is cheapest and dearest of all goes, and some of the first in every order.
    const byPrice = pair.reference.documents().toSorted((a, b) => a.priceAmount - b.priceAmount)
    pair.remove([...byPrice.slice(0, 9), ...byPrice.slice(-9)].map(({ id }) => id))
    pair.put(Array.from({ length: 40 }, () => randomDocument(random, 1 + random.upTo(2500))))
    if (turn % 2 === 0) pair.merge()
  }
})

for (const seed of [1, 2, 3, 4])
  test(`answers as reading every product would, whatever is put, removed and merged (${seed})`, () => {
    const random = createRandom(seed)
    const pair = createPair(random)
    const size = 40 + random.upTo(300)
    pair.build(Array.from({ length: size }, (_, n) => randomDocument(random, n + 1)))
    for (let turn = 0; turn < 40; turn++) {
      if (turn === 20) pair.useSynonyms(SYNONYMS)
      const some = Array.from({ length: random.upTo(12) }, () => 1 + random.upTo(size + 60))
      if (random.upTo(2) === 0) pair.put([...new Set(some)].map((n) => randomDocument(random, n)))
      else pair.remove(some.map(idOf))
      if (random.upTo(6) === 0) pair.merge()
      const ids = pair.reference.documents().map(({ id }) => id)
      for (let i = 0; i < 12; i++) {
        const query = randomQuery(random, ids)
        const { generation, next, ...answer } = pair.ask(query)
        const expected = pair.reference.query(query)
        expect({ query, answer }).toEqual({ query, answer: expected })
        expect(generation).not.toBe('')
        expect(next === null).toBe(expected.total <= query.limit)
      }
    }
  })
