import { expect, test } from 'bun:test'
import type { SearchDocument } from '../index.ts'
import { createAnalyzer } from '../words.ts'
import { createLive } from './live.ts'
import { openSegment } from './segment.ts'
import { buildSegment } from './segment-builder.ts'

const idOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`
const product = (n: number, name: string): SearchDocument => ({
  id: idOf(n),
  texts: { name, brand: '', tags: '', attributes: '', description: '' },
  brand: { value: 'acme', label: 'Acme' },
  categories: [],
  variants: [],
  priceAmount: 1000,
  rating: 0,
  popularity: 0,
  listedAt: 0,
})

/** What is searched instead in a shop with so many products of each name. */
function shopOf(names: Record<string, number>) {
  const products = Object.entries(names).flatMap(([name, count]) => Array.from({ length: count }, () => name))
  const documents = products.map((name, i) => product(i + 1, name))
  const live = createLive('self')
  const segment = openSegment(buildSegment(documents, createAnalyzer()))!
  live.swap({ name: 'first', segment, position: undefined }, { since: 0, follow: true })
  const ask = (text: string) => live.query({ text: `${text} `, limit: 1 }).correctedText?.trim()
  return { ask, put: (name: string) => live.put([product(9999, name)], 1, undefined) }
}

test('of words as near, the one that the products are about is meant, also if it begins otherwise', () => {
  const { ask } = shopOf({ 'denim jacket': 40, 'enin jacket': 1, 'velvet scarf': 20, 'elven scarf': 1 })
  expect(ask('enim')).toBe('denim')
  expect(ask('elvet')).toBe('velvet')
})

test('of words as frequent, the one that goes with the rest of the query is meant', () => {
  const { ask } = shopOf({ 'linen shirt': 10, 'leather skirt': 10 })
  expect(ask('linen sirt')).toBe('linen shirt')
  expect(ask('leather sirt')).toBe('leather skirt')
})

test('of words as frequent, the likelier slip of the finger is meant', () => {
  const { ask } = shopOf({ orven: 5, osren: 5, boot: 5, bolt: 5, lace: 5, lane: 5, coral: 5, coat: 5 })
  expect(ask('ovren')).toBe('orven')
  expect(ask('booot')).toBe('boot')
  expect(ask('lame')).toBe('lane')
  expect(ask('coal')).toBe('coral')
})

test('a rare word that goes with none of the others gives way to a frequent one that does, as long as that holds', () => {
  const { ask, put } = shopOf({ 'plain linen bib': 60, 'pain cream': 1, 'silk tie': 5 })
  expect(ask('pain linen bib')).toBe('plain linen bib')
  expect(ask('pain cream')).toBeUndefined()
  expect(ask('pain')).toBeUndefined()
  expect(ask('silk bib')).toBeUndefined()
  put('Pain linen bib')
  expect(ask('pain linen bib')).toBeUndefined()
})

test('two words without the space between them are searched as two, where products have both', () => {
  const { ask } = shopOf({ 'red dress': 3, 'linen coat': 3, 'readdress label': 1, '501 jeans': 1 })
  expect(ask('reddress')).toBe('readdress')
  expect(ask('linencoat')).toBe('linen coat')
  expect(ask('blue linencoat')).toBe('blue linen coat')
  expect(ask('501jeans')).toBe('501 jeans')
  expect(ask('dresscoat')).toBeUndefined()
})
