import { expect, test } from 'bun:test'
import { readPriceWords } from './price-words.ts'

test.each([
  ['jeans under 80', { text: 'jeans', maxPrice: 8000 }],
  ['jeans under €79,50 blue', { text: 'jeans blue', maxPrice: 7950 }],
  ['less than 20 euros tee', { text: 'tee', maxPrice: 2000 }],
  ['coat over $100', { text: 'coat', minPrice: 10_000 }],
  ['dress between 50 and 100', { text: 'dress', minPrice: 5000, maxPrice: 10_000 }],
  ['dress from 100 to 50', { text: 'dress', minPrice: 5000, maxPrice: 10_000 }],
  ['under 30', { text: '', maxPrice: 3000 }],
])('%s', (text, expected) => {
  const { words, ...read } = readPriceWords(text)
  expect(read).toEqual(expected)
  expect(text).toContain(words ?? 'said')
})

test.each(['over the knee boots', 'under armour', 'size 32', 'from paris', '100% cotton under 5%', 'max mara', ''])(
  'no price in: %s',
  (text) => expect(readPriceWords(text)).toEqual({ text }),
)
