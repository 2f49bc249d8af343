import { expect, test } from 'bun:test'
import { diversify } from './diversity.ts'

type Item = { id: number; score: number; brand: string; colour?: string }

const score = (item: Item) => item.score
const sameBrand = (a: Item, b: Item) => (a.brand === b.brand ? 1 : 0)
const ids = (items: Item[]) => items.map(({ id }) => id)

/** A repeatable stream of numbers in [0, 1): Park and Miller's generator. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647
}

const ITEMS: Item[] = [
  { id: 0, score: 10, brand: 'a' },
  { id: 1, score: 9, brand: 'a' },
  { id: 2, score: 8, brand: 'a' },
  { id: 3, score: 6, brand: 'b' },
  { id: 4, score: 0, brand: 'c' },
]

test('with lambda 1 and no caps the order is that of the scores', () => {
  expect(ids(diversify(ITEMS.toReversed(), { limit: 4, lambda: 1, score, similarity: sameBrand }))).toEqual([
    0, 1, 2, 3,
  ])
})

test('with lambda 0 what is unlike all above comes first', () => {
  expect(ids(diversify(ITEMS, { limit: 5, lambda: 0, score, similarity: sameBrand }))).toEqual([0, 3, 4, 1, 2])
})

test('likeness costs in proportion to the spread of the scores', () => {
  // .7 * .6 > .7 * .9 - .3 > .7 * .8 - .3 > 0
  const mixed = diversify(ITEMS, { limit: 5, lambda: 0.7, score, similarity: sameBrand })
  expect(ids(mixed)).toEqual([0, 3, 1, 2, 4])
  const thousandfold = diversify(ITEMS, {
    limit: 5,
    lambda: 0.7,
    score: (item) => 1000 * item.score - 77,
    similarity: sameBrand,
  })
  expect(ids(thousandfold)).toEqual([0, 3, 1, 2, 4])
})

test('a cap holds an item back until all else is used up, then yields', () => {
  const caps = [{ key: (item: Item) => item.brand, most: 1 }]
  const options = { lambda: 1, score, similarity: sameBrand, caps }
  expect(ids(diversify(ITEMS, { ...options, limit: 3 }))).toEqual([0, 3, 4])
  expect(ids(diversify(ITEMS, { ...options, limit: 9 }))).toEqual([0, 3, 4, 1, 2])
})

test('a cap within neighbours lets a key come again further down', () => {
  const caps = [{ key: (item: Item) => item.brand, most: 1, within: 2 }]
  expect(ids(diversify(ITEMS, { limit: 5, lambda: 1, score, similarity: sameBrand, caps }))).toEqual([0, 3, 1, 4, 2])
})

test('an item without a key is not capped', () => {
  const caps = [{ key: (item: Item) => item.colour, most: 0 }]
  const items = ITEMS.map((item) => (item.id === 0 ? { ...item, colour: 'red' } : item))
  expect(ids(diversify(items, { limit: 4, lambda: 1, score, similarity: sameBrand, caps }))).toEqual([1, 2, 3, 4])
})

test('nothing, equal scores and a limit of none are served', () => {
  const options = { lambda: 0.5, score: () => 1, similarity: () => 0 }
  expect(diversify([], { ...options, limit: 5 })).toEqual([])
  expect(diversify(ITEMS, { ...options, limit: 0 })).toEqual([])
  expect(ids(diversify(ITEMS, { ...options, limit: 5 }))).toEqual([0, 1, 2, 3, 4])
})

test('on any items the result is what choosing by the definition gives, and keeps to its caps', () => {
  const random = createRandom(7)
  for (let round = 0; round < 60; round++) {
    const items = Array.from({ length: 5 + Math.floor(random() * 40) }, (_, id) => ({
      id,
      score: random(),
      brand: `b${Math.floor(random() * 5)}`,
      colour: `c${Math.floor(random() * 4)}`,
    }))
    const similarity = (a: Item, b: Item) => (sameBrand(a, b) + (a.colour === b.colour ? 1 : 0)) / 2
    const caps = [
      { key: (item: Item) => item.brand, most: 2, within: 6 },
      { key: (item: Item) => item.colour, most: 4 },
    ]
    const options = { limit: 12, lambda: 0.6, score, similarity, caps }
    expect(ids(diversify(items, options))).toEqual(ids(byDefinition(items, options)))
  }
})

function byDefinition(
  items: Item[],
  { limit, lambda, similarity, caps }: Omit<Parameters<typeof diversify<Item>>[1], 'score'>,
): Item[] {
  const scores = items.map(score)
  const [low, high] = [Math.min(...scores), Math.max(...scores)]
  const result: Item[] = []
  while (result.length < Math.min(limit, items.length)) {
    const left = items.filter((item) => !result.includes(item))
    const allowed = left.filter((item) =>
      (caps ?? []).every(({ key, most, within = limit }) => {
        const neighbours = result.slice(Math.max(result.length - within + 1, 0))
        return neighbours.filter((other) => key(other) === key(item)).length < most
      }),
    )
    const worth = (item: Item) =>
      (lambda * (item.score - low)) / (high - low) -
      (1 - lambda) * result.reduce((most, other) => Math.max(most, similarity(item, other)), 0)
    const [next] = (allowed.length > 0 ? allowed : left).toSorted((a, b) => worth(b) - worth(a))
    if (next) result.push(next)
  }
  return result
}
