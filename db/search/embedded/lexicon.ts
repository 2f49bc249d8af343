import { type Analyzer, BETWEEN, LOWER, wholeAt } from '../words.ts'

export type Lexicon = ReturnType<typeof createLexicon>

/** Above a word's number: what it is joined of follows it. */
export const JOINED = 0x40000000
const PRIME = 0x01000193
const [SOME, MOST_COMPOUNDS] = [1024, 100_000]

/**
 * The words of many texts by number, in the order they were first met, and so the terms they are compared by. It reads what `analyzer` reads, but makes a string of
 * a word only once: that is most of what building costs.
 */
export function createLexicon(analyzer: Analyzer) {
  const words = createHeap()
  const { numbersOf, compound, ...numbering } = createNumbering(analyzer)
  let found = new Uint32Array(256)

  /** How many words `text` has; which, stands in `found()` until the next text is read. */
  function read(text: string): number {
    let count = 0
    let at = 0
    // Each takes one unit at least, but what is joined stands for itself, too.
    if (found.length < 2 * text.length) found = new Uint32Array(4 * text.length)
    while (at < text.length) {
      let end = at
      let hash = 0
      for (; end < text.length; end++) {
        const letter = LOWER[text.charCodeAt(end)]!
        if (letter === 0) break
        hash = Math.imul(hash ^ letter, PRIME)
      }
      const isApart = end === text.length || BETWEEN[text.charCodeAt(end)] === 1
      if (end > at && isApart) {
        let word = words.find(text, at, end, hash)
        if (word < 0) {
          word = numbersOf(text.slice(at, end))[0]!
          words.add(text, { at, end, hash, word })
        }
        found[count++] = word
        at = end + 1
      } else if (isApart) at++
      else {
        const whole = wholeAt(text, at)
        for (const word of compound(whole)) found[count++] = word
        at += Math.max(1, whole.length)
      }
    }
    return count
  }

  return { read, found: () => found, ...numbering }
}

/** Gives words and terms their numbers. */
function createNumbering(analyzer: Analyzer) {
  const known = new Map<string, number>()
  const compounds = new Map<string, number[]>()
  const termNumbers = new Map<string, number>()
  const wordTexts = createSorted()
  const termTexts = createSorted()
  const [termOf, stops]: [number[], boolean[]] = [[], []]

  function number(text: string, term: string, stop: boolean): number {
    const place = known.get(text)
    if (place !== undefined) return place
    known.set(text, termOf.length)
    wordTexts.add(text)
    let termNumber = termNumbers.get(term)
    if (termNumber === undefined) {
      termNumber = termNumbers.size
      termNumbers.set(term, termNumber)
      termTexts.add(term)
    }
    stops.push(stop)
    return termOf.push(termNumber) - 1
  }

  const numbersOf = (text: string): number[] =>
    analyzer.tokens(text).map(({ word, term, stop, parts }) => number(word, term, stop) | (parts > 0 ? JOINED : 0))

  function compound(text: string): number[] {
    let numbers = compounds.get(text)
    if (numbers) return numbers
    if (compounds.size >= MOST_COMPOUNDS) compounds.clear()
    compounds.set(text, (numbers = numbersOf(text)))
    return numbers
  }

  return {
    numbersOf,
    /** `numbersOf` what is not plain, which may well come again. */
    compound,
    words: () => termOf.length,
    termOf: (word: number) => termOf[word]!,
    isStop: (word: number) => stops[word]!,
    /** All words and all terms so far, by the alphabet: their numbers. */
    sortedWords: wordTexts.sorted,
    sortedTerms: termTexts.sorted,
    wordText: wordTexts.text,
    termText: termTexts.text,
  }
}

/** Finds words by their letters in a text, whatever their case: open addressing, letters one after the other. */
function createHeap() {
  let slots = new Int32Array(2 * SOME).fill(-1)
  let [hashes, starts, numbers] = [new Int32Array(SOME), new Uint32Array(SOME + 1), new Uint32Array(SOME)]
  let letters = new Uint8Array(8 * SOME)
  let count = 0

  const placeOf = (hash: number) => (hash ^ (hash >>> 15)) & (slots.length - 1)

  function isAt(entry: number, text: string, at: number, end: number): boolean {
    const start = starts[entry]!
    if (starts[entry + 1]! - start !== end - at) return false
    for (let i = at; i < end; i++) if (letters[start + i - at] !== LOWER[text.charCodeAt(i)]) return false
    return true
  }

  function grow(): void {
    slots = new Int32Array(slots.length * 2).fill(-1)
    for (let entry = 0; entry < count; entry++) settle(entry)
    hashes = larger(hashes, new Int32Array(2 * count))
    starts = larger(starts, new Uint32Array(2 * count + 1))
    numbers = larger(numbers, new Uint32Array(2 * count))
  }

  function settle(entry: number): void {
    let slot = placeOf(hashes[entry]!)
    while (slots[slot] !== -1) slot = (slot + 1) & (slots.length - 1)
    slots[slot] = entry
  }

  return {
    /** -1 where it is not. */
    find(text: string, at: number, end: number, hash: number): number {
      for (let slot = placeOf(hash); slots[slot] !== -1; slot = (slot + 1) & (slots.length - 1)) {
        const entry = slots[slot]!
        if (hashes[entry] === hash && isAt(entry, text, at, end)) return numbers[entry]!
      }
      return -1
    },
    add(text: string, { at, end, hash, word }: { at: number; end: number; hash: number; word: number }): void {
      if (count === hashes.length) grow()
      const start = starts[count]!
      if (start + end - at > letters.length) letters = larger(letters, new Uint8Array(2 * (letters.length + end - at)))
      for (let i = at; i < end; i++) letters[start + i - at] = LOWER[text.charCodeAt(i)]!
      hashes[count] = hash
      numbers[count] = word
      starts[count + 1] = start + end - at
      settle(count++)
    },
  }
}

/** `to`, with what is in `from` at its beginning. */
export function larger<Numbers extends { set(from: Numbers): void }>(from: Numbers, to: Numbers): Numbers {
  to.set(from)
  return to
}

/** Texts by number, and their numbers by the alphabet. */
function createSorted() {
  const texts: string[] = []
  let sorted = new Uint32Array()
  const compare = (a: number, b: number) => (texts[a]! < texts[b]! ? -1 : 1)

  function sort(): Uint32Array {
    const before = sorted
    if (before.length === texts.length) return before
    const later = Array.from({ length: texts.length - before.length }, (_, i) => before.length + i).toSorted(compare)
    sorted = new Uint32Array(texts.length)
    for (let n = 0, i = 0, k = 0; n < sorted.length; n++) {
      const old = k === later.length || (i < before.length && compare(before[i]!, later[k]!) < 0)
      sorted[n] = old ? before[i++]! : later[k++]!
    }
    return sorted
  }

  return {
    add: (text: string) => void texts.push(text),
    text: (place: number) => texts[place]!,
    sorted: sort,
  }
}
