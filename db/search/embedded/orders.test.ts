import { expect, test } from 'bun:test'
import { SEARCH_SORTS } from '../index.ts'
import { createAnalyzer } from '../words.ts'
import { firstBy } from './orders.ts'
import { buildSegment } from './segment-builder.ts'
import { openSegment } from './segment.ts'

test('the first of many, in every order, are those that come first', () => {
  let state = 1
  const upTo = (most: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
  const products = Array.from({ length: 40_000 }, (_, n) => ({
    id: `00000000-0000-7000-8000-${upTo(2 ** 30)
      .toString(16)
      .padStart(8, '0')}${n.toString(16).padStart(4, '0')}`,
    texts: { name: 'plain', brand: '', tags: '', attributes: '', description: '' },
    brand: { value: 'acme', label: 'Acme' },
    categories: [],
    variants: [],
    priceAmount: upTo(300),
    rating: upTo(11) / 2,
    popularity: upTo(1000),
    listedAt: upTo(5000),
  }))
  const segment = openSegment(buildSegment(products, createAnalyzer()))!
  const key = { newest: 'listedAt', popularity: 'popularity', rating: 'rating', '-price': 'priceAmount' } as const
  for (const sort of SEARCH_SORTS) {
    const keyOf = (one: (typeof products)[number]) =>
      sort === 'relevance' ? 0 : sort === 'price' ? -one.priceAmount : one[key[sort]]
    const sorted = products.toSorted((a, b) => keyOf(b) - keyOf(a) || b.listedAt - a.listedAt || (a.id < b.id ? -1 : 1))
    const first = Array.from(firstBy(segment, sort), (document) =>
      segment.ids.subarray(document * 16, document * 16 + 16).toHex(),
    )
    expect(first.length).toBeGreaterThan(10_000)
    expect(first).toEqual(sorted.slice(0, first.length).map(({ id }) => id.replaceAll('-', '')))
  }
})
