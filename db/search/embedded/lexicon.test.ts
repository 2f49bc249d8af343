import { expect, test } from 'bun:test'
import { createAnalyzer } from '../words.ts'
import { createLexicon, JOINED } from './lexicon.ts'
import { createLists } from './lists.ts'

/** Numbers from 0 up to 1, the same for the same seed (a linear congruence, of which the upper bits are good). */
function createRandom(seed: number) {
  let state = seed
  const upTo = (n: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * n)
  }
  return { upTo, pick: <T>(list: readonly T[]): T => list[upTo(list.length)]! }
}

const BITS =
  `red Red RED dress dresses the The on t-shirt T-Shirt o’neill women's 1.5 1,5 12,000 501 crêpe ÉTÉ straße été-robe
  日本語 a- -a a--b .a a. & a&b x'y ' 𝒳 e\u0301te ﬁne`
    .split(/\s+/)
    .concat(' ', '  ', '\n', '-', ',', '!', '(', '/', '')

test('a lexicon reads the words that the analyser reads, also when it knows them, and as many as any table holds', () => {
  const analyzer = createAnalyzer()
  const lexicon = createLexicon(analyzer)
  const random = createRandom(1)
  for (let i = 0; i < 4000; i++) {
    const text = Array.from({ length: random.upTo(9) }, () => random.pick([...BITS, `word${random.upTo(3000)}`])).join(
      random.pick([' ', ' ', '']),
    )
    const count = lexicon.read(text)
    const read = Array.from(lexicon.found().subarray(0, count), (one) => ({
      word: lexicon.wordText(one & ~JOINED),
      term: lexicon.termText(lexicon.termOf(one & ~JOINED)),
      stop: lexicon.isStop(one & ~JOINED),
      joined: one >= JOINED,
    }))
    const expected = analyzer
      .tokens(text)
      .map(({ word, term, stop, parts }) => ({ word, term, stop, joined: parts > 0 }))
    expect({ text, read }).toEqual({ text, read: expected })
  }
  const sorted = Array.from(lexicon.sortedWords(), lexicon.wordText)
  expect(sorted).toEqual([...new Set(sorted)].toSorted())
  expect(sorted.length).toBe(lexicon.words())
})

test('lists are told apart by all that is in them, in order', () => {
  const lists = createLists()
  const places = new Map<string, number>()
  const random = createRandom(2)
  for (let i = 0; i < 5000; i++) {
    const list = Array.from({ length: random.upTo(5) }, () => random.upTo(6) * random.pick([1, 800_000_000]))
    const place = lists.place([9, ...list, 9], 1, list.length + 1)
    expect(place).toBe(places.get(list.join()) ?? places.size)
    places.set(list.join(), place)
  }
  const [starts, values] = [lists.starts(), lists.values()]
  for (const [text, place] of places) expect(values.subarray(starts[place]!, starts[place + 1]!).join()).toBe(text)
})
