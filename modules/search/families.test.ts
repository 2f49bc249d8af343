import { afterAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { embeddedSearch } from '../../db/search/embedded/index.ts'
import type { SearchDocument } from '../../db/search/index.ts'
import { besideFamilies, familyColour, splitColours, withFamilies } from './families.ts'

const dir = mkdtempSync(join(tmpdir(), 'families-'))
const index = embeddedSearch({ dir })
afterAll(async () => {
  await index.close()
  rmSync(dir, { recursive: true })
})

const SHADES = 130
const hexOf = (green: number) => `#20${(90 + green).toString(16).padStart(2, '0')}20`

const documentOf = (n: number, colour: { slug: string; hex: string }): SearchDocument => ({
  id: `018f0000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`,
  texts: { name: 'Scarf', brand: '', tags: '', attributes: '', description: '' },
  brand: { value: 'norr', label: 'Norr' },
  categories: [],
  variants: withFamilies(
    ['S', 'M'].map((size) => ({
      colour: { value: colour.slug, label: colour.slug, hex: colour.hex },
      size,
      inStock: size === 'S',
    })),
  ),
  priceAmount: 100,
  rating: 0,
  popularity: 0,
  listedAt: 0,
})

test('a family rarer than a hundred colours is counted too, and hits have their own colours alone', async () => {
  const greens = Array.from({ length: SHADES }, (_, i) => ({ slug: `green-${i}`, hex: hexOf(i) }))
  const documents = [...greens, ...greens, { slug: 'plum', hex: '#800080' }].map((colour, n) => documentOf(n, colour))
  await index.put(documents)
  const { query } = besideFamilies(index)
  for (const filter of [undefined, { colours: [familyColour('green')] }, { colours: ['plum'] }]) {
    const { facets, hits } = await query({ text: '', limit: 24, facets: true, filter })
    const { families, shades } = splitColours(facets!)
    expect(families.map(({ slug, count }) => [slug, count])).toEqual([
      ['green', 2 * SHADES],
      ['purple', 1],
    ])
    expect(shades.every(({ value }) => !value.startsWith('~'))).toBe(true)
    for (const { colours } of hits) expect(colours).toHaveLength(1)
  }
})

const shade = (slug: string, inStock: boolean) => ({
  colour: { value: slug, label: slug, hex: '#1b2a41' },
  size: 'M',
  inStock,
})

test('a family is in stock in a size when any of its shades is', () => {
  expect(withFamilies([shade('navy', true), shade('ink', false)]).slice(2)).toEqual([
    { colour: { value: familyColour('blue'), label: 'Blue', hex: '#35589a' }, size: 'M', inStock: true },
  ])
})
