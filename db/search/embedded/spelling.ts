import { type Segment, wordText } from './segment.ts'

/** Edits that are forgiven a word: none to short ones and to what has digits. */
export function mostEdits(word: string): number {
  if (word.length < 3 || /\d/.test(word)) return 0
  return word.length > 5 ? 2 : 1
}

/** A bit for each letter that the units have; an edit changes two at most. */
function lettersOf(units: ArrayLike<number>, start: number, end: number): number {
  let letters = 0
  for (let i = start; i < end; i++) letters |= 1 << (units[i]! & 31)
  return letters
}

export type NearWord = { word: string; term: number; edits: number }

/** The letters of each word of a segment, by which most words are passed over at once. */
export function createSpelling(segment: Segment) {
  const { wordStart, wordUnits, wordTerm } = segment
  const letters = Uint32Array.from({ length: segment.words }, (_, word) =>
    lettersOf(wordUnits, wordStart[word]!, wordStart[word + 1]!),
  )
  /** All words within so many edits. */
  return function near(typed: string, most: number): NearWord[] {
    const units = Uint16Array.from(typed, (_, i) => typed.charCodeAt(i))
    const wanted = lettersOf(units, 0, units.length)
    const found: NearWord[] = []
    for (let word = 0; word < letters.length; word++) {
      const length = wordStart[word + 1]! - wordStart[word]!
      if (length - units.length > most || units.length - length > most) continue
      if (bitCount(letters[word]! ^ wanted) > 2 * most) continue
      const edits = distance(units, wordUnits.subarray(wordStart[word]!, wordStart[word + 1]!), most)
      if (edits <= most) found.push({ word: wordText(segment, word), term: wordTerm[word]!, edits })
    }
    return found
  }
}

function bitCount(bits: number): number {
  let n = bits - ((bits >>> 1) & 0x55555555)
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333)
  return (((n + (n >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24
}

/** Damerau and Levenshtein's, of neighbours that changed places once (optimal string alignment); above `most` any number above it. */
export function distance(a: ArrayLike<number>, b: ArrayLike<number>, most: number): number {
  const width = b.length + 1
  let before: number[] = []
  let previous = Array.from({ length: width }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    let least = i
    for (let k = 1; k < width; k++) {
      const same = a[i - 1] === b[k - 1]
      let cost = Math.min(previous[k]! + 1, row[k - 1]! + 1, previous[k - 1]! + (same ? 0 : 1))
      if (i > 1 && k > 1 && a[i - 1] === b[k - 2] && a[i - 2] === b[k - 1]) cost = Math.min(cost, before[k - 2]! + 1)
      row.push(cost)
      least = Math.min(least, cost)
    }
    if (least > most) return least
    before = previous
    previous = row
  }
  return previous[b.length]!
}
